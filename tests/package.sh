#!/bin/sh
#
# package.sh - installs, upgrades, removes and purges the Debian package.
#
# usage: package.sh FILE.deb      as root
#
# Works on a picture of this system: an overlay in a mount namespace of its
# own, in memory, of which nothing is left.  No service is started: what the
# package's scripts ask of systemctl is written down instead, and looked at.
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
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

# From here on the scripts find systemd at work, and a systemctl that notes
# what it is asked to do.
watch_systemctl()
{
	mkdir -p "$root/run/systemd/system"
	rm -f "$root/usr/sbin/policy-rc.d"	# a container's: no to all
	[ ! -x "$root/usr/bin/systemctl.real" ] || return 0
	mv "$root/usr/bin/systemctl" "$root/usr/bin/systemctl.real"
	cat >"$root/usr/bin/systemctl" <<-'END'
		#!/bin/sh
		echo "$*" >>/tmp/asked
		case " $* " in
		*' is-enabled '*) exec /usr/bin/systemctl.real "$@" ;;
		esac
	END
	chmod 755 "$root/usr/bin/systemctl"
}

# The same package under the next version number.
next_version()
{
	dpkg-deb -R "$root/tmp/sensed.deb" "$box/next"
	sed -i 's/^Version: .*/&+next1/' "$box/next/DEBIAN/control"
	dpkg-deb -b "$box/next" "$root/tmp/next.deb" >/dev/null
}

configure()
{
	sed -i 's/^    # \(lawful_basis\|contact\|server_control\) = ""/    \1 = "x"/
	    s/^    # return_path.*/    return_path = "b@taf.example";/' \
	    "$root/etc/sensed/sensed.conf"
	cp "$root/usr/share/sensed/sensed-relay.conf" \
	    "$root/etc/sensed/relay.conf"
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
	reads_as_it_is
	chroot "$root" id -nG sensed | grep -q sensed-answer ||
	    die 'sensed is not in the group sensed-answer'
	for u in sensed.service sensed-answer.socket sensed-digest.timer; do
		got=$(chroot "$root" systemctl is-enabled $u || :)
		[ "$got" = disabled ] || die "$u is $got, expected disabled"
	done
	say 'installed: users, folders, units that are disabled'
}

# The pages of doc/ name each other: none is compressed, none is missing.
reads_as_it_is()
{
	dpkg-deb --fsys-tarfile "$root/tmp/sensed.deb" | tar -t |
	    sed 's,^\./,/,' >"$box/files"
	for f in README.Debian walkthrough.md operating.md privacy.md \
	    dpia-template.md processing-record-template.md \
	    accessibility-statement-template.md spec/SCORING.md \
	    spec/STANDARDS.md; do
		grep -qx "/usr/share/doc/sensed/$f" "$box/files" ||
		    die "there is no $f to read"
	done
}

# What autopkgtest would run.
works()
{
	configure
	mkdir -p "$root/tmp/src/debian" "$root/tmp/src/tests"
	cp -R "$source/debian/tests" "$root/tmp/src/debian"
	cp -R "$source/tests/demo" "$root/tmp/src/tests"
	chroot "$root" /tmp/src/debian/tests/first-wave >"$box/log" 2>&1 ||
	    { cat "$box/log"; die 'debian/tests/first-wave'; }
	say 'works: configuration, import, an open wave, closed to www-data'
}

upgrades()
{
	state >"$box/before"
	cp "$root/etc/sensed/sensed.conf" "$box/conf"
	next_version
	watch_systemctl
	: >"$root/tmp/asked"
	chroot "$root" dpkg -i /tmp/next.deb >"$box/log" 2>&1 </dev/null ||
	    { cat "$box/log"; die 'dpkg -i, upgrade'; }
	! grep -w stop "$root/tmp/asked" || die 'an upgrade stops services'
	grep -qx 'try-restart sensed.service sensed-answer.service' \
	    "$root/tmp/asked" || die 'an upgrade leaves old programs running'
	state >"$box/after"
	cmp "$box/before" "$box/after" || die 'an upgrade changed the store'
	cmp "$box/conf" "$root/etc/sensed/sensed.conf" ||
	    die 'an upgrade changed the configuration'
	ctl status | grep -q '^staff-now: open' || die 'the wave is not open'
	say 'upgraded in the middle of a wave: not a byte of it changed,'
	say 'what ran is restarted, and nothing was stopped'
}

goes()
{
	: >"$root/tmp/asked"
	chroot "$root" dpkg -r sensed >"$box/log" 2>&1 || die 'dpkg -r'
	for u in sensed-digest.timer sensed-digest.service \
	    sensed-digest-publish.service sensed.service \
	    sensed-answer.socket sensed-answer.service; do
		grep -q "^stop .*$u" "$root/tmp/asked" ||
		    die "removed, and $u still runs"
	done
	state >"$box/after"
	cmp "$box/before" "$box/after" || die 'removal changed the store'
	[ -f "$root/etc/sensed/sensed.conf" ] || die 'removal took the conf'
	say 'removed: all is stopped, and the data is still there'
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
	[ -f "$1" ] || die "$1 is not there: ./bootstrap package makes it"
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
