#!/bin/sh
#
# style.sh - the rules of doc/STYLE.md that a machine can keep.
#
# usage: style.sh [TOP]      TOP holds src/; default: $srcdir, or here
#        style.sh --selftest
#
# Prints one line a breach, "FILE:LINE: rule", and exits 1 if there is any.
# The self-test, which comes first when no TOP is given, plants every fault in
# a scratch tree and insists that each is caught: a check that has never
# failed proves nothing.
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -u
LC_ALL=C
export LC_ALL

function_max=70 median_max=15 p90_max=45
source_max=400 header_max=100 program_max=199
# Longer headers, each with its reason:
#   core/publication.h  the whole contract of what is told and kept, one table
#   core/box.h          every legal change of a box, with what each leaves
long_headers=${STYLE_LONG_HEADERS:-core/publication.h core/box.h}

system='assert ctype errno float inttypes limits locale math setjmp signal
stdarg stdatomic stdbool stddef stdint stdio stdlib string strings time wchar
dirent endian err fcntl fnmatch getopt glob grp netdb poll pthread pwd sched
semaphore spawn sysexits syslog termios unistd'
# Foreign headers that more than one file includes, each with its number:
#   curl/curl   io/smtp.c sends mail; io/probe.c looks, and sends nothing
shared='curl/curl:2'
words="TO""DO|FIX""ME|XX""X"

breach()
{
	echo "$1: $2" >>"$found"
}

# The code of a file, line by line: strings emptied, comments blanked.
code()
{
	awk '{
		line = $0; out = ""
		if (!open) {
			gsub(/\\./, "", line)
			gsub(/"[^"]*"/, "\"\"", line)
			gsub(/\047[^\047]*\047/, "0", line)
		}
		while (line != "") {
			if (open) {
				i = index(line, "*/")
				if (!i) break
				line = substr(line, i + 2); open = 0
			} else {
				i = index(line, "/*")
				if (!i) { out = out line; break }
				out = out substr(line, 1, i - 1)
				line = substr(line, i + 2); open = 1
			}
		}
		print out
	}' "$1"
}

# Floors: a file includes its own floor and those below, never above.
floors()
{
	case $1 in
	src/base/*) up='core|io|prog' ;;
	src/core/*) up='io|prog' ;;
	src/io/*) up='prog' ;;
	*) return ;;
	esac
	grep -nE "^[ 	]*#[ 	]*include[ 	]*\"($up)/" "$1" |
	    while IFS=: read -r line _; do
		breach "$1:$line" "includes a floor above its own"
	done
}

core_is_pure()
{
	case $1 in src/core/*) ;; *) return ;; esac
	grep -nE '#[ 	]*include[ 	]*<(stdio|time|unistd|fcntl|dirent|poll|sys/(stat|socket|time|file|random))\.h>' "$1" |
	    while IFS=: read -r line _; do
		breach "$1:$line" "the core has no file, socket, clock or stdio"
	done
	code "$1" | grep -nE '\b(getenv|secure_getenv|getrandom|clock_gettime|gettimeofday)[ 	]*\(' |
	    while IFS=: read -r line _; do
		breach "$1:$line" "the core reads no environment and no clock"
	done
}

# Each foreign header stands in one .c file and in no header.
foreign()
{
	for f in $sources $headers; do
		sed -nE 's/^[ 	]*#[ 	]*include[ 	]*<([^>]*)\.h>.*/\1/p' "$f" |
		    while read -r h; do
			case $h in sys/* | linux/* | arpa/* | netinet/*) continue ;; esac
			case " $(echo $system) " in *" $h "*) continue ;; esac
			echo "$h $f"
		done
	done | sort -u >"$scratch/foreign"
	while read -r h f; do
		case $f in
		*.h) breach "$f:1" "<$h.h> in a header" ;;
		*)
			n=$(grep -c "^$h .*\.c$" "$scratch/foreign")
			may=1
			for s in $shared; do
				[ "${s%:*}" != "$h" ] || may=${s#*:}
			done
			[ "$n" -le "$may" ] ||
			    breach "$f:1" "<$h.h> is included by $n files, $may expected"
			;;
		esac
	done <"$scratch/foreign"
}

banned()
{
	code "$1" | grep -nE '(^|[^A-Za-z0-9_])(strcpy|strcat|sprintf|vsprintf|strncpy|strtok|atoi|atol|gets|system|popen|localtime|gmtime)[ 	]*\(' |
	    while IFS=: read -r line _; do
		breach "$1:$line" "a banned function"
	done
	case $1 in src/base/num.c) return ;; esac
	code "$1" | grep -nE '(^|[^A-Za-z0-9_])strto(l|ul|ll|ull|d|f)[ 	]*\(' |
	    while IFS=: read -r line _; do
		breach "$1:$line" "strtol and its like belong to base/num.c"
	done
}

# Columns count characters: bytes that continue one are left out.
columns()
{
	expand "$1" | awk -v f="$1" '{ gsub(/[\200-\277]/, "") }
	    length($0) > 80 { print f ":" NR ": " length($0) " columns, 80 at most" }
	    /[ \t]$/ { print f ":" NR ": white space at the end" }' >>"$found"
	code "$1" | grep -nE '(^|[^:"])//' | while IFS=: read -r line _; do
		breach "$1:$line" "a // comment"
	done
	grep -nE "(^|[^A-Za-z0-9_])($words)([^A-Za-z0-9_]|$)" "$1" |
	    while IFS=: read -r line _; do
		breach "$1:$line" "an open note"
	done
}

# A function runs from `name(` in column 1 to `}` in column 1.
functions()
{
	awk -v f="$1" -v max=$function_max -v all="$scratch/lengths" '
	    /^[a-z_][a-z0-9_]*\(/ { start = NR; name = $0; sub(/\(.*/, "", name) }
	    /^[a-z_].*[ *][a-z_0-9]+\([^;]*$/ && !/^[a-z_][a-z0-9_]*\(/ && \
	    !/^(typedef|struct|enum|union|#)/ && !/=|__attribute__/ {
		print f ":" NR ": return type on its own line" }
	    /^}/ && start {
		n = NR - start + 1
		print n >>all
		if (n > max)
			print f ":" start ": " name " is " n " lines, " max " at most"
		start = 0
	    }
	    /;[ \t]*$/ && start == NR { start = 0 }' "$1" >>"$found"
}

lengths()
{
	n=$(awk 'END { print NR }' "$1")
	case $1 in
	src/prog/*.c) max=$program_max ;;
	*.c) max=$source_max ;;
	*)
		max=$header_max
		for h in $long_headers; do
			[ "$1" != "src/$h" ] || return
		done
		;;
	esac
	[ "$n" -le "$max" ] || breach "$1:$n" "$n lines, $max at most"
}

# File head: `name - what for` first, the licence in it; guard; config.h.
heads()
{
	name=$(basename "$1")
	sed -n 2p "$1" | grep -qF " * $name - " ||
	    breach "$1:2" "the head says \`$name - what it is for'"
	sed 20q "$1" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' ||
	    sed 60q "$1" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' ||
	    breach "$1:1" "no licence line"
	case $1 in
	src/*.h)
		guard=SENSED_$(echo "${1#src/}" | tr 'a-z/.' 'A-Z__' | tr -d -)
		alt=SENSED_$(echo "${1#src/}" | tr 'a-z/.-' 'A-Z___')
		grep -qE "^#ifndef ($guard|$alt)$" "$1" ||
		    breach "$1:1" "guard $guard expected"
		;;
	src/*.c)
		first=$(sed -nE 's/^#include (.*)/\1/p' "$1" | sed 1q)
		[ "$first" = '"config.h"' ] ||
		    breach "$1:1" "config.h comes first"
		;;
	esac
}

headers_alone()
{
	config=${BUILD:-.}
	if [ ! -f "$config/config.h" ]; then
		: >"$scratch/config.h"
		config=$scratch
	fi
	for h in $headers; do
		case $h in src/*) ;; *) continue ;; esac
		printf '#include "config.h"\n#include "%s"\n' "${h#src/}" |
		    ${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -I"$config" -Isrc \
		    -Wall -Wextra -Werror -fsyntax-only -x c - \
		    >"$scratch/alone" 2>&1 ||
		    breach "$h:1" "does not compile alone: $(grep -m1 error "$scratch/alone")"
	done
}

figures()
{
	[ -s "$scratch/lengths" ] || return
	sort -n "$scratch/lengths" | awk -v m=$median_max -v p=$p90_max '
	    { a[NR] = $1 }
	    END {
		mid = a[int((NR + 1) / 2)]; ten = a[int((NR - 1) * 0.9) + 1]
		printf "%d functions, median %d, nine in ten up to %d, longest %d\n",
		    NR, mid, ten, a[NR] >"/dev/stderr"
		if (mid > m) print "src:1: median function " mid " lines, " m " at most"
		if (ten > p) print "src:1: nine in ten functions up to " ten ", " p " at most"
	    }' >>"$found"
}

check()
{
	sources=$(find src tests -name '*.c' 2>/dev/null | sort)
	headers=$(find src tests -name '*.h' 2>/dev/null | sort)
	for f in $sources $headers; do
		columns "$f"
		heads "$f"
		banned "$f"
		case $f in src/*) ;; *) continue ;; esac
		floors "$f"
		core_is_pure "$f"
		lengths "$f"
	done
	for f in $sources; do
		case $f in src/*) functions "$f" ;; esac
	done
	all=$sources
	sources=$(echo "$all" | grep '^src/')
	foreign
	headers_alone
	figures
}

run()
{
	cd "$1" || exit 1
	scratch=$(mktemp -d) || exit 1
	trap 'rm -rf "$scratch"' EXIT
	found=$scratch/found
	: >"$found"
	[ -d src ] || { echo "style.sh: no src/ in $1" >&2; exit 1; }
	check
	[ -s "$found" ] || exit 0
	sort -u "$found"
	exit 1
}

# One planted fault: where, the text after a good head, what must be said.
plant()
{
	mkdir -p "$tree/src/base" "$tree/src/core" "$tree/src/io" "$tree/src/prog"
	rm -f "$tree"/src/*/*
	f=$tree/src/$1
	printf '/*\n * %s - a scratch file with a fault.\n *\n' "$(basename "$1")" >"$f"
	printf ' * SPDX-License-Identifier: GPL-3.0-or-later\n */\n' >>"$f"
	case $1 in *.c) printf '#include "config.h"\n\n' >>"$f" ;; esac
	printf "$2" >>"$f"
	out=$(STYLE_LONG_HEADERS= sh "$me" "$tree" 2>/dev/null)
	status=$?
	if [ -z "$3" ]; then
		[ $status = 0 ] && return
	else
		[ $status = 1 ] && echo "$out" | grep -qF "$3" && return
	fi
	echo "style.sh: not caught in $1: ${3:-(clean file refused)}" >&2
	echo "$out" >&2
	bad=1
}

repeat()
{
	awk -v n="$1" -v s="$2" 'BEGIN { while (n-- > 0) printf "%s", s }'
}

selftest()
{
	bad=0
	tree=$(mktemp -d) || exit 1
	plant core/a.c 'int\na(void)\n{\n\treturn 0;\n}\n' ''
	plant core/a.c '/* gets(x) */\nconst char *s = "system(1)";\n' ''
	plant core/a.c '#include "io/b.h"\n' 'a floor above'
	plant base/a.c '#include "core/b.h"\n' 'a floor above'
	plant io/a.c '#include "prog/b.h"\n' 'a floor above'
	plant core/a.c '#include <stdio.h>\n' 'the core has no file'
	plant core/a.c 'int x = getenv("A");\n' 'no environment'
	plant io/a.h '#ifndef SENSED_IO_A_H\n#define SENSED_IO_A_H\n#include <gdbm.h>\n#endif\n' 'in a header'
	plant io/a.c 'int a = atoi("1");\n' 'banned'
	plant io/a.c 'long a = strtol(b, 0, 10);\n' 'base/num.c'
	plant io/a.c "/* $(repeat 80 x) */\n" 'columns, 80'
	plant io/a.c 'int a; \n' 'white space'
	plant io/a.c 'int a; // b\n' 'a // comment'
	plant io/a.c "/* ${words%%|*}: later */\n" 'an open note'
	plant io/a.c "int\na(void)\n{\n$(repeat 70 '\\tb();\\n')}\n" 'is 73 lines'
	plant io/a.c 'int a(void)\n{\n}\n' 'its own line'
	plant io/a.c "$(repeat 400 'int a;\\n')" '400 at most'
	plant prog/a.c "$(repeat 200 'int a;\\n')" '199 at most'
	plant io/a.h "#ifndef SENSED_IO_A_H\n$(repeat 100 '\\n')#endif\n" '100 at most'
	plant io/a.h '#ifndef A_H\n#endif\n' 'guard SENSED_IO_A_H'
	plant io/a.h '#ifndef SENSED_IO_A_H\nuint32_t a;\n#endif\n' 'does not compile alone'
	plant io/a.c "int\na(void)\n{\n$(repeat 20 '\\tb();\\n')}\n" 'median'
	plant io/a.c '' ''
	printf '#include <zlib.h>\n' >>"$tree/src/io/a.c"
	sed 's/a\.c/b.c/' "$tree/src/io/a.c" >"$tree/src/io/b.c"
	sh "$me" "$tree" 2>/dev/null | grep -qF 'by 2 files' || {
		echo 'style.sh: a foreign header in two files is not caught' >&2
		bad=1
	}
	printf 'int a;\n' >"$tree/src/io/b.c"
	sh "$me" "$tree" 2>/dev/null | grep -qF 'the head says' || {
		echo 'style.sh: a missing head is not caught' >&2
		bad=1
	}
	rm -rf "$tree"
	return $bad
}

me=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
case ${1:-} in
--selftest) selftest ;;
'') selftest && run "${srcdir:-$(dirname "$me")/..}" ;;
*) run "$1" ;;
esac
