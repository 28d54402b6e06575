"""Mail that comes back: sensed-bounce, the health of addresses, and storms.
STANDARDS 7.1 and 7.2, M9; SCORING 2; issue 4, 6.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import fcntl
import json
import re

import pytest

from bounces import CLASSES, CORPUS, bounce, log, message, pipe
from organisation import ballot
from people import answer_all
from smtp_script import Server
from web import contents

W1, W2, W3, W4, W5 = (f"staff-2026q{n}" for n in range(1, 6))
PEOPLE = [f"p{i}@taf.example" for i in range(24)]


@pytest.fixture
def org(make_org, post):
    """24 people in two units."""
    org = make_org()
    org.add_unit("ORG")
    org.add_unit("T", "ORG")
    for i in range(24):
        org.add_person(f"p{i}", "T" if i < 12 else "ORG")
    org.import_now()
    return org


def start(org, post, wave):
    """Opens a wave: who was mailed, by address, with the return path."""
    org.open(wave)
    post.take()
    org.mail()
    return {m.to[0]: m.sender for m in post.take()}


def finish(org, post, wave):
    org.close(wave)
    r = org.program.digest()
    assert r.returncode == 0, r.stderr
    post.take()
    org.clock.forward(days=30)


def unreachable(org):
    """The list, as CSV: id -> (unit, reason, since)."""
    lines = org.program.ok("sensectl", "unreachable", "--csv").splitlines()
    assert lines[0] == "survey,person,unit,reason,since"
    rows = [line.split(",") for line in lines[1:]]
    assert all(r[0] == "staff" for r in rows)
    return {r[1]: tuple(r[2:]) for r in rows}


def status(org):
    return json.loads(org.program.ok("sensectl", "status", "--json"))


def exported(org, wave):
    text = org.program.ok("sensectl", "export", wave, "--format", "json")
    return {u["unit"]: u for u in json.loads(text)["units"]}


# ------------------------------------------------------------ the message

def test_every_message_of_the_corpus(org, post):
    """B1 to B4: its class, exit 0, not a word."""
    assert {p.name for p in CORPUS.iterdir()} == set(CLASSES)
    sent = start(org, post, W1)
    for name, kind in sorted(CLASSES.items()):
        before = len(log(org))
        bounce(org, name, sent[PEOPLE[0]])
        now = log(org)
        bounce(org, name, sent[PEOPLE[0]])      # again is not another
        assert log(org) == now
        if kind is None:
            assert len(now) == before, name
        elif len(now) == before:                # such a one is there already
            assert any(e[0] == kind for e in now), name
        else:
            assert now[-1] == (kind, W1, True), name
    assert {e[0] for e in log(org)} == set(CLASSES.values()) - {None}


def test_each_message_alone(org, post):
    """Each class is found whatever came before it."""
    sent = start(org, post, W1)
    path = org.state / "roster" / "health.log"
    for name, kind in sorted(CLASSES.items()):
        path.unlink(missing_ok=True)
        bounce(org, name, sent[PEOPLE[3]])
        assert [e[0] for e in log(org)] == ([kind] if kind else []), name


def test_only_an_id_that_we_issued(org, post):
    """B2, M9: nothing is written for any other."""
    sent = start(org, post, W1)
    before = contents(org.state)
    good = sent[PEOPLE[0]]
    local, domain = good.split("@")
    for sender in (f"{local[:-1]}{'a' if local[-1] != 'a' else 'e'}@{domain}",
                   f"pulse-bounce+{'a' * 26}@{domain}",
                   f"pulse-bounce@{domain}", f"other{local[12:]}@{domain}"):
        bounce(org, "postfix-hard", sender)
    assert log(org) == []
    after = contents(org.state)
    after.pop("roster/health.log")
    assert after == before
    # an ID that is only in the body, or in a header that says nothing
    bounce(org, "postfix-hard", good, replace={
        b"Delivered-To: " + good.encode(): b"Delivered-To: x@taf.example",
        b"To: " + good.encode(): b"To: x@taf.example"})
    assert log(org) == []
    bounce(org, "postfix-hard", good.upper())   # some mail systems do
    assert [e[0] for e in log(org)] == ["hard"]


def test_ids_differ_and_are_opaque(org, post):
    """M9: by wave and person, and no part names either."""
    one = start(org, post, W1)
    finish(org, post, W1)
    two = start(org, post, W2)
    assert len(set(one.values()) | set(two.values())) == 48
    for m in one.values():
        assert re.fullmatch(r"pulse-bounce\+[a-z2-7]{26}@taf\.example", m)
    # a bounce of the wave before still counts, for that wave
    bounce(org, "postfix-hard", one[PEOPLE[1]])
    assert log(org) == [("hard", W1, False)]


def test_nothing_of_a_message_is_kept(org, post):
    """B1, M19: neither on the disk nor in a word that is printed."""
    sent = start(org, post, W1)
    before = contents(org.state)
    canary = b"zq7canary"
    for name in sorted(CLASSES):
        data = message(name, sent[PEOPLE[0]]) + b"\n" + canary
        data = data.replace(b"p1@", canary + b"@")
        r = pipe(org, data, "-v")
        assert r.returncode == 0 and r.stdout + r.stderr == b""
    after = contents(org.state)
    assert {k for k in after if after[k] != before.get(k)} == \
        {"roster/health.log"}
    said = after["roster/health.log"]
    for secret in (canary, b"@taf", b"p0@", sent[PEOPLE[0]][13:39].encode()):
        assert secret not in said


def test_more_than_is_read(org, post):
    """B1: 256 KiB; what comes behind changes nothing, nor does it hurt."""
    sent = start(org, post, W1)[PEOPLE[0]]
    late = message("postfix-hard", sent).replace(
        b"--4RkZq12345.1791187201/mail.taf.example\nContent-Description: "
        b"Delivery", b"x" * 70 * 4000 + b"\n--4RkZq12345.1791187201/"
        b"mail.taf.example\nContent-Description: Delivery")
    assert len(late) > 256 << 10
    assert pipe(org, late).returncode == 0 and log(org) == []
    long = message("postfix-hard", sent) + b"y" * (3 << 20)
    assert pipe(org, long).returncode == 0
    assert [e[0] for e in log(org)] == ["hard"]
    deep = b"".join(b"Content-Type:multipart/x;boundary=%d\n\n--%d\n"
                    % (i, i) for i in range(9000))
    assert pipe(org, b"To: " + sent.encode() + b"\n" + deep).returncode == 0


def test_a_locked_or_failing_roster(org, post):
    """B1: 75, and the mail system keeps the mail."""
    sent = start(org, post, W1)[PEOPLE[0]]
    data = message("postfix-hard", sent)
    with open(org.state / "locks" / "roster", "rb") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        r = pipe(org, data)
        assert r.returncode == 75 and b"lock" in r.stderr
        assert log(org) == []
        # what needs no roster is dealt with
        assert pipe(org, message("out-of-office", sent)).returncode == 0
        fcntl.flock(f, fcntl.LOCK_UN)
        fcntl.flock(f, fcntl.LOCK_SH)   # several append side by side
        assert pipe(org, data).returncode == 0
    assert len(log(org)) == 1
    roster = org.state / "roster"
    roster.rename(org.state / "elsewhere")
    assert pipe(org, data).returncode == 75
    (org.state / "elsewhere").rename(roster)
    key = org.state / "keys" / "organisation"
    was = key.read_bytes()
    key.write_bytes(b"short")
    assert pipe(org, data).returncode == 75
    key.write_bytes(was)
    assert pipe(org, data).returncode == 0


def test_before_anything_was_mailed(make_org, post):
    org = make_org()
    data = (CORPUS / "postfix-hard").read_bytes()
    assert pipe(org, data).returncode == 0
    assert not org.state.exists() or not list(org.state.rglob("health*"))


def test_what_a_crash_leaves_is_cut_off(org, post):
    """The states that healthlog.h names."""
    sent = start(org, post, W1)
    path = org.state / "roster" / "health.log"
    bounce(org, "postfix-hard", sent[PEOPLE[0]])
    good = path.read_bytes()
    for torn in (b"\0" * 64, b"\1" * 30, b"\0" * 200, good[:63]):
        path.write_bytes(good + torn)
        assert unreachable(org) == {"p0": ("T", "hard", W1)}
        bounce(org, "exchange-full", sent[PEOPLE[1]])
        assert log(org) == [("hard", W1, True), ("soft", W1, True)]
        assert path.read_bytes()[:64] == good


# ------------------------------------------------------- hard and soft

def test_hard_is_not_mailed_until_the_address_changes(org, post):
    sent = start(org, post, W1)
    bounce(org, "postfix-hard", sent["p0@taf.example"])
    org.clock.forward(days=4, minutes=5)
    post.take()
    org.mail()                                  # the reminder of this wave
    assert {m.to[0] for m in post.take()} == set(PEOPLE) - {PEOPLE[0]}
    finish(org, post, W1)
    # an import with the same address changes nothing; upper case is the same
    org.people[0]["email"] = "P0@Taf.example"
    org.import_now()
    assert unreachable(org) == {"p0": ("T", "hard", W1)}
    assert set(start(org, post, W2)) == set(PEOPLE) - {PEOPLE[0]}
    # a new address in the middle of a wave: from the next one on
    org.people[0]["email"] = "p0.new@taf.example"
    org.import_now()
    assert unreachable(org) == {}
    finish(org, post, W2)
    assert set(start(org, post, W3)) == \
        set(PEOPLE[1:]) | {"p0.new@taf.example"}
    # what comes back late for the old address blames nobody
    bounce(org, "postfix-hard", sent["p0@taf.example"])
    assert unreachable(org) == {}


def test_soft_three_waves_in_a_row(org, post):
    for wave, there in ((W1, True), (W2, True), (W3, True), (W4, False)):
        sent = start(org, post, wave)
        assert (PEOPLE[5] in sent) == there
        if wave == W4:
            break
        assert unreachable(org) == {}
        bounce(org, "exchange-full", sent[PEOPLE[5]])
        bounce(org, "postfix-gave-up", sent[PEOPLE[5]])    # one mark a wave
        if wave != W2:
            bounce(org, "exchange-full", sent[PEOPLE[6]])  # not in a row
        finish(org, post, wave)
    assert unreachable(org) == {"p5": ("T", "suspended", W1)}
    assert status(org)["unreachable"] == 1
    assert "no mail reaches 1 person" in org.program.ok("sensectl", "status")
    # the administrator knows better
    assert "again" in org.program.ok("sensectl", "reachable", PEOPLE[5])
    r = org.program.sensectl("reachable", PEOPLE[5])
    assert r.returncode == 66 and PEOPLE[5] not in r.stderr
    assert unreachable(org) == {} and status(org)["unreachable"] == 0


def test_later_success_clears(org, post):
    """B5: marked, delivered, marked, marked is not three in a row."""
    for wave, comes_back in ((W1, 1), (W2, 1), (W3, 0), (W4, 1), (W5, 1)):
        sent = start(org, post, wave)
        assert PEOPLE[5] in sent
        if comes_back:
            bounce(org, "exchange-full", sent[PEOPLE[5]])
        finish(org, post, wave)
    assert PEOPLE[5] in start(org, post, "staff-2027q3")


def test_nothing_is_told_that_came_after_the_reminder(org, post):
    """Linkage, hole 7: it would tell who had not answered by then."""
    sent = start(org, post, W1)
    bounce(org, "postfix-hard", sent[PEOPLE[1]])
    org.clock.forward(days=4, minutes=5)
    bounce(org, "postfix-hard", sent[PEOPLE[2]])
    assert [e[2] for e in log(org)] == [True, False]
    told = {"p1": ("T", "hard", W1)}
    assert unreachable(org) == told and status(org)["unreachable"] == 1
    assert "does not work" not in org.program.ok("sensectl", "show", PEOPLE[2])
    org.import_now()                            # folds, and tells no more
    assert unreachable(org) == told
    post.take()
    org.mail()                                  # yet no mail goes there
    assert {m.to[0] for m in post.take()} == set(PEOPLE) - set(PEOPLE[1:3])
    finish(org, post, W1)
    assert unreachable(org) == told | {"p2": ("T", "hard", W1)}


def test_refusals_at_sending(org, post):
    """7.1: hard and soft of the person, told when the wave is published."""
    no = {PEOPLE[0]: "550 5.1.1 No such user", PEOPLE[1]: "552 5.2.2 Full",
          PEOPLE[2]: "550 5.7.1 Policy"}
    post.rcpt = no.get
    sent = start(org, post, W1)
    assert set(sent) == set(PEOPLE[3:])
    assert unreachable(org) == {} and log(org) == []
    finish(org, post, W1)
    assert log(org) == [("hard", W1, False), ("soft", W1, False)] or \
        log(org) == [("soft", W1, False), ("hard", W1, False)]
    assert unreachable(org) == {"p0": ("T", "hard", W1)}
    assert set(start(org, post, W2)) == set(PEOPLE[3:])
    assert log(org) == []
    finish(org, post, W2)
    finish(org, post, start(org, post, W3) and W3)
    assert unreachable(org) == {"p0": ("T", "hard", W1),
                                "p1": ("T", "suspended", W1)}


def test_our_own_address_is_refused_at_rcpt(org, post):
    """7.1: 5.1.8 is the sender's; the wave pauses at once, nobody is hard.
    R4: the first line tells; no name of the person, however short."""
    for p in org.people:
        p["name"] = "Jo Q. Rees"
    org.import_now()
    post.rcpt = lambda a: (
        f"550-5.1.8 Sender of mail to {a.split('@')[0]} (Rees, Jo) rejected:"
        "\r\n550-5.1.8 unknown domain\r\n550 5.1.8  https://mail.example/why")
    org.open(W1)
    r = org.program.sensed("--once")
    assert r.returncode == 69 and "the relay refuses our mail" in r.stderr
    assert ("(550 5.1.8 Sender of mail to ... ... ... rejected: unknown "
            "domain ...)") in r.stderr
    wave = status(org)["waves"][0]
    assert wave["paused"] and wave["refused"] == 0
    post.rcpt = None
    org.program.ok("sensectl", "resume", W1)
    org.mail()
    assert len(post.take()) == 24
    finish(org, post, W1)
    assert unreachable(org) == {}


def test_a_new_address_is_not_blamed_for_the_old(org, post):
    """Refused in a wave in which the address was put right."""
    post.rcpt = lambda a: "550 5.1.1 No" if a == PEOPLE[0] else None
    start(org, post, W1)
    org.people[0]["email"] = "p0.new@taf.example"
    org.import_now()
    finish(org, post, W1)
    assert unreachable(org) == {}
    assert "p0.new@taf.example" in start(org, post, W2)


# ---------------------------------------------------------------- N(u)

def test_who_counts_as_invited(org, post, serve):
    """SCORING 2: refused always, out of this wave; bounced, out of the next;
    opted out, in."""
    serve(org, "cgi")
    post.rcpt = lambda a: "550 5.1.1 No" if a == PEOPLE[0] else None
    for wave, invited in ((W1, 11), (W2, 10)):
        org.open(wave)
        post.take()
        org.mail()
        mails = post.take()
        sent = {m.to[0]: m.sender for m in mails}
        if wave == W1:
            bounce(org, "gmail-hard", sent[PEOPLE[1]])
            bounce(org, "arf-abuse", sent[PEOPLE[2]])
        answer_all(org.base, mails, {PEOPLE[i]: ballot(4) for i in range(3, 24)
                                if i not in (22, 23)})
        finish(org, post, wave)
        units = exported(org, wave)
        assert units["ORG"]["invited"] == invited + 12
    # the frozen list of the second wave was made without both
    assert set(start(org, post, W3)) == set(PEOPLE[3:])
    assert status(org)["waves"][0]["invited"] == 22


def test_nobody_can_be_reached(org, post):
    org.people = org.people[:1]
    org.units = org.units[:2]
    org.import_now()
    bounce(org, "postfix-hard", start(org, post, W1)[PEOPLE[0]])
    finish(org, post, W1)
    r = org.program.sensectl("open", "staff", "--wave", W2)
    assert r.returncode == 65 and "who can be reached" in r.stderr


# ------------------------------------------------------------- complaints

@pytest.mark.parametrize("name", ("arf-abuse", "arf-to-abuse-desk"))
def test_a_complaint_is_an_opt_out(org, post, name):
    """B4; no mail from that moment on, and what came before an import too."""
    sent = start(org, post, W1)
    bounce(org, name, sent[PEOPLE[4]])
    assert [e[0] for e in log(org)] == ["complaint"]
    org.clock.forward(days=4, minutes=5)
    org.mail()
    assert PEOPLE[4] not in {m.to[0] for m in post.take()}
    assert log(org) == []                       # the keeper took it in
    shown = org.program.ok("sensectl", "show", PEOPLE[4])
    assert "Opted out of all surveys: yes" in shown
    assert unreachable(org) == {}
    finish(org, post, W1)
    assert PEOPLE[4] not in start(org, post, W2)
    org.program.ok("sensectl", "opt-in", PEOPLE[4])
    bounce(org, name, sent[PEOPLE[4]])          # the same again, unfolded
    org.program.ok("sensectl", "opt-in", PEOPLE[4])
    org.clock.forward(days=4, minutes=5)
    org.mail()
    assert PEOPLE[4] in {m.to[0] for m in post.take()}


# ------------------------------------------------------------------ storms

@pytest.fixture
def many(make_org, post):
    org = make_org()
    org.add_unit("ORG")
    for i in range(420):
        org.add_person(f"q{i}", "ORG")
    org.import_now()
    return org


def storm(org, post, sent, name, enough):
    """So many are needed to pause the wave; whoever resumes starts anew."""
    for i, address in enumerate(sorted(sent)[:enough]):
        if i == enough - 1:
            assert org.program.sensed("--once").returncode == 0
            assert not status(org)["waves"][0]["paused"]
        bounce(org, name, sent[address])
    r = org.program.sensed("--once")
    assert r.returncode == 69 and "comes back" in r.stderr
    assert re.search(r"^(<3>)?.*paused", r.stderr)
    wave = status(org)["waves"][0]
    assert wave["paused"] and wave["paused_for"] == "bounces"
    text = org.program.ok("sensectl", "status")
    assert "paused (too much mail came back)" in text
    org.clock.forward(days=4, minutes=5)
    org.mail()
    assert post.take() == []
    assert unreachable(org) == {}               # nobody's fault
    org.program.ok("sensectl", "resume", wave["wave"])
    org.mail()
    assert len(post.take()) == len(sent)


def test_a_storm_of_policy_pauses(org, post):
    """B3, R3: 20 in a row."""
    storm(org, post, start(org, post, W1), "gmail-policy", 20)


def test_a_storm_of_the_unknown_pauses(many, post):
    """B3: 20 of a wave."""
    storm(many, post, start(many, post, W1), "exim-unknown", 20)


def test_five_in_a_hundred_of_a_small_wave(org, post):
    """B3: 2 of 24 are 8 %, 1 is 4 %."""
    sent = start(org, post, W1)
    bounce(org, "exim-unknown", sent[PEOPLE[0]])
    org.mail()
    bounce(org, "exim-unknown", sent[PEOPLE[1]])
    assert org.program.sensed("--once").returncode == 69


def test_a_storm_of_hard_bounces_pauses_and_is_lifted(org, post):
    """R3, B3: 20 hard, and 20 % of the wave.  A gateway that had lost its
    directory: all its marks go together, and nobody else's."""
    sent = start(org, post, W1)
    for i in range(19):
        bounce(org, "postfix-hard", sent[PEOPLE[i]])
    org.mail()                                  # 19 may be a bad list
    bounce(org, "postfix-hard", sent[PEOPLE[19]])
    r = org.program.sensed("--once")
    assert r.returncode == 69 and "as if the addresses did not" in r.stderr
    assert f"'sensectl reachable {W1}' mails them again" in r.stderr
    assert f"then 'sensectl resume {W1}'" in r.stderr
    assert status(org)["waves"][0]["paused_for"] == "bounces"
    assert len(unreachable(org)) == 20
    said = org.program.ok("sensectl", "reachable", W1)
    assert f"20 addresses since {W1} are off the list" in said
    assert unreachable(org) == {} and len(log(org)) == 20
    org.program.ok("sensectl", "resume", W1)
    org.clock.forward(days=4, minutes=5)
    org.mail()                                  # nobody is held back
    assert {m.to[0] for m in post.take()} == set(PEOPLE)
    bounce(org, "postfix-hard", sent[PEOPLE[0]])        # really gone
    assert len(log(org)) == 21
    org.mail()                                  # and no storm of its own
    finish(org, post, W1)
    assert unreachable(org) == {"p0": ("T", "hard", W1)}
    assert set(start(org, post, W2)) == set(PEOPLE[1:])


def test_lifting_tells_nothing_that_is_not_told(org, post):
    """What came after the first reminder was due: lifted, not counted; marks
    of other waves stay; of a published wave too; a wave that is none."""
    bounce(org, "postfix-hard", start(org, post, W1)[PEOPLE[1]])
    finish(org, post, W1)
    sent = start(org, post, W2)
    org.clock.forward(days=6)                   # not at the weekend
    org.mail()
    bounce(org, "postfix-hard", sent[PEOPLE[2]])
    said = org.program.ok("sensectl", "reachable", W2)
    assert "0 addresses" in said
    finish(org, post, W2)
    assert unreachable(org) == {"p1": ("T", "hard", W1)}
    assert "1 address since" in org.program.ok("sensectl", "reachable", W1)
    assert unreachable(org) == {}
    r = org.program.sensectl("reachable", W5)
    assert r.returncode == 66 and W5 in r.stderr
    r = org.program.sensectl("reachable", "../" + W1)
    assert r.returncode == 65
    assert set(start(org, post, W3)) == set(PEOPLE)


# -------------------------------------------------- the administrator's view

def test_show_and_forget(org, post):
    sent = start(org, post, W1)
    bounce(org, "postfix-hard", sent[PEOPLE[0]])
    bounce(org, "exchange-full", sent[PEOPLE[1]])
    said = org.program.ok("sensectl", "show", PEOPLE[0])
    assert f"no: the address does not work, since wave {W1}" in said
    said = org.program.ok("sensectl", "show", PEOPLE[1])
    assert f"mail came back in 1 wave, the first of them {W1}" in said
    assert "Mail and this address" not in \
        org.program.ok("sensectl", "show", PEOPLE[2])
    assert len(log(org)) == 2
    said = org.program.ok("sensectl", "forget", PEOPLE[0])
    assert "mail did not reach the address" in said
    assert log(org) == [("soft", W1, True)]
    finish(org, post, W1)
    org.import_now()                            # folds; brings p0 back
    assert unreachable(org) == {} and log(org) == []
    roster = (org.state / "roster" / "roster.gdbm").read_bytes()
    assert b"h/staff/p1" in roster and b"h/staff/p0" not in roster
    assert PEOPLE[0] in start(org, post, W2)
    org.program.ok("sensectl", "forget", PEOPLE[1])
    roster = (org.state / "roster" / "roster.gdbm").read_bytes()
    assert b"h/staff/" not in roster


def test_status_for_a_monitor(org, post):
    bounce(org, "postfix-hard", start(org, post, W1)[PEOPLE[0]])
    text = org.program.ok("sensectl", "status", "--prometheus")
    assert "\nsensed_people_unreachable 1\n" in text
    finish(org, post, W1)
    assert "\nsensed_people_unreachable 1\n" in \
        org.program.ok("sensectl", "status", "--prometheus")


def test_audit_knows_the_log(org, post):
    sent = start(org, post, W1)
    bounce(org, "postfix-hard", sent[PEOPLE[0]])
    assert "roster/health.log" in org.program.ok("sensectl", "audit", W1)
    finish(org, post, W1)
    org.program.ok("sensectl", "audit", W1)


def test_leaders_never_see_it(org, post, serve):
    serve(org, "cgi")
    org.open(W1)
    org.mail()
    mails = post.take()
    bounce(org, "postfix-hard", {m.to[0]: m.sender for m in mails}[PEOPLE[0]])
    answer_all(org.base, mails, {p: ballot(3) for p in PEOPLE[1:]})
    org.close(W1)
    org.program.digest()
    digests = post.take()
    assert digests
    for m in digests:
        assert not re.search(r"bounce|reach|p0\b|came back", m.text)


def test_two_surveys_do_not_mix(org, post):
    """The same id and address in two surveys: what comes back of one wave
    stops the other survey's mail no more than its own counts say."""
    text = org.conf.read_text()
    at = text.index('{ name = "staff"')
    own = text[at:text.rindex(" );")]
    org.conf.write_text(text[:at] + own + ",\n" + own.replace(
        '"staff"', '"served"', 1) + " );\n")
    r = org.import_files(*org.write_csv(), survey="served")
    assert r.returncode == 0, r.stderr
    sent = start(org, post, W1)
    bounce(org, "postfix-hard", sent[PEOPLE[0]])
    assert unreachable(org) == {"p0": ("T", "hard", W1)}
    org.program.ok("sensectl", "open", "served", "--wave", "served-2026q4")
    org.mail()
    assert {m.to[0] for m in post.take()} == set(PEOPLE)


# ------------------------------------------------------------- end to end

def test_there_and_back(org, post):
    """A mail server takes the mail, then reports to the return path it was
    given; the report goes through the pipe."""
    with Server() as server:
        org.conf.write_text(re.sub(r"smtp://127\.0\.0\.1:\d+",
                                   f"smtp://127.0.0.1:{server.port}",
                                   org.conf.read_text()))
        org.open(W1)
        org.mail()
        mail = next(m for m in server.mails if m.recipient == PEOPLE[7])
        inside = mail.data.split(b"\r\n\r\n")[0]
        report = (b"Delivered-To: %s\r\nTo: <%s>\r\nMIME-Version: 1.0\r\n"
                  b"Content-Type: multipart/report; boundary=end;\r\n"
                  b" report-type=delivery-status\r\n\r\n--end\r\n"
                  b"Content-Type: text/plain\r\n\r\nSorry.\r\n--end\r\n"
                  b"Content-Type: message/delivery-status\r\n\r\n"
                  b"Reporting-MTA: dns; localhost\r\n\r\n"
                  b"Final-Recipient: rfc822; %s\r\nAction: failed\r\n"
                  b"Status: 5.1.1\r\n\r\n--end\r\n"
                  b"Content-Type: text/rfc822-headers\r\n\r\n%s\r\n--end--\r\n"
                  % (mail.sender.encode(), mail.sender.encode(),
                     mail.recipient.encode(), inside))
        assert pipe(org, report).returncode == 0
        assert unreachable(org) == {"p7": ("T", "hard", W1)}
        server.mails.clear()
        org.clock.forward(days=4, minutes=5)
        org.mail()
        assert {m.recipient for m in server.mails} == \
            set(PEOPLE) - {PEOPLE[7]}
