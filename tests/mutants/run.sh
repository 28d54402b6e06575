#!/bin/sh
# run.sh - plants one fault after another and sees each of them caught.
#
# usage: tests/mutants/run.sh FILE.mutants      (from the top of the build)
#
# A line of FILE: NAME, source file, sed expression, unit test; separated by
# tabs.  Empty lines and lines that begin with # are skipped.  The source is
# changed by sed, compiled, and linked before the library, so that it wins over
# the member of the archive; then the unit test must fail.  A line that changes
# nothing or does not compile, and a test that fails without a fault, prove
# nothing: each of them counts as survived.
#
# Environment: CC, CFLAGS, LDFLAGS, LIBS; SRCDIR, top of the source; LIBSENSED,
# path of libsensed.a; BUILD, top of the build, where config.h is (default: .).
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -u
LC_ALL=C
SRCDIR=${SRCDIR:-.}
export LC_ALL SRCDIR
CC=${CC:-cc}
LIBSENSED=${LIBSENSED:-./libsensed.a}
list=${1:?usage: run.sh FILE.mutants}
tab=$(printf '\t')
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Warnings are off: what a fault leaves unused is no reason to stop.
compile() {
	$CC -I"${BUILD:-.}" -I"$SRCDIR/src" -I"$SRCDIR/tests/unit" \
	    ${CFLAGS-} -w -c -o "$1" "$2" 2>"$work/log"
}

# link OUT OBJECT...
link() {
	out=$1
	shift
	$CC ${CFLAGS-} ${LDFLAGS-} -w -o "$out" "$@" "$LIBSENSED" ${LIBS-} \
	    2>"$work/log"
}

# A test hangs when a loop lost its end: that is caught too.
runs() {
	timeout 120 "$1" >/dev/null 2>&1
}

# Compiles a test once, and sees that it passes without a fault.
prepare() {
	[ -e "$work/$1.good" ] && return 0
	[ -e "$work/$1.o" ] && return 1
	compile "$work/$1.o" "$SRCDIR/tests/unit/$1.c" &&
	    link "$work/$1" "$work/$1.o" && runs "$work/$1" &&
	    : >"$work/$1.good"
}

# What became of one mutant, in words.
try() {
	src=$SRCDIR/$1
	mutant=$work/$(basename "$1")
	if ! prepare "$3"; then
		echo "$3 fails without it"
	elif ! sed "$2" "$src" >"$mutant" 2>"$work/log"; then
		echo "sed refuses the expression"
	elif cmp -s "$src" "$mutant"; then
		echo "the source did not change"
	elif ! compile "$work/mutant.o" "$mutant"; then
		echo "does not compile"
	elif ! link "$work/mutant" "$work/mutant.o" "$work/$3.o"; then
		echo "does not link"
	elif runs "$work/mutant"; then
		echo "survived"
	else
		echo "caught by $3"
	fi
}

n=0
survived=0
while IFS=$tab read -r name source expression test; do
	case $name in
	''|'#'*) continue ;;
	esac
	n=$((n + 1))
	verdict=$(try "$source" "$expression" "$test" </dev/null)
	printf '%s: %s\n' "$name" "$verdict"
	case $verdict in
	'caught by '*) ;;
	*) survived=$((survived + 1))
	   [ ! -s "$work/log" ] || sed 's/^/    /' "$work/log" | head -5 >&2 ;;
	esac
	: >"$work/log"
done <"$list"
printf '%d mutants, %d survived\n' "$n" "$survived"
[ "$n" -gt 0 ] && [ "$survived" -eq 0 ]
