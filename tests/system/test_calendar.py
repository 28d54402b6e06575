"""Waves that open, remind and close by the calendar.  Issue 4, STANDARDS M14.

The rule of these tests opens on the second Tuesday of January, April, July and
October: on 13 October 2026 at 09:00 in summer time (08:00 UTC).  The clocks go
back on 25 October; the wave closes on the 27th at 09:00, which is 09:00 UTC.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import re
import shutil
import signal
import time

import pytest

import programs
from smtp_script import Server

RULE = "FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=2TU;BYHOUR=9;BYMINUTE=0"
WAVE = "staff-2026q4"
BEFORE = "2026-10-13 08:59"
OPENS = "2026-10-13 09:00"


def configure(org, was, now):
    text = org.conf.read_text()
    assert was in text
    org.conf.write_text(text.replace(was, now, 1))


def by_calendar(org, rule=RULE):
    configure(org, "calendar = {", f'calendar = {{ opens = "{rule}";')


def fill(org, people=12):
    org.add_unit("ORG", "", "Taf Community Trust")
    for i in range(people):
        org.add_person(f"p{i}", "ORG")
    return org


@pytest.fixture
def org(make_org):
    org = fill(make_org())
    org.import_now()
    by_calendar(org)
    return org


def waves(org):
    status = json.loads(org.program.ok("sensectl", "status", "--json"))
    return {w["wave"]: w for w in status["waves"]}


def attention(org):
    status = json.loads(org.program.ok("sensectl", "status", "--json"))
    return [a["words"] for a in status["attention"]]


def run_at(org, when):
    org.clock.set(when)
    return org.program.sensed("--once")


def invited(post):
    return sorted(m.to[0] for m in post.take())


def everyone(org):
    return sorted(p["email"] for p in org.people)


# ---------------------------------------------------------------- opening

def test_opens_at_its_time_and_not_before(org, post):
    assert run_at(org, BEFORE).returncode == 0
    assert waves(org) == {} and post.take() == []
    r = run_at(org, OPENS)
    assert r.returncode == 0 and f"opened {WAVE}: 12 people" in r.stderr
    wave = waves(org)[WAVE]
    assert wave["opened"] == "2026-10-13T09:00:00+01:00"
    assert wave["closes"] == "2026-10-27T09:00:00+00:00"
    assert invited(post) == everyone(org)
    assert run_at(org, "2026-10-13 09:05").returncode == 0
    assert list(waves(org)) == [WAVE] and post.take() == []
    assert attention(org) == []


def test_closes_by_the_clock_on_the_wall(org):
    run_at(org, OPENS)
    run_at(org, "2026-10-27 08:59")
    assert waves(org)[WAVE]["state"] == "open"
    run_at(org, "2026-10-27 09:00")
    assert waves(org)[WAVE]["state"] == "closed"


def test_an_opening_is_opened_once_for_ever(org, post):
    """Open, closed, published and discarded: none opens again."""
    run_at(org, OPENS)
    org.program.ok("sensectl", "close", WAVE)
    run_at(org, "2026-10-13 09:10")
    assert waves(org)[WAVE]["state"] == "closed"
    org.program.ok("sensed-digest", "--publish-only")
    post.take()
    run_at(org, "2026-10-13 09:20")
    assert waves(org) == {} and post.take() == []
    run_at(org, "2027-01-12 09:00")
    assert list(waves(org)) == ["staff-2027q1"]
    post.take()
    org.program.ok("sensectl", "discard", "staff-2027q1", "--force")
    run_at(org, "2027-01-12 09:10")
    assert waves(org) == {} and post.take() == []
    run_at(org, "2027-04-13 09:00")
    assert list(waves(org)) == ["staff-2027q2"]


def test_killed_after_the_wave_was_revealed(org, post):
    """What was noted last is written again from what is there."""
    run_at(org, OPENS)
    (org.state / "roster" / "opened-staff").unlink()
    run_at(org, "2026-10-13 09:10")
    assert list(waves(org)) == [WAVE]
    assert (org.state / "roster" / "opened-staff").read_text() == \
        "1791878400\n"                  # 2026-10-13 08:00 UTC
    org.program.ok("sensectl", "discard", WAVE, "--force")
    post.take()
    run_at(org, "2026-10-13 09:20")
    assert waves(org) == {} and post.take() == []


def test_killed_after_the_wave_was_revealed_and_discarded(org, post):
    """The wave itself tells, and is asked before it goes."""
    run_at(org, OPENS)
    post.take()
    (org.state / "roster" / "opened-staff").unlink()
    org.program.ok("sensectl", "discard", WAVE, "--force")
    run_at(org, "2026-10-13 09:20")
    assert waves(org) == {} and post.take() == []


def test_a_machine_that_wakes_late(org, post):
    """Half a day is late, but in time; the dates stay the calendar's."""
    assert run_at(org, "2026-10-13 20:59").returncode == 0
    wave = waves(org)[WAVE]
    assert wave["opened"] == "2026-10-13T09:00:00+01:00"
    assert wave["closes"] == "2026-10-27T09:00:00+00:00"
    assert invited(post) == everyone(org)


def test_a_machine_that_wakes_too_late(org, post):
    r = run_at(org, "2026-10-13 21:00:01")
    assert waves(org) == {} and post.take() == []
    assert "<3>" in r.stderr or "was not opened" in r.stderr
    assert "sensectl open staff" in r.stderr
    assert len(attention(org)) == 1
    assert "was not opened" in org.program.ok("sensectl", "status")
    again = run_at(org, "2026-10-14 09:00")
    assert "was not opened" not in again.stderr         # it was told once
    org.program.ok("sensectl", "open", "staff")
    run_at(org, "2026-10-14 09:05")
    assert invited(post) == everyone(org) and attention(org) == []
    org.program.ok("sensectl", "discard", WAVE, "--force")
    run_at(org, "2027-01-12 09:00")
    assert list(waves(org)) == ["staff-2027q1"]


def test_nothing_is_missed_where_nothing_was_set_up(make_org):
    org = fill(make_org())
    by_calendar(org)
    assert run_at(org, "2026-10-20 09:00").stderr == ""
    assert attention(org) == []


def test_a_snapshot_that_is_put_back(org, post, tmp_path):
    """From before the opening: a day later nothing opens, nobody is mailed."""
    run_at(org, BEFORE)
    copy = tmp_path / "snapshot"
    shutil.copytree(org.state, copy)
    run_at(org, OPENS)
    assert invited(post) == everyone(org)
    for days in ("14", "17", "19", "26"):
        shutil.rmtree(org.state)
        shutil.copytree(copy, org.state)
        run_at(org, f"2026-10-{days} 10:00")
        assert waves(org) == {} and post.take() == []


def test_a_clock_that_jumps_over_openings(org, post):
    """A year on: the two in between are gone, and nobody hears of them."""
    run_at(org, "2027-10-01 09:00")
    assert waves(org) == {} and post.take() == [] and attention(org) == []
    run_at(org, "2027-10-12 09:30")
    assert list(waves(org)) == ["staff-2027q4"]
    run_at(org, "2026-10-13 09:30")         # and back
    assert list(waves(org)) == ["staff-2027q4"]


# ----------------------------------------------------- what goes wrong

def test_too_few_people(make_org, post):
    org = fill(make_org(), people=9)
    org.import_now()
    by_calendar(org)
    r = run_at(org, OPENS)
    assert r.returncode != 0 and "fewer than min_group (10)" in r.stderr
    assert waves(org) == {} and post.take() == []
    assert "fewer than min_group" in attention(org)[0]
    org.add_person("p9", "ORG")
    org.import_now()
    assert run_at(org, "2026-10-13 09:10").returncode == 0
    assert invited(post) == everyone(org) and attention(org) == []


def test_less_than_28_days_after_the_last(org, post):
    org.clock.set("2026-09-20 09:00")
    org.program.ok("sensectl", "open", "staff")
    org.program.ok("sensectl", "close", "staff-2026q3")
    org.program.ok("sensed-digest", "--publish-only")
    r = run_at(org, OPENS)
    assert r.returncode != 0 and "less than 28 days ago" in r.stderr
    assert waves(org) == {} and post.take() == []
    assert "less than 28 days" in attention(org)[0]
    assert run_at(org, "2026-10-29 09:00").returncode == 0
    assert attention(org) == []


def second_survey(org, name="nights", rule=RULE):
    """A survey beside staff, with people of its own."""
    configure(org, 'surveys = ( {', f'''surveys = ( {{ name = "{name}";
    questions = "questions-staff.conf"; staff_copy = false;
    calendar = {{ opens = "{rule}"; }}; }}, {{''')


def test_surveys_overlap_and_do_not_wait_for_each_other(org, post):
    second_survey(org)
    r = run_at(org, OPENS)
    assert r.returncode != 0 and "survey nights: no roster yet" in r.stderr
    assert list(waves(org)) == [WAVE]           # nights comes first: it failed
    assert invited(post) == everyone(org)
    units, people = org.write_csv()
    people.write_text("id,email,name,unit,language\n" + "".join(
        f"n{i},night{i}@taf.example,Night {i},ORG,\n" for i in range(11)))
    r = org.import_files(units, people, survey="nights")
    assert r.returncode == 0, r.stderr
    run_at(org, "2026-10-13 09:10")
    assert sorted(waves(org)) == ["nights-2026q4", WAVE]
    assert invited(post) == sorted(
        f"night{i}@taf.example" for i in range(11))
    run_at(org, "2026-10-19 09:05")             # the Saturday's reminders
    assert len(post.take()) == 12 + 11
    run_at(org, "2026-10-27 09:05")
    assert {w["state"] for w in waves(org).values()} == {"closed"}


def test_two_waves_of_a_quarter_have_two_names(org, post):
    configure(org, RULE, "FREQ=WEEKLY;INTERVAL=4;BYDAY=TU;BYHOUR=9")
    run_at(org, "2026-10-06 09:00")     # 1,008 days after 2 January 2024
    assert list(waves(org)) == [WAVE]
    run_at(org, "2026-10-20 09:05")
    org.program.ok("sensed-digest", "--publish-only")
    run_at(org, "2026-11-03 09:00")
    assert list(waves(org)) == [WAVE + "-2"]


# ---------------------------------------------------- check, status, conf

def test_check_prints_five_years(org):
    lines = re.findall(r"^    tells leaders (.*)$", org.program.ok("sensectl",
                                                           "check"), re.M)
    assert len(lines) == 20
    assert lines[0] == (
        "2026-10-09T09:00+01:00, opens 2026-10-13T09:00+01:00, "
        "reminds 2026-10-19T09:00+01:00, reminds 2026-10-22T09:00+01:00, closes 2026-10-27T09:00+00:00")
    assert ", opens 2027-01-12T09:00+00:00, " in lines[1]
    assert ", opens 2031-07-08T09:00+01:00, " in lines[-1]


def test_status_tells_the_next(org):
    assert "staff: the next wave opens 2026-10-13T09:00+01:00\n" in \
        org.program.ok("sensectl", "status")
    status = json.loads(org.program.ok("sensectl", "status", "--json"))
    assert status["next"] == [
        {"survey": "staff", "opens": "2026-10-13T09:00+01:00"}]


@pytest.mark.parametrize("rule, words", (
    ("every Tuesday", "no recurrence rule"),
    ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9", "at least 28 days"),
    ("FREQ=MONTHLY;BYDAY=2TU", "names no hour"),
))
def test_a_bad_calendar_is_refused_with_its_line(org, rule, words):
    configure(org, RULE, rule)
    line = 1 + org.conf.read_text().split("opens = ")[0].count("\n")
    for program, *args in (("sensed", "--once"), ("sensectl", "check")):
        r = org.program.run(program, *args)
        assert r.returncode == 78
        assert f"{org.conf}:{line}: surveys.calendar.opens" in r.stderr
        assert words in r.stderr


# ------------------------------------------------------------- the daemon

def wait_for(what, seconds=60):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_the_daemon_opens_when_the_clock_jumps(org, post):
    """A hangup ends the daemon's wait: the test need not sit it out."""
    org.clock.set(BEFORE)
    p = org.program.start("sensed")
    try:
        while "started" not in p.stdout.readline():
            pass                        # from here on it takes signals
        assert waves(org) == {}
        org.clock.set("2026-10-13 11:00")
        wait_for(lambda: p.send_signal(signal.SIGHUP) or len(post.mails) == 12)
        assert list(waves(org)) == [WAVE]
        p.terminate()
        assert p.wait(10) == 0
    finally:
        programs.kill(p)


def test_the_daemon_sees_a_state_that_was_put_back(org, post, tmp_path):
    """M14: within the window, but it knows that the wave was open."""
    run_at(org, BEFORE)
    copy = tmp_path / "snapshot"
    shutil.copytree(org.state, copy)
    org.clock.set("2026-10-13 09:30")
    p = org.program.start("sensed")
    try:
        wait_for(lambda: len(post.mails) == 12)
        shutil.rmtree(org.state)
        shutil.copytree(copy, org.state)
        wait_for(lambda: p.send_signal(signal.SIGHUP) or attention(org))
        assert "was put back" in attention(org)[0]
        assert waves(org) == {} and len(post.mails) == 12
        p.terminate()
        p.wait(10)
    finally:
        programs.kill(p)


# -------------------------------------------------------- M14: late mails

def test_m14_a_machine_that_sleeps_over_its_mails(org, post):
    """Nobody is mailed three days late; each mail's own time begins anew."""
    post.rcpt = lambda a: "451 4.2.0 later" if a < "p3" else None
    run_at(org, OPENS)
    got = set(invited(post))
    assert 0 < len(got) < 12
    post.rcpt = None
    r = run_at(org, "2026-10-17 10:00")         # asleep for four days
    assert post.take() == [] and "invitations: not sent" in r.stderr
    assert f"sensectl resume {WAVE} --force" in attention(org)[0]
    assert "not sent" not in run_at(org, "2026-10-17 10:05").stderr
    run_at(org, "2026-10-19 09:05")             # the first reminder's day
    assert invited(post) == everyone(org) and attention(org) == []


def test_m14_a_late_reminder_waits_for_the_word(org, post):
    run_at(org, OPENS)
    post.take()
    r = run_at(org, "2026-10-26 08:00")     # the second was due on the 22nd
    assert post.take() == [] and "the second reminder: not sent" in r.stderr
    assert len(attention(org)) == 1
    r = org.program.sensectl("resume", WAVE)
    assert r.returncode == 69 or "not paused" in r.stderr
    org.program.ok("sensectl", "resume", WAVE, "--force")
    run_at(org, "2026-10-26 08:05")
    assert invited(post) == everyone(org) and attention(org) == []
    run_at(org, "2026-10-26 08:10")
    assert post.take() == []


def test_m14_a_snapshot_of_an_open_wave(org, post, tmp_path):
    """Put back after the reminders went out: none goes out again."""
    run_at(org, OPENS)
    copy = tmp_path / "snapshot"
    shutil.copytree(org.state, copy)
    run_at(org, "2026-10-19 09:05")
    run_at(org, "2026-10-22 09:05")
    assert len(post.take()) == 36
    shutil.rmtree(org.state)
    shutil.copytree(copy, org.state)
    run_at(org, "2026-10-26 08:00")
    assert post.take() == [] and len(attention(org)) == 1


def test_m14_an_answered_wave_is_not_late(org, post):
    """What was finished in time is no news after a long sleep."""
    run_at(org, OPENS)
    r = run_at(org, "2026-10-18 12:00")
    assert len(post.take()) == 12 and "not sent" not in r.stderr
    assert attention(org) == []


def test_m14_a_relay_that_is_away_makes_nothing_late(org, post):
    """The machine was awake all the while: everybody gets the mail."""
    org.conf.write_text(org.conf.read_text().replace(
        f":{post.port}", ":9"))
    run_at(org, OPENS)
    for hours in range(20, 101, 20):
        org.clock.set("2026-10-13 09:00")
        org.clock.forward(hours=hours)
        org.program.sensed("--once")
    org.conf.write_text(org.conf.read_text().replace(
        '127.0.0.1:9"', f'127.0.0.1:{post.port}"'))
    run_at(org, "2026-10-18 12:00")
    assert invited(post) == everyone(org) and attention(org) == []


def test_m12_put_off_in_time_and_sent_on_the_last_day(org, post):
    """CONTENT 9 is of those that are sent for the first time."""
    run_at(org, OPENS)
    post.take()
    post.rcpt = lambda a: "451 4.2.0 later" if a < "p3" else None
    run_at(org, "2026-10-22 09:05")
    assert 0 < len(post.take()) < 12
    for day, hour in ((22, 10), (22, 12), (22, 16), (23, 1), (23, 18)):
        run_at(org, f"2026-10-{day} {hour:02}:00")
    assert post.take() == []
    post.rcpt = None
    run_at(org, "2026-10-26 20:00")     # closes on the 27th at 09:00
    last = set(invited(post))
    assert last and all(a < "p3" for a in last)


def test_no_first_reminder_on_the_last_day(org, post):
    """Nor any word that it is late: nobody could have it sent."""
    run_at(org, OPENS)
    post.take()
    run_at(org, "2026-10-24 09:00")     # a weekend: none is tried
    r = run_at(org, "2026-10-26 09:05")
    assert post.take() == [] and "not sent" not in r.stderr
    assert attention(org) == []


def test_no_reminder_at_a_weekend(org, post):
    """Due on Saturday: sent on Monday; put off on Friday: so too."""
    configure(org, "[ 4, 9 ]", "[ 3, 9 ]")      # Friday the 16th
    run_at(org, OPENS)
    post.take()
    post.rcpt = lambda a: "451 4.2.0 later"
    run_at(org, "2026-10-16 09:05")
    post.rcpt = None
    post.take()
    run_at(org, "2026-10-17 12:00")             # Saturday
    assert post.take() == []
    run_at(org, "2026-10-18 23:00")             # Sunday
    assert post.take() == []
    run_at(org, "2026-10-19 08:00")
    assert invited(post) == everyone(org)


def test_weekends_where_they_are_wanted(org, post):
    configure(org, "staff_copy = false;", "staff_copy = false; weekends = "
              "true;")
    run_at(org, OPENS)
    post.take()
    run_at(org, "2026-10-17 09:05")
    assert invited(post) == everyone(org)


def test_m14_the_daemon_sees_a_ledger_that_was_put_back(org, post, tmp_path):
    run_at(org, OPENS)
    copy = tmp_path / "snapshot"
    shutil.copytree(org.state, copy)
    post.take()
    org.clock.set("2026-10-19 09:00")
    p = org.program.start("sensed")
    try:
        wait_for(lambda: len(post.mails) == 12)
        time.sleep(1)
        shutil.rmtree(org.state)
        shutil.copytree(copy, org.state)
        (org.state / "waves").touch()       # so that it mails at once
        wait_for(lambda: p.send_signal(signal.SIGHUP) or attention(org))
        assert "was put back" in attention(org)[0]
        assert len(post.mails) == 12
    finally:
        programs.kill(p)


# ----------------------------------------------------------------- extend

def test_extend(org, post, serve, browser):
    """Mails and pages tell the new day; the wave closes then."""
    serve(org, "cgi")
    web = browser(org)
    run_at(org, OPENS)
    mails = post.take()
    assert "27 October" in mails[0].text and "27 October" in web.get(
        "a/" + mails[0].link).text
    org.clock.set("2026-10-19 08:00")
    said = org.program.ok("sensectl", "extend", WAVE, "--closes",
                          "2026-11-03T17:00")
    assert said == f"wave {WAVE} is open until 2026-11-03T17:00:00+00:00\n"
    assert waves(org)[WAVE]["closes"] == "2026-11-03T17:00:00+00:00"
    run_at(org, "2026-10-19 09:05")
    reminder = post.take()[0]
    assert "3 November" in reminder.text and "27 October" not in reminder.text
    assert "3 November" in web.get("a/" + mails[0].link).text
    run_at(org, "2026-10-27 12:00")
    assert waves(org)[WAVE]["state"] == "open"
    thanks = web.answer(mails[0].link, security=4)
    assert thanks.status == 200 and "3 November" in thanks.text
    run_at(org, "2026-11-03 17:00")
    assert waves(org)[WAVE]["state"] == "closed"
    assert web.get("a/" + mails[1].link).status == 404


@pytest.mark.parametrize("closes, words", (
    ("2026-10-27T09:00", "expected a later time"),
    ("2026-10-12T09:00", "expected a later time"),
    ("2027-01-12T09:00", "the next wave of the survey opens at "
                         "2027-01-12T09:00:00+00:00"),
    ("soon", "expected a time such as"),
))
def test_extend_refuses(org, closes, words):
    run_at(org, OPENS)
    r = org.program.sensectl("extend", WAVE, "--closes", closes)
    assert r.returncode == 65 and words in r.stderr
    assert waves(org)[WAVE]["closes"] == "2026-10-27T09:00:00+00:00"


def test_extend_does_not_open_what_is_closed(org):
    """Neither by command nor by time, nor before the keeper has seen it."""
    run_at(org, OPENS)
    org.clock.set("2026-10-27 09:00")
    for _ in range(2):
        r = org.program.sensectl("extend", WAVE, "--closes", "2026-11-10")
        assert r.returncode == 69 and "is closed since" in r.stderr
        org.program.ok("sensed", "--once")
    assert waves(org)[WAVE]["state"] == "closed"
    r = org.program.sensectl("extend", "no-such", "--closes", "2026-11-10")
    assert r.returncode == 66
    r = org.program.sensectl("extend", WAVE)
    assert r.returncode == 64


# ------------------------------------------------- leaders, before a wave

HEADS_UP = "2026-10-09 09:00"       # four days before


@pytest.fixture
def led(make_org):
    """Three units; one leader of two of them, one who reads both languages."""
    org = make_org(languages='"en", "cy"')
    org.add_unit("ORG", "", "Taf Community Trust", [
        ("Non Hughes", "non@taf.example")], "en")
    org.add_unit("T1", "ORG", "North", [("Non Hughes", "Non@taf.example"),
                                        ("Aled Rees", "aled@taf.example")],
                 "cy")
    org.add_unit("T2", "ORG", "South", [("Bo Lee", "bo@taf.example")], "both")
    for i in range(12):
        org.add_person(f"p{i}", "T1", language="en")
    org.import_now()
    by_calendar(org)
    return org


LEADERS = ["aled@taf.example", "bo@taf.example", "non@taf.example"]


def leaders(post):
    return sorted(m.to[0].lower() for m in post.take())


def ledgers(org):
    return [p.name for p in (org.state / "ledgers").glob("*.heads-up")]


def test_leaders_are_told_once(led, post):
    run_at(led, "2026-10-09 08:59")
    assert post.take() == []
    r = run_at(led, HEADS_UP)
    assert "3 leaders were told" in r.stderr
    assert leaders(post) == LEADERS
    assert ledgers(led) == ["staff-20261013.heads-up"]
    for when in ("2026-10-09 09:01", "2026-10-10 09:00", "2026-10-13 08:59"):
        run_at(led, when)
        assert post.take() == []
    run_at(led, OPENS)
    assert invited(post) == everyone(led) and ledgers(led) == []
    r = led.program.sensectl("audit", WAVE)
    assert r.returncode == 0, r.stdout


def test_what_leaders_are_told(led, post):
    run_at(led, HEADS_UP)
    mails = {m.to[0].lower(): m for m in post.take()}
    both, welsh = mails["bo@taf.example"], mails["aled@taf.example"]
    text = " ".join(both.text.split())
    assert "Tuesday 13 October" in text and "Tuesday 27 October" in text
    assert "Wednesday 28 October" in text       # the digest, the day after
    assert "No leader sees who has answered" in text
    assert "Nid oes yr un arweinydd yn gweld" in text
    assert "No leader" not in welsh.text
    assert "No leader sees" in mails["non@taf.example"].text
    for m in mails.values():
        assert m.header("List-Unsubscribe") is None
        assert m.header("Auto-Submitted") == "auto-generated"
        assert "/a/" not in m.text and "/o/" not in m.text
    assert len({m.id for m in mails.values()}) == 3


def test_leaders_are_never_told_too_late(led, post):
    for when in ("2026-10-12 09:01", "2026-10-13 08:59", OPENS,
                 "2026-10-13 09:05"):
        run_at(led, when)
    assert invited(post) == everyone(led)


def noted(org):
    status = json.loads(org.program.ok("sensectl", "status", "--json"))
    return {a["about"]: a["words"] for a in status["attention"]}


def test_leaders_who_were_not_told_are_told_of(led, post):
    """Once, until the wave opens."""
    run_at(led, "2026-10-12 09:01")
    words = noted(led)["staff.leaders"]
    assert words.startswith("3 of 3 leaders of survey staff were not told")
    assert "2026-10-13T09:00" in words and "tell them yourself" in words
    assert run_at(led, "2026-10-13 08:59").stderr == ""
    assert noted(led) == {"staff.leaders": words}
    run_at(led, OPENS)
    assert noted(led) == {} and ledgers(led) == []


def test_one_leader_who_is_put_off_until_it_is_too_late(led, post):
    post.rcpt = lambda a: "451 4.2.0 later" if "bo@" in a else None
    run_at(led, HEADS_UP)
    for when in ("10-09 10:00", "10-09 12:00", "10-09 16:00", "10-10 00:00",
                 "10-10 18:00"):
        run_at(led, f"2026-{when}")
        assert noted(led) == {}
    run_at(led, "2026-10-12 09:00")
    assert noted(led)["staff.leaders"].startswith("1 of 3 leaders")
    run_at(led, OPENS)
    assert noted(led) == {}


def test_leaders_and_a_relay_that_is_away(led, post):
    text = led.conf.read_text()
    led.conf.write_text(text.replace(f":{post.port}", ":9"))
    run_at(led, HEADS_UP)
    assert noted(led) == {}
    run_at(led, "2026-10-09 10:05")
    assert "no relay has taken any" in noted(led)["staff.leaders"]
    led.conf.write_text(text)
    run_at(led, "2026-10-09 14:00")
    assert leaders(post) == LEADERS and noted(led) == {}


def test_a_refusal_of_leaders_ends_with_the_opening(led, post):
    text = led.conf.read_text()
    with Server(default={"MAIL": "554 5.7.1 You may not"}) as server:
        led.conf.write_text(text.replace(f":{post.port}", f":{server.port}"))
        run_at(led, HEADS_UP)
        assert "554 5.7.1 You may not" in noted(led)["staff.leaders"]
    led.conf.write_text(text)
    run_at(led, OPENS)
    assert noted(led) == {}


@pytest.mark.parametrize("others", (
    "451 4.2.0 Greylisted", "550 5.1.1 No such user"))
def test_the_reply_that_ended_the_word_to_leaders(make_org, others):
    org = make_org(connections=1)
    org.add_unit("ORG")
    for i in range(12):
        org.add_unit(f"U{i}", "ORG")
        org.add_person(f"p{i}", "ORG")
    org.import_now()
    by_calendar(org)
    with Server([{"RCPT": others}], default={
            "MAIL": ["250 Ok", "554 5.7.1 You may not"]}) as server:
        org.conf.write_text(re.sub(r"127.0.0.1:\d+\";\n    tls",
            f'127.0.0.1:{server.port}";\n    tls', org.conf.read_text()))
        run_at(org, HEADS_UP)
        words = noted(org)["staff.leaders"]
        assert "554 5.7.1 You may not" in words and others not in words


def test_leaders_who_are_put_off(led, post):
    """M12: again after half an hour."""
    post.rcpt = lambda a: "451 4.2.0 later" if "bo@" in a else None
    run_at(led, HEADS_UP)
    assert leaders(post) == ["aled@taf.example", "non@taf.example"]
    post.rcpt = None
    run_at(led, "2026-10-09 09:20")
    assert post.take() == []
    run_at(led, "2026-10-09 09:45")
    assert leaders(post) == ["bo@taf.example"]
    run_at(led, "2026-10-09 12:00")
    assert post.take() == []


def test_leaders_of_no_wave(led, post):
    configure(led, "calendar = {", "calendar = { heads_up = 0;")
    run_at(led, HEADS_UP)
    assert post.take() == [] and ledgers(led) == []
