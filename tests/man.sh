#!/bin/sh
#
# man.sh - the manual says what there is, and nothing that is not.
#
# usage: man.sh [DIR]      the pages in DIR; default: a self-test, then those
#                          of the source
#
# Compares options and commands with what --help prints, keys with the tables
# of src/io/conf*.c, templates and their values with templates/, and lets
# mandoc look at the language.  Prints a line a breach and exits 1.  The
# self-test plants each fault and insists that it is caught.
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -u
LC_ALL=C
export LC_ALL
top=${SRCDIR:-.}
build=${BUILD:-.}

# What pages may say before there is any; empty once all is there.
ahead=''

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
found=$scratch/found
bs=$(printf '\b')

breach()
{
	echo "$1: $2" >>"$found"
}

planned()
{
	case " $ahead " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# compare PAGE WHAT: the lines of $scratch/page and of $scratch/there.
compare()
{
	sort -u -o "$scratch/page" "$scratch/page"
	sort -u -o "$scratch/there" "$scratch/there"
	[ -s "$scratch/there" ] || breach "$1" "found no $2 at all"
	comm -23 "$scratch/page" "$scratch/there" >"$scratch/only"
	while read -r x; do
		planned "${x%% *}" || breach "$1" "there is no $2 $x"
	done <"$scratch/only"
	comm -13 "$scratch/page" "$scratch/there" >"$scratch/only"
	while read -r x; do
		breach "$1" "does not say: $2 $x"
	done <"$scratch/only"
}

# A page as it is read, its paragraphs one line each.
rendered()
{
	mandoc -Tascii -Owidth=900 "$1" 2>/dev/null | sed "s/.$bs//g"
}

section()
{
	rendered "$1" | awk -v want="$2" '
	    /^[A-Z]/ { on = $0 == want; next } on'
}

long_options()
{
	tr -c 'a-z-' '\n' | grep -E '^--[a-z][a-z-]*$'
}

short_options()
{
	tr -c 'a-zA-Z-' '\n' | grep -E '^-[a-z]$'
}

# The names behind a macro, commas taken out.
items()
{
	sed -n "s/^\\.It $2 //p" "$1" | tr -s ' ,' '\n\n' | grep .
}

check_language()
{
	mandoc -Tlint "$1" >"$scratch/lint" 2>/dev/null
	grep -v 'referenced manual not found' "$scratch/lint" >"$scratch/only"
	while read -r x; do
		breach "${1##*/}" "$x"
	done <"$scratch/only"
	for s in FILES 'EXIT STATUS' EXAMPLES; do
		[ -n "$(section "$1" "$s")" ] ||
		    breach "${1##*/}" "has no section $s"
	done
	sed -n 's/^\.Xr \(sense[^ ]*\) \([0-9]\).*/\1.\2/p' "$1" |
	    sort -u >"$scratch/only"
	while read -r x; do
		[ -f "$dir/$x" ] || breach "${1##*/}" "names $x, no such page"
	done <"$scratch/only"
}

check_options()
{
	page=$dir/$1.8
	"$build/$1" --help >"$scratch/help" || breach "$1" '--help fails'
	[ "$1" != sensectl ] ||
	    "$build/$1" score --help >>"$scratch/help"
	echo 'usage: --version --help' >>"$scratch/help"
	rendered "$page" | grep -vE 'systemctl|systemd-run|journalctl' |
	    long_options >"$scratch/page"
	long_options <"$scratch/help" >"$scratch/there"
	compare "$1.8" option
	section "$page" SYNOPSIS | short_options >"$scratch/page"
	short_options <"$scratch/help" >"$scratch/there"
	compare "$1.8" option
	{
		echo --version
		echo --help
		section "$page" SYNOPSIS | long_options
		section "$page" SYNOPSIS | short_options
	} | sort -u >"$scratch/page"
	{
		section "$page" DESCRIPTION | grep -E '^ {5}-' |
		    cut -c6- | cut -d' ' -f1
	} >"$scratch/there"
	compare "$1.8" 'option explained:'
}

# Each with its words, exactly as in the usage.
check_commands()
{
	section "$dir/sensectl.8" COMMANDS | grep -E '^ {5}[a-z]' |
	    sed -E 's/^ +//; s/ {2,}.*//' >"$scratch/page"
	"$build/sensectl" --help | sed -n 's/^  \([a-z]\)/\1/p' \
	    >"$scratch/there"
	compare sensectl.8 command
}

# The keys of the tables, with the names of the groups around them.
keys()
{
	awk 'BEGIN {
		prefix["organisation_keys"] = "organisation."
		prefix["mail_keys"] = "mail."; prefix["web_keys"] = "web."
		prefix["privacy_keys"] = "privacy."
		prefix["support_keys"] = "support."
		prefix["root_keys"] = ""; prefix["survey_keys"] = "surveys."
		prefix["calendar_keys"] = "surveys.calendar."
		prefix["survey_privacy_keys"] = "surveys.privacy."
		prefix["item_keys"] = "items."; prefix["question_keys"] = ""
		prefix["table"] = ""
	}
	/static const struct key/ {
		table = $NF == "{" ? $(NF - 2) : $NF
		sub(/\[.*/, "", table)
		if (!(table in prefix))
			print "of-unknown-table-" table
	}
	/[.]name = "/ && !/KEY_GROUP/ {
		split($0, part, "\"")
		print prefix[table] part[2]
	}' "$top"/src/io/conf*.c | grep .
}

check_keys()
{
	items "$dir/sensed.conf.5" Ic >"$scratch/page"
	keys >"$scratch/there"
	compare sensed.conf.5 key
	tr -c 'a-z_' '\n' <"$top/etc/sensed.conf" | sort -u >"$scratch/words"
	keys | sed 's/.*[.]//' | sort -u >"$scratch/there"
	tr -c 'a-z_' '\n' <"$top/etc/questions-staff.conf" |
	    sort -u - "$scratch/words" -o "$scratch/words"
	echo leader >>"$scratch/words"
	echo member >>"$scratch/words"
	sort -u -o "$scratch/words" "$scratch/words"
	comm -13 "$scratch/words" "$scratch/there" >"$scratch/only"
	while read -r x; do
		breach etc/sensed.conf "does not show the key $x"
	done <"$scratch/only"
}

# A template that no other one holds is asked for by name.
check_templates()
{
	page=$dir/sensed-templates.7
	cat "$top"/templates/*/*.mustache >"$scratch/all"
	grep -oE '\{\{> *[a-z0-9_.]+' "$scratch/all" | sed 's/.*[> ]//' |
	    sort -u >"$scratch/parts"
	(cd "$top/templates" && ls ./*/*.mustache) |
	    sed 's,.*/,,; s/[.]mustache$//' | sort -u |
	    comm -23 - "$scratch/parts" >"$scratch/there"
	items "$page" Pa | grep -v / >"$scratch/page"
	compare sensed-templates.7 template
	grep -oE '\{\{[#^&{]? *[a-z0-9_]+ *\}' "$scratch/all" |
	    tr -d '{}#^& ' >"$scratch/there"
	sed -n '/^\.Ss Values of every/,/^\.Sh/s/^\.\(It \)\{0,1\}Ic //p' \
	    "$page" | tr -s ' ,:;' '\n' | grep -v '^[.]*$' >"$scratch/page"
	compare sensed-templates.7 value
}

check()
{
	: >"$found"
	for p in "$dir"/*.[1-9]; do
		check_language "$p"
	done
	programs=$(sed -n 's/^sbin_PROGRAMS = //p
	    s/^sensedlib_PROGRAMS = //p' "$top/Makefile.am")
	for p in $programs; do
		if [ -f "$dir/$p.8" ]; then
			check_options "$p"
		else
			breach "$p" 'has no page'
		fi
	done
	for p in sensed.conf.5 sensed-templates.7 sensed-privacy.7; do
		[ -f "$dir/$p" ] || breach "$p" 'no such page'
	done
	check_commands
	check_keys
	check_templates
	[ ! -s "$found" ]
}

# plant PAGE EXPRESSION BREACH: sed makes the fault, check must say so.
plant()
{
	rm -rf "$scratch/man"
	cp -r "$top/man" "$scratch/man"
	chmod -R u+w "$scratch/man"
	sed -i "$2" "$scratch/man/$1"
	cmp -s "$top/man/$1" "$scratch/man/$1" && {
		echo "self-test: nothing to plant in $1: $2"
		exit 1
	}
	dir=$scratch/man
	: >"$found"
	check_language "$dir/$1"
	case $1 in
	sensed.8) check_options sensed ;;
	sensectl.8) check_commands ;;
	sensed.conf.5) check_keys ;;
	sensed-templates.7) check_templates ;;
	esac
	grep -q -e "$3" "$found" || {
		echo "self-test: not caught in $1: $2"
		exit 1
	}
}

selftest()
{
	plant sensed.8 's/^\.It Fl -once/.It Fl -twice/' 'no option --twice'
	plant sensed.8 's/-once/-twice/' 'does not say: option --once'
	plant sensed.8 's/Op Fl v/Op Fl w/' 'no option -w'
	plant sensed.8 '/^\.Sh EXAMPLES/d' 'has no section EXAMPLES'
	plant sensed.8 's/^\.Sh NAME/.Sh NAMES/' 'sensed.8: mandoc'
	plant sensed.8 's/Xr sensectl 8/Xr sensectl 1/' 'sensectl.1, no such'
	plant sensectl.8 's/Cm pause/Cm halt/' 'no command halt WAVE'
	plant sensectl.8 's/Op Fl -dry-run/Op Fl -force/' \
	    'does not say: command import'
	plant sensed.conf.5 's/It Ic mail.from/It Ic mail.to/' 'no key mail.to'
	plant sensed.conf.5 's/It Ic surveys.comments/It Ic surveys/' \
	    'does not say: key surveys.comments'
	plant sensed-templates.7 's/Pa thanks/Pa thank/' 'no template thank'
	plant sensed-templates.7 's/Ic six ,/Ic/' 'does not say: value six'
	plant sensed-templates.7 's/Ic six ,/Ic six , seven ,/' 'value seven'
}

command -v mandoc >/dev/null || {
	echo 'man.sh: mandoc is missing: install the Debian package mandoc'
	exit 1
}
if [ $# = 0 ]; then
	selftest
	dir=$top/man
else
	dir=$1
fi
check && exit 0
cat "$found"
exit 1
