"""The daemon's passes take turns: nothing waits for a wave that takes hours.

The real daemon, with a clock that is 120 times as fast.  Issue 4; STANDARDS
M12, M14.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import contextlib
import time

import pytest

import programs
from clock import Fast
from smtp_script import Server
from test_calendar import by_calendar
from test_operator import OPERATOR, name_operator
from test_smtp import everyone, through

WAVE = "staff-2026q4"


class Relay:
    """Notes who was tried when, in the minutes of the daemon's clock."""

    def __init__(self, clock, reply=lambda address, tries: None):
        self.clock, self.reply = clock, reply
        self.tried = collections.defaultdict(list)

    def rcpt(self, address):
        when = self.tried[address]
        when.append(self.clock.minutes())
        return self.reply(address, len(when))

    def first(self, *addresses):
        return min((self.tried[a][0] for a in addresses if self.tried[a]),
                   default=None)

    def most(self, minutes):
        all_of_them = sorted(t for x in self.tried.values() for t in x)
        return max(sum(t <= u < t + minutes for u in all_of_them)
                   for t in all_of_them)


@pytest.fixture
def make(make_org, tmp_path):
    def make(people, start="2026-10-05 09:00", **how):
        clock = Fast(tmp_path, start)
        org = make_org(clock=clock, connections=2, **how)
        org.add_one_unit(people)
        org.import_now()
        return org
    return make


@contextlib.contextmanager
def daemon(org):
    """Its output is in `said` at the end."""
    p = org.program.start("sensed")
    try:
        yield p
        p.terminate()
        p.said = p.communicate(timeout=30)[0]
    finally:
        programs.kill(p)


def wait(org, until, minutes):
    """Until something is so, at most so many of the daemon's minutes."""
    while not until():
        assert org.clock.minutes() < minutes
        time.sleep(0.05)


def test_greylisting_of_a_slow_pass(make):
    """M12: put off for half an hour, though the pass itself took long."""
    org = make(60, mail="per_minute = 10;")
    relay = Relay(org.clock, lambda a, n: "450 4.2.0 Greylisted"
                  if n == 1 else None)
    with Server(rcpt=relay.rcpt) as server, daemon(org) as p:
        through(org, server)
        org.open(WAVE)
        p.send_signal(1)
        wait(org, lambda: len(server.mails) == 60, 180)
        assert collections.Counter(m.recipient for m in server.mails) == \
            everyone(org)
    for first, second in relay.tried.values():
        assert 29.5 <= second - first <= 75
    assert relay.most(5) <= 5 * 10 + 5
    assert "not sent" not in p.said


def test_a_pass_ends_and_the_next_begins_at_once(make):
    """A cap of the relay is kept from one to the other, and nothing lost."""
    org = make(60, mail="per_minute = 3;")
    relay = Relay(org.clock)
    with Server(rcpt=relay.rcpt) as server, daemon(org) as p:
        through(org, server)
        org.open(WAVE)
        p.send_signal(1)
        began = org.clock.minutes()
        wait(org, lambda: len(server.mails) == 60, 60)
        assert org.clock.minutes() - began < 24     # 20 and the pauses
    assert relay.most(5) <= 5 * 3 + 3
    assert p.said.count("invitations went out") >= 2
    assert sorted(len(x) for x in relay.tried.values()) == [1] * 60


def test_two_surveys_and_all_that_goes_first(make):
    """A wave that opens during another's, an alert, the word to leaders."""
    org = make(150, "2026-10-09 08:57", mail="per_minute = 5;", served="")
    by_calendar(org)                # opens on the 13th: a word on the 9th
    name_operator(org)
    served = org.those_served()
    served.add_unit("ORG", leaders=[])
    for i in range(12):
        served.add_person(f"s{i}", "ORG")
    served.import_now()
    relay = Relay(org.clock)
    with Server(rcpt=relay.rcpt) as server, daemon(org) as p:
        through(org, server)
        org.open(WAVE)
        p.send_signal(1)
        wait(org, lambda: len(server.mails) >= 5, 10)
        served.open("served-2026q4")
        (org.state / "attention" / f"{WAVE}.publish").write_text("A note\n")
        noted = org.clock.minutes()
        wait(org, lambda: relay.tried[OPERATOR], noted + 14)
        wait(org, lambda: relay.tried["leader.org@taf.example"], noted + 16)
        wait(org, lambda: relay.first(*everyone(served)), noted + 20)
        wait(org, lambda: all(relay.tried[a] for a in everyone(served)),
             noted + 30)
        staff = [a for a in everyone(org) if relay.tried[a]]
        assert 20 < len(staff) < 150
        wait(org, lambda: len(server.mails) == 150 + 12 + 2, noted + 60)


def test_an_order_does_not_wait_for_what_a_pass_took(make):
    """After a pass of eight minutes the rest is a minute, not hours."""
    org = make(30, mail="per_minute = 4;")
    org.relay = Relay(org.clock)
    with Server(rcpt=org.relay.rcpt) as server, daemon(org) as p:
        through(org, server)
        org.open(WAVE)
        p.send_signal(1)
        wait(org, lambda: len(server.mails) == 30, 20)
        (org.state / "attention" / f"{WAVE}.publish").write_text("A note\n")
        name_operator(org)
        p.send_signal(1)
        wait(org, lambda: org.relay.tried[OPERATOR],
             org.clock.minutes() + 5)
