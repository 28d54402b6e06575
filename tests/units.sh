#!/bin/sh
#
# units.sh - systemd finds no fault in the units, and they are closed enough.
#
# The goals are those of doc/spec/STANDARDS.md 5, in tenths.  What a score does
# not tell, or tells too little of, is held against the lines of P5, P6, T3, T4
# and T5 as they must stand.  The units are looked at as files, with the
# programs of the build; nothing is started.  The self-test comes first: each
# fault that it plants must be caught.
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -u
LC_ALL=C.UTF-8 PATH=$PATH:/usr/bin:/bin:/usr/sbin:/sbin
export LC_ALL PATH
units=${SRCDIR:-.}/systemd
build=$(cd "${BUILD:-.}" && pwd)

goals='sensed.service:12 sensed-digest.service:12
sensed-answer.service:3 sensed-digest-publish.service:3'

# What each unit must say, a line each; "all" are those with a goal.  A key that
# is named here has no other line in that unit.
table()
{
	to_build <<-'END'
	all NoNewPrivileges=yes
	all ProtectSystem=strict
	all ProtectHome=yes
	all PrivateTmp=yes
	all PrivateDevices=yes
	all PrivateUsers=yes
	all PrivateMounts=yes
	all ProtectKernelTunables=yes
	all ProtectKernelModules=yes
	all ProtectKernelLogs=yes
	all ProtectControlGroups=yes
	all ProtectClock=yes
	all ProtectHostname=yes
	all ProtectProc=invisible
	all ProcSubset=pid
	all RestrictNamespaces=yes
	all RestrictRealtime=yes
	all RestrictSUIDSGID=yes
	all LockPersonality=yes
	all MemoryDenyWriteExecute=yes
	all RemoveIPC=yes
	all SystemCallArchitectures=native
	all SystemCallFilter=@system-service
	all SystemCallFilter=~@privileged @resources
	all SystemCallFilter=landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp
	all CapabilityBoundingSet=
	all AmbientCapabilities=
	all KeyringMode=private
	all UMask=0077
	all DevicePolicy=closed
	all LimitCORE=0
	all MemorySwapMax=0
	all IPAddressDeny=any
	sensed.service Type=notify
	sensed.service ExecReload=/usr/sbin/sensectl check --offline
	sensed.service ExecReload=/bin/sh -c "kill -HUP $MAINPID"
	sensed.service WatchdogSec=5min
	sensed.service Restart=on-failure
	sensed.service RestartSec=10
	sensed.service StartLimitIntervalSec=0
	sensed.service User=sensed
	sensed.service StateDirectory=sensed
	sensed.service RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
	sensed.service IPAddressAllow=localhost
	sensed-answer.socket ListenStream=/run/sensed/answer.sock
	sensed-answer.socket Accept=no
	sensed-answer.socket Backlog=1024
	sensed-answer.socket TriggerLimitIntervalSec=0
	sensed-answer.socket SocketUser=root
	sensed-answer.socket SocketGroup=www-data
	sensed-answer.socket SocketMode=0660
	sensed-answer.service StandardInput=socket
	sensed-answer.service StandardOutput=journal
	sensed-answer.service StandardError=journal
	sensed-answer.service LogLevelMax=notice
	sensed-answer.service Restart=on-failure
	sensed-answer.service RestartSec=1
	sensed-answer.service StartLimitIntervalSec=0
	sensed-answer.service User=sensed-answer
	sensed-answer.service PrivateNetwork=yes
	sensed-answer.service RestrictAddressFamilies=none
	sensed-answer.service ReadWritePaths=/var/lib/sensed/answers
	sensed-answer.service InaccessiblePaths=-/var/lib/sensed/keys -/var/lib/sensed/roster -/var/lib/sensed/ledgers
	sensed-answer.service InaccessiblePaths=-/var/lib/sensed/published -/var/lib/sensed/locks
	sensed-digest-publish.service ExecStart=/usr/sbin/sensed-digest --publish-only
	sensed-digest-publish.service TimeoutStartSec=6h
	sensed-digest-publish.service User=sensed
	sensed-digest-publish.service StateDirectory=sensed
	sensed-digest-publish.service PrivateNetwork=yes
	sensed-digest-publish.service RestrictAddressFamilies=none
	sensed-digest.service ExecStart=/usr/sbin/sensed-digest --send-only
	sensed-digest.service TimeoutStartSec=1d
	sensed-digest.service TimeoutStopSec=11min
	sensed-digest.service CPUSchedulingPolicy=batch
	sensed.service TimeoutStopSec=11min
	sensed.service TimeoutAbortSec=1min
	sensed.service CPUSchedulingPolicy=batch
	sensed-digest.service User=sensed
	sensed-digest.service StateDirectory=sensed
	sensed-digest.service RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
	sensed-digest.service IPAddressAllow=localhost
	sensed-digest.service InaccessiblePaths=-/var/lib/sensed/keys/ballot -/var/lib/sensed/keys/token -/var/lib/sensed/answers
	sensed-digest.timer Persistent=yes
	END
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

to_build()
{
	sed "s,/usr/sbin/,$build/,; s,/usr/lib/sensed/,$build/," "$@"
}

copy()
{
	rm -rf "$scratch/units"
	mkdir "$scratch/units"
	for f in "$units"/*.service "$units"/*.socket "$units"/*.timer; do
		to_build "$f" >"$scratch/units/${f##*/}"
	done
}

# says UNIT: its lines of the table, and no others with the same keys.
says()
{
	case " $(echo $goals) " in
	*" $1:"*) all=1 ;;
	*) all=0 ;;
	esac
	awk -v unit="$1" -v all=$all '
	    { key = substr($0, 1, index($0, "=")) }
	    FNR == NR {
		if ($1 == unit || all && $1 == "all") {
			sub(/^[^ ]* /, "", key)
			want[substr($0, index($0, " ") + 1)]++
			named[key] = 1
		}
		next
	    }
	    key in named && --want[$0] < 0 { bad = bad "\n  has " $0 }
	    END {
		for (line in want)
			if (want[line] > 0)
				bad = bad "\n  has not " line
		if (bad != "")
			print unit ": not as doc/spec/STANDARDS.md 5:" bad
		exit bad != ""
	    }' "$scratch/table" "$scratch/units/$1"
}

check_text()
{
	wrong=0
	for u in $(cut -d' ' -f1 "$scratch/table" | grep -v '^all$' |
	    sort -u); do
		says "$u" || wrong=1
	done
	return $wrong
}

# Says what is wrong with the copy; the status tells if anything is.
check()
{
	bad=0
	check_text || bad=1
	(cd "$scratch/units" &&
	    systemd-analyze verify --man=no ./*.service ./*.socket ./*.timer) \
	    >"$scratch/out" 2>&1 || bad=1
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

# Each line of the table is taken out of its unit, and must be missed; and one
# that is undone further down must be seen.
plant_text()
{
	copy
	while read -r unit line; do
		[ "$unit" != all ] || unit=sensed-digest.service
		f=$scratch/units/$unit
		cp "$f" "$scratch/kept"
		grep -vxF -e "$line" "$scratch/kept" >"$f"
		! says "$unit" >/dev/null || {
			echo "self-test: not missed in $unit: $line"
			exit 1
		}
		cp "$scratch/kept" "$f"
	done <"$scratch/table"
	echo 'LimitCORE=infinity' >>"$scratch/units/sensed.service"
	! check_text >/dev/null || {
		echo 'self-test: not caught: a line that undoes another'
		exit 1
	}
}

# The drop-in as it is shipped, in both units that it is for.
add_relay()
{
	for u in sensed sensed-digest; do
		mkdir "$scratch/units/$u.service.d"
		cp "$units/../etc/sensed-relay.conf" \
		    "$scratch/units/$u.service.d/relay.conf"
	done
}

command -v systemd-analyze >/dev/null || {
	echo 'units.sh: systemd-analyze is missing: install the Debian' \
	    'package systemd'
	exit 1
}
table >"$scratch/table"
plant_text
plant sensed.service 's/^ExecStart=.*/ExecStart=\/nowhere\/sensed/'
plant sensed.service '/^NoNewPrivileges/d; /^SystemCallFilter/d'
plant sensed-digest.service '/^NoNewPrivileges/d; /^Protect/d'
plant sensed-answer.service 's/^PrivateNetwork=yes/PrivateNetwork=no/'
plant sensed-digest-publish.service 's/^RestrictAddressFamilies=none/&x/'
plant sensed-answer.socket 's/^Backlog/Backlogg/'
copy
check || exit 1
add_relay
check
