#!/bin/sh
#
# package.sh - installs, upgrades, removes and purges the Debian package.
#
# usage: package.sh FILE.deb      as root
#
# Works on a picture of this system: an overlay in a mount namespace of its
# own, in memory, of which nothing is left.  No service is started.
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -eu
LC_ALL=C.UTF-8
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

say()
{
	echo "package: $*"
}

die()
{
	echo "package: FAILED: $*" >&2
	exit 1
}

ctl()
{
	chroot "$root" runuser -u sensed -- sensectl "$@" 2>&1
}

state()
{
	(cd "$root/var/lib/sensed" && find . -printf '%p %m %U %G\n' &&
	    find . -type f -exec sha256sum {} +) | sort
}

mode_is()
{
	got=$(chroot "$root" stat -c '%U:%G %a' "$1") || die "$1 is missing"
	[ "$got" = "$2" ] || die "$1: $got, expected $2"
}

configure()
{
	sed -i 's/^    # \(lawful_basis\|contact\|server_control\) = ""/    \1 = "x"/
	    s/^    # return_path.*/    return_path = "b@taf.example";/' \
	    "$root/etc/sensed/sensed.conf"
	cat >"$root/tmp/units.csv" <<-END
		unit,parent,name,leader_name,leader_email,language
		all,,All,Lee,lee@taf.example,en
	END
	{
		echo id,email,name,unit,language
		for i in $(seq 1 30); do
			echo "p$i,p$i@taf.example,Pat,all,en"
		done
	} >"$root/tmp/people.csv"
	chmod 644 "$root/tmp/units.csv" "$root/tmp/people.csv"
}

installs()
{
	chroot "$root" dpkg -i /tmp/sensed.deb >"$box/log" 2>&1 ||
	    { cat "$box/log"; die 'dpkg -i'; }
	grep -q 'First steps' "$box/log" || die 'no word about first steps'
	chroot "$root" getent passwd sensed sensed-answer >/dev/null ||
	    die 'the users are not there'
	mode_is /var/lib/sensed 'sensed:sensed 711'
	mode_is /var/lib/sensed/answers 'sensed-answer:sensed-answer 2770'
	mode_is /etc/sensed/sensed.conf 'root:root 644'
	chroot "$root" id -nG sensed | grep -q sensed-answer ||
	    die 'sensed is not in the group sensed-answer'
	for u in sensed.service sensed-answer.socket sensed-digest.timer; do
		got=$(chroot "$root" systemctl is-enabled $u || :)
		[ "$got" = disabled ] || die "$u is $got, expected disabled"
	done
	say 'installed: users, folders, units that are disabled'
}

works()
{
	configure
	ctl check >"$box/log" || { cat "$box/log"; die 'sensectl check'; }
	ctl import staff --units /tmp/units.csv --people /tmp/people.csv \
	    >"$box/log" || { cat "$box/log"; die 'sensectl import'; }
	ctl open staff --wave staff-now >"$box/log" ||
	    { cat "$box/log"; die 'sensectl open'; }
	mode_is /var/lib/sensed/keys 'sensed:sensed 700'
	if chroot "$root" runuser -u www-data -- ls /var/lib/sensed/keys \
	    /var/lib/sensed/answers >/dev/null 2>"$box/log"; then
		die 'the web server can look into keys or answers'
	fi
	[ "$(grep -c 'Permission denied' "$box/log")" = 2 ] ||
	    { cat "$box/log"; die 'www-data: expected Permission denied'; }
	say 'works: configuration, import, an open wave, closed to www-data'
}

upgrades()
{
	state >"$box/before"
	cp "$root/etc/sensed/sensed.conf" "$box/conf"
	chroot "$root" dpkg -i /tmp/sensed.deb >"$box/log" 2>&1 </dev/null ||
	    { cat "$box/log"; die 'dpkg -i, upgrade'; }
	state >"$box/after"
	cmp "$box/before" "$box/after" || die 'an upgrade changed the store'
	cmp "$box/conf" "$root/etc/sensed/sensed.conf" ||
	    die 'an upgrade changed the configuration'
	ctl status | grep -q 'staff-now: open' || die 'the wave is not open'
	say 'upgraded in the middle of a wave: not a byte of it changed'
}

goes()
{
	chroot "$root" dpkg -r sensed >"$box/log" 2>&1 || die 'dpkg -r'
	state >"$box/after"
	cmp "$box/before" "$box/after" || die 'removal changed the store'
	[ -f "$root/etc/sensed/sensed.conf" ] || die 'removal took the conf'
	say 'removed: the data is still there'
	chroot "$root" dpkg -P sensed >"$box/log" 2>&1 </dev/null ||
	    die 'dpkg -P'
	for d in /var/lib/sensed /etc/sensed /usr/share/sensed /run/sensed; do
		[ ! -e "$root$d" ] || die "purged, but $d is still there"
	done
	say 'purged: nothing is left'
}

# In the namespace; everything mounted goes with it.
inside()
{
	mount -t tmpfs tmpfs /mnt
	box=/mnt root=/mnt/root
	mkdir $box/upper $box/work $root
	mount -t overlay overlay $root \
	    -o lowerdir=/,upperdir=$box/upper,workdir=$box/work
	mount -t tmpfs tmpfs $root/run
	mount -t tmpfs tmpfs $root/tmp
	mount -t proc proc $root/proc
	mount --bind /dev $root/dev
	chmod 1777 $root/tmp
	cp "$1" $root/tmp/sensed.deb
	installs
	works
	upgrades
	goes
}

case ${1:-} in
--inside)
	inside "$2"
	;;
*.deb)
	[ "$(id -u)" = 0 ] || die 'needs root'
	dpkg-query -W sensed >/dev/null 2>&1 &&
	    die 'sensed is installed here: try it on another machine'
	exec unshare -m --propagation private sh "$0" --inside \
	    "$(realpath "$1")"
	;;
*)
	echo 'usage: package.sh FILE.deb' >&2
	exit 64
	;;
esac
