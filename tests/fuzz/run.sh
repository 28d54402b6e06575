#!/bin/sh
# run.sh - builds the fuzz targets and runs them.
#
# usage: tests/fuzz/run.sh short|long|planted [TARGET...]
#
# short: a fixed number of runs from a fixed seed, a few seconds a target.
# long: FUZZ_SECONDS a target, 600 by default.
# planted: each fault of `faults' is put into the source, and a short run of its
# target must be bad; one that passes proves nothing.  Without TARGET, all of them;
# TARGET is a file fuzz_TARGET.c beside this one, its corpus corpus/TARGET.
# Everything is compiled by clang with libFuzzer and both sanitizers into
# BUILD/build-fuzz.  Prints a line a target, "TARGET N runs, 0 bad", and exits 1
# if any was bad: the input is then in build-fuzz/bad, for the corpus.
#
# Environment: SRCDIR, top of the source; BUILD, top of the build, where
# config.h is; LIBS, what to link with; FUZZ_CC, the compiler (clang).
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -u
LC_ALL=C
SRCDIR=${SRCDIR:-.} BUILD=${BUILD:-.} FUZZ_CC=${FUZZ_CC:-clang}
GMIME=${GMIME:-$(pkgconf --cflags gmime-3.0)}
GMIME_LIBS=${GMIME_LIBS:-$(pkgconf --libs gmime-3.0)}
LIBS=${LIBS:--lcurl -lcsv -lgdbm -lconfig -lsodium -lpthread -lm}
FUZZ_SECONDS=${FUZZ_SECONDS:-600}
export LC_ALL SRCDIR BUILD FUZZ_CC LIBS FUZZ_SECONDS
out=$BUILD/build-fuzz
bad=$out/bad
checks='-fsanitize=address,undefined -fno-sanitize-recover=all'
LIBS="$LIBS -Wl,--as-needed $GMIME_LIBS"
flags="$GMIME -std=gnu11 -D_GNU_SOURCE -I$BUILD -I$SRCDIR/src -I$SRCDIR/tests/fuzz
-O1 -gline-tables-only -fno-omit-frame-pointer -Wall $checks"

# So many that a short run of each takes about two seconds.
runs_of()
{
	case $1 in
	request) echo 200000 ;;
	form) echo 60000 ;;
	names) echo 30000 ;;
	reply) echo 50000 ;;
	csv | list | template) echo 25000 ;;
	import | message | score) echo 10000 ;;
	bounce | ledger) echo 8000 ;;
	store) echo 3000 ;;
	*) echo 1500 ;;
	esac
}

compile()
{
	mkdir -p "$out/o" || exit 1
	newest=$(ls -t "$SRCDIR"/src/base/*.h "$SRCDIR"/src/core/*.h \
	    "$SRCDIR"/src/io/*.h "$BUILD/config.h" | sed 1q)
	for f in "$SRCDIR"/src/base/*.c "$SRCDIR"/src/core/*.c \
	    "$SRCDIR"/src/io/*.c; do
		floor=${f%/*}
		o=$out/o/${floor##*/}_$(basename "$f" .c).o
		[ "$o" -nt "$f" ] && [ "$o" -nt "$newest" ] ||
		    printf '%s\n%s\n' "$f" "$o"
	done | FLAGS="$flags -fsanitize=fuzzer-no-link" xargs -r -P"$jobs" -n2 \
	    sh -c '$FUZZ_CC $FLAGS -c "$0" -o "$1" || exit 255' || exit 1
	rm -f "$out/lib.a"
	ar rcs "$out/lib.a" "$out"/o/*.o || exit 1
	for t in "$@"; do
		echo "$t"
	done | FLAGS="$flags -fsanitize=fuzzer" OUT=$out xargs -P"$jobs" -n1 \
	    sh -c '$FUZZ_CC $FLAGS "$SRCDIR/tests/fuzz/fuzz_$0.c" \
	    -o "$OUT/fuzz_$0" "$OUT/lib.a" $LIBS || exit 255' || exit 1
}

# One target; its words go to a file, its figures to standard output.
one()
{
	t=$1
	found=$out/corpus/$t
	log=$out/$t.log
	rm -rf "$found"
	mkdir -p "$found" "$bad"
	case $how in
	short) limit="-runs=$(runs_of "$t") -max_total_time=60" ;;
	long) limit="-max_total_time=$FUZZ_SECONDS" ;;
	esac
	case $t in
	record) limit="$limit -max_len=600" ;;
	store) limit="$limit -max_len=97" ;;
	esac
	"$out/fuzz_$t" -seed=1 $limit -timeout=20 -rss_limit_mb=2048 \
	    -artifact_prefix="$bad/$t-" "$found" \
	    "$SRCDIR/tests/fuzz/corpus/$t" >"$log" 2>&1
	status=$?
	n=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log")
	if [ $status = 0 ] && [ -n "$n" ]; then
		printf '%-10s %10s runs, 0 bad\n' "$t" "$n"
		return 0
	fi
	n=$(sed -n 's/^#\([0-9]*\).*/\1/p' "$log" | tail -n 1)
	printf '%-10s %10s runs, 1 bad\n' "$t" "${n:-0}"
	grep -vE '^#[0-9]|NEW_FUNC' "$log" | sed 40q >&2
	return 1
}

# One line of `faults', told apart by tabs.
plant()
{
	name=$1 source=$2 change=$3 t=$4
	faulty=$out/planted/$t
	mkdir -p "$faulty"
	sed "$change" "$SRCDIR/$source" >"$faulty/x.c"
	if cmp -s "$faulty/x.c" "$SRCDIR/$source" ||
	    ! $FUZZ_CC $flags -fsanitize=fuzzer-no-link -c "$faulty/x.c" \
	    -o "$faulty/x.o" || ! $FUZZ_CC $flags -fsanitize=fuzzer \
	    "$SRCDIR/tests/fuzz/fuzz_$t.c" -o "$faulty/fuzz_$t" \
	    "$faulty/x.o" "$out/lib.a" $LIBS; then
		echo "$t: the fault changes nothing, or does not compile: $name"
		return 1
	fi
	mkdir -p "$faulty/found"
	if "$faulty/fuzz_$t" -seed=1 -runs="$(runs_of "$t")" -timeout=20 \
	    -artifact_prefix="$faulty/" "$faulty/found" \
	    "$SRCDIR/tests/fuzz/corpus/$t" >"$faulty/log" 2>&1; then
		echo "$t: not caught: $name"
		return 1
	fi
	printf '%-10s caught: %s\n' "$t" "$name"
}

planted()
{
	rm -rf "$out/planted"
	tab=$(printf '\t')
	status=0
	while IFS=$tab read -r name source change t; do
		case $name in '#'* | '') continue ;; esac
		plant "$name" "$source" "$change" "$t" || status=1
	done <"$SRCDIR/tests/fuzz/faults"
	exit $status
}

how=${1:-}
case $how in
one)	# for xargs, below
	how=$2
	one "$3"
	exit
	;;
short | long | planted) shift ;;
*)
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 64
	;;
esac
command -v "$FUZZ_CC" >/dev/null || {
	echo "run.sh: $FUZZ_CC is missing: install clang and libclang-rt-dev" >&2
	exit 1
}
jobs=$(nproc 2>/dev/null || echo 1)
FUZZ_TMP=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d -p /tmp) || exit 1
export FUZZ_TMP
trap 'rm -rf "$FUZZ_TMP"' EXIT
trap 'exit 1' HUP INT TERM
[ $# -gt 0 ] || set -- $(cd "$SRCDIR/tests/fuzz" && ls fuzz_*.c |
    sed 's/^fuzz_//; s/\.c$//')
compile "$@"
[ "$how" != planted ] || planted
for t in "$@"; do
	echo "$t"
done | xargs -P"$jobs" -n1 sh "$0" one "$how"
