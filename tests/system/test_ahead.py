"""Mails that are begun before the one before them has gone: io/pool.h.

The relay takes some at once and then holds one, so that what stands in line
behind it is known: three, with one connection.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import json
import signal
import threading
import time

import pytest

import programs

WAVE = "staff-2026q4"
PEOPLE = 16
HELD = 7                # the mail that the relay holds
AHEAD = 4               # POOL_AHEAD: that one and those behind it


class Hold:
    """Holds the nth mail from now, after its final dot, until it is let go."""

    def __init__(self, post, n=HELD):
        self.left = n
        self.let, self.holding = threading.Event(), threading.Event()
        post.data = self.on_data

    def on_data(self, _):
        self.left -= 1
        if self.left == 0:
            self.holding.set()
            self.let.wait(60)


def organisation(make_org, **how):
    org = make_org(connections=1, **how)
    org.add_one_unit(PEOPLE)
    org.import_now()
    org.open(WAVE)
    return org


@pytest.fixture
def org(make_org):
    return organisation(make_org)


@pytest.fixture
def hold(org, post):
    """A mailer whose seventh mail is held."""
    hold = Hold(post)
    hold.mailer = org.program.start("sensed", "--once")
    assert hold.holding.wait(30)
    yield hold
    hold.let.set()
    if hold.mailer.poll() is None:
        programs.kill(hold.mailer)


def state(org):
    return json.loads(org.program.ok("sensectl", "status",
                                     "--json"))["waves"][0]


def wait_for(org, uncertain):
    until = time.monotonic() + 10
    while state(org)["uncertain"] != uncertain:
        assert time.monotonic() < until, state(org)
        time.sleep(0.05)


def end_of(hold):
    out, _ = hold.mailer.communicate(timeout=60)
    return hold.mailer.returncode, out


def records(org):
    """How many are in the ledger; what is zero is room for more."""
    data = (org.state / "ledgers" / f"{WAVE}.log").read_bytes()
    return sum(any(data[i:i + 64]) for i in range(0, len(data), 64))


def received(post):
    return collections.Counter(m.to[0] for m in post.mails)


def test_what_did_not_go_is_taken_back_when_mailing_ends(org, post, hold):
    """Three were begun and did not go: none of them is uncertain."""
    wait_for(org, AHEAD)
    hold.mailer.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    hold.let.set()
    status, out = end_of(hold)
    assert status == 0, out
    assert len(post.mails) == HELD and len(post.attempts) == HELD
    assert state(org)["uncertain"] == 0
    org.mail()
    assert received(post) == {p["email"]: 1 for p in org.people}
    assert state(org)["uncertain"] == 0


def test_a_death_repeats_one_mail_a_connection(org, post, hold):
    """All that were begun are sent again; one of them arrives twice.  What
    became of the first attempts nobody will ever know: they are told."""
    wait_for(org, AHEAD)
    programs.kill(hold.mailer)
    hold.let.set()
    org.mail()
    assert state(org)["uncertain"] == AHEAD
    assert len(post.attempts) == PEOPLE + 1
    assert "repeated: fewer than" in org.program.ok("sensectl", "status")
    got = received(post)
    assert set(got) == {p["email"] for p in org.people}
    assert sum(got.values()) <= PEOPLE + 1
    ids = {(m.to[0], m.id) for m in post.mails}
    assert len(ids) == PEOPLE


def test_a_second_attempt_goes_alone(org, post, hold):
    """A mail that ends the mailer each time shall take no others with it."""
    wait_for(org, AHEAD)
    programs.kill(hold.mailer)
    hold.let.set()
    new = PEOPLE - (HELD - 1) - AHEAD
    again = Hold(post, new + 1)         # the first of the repeats
    before = records(org)
    mailer = org.program.start("sensed", "--once")
    assert again.holding.wait(30)
    time.sleep(0.5)
    assert records(org) - before == 2 * new + 1
    again.let.set()
    assert mailer.wait(60) == 0
    assert set(received(post)) == {p["email"] for p in org.people}


def test_who_has_gone_meanwhile_is_not_mailed(org, post, hold):
    """A mail that stood in line for a second is made anew, or not at all."""
    wait_for(org, AHEAD)
    begun = set(post.attempts)
    org.people = [p for p in org.people if p["email"] in begun]
    org.import_now()
    time.sleep(1.2)
    hold.let.set()
    status, out = end_of(hold)
    assert status == 0, out
    assert set(received(post)) == begun and len(begun) == HELD
    assert state(org)["uncertain"] == 0


def test_under_a_cap_nothing_is_begun_ahead(make_org, post):
    """The caps count what goes: one at a time then."""
    org = organisation(make_org, mail="per_minute = 6000;")
    hold = Hold(post)
    mailer = org.program.start("sensed", "--once")
    assert hold.holding.wait(30)
    time.sleep(0.5)
    assert state(org)["uncertain"] == 1
    hold.let.set()
    assert mailer.wait(60) == 0
    assert received(post) == {p["email"]: 1 for p in org.people}
