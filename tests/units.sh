#!/bin/sh
#
# units.sh - systemd finds no fault in the units, and they are closed enough.
#
# The goals are those of doc/spec/STANDARDS.md 5, in tenths.  The units are
# looked at as files, with the programs of the build; nothing is started.  The
# self-test comes first: each fault that it plants must be caught.
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -u
LC_ALL=C.UTF-8 PATH=$PATH:/usr/bin:/bin:/usr/sbin:/sbin
export LC_ALL PATH
units=${SRCDIR:-.}/systemd
build=$(cd "${BUILD:-.}" && pwd)

goals='sensed.service:12 sensed-digest.service:12
sensed-answer.service:3 sensed-digest-publish.service:3'

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

copy()
{
	rm -rf "$scratch/units"
	mkdir "$scratch/units"
	for f in "$units"/*.service "$units"/*.socket "$units"/*.timer; do
		sed "s,/usr/sbin/,$build/,; s,/usr/lib/sensed/,$build/," \
		    "$f" >"$scratch/units/${f##*/}"
	done
}

# Says what is wrong with the copy; the status tells if anything is.
check()
{
	bad=0
	systemd-analyze verify --man=no "$scratch"/units/* >"$scratch/out" \
	    2>&1 || bad=1
	[ ! -s "$scratch/out" ] || bad=1
	cat "$scratch/out"
	for f in "$scratch"/units/*.service; do
		case " $(echo $goals) " in
		*" ${f##*/}:"*) ;;
		*) echo "${f##*/}: no goal is set"; bad=1 ;;
		esac
	done
	for g in $goals; do
		systemd-analyze security --offline=yes --no-pager \
		    --threshold="${g#*:}" "$scratch/units/${g%:*}" \
		    >"$scratch/out" 2>&1 && continue
		echo "${g%:*}: over its goal of ${g#*:} tenths"
		tail -n 1 "$scratch/out"
		bad=1
	done
	return $bad
}

# plant UNIT EXPRESSION: sed makes the fault, check must find one.
plant()
{
	copy
	sed -i "$2" "$scratch/units/$1"
	if check >"$scratch/said"; then
		echo "self-test: not caught in $1: $2"
		exit 1
	fi
}

command -v systemd-analyze >/dev/null || {
	echo 'units.sh: systemd-analyze is missing: install the Debian' \
	    'package systemd'
	exit 1
}
plant sensed.service 's/^ExecStart=.*/ExecStart=\/nowhere\/sensed/'
plant sensed.service '/^NoNewPrivileges/d; /^SystemCallFilter/d'
plant sensed-digest.service '/^NoNewPrivileges/d; /^Protect/d'
plant sensed-answer.service 's/^PrivateNetwork=yes/PrivateNetwork=no/'
plant sensed-digest-publish.service 's/^RestrictAddressFamilies=none/&x/'
plant sensed-answer.socket 's/^Backlog/Backlogg/'
copy
check
