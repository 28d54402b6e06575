"""A relay that fails in every way it can; STANDARDS 6, 7.1, M10, M12, M13.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import datetime
import json
import ssl
import time

import pytest

from clock import Fast
from mta import Authority, Trusting
from smtp_script import Server, greylist

WAVE = "staff-2026q4"
PEOPLE = 12

LATER = {place + " " + action: (place, action)
         for place in ("connect", "EHLO", "MAIL", "RCPT", "DATA", "DOT")
         for action in ("451 4.3.0 Later", "last 421 4.3.0 Bye", "drop")}
LATER["BODY drop"] = ("BODY", "drop")
LATER["a reply line of 10 kB"] = ("RCPT", "450 4.2.0 " + "x" * 10000)

OURS = {place: (place, "554 5.7.1 You may not")
        for place in ("connect", "EHLO", "MAIL", "DATA")}


@pytest.fixture
def org(make_org):
    org = make_org(connections=2)
    org.add_one_unit(PEOPLE)
    org.import_now()
    return org


def through(org, server, tls='"none"'):
    """Points the configuration at another relay."""
    lines = org.conf.read_text().split("\n")
    for i, line in enumerate(lines):
        if line.strip().startswith("relay ="):
            lines[i] = f'    relay = "smtp://127.0.0.1:{server.port}";'
        if line.strip().startswith("tls ="):
            lines[i] = f"    tls = {tls};"
    org.conf.write_text("\n".join(lines))


def through_all(org, *ports):
    """The same with several relays."""
    text = org.conf.read_text()
    start = text.index("    relay =")
    end = text.index(";", start)
    org.conf.write_text(text[:start] + "    relay = [ " + ", ".join(
        f'"smtp://127.0.0.1:{p}"' for p in ports) + " ]" + text[end:])


def everyone(org):
    return collections.Counter(p["email"] for p in org.people)


def got(server):
    return collections.Counter(m.recipient for m in server.mails)


def session(place, action):
    plan = {place: action}
    if place == "EHLO":
        plan["HELO"] = action
    return plan


def days(org, server):
    """Runs now and after each of a few waits."""
    for minutes in (0, 45, 90, 180):
        org.clock.forward(minutes=minutes)
        org.mail()
    return got(server)


@pytest.mark.parametrize("case", LATER)
def test_whatever_passes_is_tried_again(org, case):
    """7.1 temporary and uncertain: nobody lost, nobody twice in vain."""
    with Server([session(*LATER[case])] * 2) as server:
        through(org, server)
        org.open(WAVE)
        assert days(org, server) == everyone(org)


def test_accepted_but_never_said_so(org):
    """M13: uncertain; one copy more at most, with the same Message-ID."""
    with Server([{"DOT": "accept-drop"}] * 2) as server:
        through(org, server)
        org.open(WAVE)
        count = days(org, server)
        assert set(count) == set(everyone(org))
        assert sum(count.values()) == PEOPLE + 2
        assert "repeated: fewer than" in org.program.ok("sensectl", "status")
        assert '"repeated_at_least": 0' in org.program.ok(
            "sensectl", "status", "--json")
        ids = collections.defaultdict(set)
        for m in server.mails:
            line = [x for x in m.data.split(b"\r\n")
                    if x.startswith(b"Message-ID:")]
            ids[m.recipient].add(tuple(line))
        assert all(len(x) == 1 for x in ids.values())


@pytest.mark.parametrize("case", OURS)
def test_what_is_ours_pauses_and_blames_nobody(org, case):
    """7.1 permanent, ours."""
    with Server(default=session(*OURS[case])) as server:
        through(org, server)
        org.open(WAVE)
        r = org.program.sensed("--once")
        assert r.returncode == 69 and "paused" in r.stderr
        assert "You may not" in r.stderr
        before = got(server)
        org.clock.forward(hours=3)
        org.program.sensed("--once")
        assert got(server) == before
        server.default = {}
        org.program.ok("sensectl", "resume", WAVE)
        org.mail()
        assert got(server) == everyone(org)


@pytest.mark.parametrize("reply", ("550 5.1.1 No", "552 5.2.2 Full",
                                   "550 5.7.1 Restricted", "554 No"))
def test_refused_for_good_is_that_one_person(org, reply):
    """7.1 permanent; nobody else waits, and nothing of it comes again."""
    one = org.people[5]["email"]
    with Server(rcpt=lambda a: reply if a == one else None) as server:
        through(org, server)
        org.open(WAVE)
        assert days(org, server) == everyone(org) - collections.Counter([one])
        tried = [c for n, c in server.commands if c == f"RCPT TO:<{one}>"]
        assert len(tried) == 1


def test_m12_the_waits_double_each_with_a_jitter_of_its_own(org):
    """30 minutes, 60, 120 ..., a quarter more at most, until it closes."""
    tries = collections.defaultdict(list)

    def later(address):
        tries[address].append(org.minute)
        return "450 4.2.0 Greylisted"

    with Server(rcpt=later) as server:
        through(org, server)
        org.open(WAVE)
        began = org.clock.when
        for org.minute in (*range(0, 190, 10), *range(190, 1100, 30)):
            org.clock.set(began + datetime.timedelta(minutes=org.minute))
            org.program.sensed("--once")
        assert set(tries) == set(everyone(org))
        for when in tries.values():
            waits = [b - a for a, b in zip(when, when[1:])]
            assert len(waits) >= 4
            for n, wait in enumerate(waits[:5]):
                least = 30 * 2 ** n
                assert least - 1 <= wait <= least * 1.25 + 31
        assert len({tuple(x) for x in tries.values()}) > 3
        server.rcpt = None
        for minute in range(1100, 3000, 100):
            org.clock.set(began + datetime.timedelta(minutes=minute))
            org.mail()
        assert got(server) == everyone(org)


def test_m12_nothing_is_tried_after_the_closing(org):
    with Server(rcpt=lambda a: "450 4.2.0 Greylisted") as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        server.rcpt = None
        org.clock.forward(days=14, minutes=1)
        org.mail()
        assert not server.mails


def test_a_relay_that_answers_byte_by_byte(org):
    """STANDARDS 6: slow, but it answers; no mail is given up or doubled."""
    org.people = org.people[:1]
    org.import_now()
    slow = {"connect": "slow 1 220 x", "EHLO": "slow 2 250 test",
            "MAIL": "slow 1 250 x", "RCPT": "slow 1 250 x",
            "DATA": "slow 1 354 x", "DOT": "slow 2 250 x"}
    with Server(default=slow) as server:
        through(org, server)
        org.open(WAVE)
        began = time.monotonic()
        org.mail()
        assert time.monotonic() - began > 7
        assert got(server) == everyone(org)


def test_greylisting(org):
    """M12: each is put off once, and then taken."""
    with Server(rcpt=greylist()) as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        assert not server.mails
        org.clock.forward(minutes=29)
        org.mail()
        assert not server.mails
        org.clock.forward(minutes=16)
        org.mail()
        assert got(server) == everyone(org)


def test_a_session_that_ends_between_two_mails(org):
    """7.1: 421 means a new session, not a later wave."""
    plan = {"MAIL": ["250 Ok", "250 Ok", "last 421 4.4.2 Enough"]}
    with Server(default=plan) as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        assert got(server) == everyone(org)
        assert server.sessions >= PEOPLE // 2


def test_a_slow_relay_and_bare_line_ends(org):
    with Server([{"RCPT": "slow 1 250 Ok", "MAIL": "lf 250 Ok"}] * 2) \
            as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        assert got(server) == everyone(org)


@pytest.mark.parametrize("offer", ("250 test", "250 test|250 STARTTLS"))
def test_no_mail_without_tls_where_it_is_required(org, offer):
    """M10: no fall-back to plain text, and no mail lost over it."""
    with Server(ehlo=offer) as server:
        through(org, server, '"require"')
        org.open(WAVE)
        org.program.sensed("--once")
        assert not [c for n, c in server.commands
                    if c.startswith(("MAIL", "AUTH"))]
        through(org, server)
        org.clock.forward(minutes=45)
        org.mail()
        assert got(server) == everyone(org)


def test_one_envelope_recipient_and_nothing_injected(org):
    """M4, M6: the conversation holds the four commands and no other."""
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        verbs = collections.Counter(c.split(" ")[0]
                                    for n, c in server.commands)
        assert verbs["MAIL"] == verbs["RCPT"] == verbs["DATA"] == PEOPLE
        assert set(verbs) <= {"EHLO", "MAIL", "RCPT", "DATA", "QUIT"}


def test_connections_are_spread_over_the_relays(org):
    """mail.relay as an array: each connection begins with its own."""
    slow = {"DOT": "slow 0.3 250 2.0.0 Ok"}
    with Server(default=slow) as one, Server(default=slow) as two:
        through_all(org, one.port, two.port)
        org.open(WAVE)
        org.mail()
        assert got(one) + got(two) == everyone(org)
        assert one.sessions == two.sessions == 1
        assert len(one.mails) >= 3 and len(two.mails) >= 3


@pytest.mark.parametrize("how", ("closed", "drop", "last 421 4.3.2 Closing",
                                 "421 4.3.2 Closing", "450 4.3.2 Busy"))
def test_a_relay_that_is_down_delays_nobody(org, how):
    """Before MAIL nothing was sent: the next relay gets that very mail."""
    with Server(default={"connect": how}) as down, Server() as up:
        if how == "closed":
            down.listener.server_close()
        through_all(org, down.port, up.port)
        org.open(WAVE)
        org.mail()
        assert got(up) == everyone(org) and not down.mails
        status = org.program.ok("sensectl", "status")
        assert f"mailed: {PEOPLE}" in status


def test_a_relay_that_goes_down_in_the_middle(org):
    """And comes back: the next pass begins with it again."""
    plan = {"MAIL": ["250 Ok"] * 2 + ["last 421 4.3.2 Closing"]}
    slow = {"DOT": "slow 0.3 250 2.0.0 Ok"}     # so that one gets its share
    with Server([plan], default={"connect": "drop"}) as one, \
            Server(default=slow) as two:
        through_all(org, one.port, two.port)
        org.open(WAVE)
        org.mail()
        assert got(one) + got(two) == everyone(org)
        assert len(one.mails) == 2
        one.default = {}
        org.clock.forward(days=4, minutes=5)
        org.mail()
        assert got(one) + got(two) == everyone(org) + everyone(org)
        assert len(one.mails) > 2


def attention(org):
    status = json.loads(org.program.ok("sensectl", "status", "--json"))
    return {a["about"]: a["words"] for a in status["attention"]}


def once_an(org, *minutes):
    """Runs after each of these minutes; what needs a person after each."""
    told = []
    for m in minutes:
        org.clock.forward(minutes=m)
        org.mail()
        told.append(attention(org).get(f"{WAVE}.mail"))
    return told


def test_all_relays_are_down(org):
    """Temporary: nobody is blamed, and a later run mails everybody; but after
    an hour a person is told why, until the first mail goes."""
    with Server(default={"connect": "drop"}) as one, \
            Server(default={"EHLO": "421 4.3.2 No", "HELO": "421 4.3.2 No"}) \
            as two:
        through_all(org, one.port, two.port)
        org.open(WAVE)
        r = org.program.sensed("--once")
        assert r.returncode == 0 and "no relay can be reached" in r.stderr
        assert once_an(org, 0, 0, 45, 10) == [None] * 4
        words = once_an(org, 10, 75, 300)
        assert words[0] == words[1] == words[2]     # told once
        assert "no relay has taken any" in words[0]
        assert "since 2026-10-05T09:0" in words[0]
        one.default, two.default = {}, {}
        assert once_an(org, 600) == [None]
        assert got(one) + got(two) == everyone(org)


@pytest.mark.parametrize("place, action, words", (
    ("connect", "421 4.3.2 Closing", "421 4.3.2 Closing"),
    ("MAIL", "drop", ""),
))
def test_a_relay_that_takes_nothing_for_an_hour(org, place, action, words):
    """The last reply is told, if there was one in the run that tells."""
    with Server(default={place: action}) as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        assert once_an(org, 45) == [None]
        told = once_an(org, 80)[0]
        assert "no relay has taken any" in told and words in told
        server.default = {}
        assert once_an(org, 200) == [None]
        assert got(server) == everyone(org)


def test_greylisting_is_no_relay_that_is_away(org):
    """It answers: nobody is needed, however long it takes."""
    with Server(rcpt=lambda a: "450 4.2.0 Greylisted") as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        assert once_an(org, 45, 80, 200, 400) == [None] * 4


def test_no_way_to_log_in_is_ours(org):
    """M10: a mechanism that we do not know pauses, and blames nobody."""
    (org.dir / "secret").write_text("word\n")
    org.conf.write_text(org.conf.read_text().replace(
        "mail = {", 'mail = { user = "pulse"; password_file = "secret";', 1))
    (org.dir / "secret").chmod(0o600)
    ours = Authority(org.dir / "ours")
    org.program = Trusting(org, ours)
    server = Server(ehlo="250 test|250 AUTH X-OWN-WAY")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*reversed(ours.issue("localhost")))
    server.listener.socket = tls.wrap_socket(server.listener.socket,
                                             server_side=True)
    with server:
        through(org, server, '"require"')
        org.conf.write_text(org.conf.read_text().replace(
            "smtp://127.0.0.1", "smtps://localhost"))
        org.open(WAVE)
        r = org.program.sensed("--once")
        assert r.returncode == 69, r.stderr
        assert "the relay refuses our mail" in attention(org)[f"{WAVE}.mail"]
        assert not any(c.startswith("MAIL") for n, c in server.commands)


# What a relay says to one after the other, and which of it is told.
MIXED = {
    "ours after what is put off": (
        ["451 4.2.0 Greylisted", "250 Ok", "MAIL 554 5.7.1 You may not"],
        "554 5.7.1 You may not"),
    "a storm after what is put off": (
        ["451 4.2.0 Greylisted"] + ["550 5.7.1 Policy"] * 25,
        "550 5.7.1 Policy"),
    "a storm after another refusal": (
        ["552 5.2.2 Mailbox full", "250 Ok"] + ["550 5.7.1 Policy"] * 25,
        "550 5.7.1 Policy"),
    "a long reply leaves room for what to do": (
        ["MAIL 554 5.7.1 " + "You may not " * 15], "554 5.7.1 You may not"),
}


def sessions_of(replies):
    """A script of these replies to one mail each; a bad one ends a session."""
    script = [{"MAIL": [], "RCPT": []}]
    for r in replies:
        at_mail = r.startswith("MAIL ")
        script[-1]["MAIL"].append(r[5:] if at_mail else "250 Ok")
        if not at_mail:
            script[-1]["RCPT"].append(r)
        if not r.startswith("250"):
            script.append({"MAIL": [], "RCPT": []})
    return script


@pytest.mark.parametrize("case", MIXED)
def test_the_reply_that_ended_it_is_told(make_org, case):
    org = make_org(connections=1)
    org.add_one_unit(30)
    org.import_now()
    replies, words = MIXED[case]
    with Server(sessions_of(replies)) as server:
        through(org, server)
        org.open(WAVE)
        r = org.program.sensed("--once")
        assert r.returncode == 69, r.stderr
        told = attention(org)[f"{WAVE}.mail"]
        assert words in told and f"sensectl resume {WAVE}" in told
        assert "Greylisted" not in told and "full" not in told


@pytest.mark.parametrize("case", list(MIXED)[:3])
def test_the_reply_that_ended_it_is_told_of_digests(make_org, case):
    org = make_org(connections=1)
    org.add_unit("ORG")
    for i in range(30):
        org.add_unit(f"U{i}", "ORG")
        org.add_person(f"p{i}", f"U{i}")
    org.import_now()
    org.open(WAVE)
    org.mail()
    org.close(WAVE)
    replies, words = MIXED[case]
    with Server(sessions_of(replies)) as server:
        through(org, server)
        r = org.program.digest()
        assert r.returncode == 69, r.stderr
        told = attention(org)[f"{WAVE}.digest"]
        assert words in told and "Greylisted" not in told


STALE = 25


def test_one_stale_unit_does_not_hold_up_the_others(make_org):
    """R3 is about us: the dead of one ward are refused one by one."""
    org = make_org(connections=2)
    org.add_unit("ORG")
    for unit, people in (("A", 40), ("B", STALE), ("C", 60)):
        org.add_unit(unit, "ORG")
        for i in range(people):
            org.add_person(f"{unit.lower()}{i}", unit)
    org.import_now()
    with Server(rcpt=lambda a: "550 5.1.1 No such user" if a[0] == "b"
                else None) as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        assert got(server) == collections.Counter(
            p["email"] for p in org.people if p["unit"] != "B")
        status = org.program.ok("sensectl", "status")
        assert f"refused: {STALE}" in status and "paused" not in status
        org.clock.forward(days=4, minutes=5)    # none of them is reminded
        org.mail()
        assert len(server.mails) == 200
        assert sum(c.startswith("RCPT TO:<b") for n, c in server.commands) \
            == STALE


def test_a_relay_that_refuses_all_is_a_storm_in_any_order(make_org):
    org = make_org(connections=2)
    org.add_one_unit(60)
    org.import_now()
    with Server(rcpt=lambda a: "550 5.1.1 No such user") as server:
        through(org, server)
        org.open(WAVE)
        assert org.program.sensed("--once").returncode == 69
        assert "refused: 0" in org.program.ok("sensectl", "status")


def test_a_relay_that_lacks_smtputf8_says_nothing_of_the_other(org, tmp_path):
    """M5: the first ends each session; the second's goes on meanwhile."""
    org.clock = Fast(tmp_path, times=600)
    org.program.clock = org.clock
    org.people = []
    for i in range(40):
        org.add_person(f"u{i:02}", "ORG", email=f"\u0175{i:02}@taf.example")
    org.import_now()
    org.conf.write_text(org.conf.read_text().replace(
        "connections = 2;", "connections = 1; per_minute = 3;"))
    ehlo = "250 test|250 8BITMIME|250 SMTPUTF8"
    with Server(default={"EHLO": "last 421 4.3.2 Bye"}) as one, \
            Server(ehlo=ehlo) as two:
        through_all(org, one.port, two.port)
        org.open(WAVE)
        org.mail()
        assert one.sessions > 1 and two.sessions == 1
        assert len(two.mails) == 40
        assert "refused: 0" in org.program.ok("sensectl", "status")


def test_what_is_ours_is_not_hidden_by_another_relay(org):
    """7.1: a policy block pauses, though the second relay takes all."""
    with Server(default={"connect": "554 5.7.1 Blocked"}) as one, \
            Server() as two:
        through_all(org, one.port, two.port)
        org.open(WAVE)
        r = org.program.sensed("--once")
        assert r.returncode == 69 and "5.7.1 Blocked" in r.stderr
        assert len(two.mails) < PEOPLE


IDN = {     # worked with Python's encodings.idna; sharp s: IDNA 2008, by hand
    "a@bücher.example": "a@xn--bcher-kva.example",
    "b@ARIÂN.cymru": "b@xn--arin-doa.cymru",
    "c@u\u0308.example": "c@xn--tda.example",        # not yet composed
    "d@straße.example": "d@xn--strae-oqa.example",
}


def test_m5_domains_leave_as_a_labels(org):
    """In the envelope and in every header; both ends of the mail."""
    org.people = []
    for i, address in enumerate(IDN):
        org.add_person(f"i{i}", "ORG", email=address)
    org.import_now()
    text = org.conf.read_text().replace("pulse@taf.example",
                                        "pulse@tâf.example")
    text = text.replace("pulse-bounce@taf.example",
                        "pulse-bounce@tâf.example")
    org.conf.write_text(text)
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        assert sorted(got(server)) == sorted(IDN.values())
        for m in server.mails:
            assert m.data.isascii()
            assert m.sender.endswith("@xn--tf-pia.example")
            head = m.data.split(b"\r\n\r\n")[0].decode()
            assert f"<{m.recipient}>" in head or \
                f"To: {m.recipient}" in head
            assert "pulse@xn--tf-pia.example" in head
            assert "@xn--tf-pia.example>" in [
                x for x in head.split("\r\n")
                if x.startswith("Message-ID:")][0]


@pytest.mark.parametrize("address", (
    "a@bü\u200dcher.example", "a@-ü.example", "a@" + "ü" * 60 + ".example",
    "a@ü..example", "a@xn--ü.example", "a@\u2603\u0301.example".replace(
        "\u2603\u0301", "\u0378")))
def test_a_domain_that_cannot_be_mailed_is_refused_by_line(org, address):
    """Issue: reported by line; nothing is imported."""
    org.add_person("bad", "ORG", email=address)
    r = org.import_files(*org.write_csv())
    assert r.returncode == 65, r.stderr
    assert f"people.csv:{PEOPLE + 2}: email is no mail address" in r.stderr
    assert address not in r.stderr


def capped(make_org, **caps):
    """Six people at one domain, six at a domain of their own each."""
    org = make_org(connections=3)
    org.add_unit("ORG")
    for i in range(6):
        org.add_person(f"b{i}", "ORG", email=f"b{i}@busy.example")
    for i in range(6):
        org.add_person(f"o{i}", "ORG", email=f"o{i}@other{i}.example")
    org.import_now()
    text = org.conf.read_text()
    org.conf.write_text(text.replace("mail = {", "mail = {" + "".join(
        f" {k} = {v};" for k, v in caps.items()), 1))
    return org


def test_per_minute(make_org):
    """Twelve mails at five a second take two seconds and more."""
    org = capped(make_org, per_minute=300)
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        began = time.monotonic()
        org.mail()
        assert time.monotonic() - began >= 11 * 0.2
        assert got(server) == everyone(org)


def test_one_cap_for_all_that_mails(make_org):
    """Two waves of five people each, one after the other in one run."""
    org = make_org(served="", k=5, mail="per_minute = 60;")
    other = org.those_served()
    for one in (org, other):
        one.add_unit("ORG")
        for i in range(5):
            one.add_person(f"{one.survey}{i}", "ORG")
        one.import_now()
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        other.open("served-2026q4")
        began = time.monotonic()
        org.mail()
        assert time.monotonic() - began >= 9    # and not twice 4
        assert len(server.mails) == 10


def test_per_domain_holds_nobody_else_up(make_org):
    """Two a second to one domain; the others go out before its third."""
    org = capped(make_org, per_domain=120)
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        began = time.monotonic()
        org.mail()
        assert time.monotonic() - began >= 5 * 0.5
        assert got(server) == everyone(org)
        order = [m.recipient.partition("@")[2] for m in server.mails]
        last = max(i for i, d in enumerate(order) if d != "busy.example")
        assert order[:last].count("busy.example") <= 3
        assert f"mailed: {PEOPLE}" in org.program.ok("sensectl", "status")


def test_those_who_wait_for_their_domain_are_not_lost(make_org):
    """SIGTERM while mails are held back: quick, counted, and sent later."""
    org = capped(make_org, per_domain=1)
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        p = org.program.start("sensed", "--once")
        for _ in range(600):
            if len(server.mails) == 7:
                break
            time.sleep(0.05)
        p.terminate()
        out, _ = p.communicate(timeout=20)
        assert p.returncode == 0 and "5 are still to be mailed" in out
        assert len(server.mails) == 7
        org.conf.write_text(org.conf.read_text().replace(
            "per_domain = 1;", "per_domain = 0;"))
        org.mail()
        assert got(server) == everyone(org)


def test_a_wave_that_closes_meanwhile_mails_no_more(make_org):
    """M14: held back over the closing second."""
    org = capped(make_org, per_domain=1)
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        p = org.program.start("sensed", "--once")
        for _ in range(600):
            if len(server.mails) == 7:
                break
            time.sleep(0.05)
        org.clock.forward(days=15)
        out, _ = p.communicate(timeout=120)
        assert p.returncode == 0, out
        assert len(server.mails) == 7
