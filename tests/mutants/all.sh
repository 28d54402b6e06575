#!/bin/sh
# all.sh - every list of mutants, for make check.  Environment as for run.sh.
#
# SPDX-License-Identifier: GPL-3.0-or-later

status=0
for list in "${SRCDIR:-.}"/tests/mutants/*.mutants; do
	echo "${list##*/}"
	"${SRCDIR:-.}/tests/mutants/run.sh" "$list" || status=1
done
exit $status
