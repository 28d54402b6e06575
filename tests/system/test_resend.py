"""A person says that the mail did not arrive: sensectl resend.

STANDARDS M2, M12 to M14, M18; what nobody may learn by it: SCORING 9.4.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import json
import shutil
import time

import pytest

import programs
from bounces import bounce
from test_orders import wait_for
from web import Browser, contents

WAVE = "staff-2026q4"
PEOPLE = 12
WHO, OTHER = "p3@taf.example", "p7@taf.example"
GOES = f"wave {WAVE}: the mail goes once more, with the same link, when " \
    "sensed mails next\n"


@pytest.fixture
def org(make_org, post):
    """Twelve people in an open wave that is not mailed yet."""
    org = make_org(connections=2)
    org.add_one_unit(PEOPLE)
    org.import_now()
    org.open(WAVE)
    return org


@pytest.fixture
def mailed(org, post):
    """Everybody's invitation, by address."""
    org.mail()
    out = {m.to[0]: m for m in post.take()}
    assert len(out) == PEOPLE
    return out


def resend(org, address=WHO, words=GOES):
    r = org.program.sensectl("resend", address)
    assert (r.returncode, r.stdout, r.stderr) == (0, words, "")


def refused(org, address, status, words):
    """It says why, and names nobody: errors may end in a journal."""
    (org.state / "ledgers" / f"{WAVE}.log").touch(0o600)
    before = contents(org.state)
    r = org.program.sensectl("resend", address)
    assert r.returncode == status and words in r.stderr, r.stdout + r.stderr
    assert "@" not in r.stderr.replace("name@example.org", "")
    assert r.stdout == "" and contents(org.state) == before
    return r.stderr


def goes_to(org, post, **later):
    """Who is mailed in the next pass: a list."""
    org.clock.forward(**later)
    org.mail()
    return [m.to[0] for m in post.take()]


def wave(org):
    return json.loads(org.program.ok("sensectl", "status", "--json")
                      )["waves"][0]


# ------------------------------------------------------------ what goes out

def test_the_same_link_and_a_message_id_of_its_own(org, post, mailed):
    """M2, M18: the invitation, once, for each asking."""
    first, ids = mailed[WHO], {mailed[WHO].id}
    for n in (2, 3, 4):
        resend(org, WHO.upper())        # as a person might write it
        org.mail()
        again, = post.take()
        ids.add(again.id)
        assert (again.to, again.link) == (first.to, first.link)
        assert again.header("Subject") == first.header("Subject")
        assert again.text == first.text and len(ids) == n
        assert goes_to(org, post, hours=1) == []
    assert wave(org)["sent_again"] == 3 and wave(org)["mailed"] == PEOPLE
    text = org.program.ok("sensectl", "status")
    assert "sent again to people who asked for it: 3\n" in text


def test_a_retry_has_the_message_id_of_the_first_attempt(org, post, mailed):
    """M2, M12, M13: put off, cut off behind the final dot, then taken."""
    post.data = lambda a: "451 4.2.0 later"
    resend(org)
    assert goes_to(org, post, minutes=1) == []
    post.data = None
    tried = len(post.attempts)
    assert goes_to(org, post, minutes=10) == [] and \
        len(post.attempts) == tried     # too early
    post.drop = lambda a: True
    assert goes_to(org, post, minutes=40) == []
    post.drop = None
    assert goes_to(org, post, minutes=1) == []
    org.clock.forward(hours=3)
    org.mail()
    again, = post.take()
    lost, = post.dropped
    assert lost.id == again.id != mailed[WHO].id
    assert lost.link == again.link == mailed[WHO].link
    assert goes_to(org, post, hours=12) == []


def test_no_reminder_on_its_heels(org, post, mailed):
    """It covers the reminder that is due, and no later one."""
    org.clock.forward(days=4)
    resend(org)
    got = goes_to(org, post, hours=1)
    assert sorted(got) == sorted(mailed)
    subjects = {m.header("Subject") for m in mailed.values()}
    assert len(subjects) == 1
    assert goes_to(org, post, hours=1) == []
    assert sorted(goes_to(org, post, days=5)) == sorted(mailed)


def test_also_at_a_weekend_and_in_the_last_hours(org, post, mailed):
    """The person waits for it; the closing second ends it (M12, M14)."""
    for when in ("2026-10-10 11:00", "2026-10-19 08:30"):
        org.clock.set(when)
        org.mail()
        post.take()
        resend(org)
        assert goes_to(org, post, minutes=1) == [WHO]
    resend(org)
    assert goes_to(org, post, hours=1) == []


def test_it_is_late_when_the_machine_slept(org, post, mailed):
    """M14: three days after it was asked for it goes only by command."""
    resend(org)
    org.clock.forward(days=3, hours=2)
    assert "resume" in org.program.sensed("--once").stderr
    assert post.take() == []
    org.program.ok("sensectl", "resume", WAVE, "--force")
    assert goes_to(org, post, minutes=1) == [WHO]


def killed_amid_it(org, post):
    """A mailer that dies with what was asked for in hand."""
    post.delay = 30
    p = org.program.start("sensed", "--once")
    wait_for(lambda: post.attempts.count(WHO) == 2)
    programs.kill(p)
    post.delay = 0


def test_asked_for_long_after_the_mail(org, post, mailed):
    """M14: lateness counts from the asking, also after a crash."""
    assert goes_to(org, post, days=3, hours=22) == []
    resend(org)
    killed_amid_it(org, post)
    assert goes_to(org, post, minutes=5) == [WHO]


# ------------------------------------------------------- who is not mailed

def test_whoever_opted_out(org, post, mailed, serve):
    """Refused at once; and if it was asked for before, it does not go."""
    serve(org, "cgi")
    resend(org)
    web = Browser(org.base)
    for a in (WHO, OTHER):
        assert web.post("o/" + mailed[a].optout,
                        "List-Unsubscribe=One-Click").status == 200
    web.close()
    assert goes_to(org, post, minutes=1) == []
    for a in (WHO, OTHER):
        assert "sensectl opt-in EMAIL" in refused(org, a, 69, "opted out")
    org.program.ok("sensectl", "opt-in", WHO)
    assert goes_to(org, post, minutes=1) == [WHO]


def test_whoever_no_mail_reaches(org, post, mailed):
    bounce(org, "postfix-hard", mailed[WHO].sender)
    assert "sensectl reachable EMAIL" in refused(org, WHO, 69,
                                                 "does not reach")
    org.program.ok("sensectl", "reachable", WHO)
    resend(org)
    assert goes_to(org, post, minutes=1) == [WHO]


def test_a_complaint_of_a_reminder_stops_it(org, post, mailed):
    """B4: an opt-out, though it is not applied yet."""
    org.clock.forward(days=4)
    resend(org)
    bounce(org, "arf-abuse", mailed[WHO].sender)
    assert WHO not in goes_to(org, post, hours=1)


def test_whoever_was_not_invited_yet(org, post):
    """It goes by itself, put off or not; two mails would be one too many."""
    refused(org, WHO, 69, "still goes by itself")
    post.rcpt = lambda a: "451 4.2.0 later" if a == WHO else None
    org.mail()
    post.rcpt = None
    refused(org, WHO, 69, "still goes by itself")
    assert goes_to(org, post, minutes=61).count(WHO) == 1


def test_an_invitation_that_goes_no_more_can_be_asked_for(org, post):
    """M14: the machine slept; what is late does not go by itself."""
    org.clock.forward(days=3, hours=22)
    resend(org)
    assert goes_to(org, post, minutes=1) == [WHO]


def test_asked_for_twice(org, post, mailed):
    resend(org)
    refused(org, WHO, 69, "asked already")
    assert goes_to(org, post, minutes=1) == [WHO]
    resend(org)
    assert goes_to(org, post, minutes=1) == [WHO]


def test_refused_by_the_relay_once(org, post):
    """One attempt more for each asking; if it arrives, reminders go too."""
    post.rcpt = lambda a: "550 5.1.1 nobody" if a == WHO else None
    org.mail()
    post.take()
    resend(org)
    assert goes_to(org, post, minutes=1) == []
    assert goes_to(org, post, hours=9) == []
    assert post.attempts.count(WHO) == 2 and wave(org)["refused"] == 2
    post.rcpt = None
    resend(org)
    assert goes_to(org, post, minutes=1) == [WHO]
    assert WHO in goes_to(org, post, days=4)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    assert "refused" not in org.program.ok("sensectl", "unreachable")


def test_nobody_of_this_address(org, post, mailed):
    words = "no open wave asks a person of this address"
    refused(org, "nobody@taf.example", 66, words)
    refused(org, "leader.org@taf.example", 66, words)
    refused(org, "no address", 65, "expected a mail address")
    org.add_person("late", "ORG")       # on the roster, not in the wave
    org.import_now()
    refused(org, "late@taf.example", 66, words)
    org.clock.forward(days=15)          # the closing second has passed
    refused(org, WHO, 66, words)
    org.program.sensed("--once")
    refused(org, WHO, 66, words)


def test_in_every_open_wave_that_asks_the_person(make_org, post):
    """Staff and people served; where it goes by itself is no fault."""
    org = make_org(served="")
    org.add_unit("ORG")
    org.add_person("p3", "ORG")
    org.import_now()
    served = org.those_served()
    served.add_unit("ORG")
    served.add_person("z9", "ORG", email=WHO)
    served.import_now()
    org.open(WAVE)
    org.mail()
    served.open("served-2026q4")
    other = "wave served-2026q4: the invitation has not gone yet; it still " \
        "goes by itself\n"
    r = org.program.sensectl("resend", WHO)
    assert r.returncode == 0 and r.stderr == ""
    assert sorted(r.stdout.splitlines(True)) == sorted([GOES, other])
    org.mail()
    links = collections.Counter(m.link for m in post.take())
    assert sorted(links.values()) == [1, 2]
    resend(org, words=GOES.replace(WAVE, "served-2026q4") + GOES)
    refused_twice = org.program.sensectl("resend", WHO)
    assert refused_twice.returncode == 69
    assert "asked already" in refused_twice.stdout + refused_twice.stderr


# --------------------------------------------------- what nobody may learn

def tale(org, post, address):
    """All that can be seen of a resend: words, counts, sizes."""
    out = []

    def note(*argv):
        r = org.program.run(*argv)
        out.append((argv[0], r.returncode, r.stdout, r.stderr))

    def look(**later):
        org.clock.forward(**later)
        note("sensed", "--once")
        note("sensectl", "status", "--json")
        note("sensectl", "status", "--prometheus")
        note("sensectl", "resend", address)
        out.append({p: len(d) for p, d in contents(org.state).items()})
        out.append([m.to == [address] for m in post.take()])

    note("sensectl", "resend", address)
    post.data = lambda a: "451 4.2.0 later" if a == address else None
    look(minutes=1)
    post.data = None
    post.drop = lambda a: a == address
    look(hours=1)
    look(minutes=1)
    post.drop = None
    look(hours=3)
    post.rcpt = lambda a: "550 5.7.1 no" if a == address else None
    look(minutes=5)
    post.rcpt = None
    look(minutes=5)     # under six hours in all: then comes MAIL_AWAKE
    return out


def test_answered_or_not_nobody_can_tell(org, post, mailed, serve):
    """Byte for byte: what is said, counted, logged and kept."""
    serve(org, "cgi")
    web = Browser(org.base)
    assert web.answer(mailed[WHO].link, security=4).status == 200
    web.close()
    start, copy = org.clock.when, org.dir / "copy"
    shutil.copytree(org.state, copy, symlinks=True)
    tales = []
    for address in (WHO, OTHER):
        shutil.rmtree(org.state)
        shutil.copytree(copy, org.state, symlinks=True)
        org.clock.set(start)
        tales.append(tale(org, post, address))
    assert tales[0] == tales[1]
    assert sum(sum(x) for x in tales[0] if isinstance(x, list)) >= 2


def test_a_bounce_of_a_reminder_is_not_told(org, post, mailed):
    """7.2 B5: it came since the person had not answered; the mail that was
    asked for goes as it goes to anybody."""
    assert len(goes_to(org, post, days=4, hours=1)) == PEOPLE
    bounce(org, "postfix-hard", mailed[WHO].sender)
    for address in (WHO, OTHER):
        resend(org, address)
        assert goes_to(org, post, minutes=1) == [address]


# --------------------------------------------------------- with the mailer

def test_asked_for_while_mailing_is_paused(org, post, mailed):
    org.program.ok("sensectl", "pause", WAVE)
    resend(org, words=f"wave {WAVE}: mailing is paused; the mail goes once "
           f"more after sensectl resume {WAVE}\n")
    org.program.sensed("--once")
    assert post.take() == []
    org.program.ok("sensectl", "resume", WAVE)
    assert goes_to(org, post, minutes=1) == [WHO]


def test_asked_for_while_mail_goes_out(org, post):
    """Given between two mails; the same pass sends it."""
    post.delay = 1
    p = org.program.start("sensed", "--once")
    try:
        wait_for(lambda: len(post.mails) >= 2)
        who = post.mails[0].to[0]
        began = time.monotonic()
        resend(org, who)
        assert time.monotonic() - began < 8 and len(post.mails) < PEOPLE - 2
        post.delay = 0
        p.communicate(timeout=60)
        assert p.returncode == 0
    finally:
        programs.kill(p)
    got = collections.Counter(m.to[0] for m in post.take())
    assert got == collections.Counter([*org.by_address(), who])


def test_what_was_asked_for_is_not_lost_with_the_mailer(org, post, mailed):
    """M13: killed in the midst; at most once more for each kill."""
    resend(org)
    killed_amid_it(org, post)
    assert goes_to(org, post, minutes=1) == [WHO]
    assert goes_to(org, post, hours=9) == []
