#!/bin/sh
#
# guest.sh - what is tried inside the booted machine; vm.py is the outside.
#
# Started once in each boot.  The kernel's command line says which it is:
# vm.stage=first ends with the power cut, vm.stage=second goes on after it.
# vm.faults plants a fault for each check that must be able to fail.
#
# Tells on the second serial line, one line each:
#     ok NAME, bad NAME | WHY       a check
#     acked P                       P's answer was acknowledged
#     saved P | already P           what an answer came to after the cut
#     figure LINE                   of the published figures
#     note TEXT | end
#
# SPDX-License-Identifier: GPL-3.0-or-later

set -u
LC_ALL=C.UTF-8
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

wave=staff-2026q4
state=/var/lib/sensed
mail=/var/mail/virtual
site=https://pulse.taf.example
people=48			# p1 to p24 in T1, p25 to p48 in T2
watchdog=60			# seconds, instead of the unit's five minutes
limit=180			# for being restarted, on a slow machine

stty -F /dev/ttyS1 raw -echo
exec 3>/dev/ttyS1

# One write a line, so that nobody's line is torn by another's.
tell()
{
	printf '%s\n' "$*" >&3
}

# check NAME COMMAND...: what the command prints says why it is bad.
check()
{
	name=$1
	shift
	if why=$("$@" 2>&1); then
		tell "ok $name"
	else
		tell "bad $name |" "$(printf %s "$why" | tail -n 12 | tr '\n' ';')"
		return 1
	fi
}

# What all that follows needs.
must()
{
	check "$@" || finish
}

finish()
{
	tell end
	systemctl --no-block poweroff
	exit
}

# The clock is set now and then; the time since the boot is not.
uptime_s()
{
	read -r up _ </proc/uptime
	echo "${up%.*}"
}

# within SECONDS COMMAND...: waits until the command succeeds.
within()
{
	until=$(($(uptime_s) + $1))
	shift
	while ! "$@"; do
		[ "$(uptime_s)" -lt "$until" ] || return 1
		sleep 1
	done
}

sensectl()
{
	runuser -u sensed -- sensectl "$@"
}

property()
{
	systemctl show -P "$1" "$2"
}

# --- the machine ----------------------------------------------------------

nothing_failed()
{
	systemctl is-system-running --wait | grep -qx running ||
	    { systemctl --failed --no-legend --plain; return 1; }
}

is_up()
{
	for unit in sensed.service sensed-answer.socket sensed-digest.timer \
	    nginx.service postfix.service; do
		within 120 systemctl -q is-active $unit ||
		    { journalctl -n 9 -o cat -u $unit; return 1; }
	done
	got=$(stat -c '%U:%G %a' /run/sensed/answer.sock)
	[ "$got" = 'root:www-data 660' ] || { echo "socket: $got"; return 1; }
	[ "$(property NextElapseUSecRealtime sensed-digest.timer)" != '' ] ||
	    { echo 'the timer has no next time'; return 1; }
}

# The answer service is started by the first who knocks, as another user.
answers_by_socket()
{
	systemctl -q is-active sensed-answer.service || return 1
	[ "$(stat -c %U "/proc/$(property MainPID sensed-answer.service)")" \
	    = sensed-answer ]
}

# --- who may read what ----------------------------------------------------

# Prints what a user can open of the store.  The wave files say which
# questions are asked until when, to whoever knows their names; no more.
opened_by()
{
	find $state -path $state/waves -prune -o ! -path $state -print |
	    runuser -u "$1" -- sh -c 'while read -r p; do
		if [ -d "$p" ]; then ls "$p"; else cat "$p"; fi \
		    >/dev/null 2>&1 && echo "$p"; done'
}

closed_to_www()
{
	[ "$(find $state -type f | wc -l)" -ge 12 ] ||
	    { echo 'there is no store'; return 1; }
	[ "$(opened_by www-data)" = '' ] || { opened_by www-data; return 1; }
	! runuser -u www-data -- ls $state || return 1
}

# Beside the boxes, the answer pages see nothing: not even that it exists.
closed_to_answers()
{
	opened_by sensed-answer | grep -v "^$state/answers" && return 1
	for d in keys roster ledgers published locks; do
		seen=$(nsenter -m -t "$(property MainPID sensed-answer)" \
		    find $state/$d 2>/dev/null)
		[ "$seen" = $state/$d ] || { echo "$seen"; return 1; }
	done
}

# Links of all mails, and codes of all pages, in no log.
no_link_in_logs()
{
	journalctl -o export >/run/journal.txt
	grep -q sensed /run/journal.txt || { echo 'no journal'; return 1; }
	cut -d/ -f5 /run/links | cat - /run/codes >/run/secrets
	found=$(grep -raloFf /run/secrets --exclude-dir=journal \
	    /run/journal.txt /var/log)
	[ "$found" = '' ] || { echo "$found"; return 1; }
}

# --- people ---------------------------------------------------------------

# mails GLOB: how many there are in the mailboxes of that name.
mails()
{
	find $mail/$1/new -type f | wc -l
}

# mailed COUNT [GLOB]: so many mails to people, and no more.
mailed()
{
	boxes=${2:-p[0-9]*}
	within 600 more_than $(($1 - 1)) "$boxes"
	[ "$(mails "$boxes")" = "$1" ] ||
	    { echo "$(mails "$boxes") mails"; mailq; return 1; }
}

more_than()
{
	[ "$(mails "$2")" -gt "$1" ]
}

each_has()
{
	for i in $(seq $people); do
		[ "$(find $mail/p$i/new -type f | wc -l)" = "$1" ] ||
		    { ls $mail/p$i/new; return 1; }
	done
}

link_of()
{
	cat $mail/p"$1"/new/* | grep -aoE -m1 "$site/a/[a-z2-7]{31}" |
	    head -n 1
}

all_links()
{
	for i in $(seq $people); do
		link_of $i
	done >/run/links
	[ "$(sort -u /run/links | wc -l)" = $people ] ||
	    { echo "$(wc -l </run/links) links"; return 1; }
}

curl_page()
{
	curl -s --max-time 120 --cacert /etc/ssl/pulse.pem "$@"
}

# answer PERSON: saved or already, or what else the page says.
answer()
{
	v=5
	[ "$1" -le 24 ] || v=1
	link=$(link_of "$1")
	code=$(curl_page "$link" |
	    sed -n 's/.*name="code" value="\([^"]*\)".*/\1/p')
	echo "$code" >>/run/codes
	page=$(curl_page "$link" -d "code=$code" -d security=$v \
	    -d continuity=$v -d belonging=$v -d purpose=$v -d fulfilment=$v \
	    -d significance=$v)
	case $page in
	*'<title>Your answers have been saved'*) echo saved ;;
	*'<title>An answer has been sent'*) echo already ;;
	*) echo "neither: $(echo "$page" | grep '<title>')" ;;
	esac
}

# answers FROM TO: one after the other; each that is acknowledged is told.
answers()
{
	for p in $(seq "$1" "$2"); do
		said=$(answer "$p")
		if [ "$said" = saved ]; then
			tell "acked $p"
			echo "$p" >>/run/acked
		else
			tell "note p$p: $said"
		fi
	done
}

some_answer()
{
	answers 1 4
	answers 25 28
	[ "$(wc -l </run/acked)" = 8 ]
}

# --- a hang ---------------------------------------------------------------

# Longer up than the watchdog waits, and nobody had to restart it.
fed()
{
	since=$(($(property ActiveEnterTimestampMonotonic sensed) / 1000000))
	within $((watchdog * 2)) \
	    sh -c "read -r up _ </proc/uptime
		[ \${up%.*} -ge $((since + watchdog + 20)) ]"
	[ "$(property NRestarts sensed)" = 0 ] ||
	    { journalctl -n 9 -o cat -u sensed; return 1; }
}

# stopped_is_restarted PID HUNG: HUNG is a process of the daemon PID.
stopped_is_restarted()
{
	kill -STOP "$2"
	if ! within $limit sh -c "p=\$(systemctl show \
	    -P MainPID sensed); [ \$p != 0 ] && [ \$p != $1 ] &&
	    systemctl -q is-active sensed"; then
		kill -CONT "$2"
		echo 'still the same'
		return 1
	fi
	within 60 [ ! -e "/proc/$2" ] || { echo 'the one that hangs is there'; return 1; }
	journalctl -b -o cat -u sensed | grep -q 'Watchdog timeout' ||
	    { echo 'not by the watchdog'; return 1; }
}

hang()
{
	daemon=$(property MainPID sensed)
	stopped_is_restarted "$daemon" "$daemon"
}

# Stops the daemon's child if it is its keeper: the parent then looks at it by
# poll (7 on this machine), as it never does for a mailer.
stop_keeper()
{
	read -r child </proc/"$daemon"/task/"$daemon"/children
	child=${child%% *}
	[ "$child" ] && kill -STOP "$child" 2>/dev/null || return 1
	read -r call _ </proc/"$daemon"/syscall
	[ "$call" != 7 ] || return 0
	kill -CONT "$child"
	return 1
}

# A keeper lives for a moment: nothing is started while one is looked for.
look_for_keeper()
{
	tries=0
	while [ $tries -lt 1000 ]; do
		stop_keeper && return 0
		tries=$((tries + 1))
	done
	return 1
}

# While the daemon waits for its keeper it must not feed the watchdog.
keeper_hangs()
{
	daemon=$(property MainPID sensed)
	before=$(property NRestarts sensed)
	end=$(($(uptime_s) + 300)) seen=
	while [ -z "$seen" ] && [ "$(uptime_s)" -lt $end ]; do
		! look_for_keeper || seen=yes
	done
	[ "$seen" ] || { echo 'no keeper was seen'; return 1; }
	stopped_is_restarted "$daemon" "$child" || return 1
	[ "$(property NRestarts sensed)" -gt "$before" ]
}

# --- a new configuration, a new version -----------------------------------

# What the daemon and systemctl do is seen from inside the unit's sandbox.
reload_takes()
{
	daemon=$(property MainPID sensed)
	systemctl reload sensed || { journalctl -n 9 -o cat -u sensed; return 1; }
	within 60 sh -c "journalctl -b -o cat -u sensed |
	    grep -q 'the configuration was read again'" ||
	    { echo 'not read again'; return 1; }
	[ "$(property MainPID sensed)" = "$daemon" ]
}

reload_refuses()
{
	daemon=$(property MainPID sensed) taken=
	cp /etc/sensed/sensed.conf /run/good.conf
	echo 'nonsense = 1;' >>/etc/sensed/sensed.conf
	! systemctl reload sensed || taken=yes
	cp /run/good.conf /etc/sensed/sensed.conf
	[ ! "$taken" ] || { echo 'systemctl says that all is well'; return 1; }
	journalctl -b -o cat -u sensed | grep 'sensed.conf:.*nonsense' ||
	    { echo 'no word of the line'; return 1; }
	systemctl -q is-active sensed || return 1
	[ "$(property MainPID sensed)" = "$daemon" ]
}

# Asks for a page until /run/asking is gone.
ask_pages()
{
	while [ -e /run/asking ]; do
		curl_page -o /dev/null -w '%{http_code}\n' $site/health
	done >/run/statuses
}

# since UNIT...: when each became active.
since()
{
	for unit; do
		property ActiveEnterTimestampMonotonic "$unit"
	done
}

# The same package again goes the way of an upgrade.
upgrade()
{
	daemon=$(property MainPID sensed)
	pages=$(property MainPID sensed-answer)
	before=$(since sensed-answer.socket sensed-digest.timer)
	: >/run/asking
	ask_pages &
	dpkg -i /root/sensed.deb >/run/dpkg.log 2>&1 </dev/null || {
		rm /run/asking
		cat /run/dpkg.log
		return 1
	}
	within 60 systemctl -q is-active sensed sensed-answer.socket \
	    sensed-answer.service sensed-digest.timer ||
	    systemctl --no-pager status 'sensed*' | grep Active:
	rm /run/asking
	wait
	[ "$before" = "$(since sensed-answer.socket sensed-digest.timer)" ] ||
	    { echo 'the socket or the timer was stopped'; return 1; }
	for u in "sensed:$daemon" "sensed-answer:$pages"; do
		got=$(property MainPID "${u%:*}")
		[ "$got" != 0 ] && [ "$got" != "${u#*:}" ] ||
		    { echo "${u%:*}: was ${u#*:}, is $got"; return 1; }
	done
}

pages_answered()
{
	[ "$(grep -c . /run/statuses)" -ge 5 ] ||
	    { echo 'hardly anybody asked'; return 1; }
	! grep -vx 200 /run/statuses
}

# --- the two boots --------------------------------------------------------

drop_in()
{
	mkdir -p /etc/systemd/system/sensed.service.d
	printf '[Service]\nWatchdogSec=%s\n' "$1" \
	    >/etc/systemd/system/sensed.service.d/vm.conf
	systemctl daemon-reload
}

enable_units()
{
	systemctl -q enable --now sensed-answer.socket &&
	    systemctl -q enable --now sensed.service sensed-digest.timer
}

# A power cut by the kernel: no sync, no unmount, no last word.
power_cut()
{
	: >/run/acked
	for from in 5 13 29 37; do
		answers $from $((from + 7)) &
	done
	within 600 sh -c '[ $(wc -l </run/acked) -ge 10 ]' ||
	    { tell 'bad answers at the power cut | too slow'; finish; }
	echo 1 >/proc/sys/kernel/sysrq
	echo b >/proc/sysrq-trigger
}

first()
{
	check 'boot: nothing failed' nothing_failed
	must 'configuration is right' sensectl check
	must 'people are imported' sensectl import staff \
	    --units /srv/units.csv --people /srv/people.csv
	drop_in $watchdog
	[ ! "$faults" ] || plant_before
	must 'units are enabled' enable_units
	must 'services are up' is_up
	must 'the wave opens' sensectl open staff --wave $wave
	must "$people invitations through Postfix" mailed $people
	check 'one for each' each_has 1
	must 'each with a link of its own' all_links
	must 'answers through nginx' some_answer
	check 'answer pages started by their socket' answers_by_socket
	[ ! "$faults" ] || plant_after
	if [ ! "$faults" ]; then
		check 'a reload takes a configuration' reload_takes
		check 'a reload refuses a wrong one' reload_refuses
		check 'an upgrade restarts what runs, and no more' upgrade
		check 'pages answer all through it' pages_answered
	fi
	check 'store closed to www-data' closed_to_www
	check 'keys and lists closed to the answer pages' closed_to_answers
	check 'no link in a log' no_link_in_logs
	[ "$faults" ] || check 'watchdog is fed' fed
	check 'a hang is restarted' hang
	if [ ! "$faults" ]; then
		check 'a hang of the keeper is restarted' keeper_hangs
	fi
	power_cut
}

# The timer may have been faster, and have published it too.
closes_itself()
{
	at=$(sensectl status | sed -n 's/.*, closes //p')
	date -s "@$(($(date -d "$at" +%s) + 60))"
	within 180 sh -c "runuser -u sensed -- sensectl status |
	    grep -E '^$wave: (closed|published)'" || { sensectl status; return 1; }
}

# The unit does it by itself, some days before anybody would look.
calendar_opens()
{
	date -s '2027-01-12 09:00:30 UTC'
	within 180 sh -c "runuser -u sensed -- sensectl status |
	    grep '^staff-2027q1: open'" ||
	    { sensectl status; journalctl -n 20 -o cat -u sensed; return 1; }
}

idle()
{
	! systemctl is-active sensed-digest sensed-digest-publish |
	    grep -q activ.*ing
}

# Hours may have been skipped: whatever they started ends before the next.
timer_publishes()
{
	within 120 idle
	now=$(date +%s)
	date -s "@$((now - now % 3600 + 3600 + 6 * 60 + 55))"
	within 300 sh -c "runuser -u sensed -- sensectl status |
	    grep '^$wave: published'" ||
	    { sensectl status; journalctl -n 20 -o cat; return 1; }
}

audit()
{
	sensectl audit $wave >/run/audit
	tail -n 1 /run/audit
	grep -q ', 0 bad$' /run/audit
}

answer_again()
{
	: >/run/codes
	for from in 1 25; do
		for p in $(seq $from $((from + 19))); do
			tell "$(answer "$p") $p"
		done &
	done
	wait
}

second()
{
	check 'boot: nothing failed' nothing_failed
	must 'services are up' is_up
	if [ "$faults" ]; then
		answer_again
		return
	fi
	check 'nobody was mailed twice' each_has 1
	check 'links are as they were' all_links
	answer_again
	check 'store closed to www-data' closed_to_www
	leaders=$(mails 'lee-*')
	check 'the wave closes by the clock' closes_itself
	check 'the timer publishes' timer_publishes
	check 'a digest for each leader' mailed $((leaders + 3)) 'lee-*'
	check 'figures for each person' mailed $((2 * people))
	check 'one for each' each_has 2
	check 'nothing left that was not published' audit
	check 'store closed to www-data, published' closed_to_www
	check 'no link in a log' no_link_in_logs
	check 'the calendar opens the next wave' calendar_opens
	check 'its invitations go out' mailed $((3 * people))
	check 'nothing failed' nothing_failed
	sensectl export $wave | while read -r line; do
		tell "figure $line"
	done
}

# --- planted faults -------------------------------------------------------

# No watchdog; answers in memory, as on a disk that lies.
plant_before()
{
	drop_in 0
	limit=$((watchdog + 20))
	mount -t tmpfs -o mode=2770,uid=sensed-answer,gid=sensed-answer \
	    tmpfs $state/answers
}

# A store that anybody reads, a link in the journal.
plant_after()
{
	chmod -R o+rX $state
	logger "GET $(link_of 1)"
}

stage=$(sed -n 's/.*vm\.stage=\([a-z]*\).*/\1/p' /proc/cmdline)
faults=$(grep -o 'vm\.faults' /proc/cmdline)
"$stage"
finish
