"""Orders of a wave's mailing, also while mail goes out: io/orders.h.

A relay that takes a second for each mail stands for one that takes hours: what
is tried is that nobody waits for the rest of the mail.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import fcntl
import os
import pty
import re
import signal
import subprocess
import threading
import time

import pytest

import programs

WAVE = "staff-2026q4"
PEOPLE = 24
SLOW = 1.0              # seconds that the relay takes
QUICK = 8               # an order is given in less, on a busy machine too


def organisation(make_org, **how):
    org = make_org(connections=2, **how)
    org.add_one_unit(PEOPLE)
    org.import_now()
    org.open(WAVE)
    return org


@pytest.fixture
def org(make_org):
    return organisation(make_org)


@pytest.fixture
def mailing(org, post):
    """sensed --once, with mail going out slowly."""
    post.delay = SLOW
    p = org.program.start("sensed", "--once")
    wait_for(lambda: len(post.mails) >= 2)
    yield p
    post.delay = 0
    if p.poll() is None:
        programs.kill(p)


def wait_for(what, seconds=30):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


def end_of(p):
    """Status and words of a mailer that comes to its own end."""
    out, _ = p.communicate(timeout=60)
    return p.returncode, out


def once_each(org, post):
    return collections.Counter(m.to[0] for m in post.mails) == \
        collections.Counter(p["email"] for p in org.people)


def give(org, *order, quick=QUICK):
    began = time.monotonic()
    r = org.program.sensectl(*order)
    assert time.monotonic() - began < quick, "that took long"
    return r


def hurry(org, *argv, **how):
    """Runs a program to whom eleven minutes are a moment."""
    env = org.program.environment()
    with open(env.pop("FAKETIME_TIMESTAMP_FILE"), encoding="ascii") as f:
        env["FAKETIME"] = f.read().strip() + " x1000"
    del env["DONT_FAKE_MONOTONIC"]
    return subprocess.run(org.program.argv(*argv), env=env, timeout=60,
                          stdin=subprocess.DEVNULL, **how)


def read_all(terminal, pieces):
    with open(terminal, "rb", buffering=0) as f:
        try:
            while piece := f.read(65536):
                pieces.append(piece)
        except OSError:         # the other end is closed
            pass


def lock_of(org, name):
    f = open(org.state / "ledgers" / name, "rb")
    fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return f


def test_a_pause_is_given_while_mail_goes_out(org, post, mailing):
    """Within seconds; not one mail after it; the rest when it is resumed."""
    r = give(org, "pause", WAVE)
    assert r.returncode == 0 and "pauses" in r.stdout, r.stderr
    before, tried = len(post.mails), len(post.attempts)
    assert 2 <= before < PEOPLE / 2
    time.sleep(3 * SLOW)
    assert (len(post.mails), len(post.attempts)) == (before, tried)
    status, out = end_of(mailing)
    assert status == 0 and "waits for an order" in out
    assert "mailing is paused" in out and "uncertain" not in out
    assert "paused (as asked for)" in org.program.ok("sensectl", "status")
    org.mail()
    assert len(post.mails) == before
    post.delay = 0
    assert give(org, "resume", WAVE).returncode == 0
    org.mail()
    assert once_each(org, post)


def test_once_goes_on_behind_an_order(org, post, mailing):
    """It does not leave mail unsent because somebody had one."""
    assert give(org, "resume", WAVE, "--force").returncode == 0
    before = len(post.mails)
    assert before < PEOPLE / 2
    post.delay = 0
    assert end_of(mailing)[0] == 0
    assert once_each(org, post)


def test_the_daemon_goes_on_behind_an_order(org, post):
    post.delay = SLOW
    p = org.program.start("sensed")
    try:
        wait_for(lambda: len(post.mails) >= 2)
        assert give(org, "resume", WAVE, "--force").returncode == 0
        assert len(post.mails) < PEOPLE / 2
        post.delay = 0
        wait_for(lambda: once_each(org, post))
        p.terminate()
        assert p.wait(10) == 0
    finally:
        post.delay = 0
        programs.kill(p)


def test_who_waits_and_is_killed_is_forgotten(org, post, mailing):
    """The kernel frees the lock; nothing was ordered, nobody is lost."""
    post.delay = 3 * SLOW
    time.sleep(2 * SLOW)
    waits = org.program.start("sensectl", "pause", WAVE)
    time.sleep(SLOW)
    assert waits.poll() is None
    programs.kill(waits)
    post.delay = 0
    assert end_of(mailing)[0] == 0
    assert once_each(org, post)


def test_two_orders_at_once(org, post, mailing):
    """One after the other; the second finds what the first has left."""
    both = [org.program.start("sensectl", "pause", WAVE) for _ in "ab"]
    said = [p.communicate(timeout=30)[0] for p in both]
    assert sorted(p.returncode for p in both) == [0, 69], said
    assert any("already paused" in s for s in said)
    assert end_of(mailing)[0] == 0


def test_a_mail_that_waits_for_its_turn_does_not_go(make_org, post):
    """One a minute: the order does not wait for the minute to pass."""
    org = organisation(make_org, mail="per_minute = 1;")
    p = org.program.start("sensed", "--once")
    try:
        wait_for(lambda: len(post.mails) == 1)
        assert give(org, "pause", WAVE).returncode == 0
        assert end_of(p)[0] == 0
        assert len(post.mails) == 1
    finally:
        programs.kill(p)


def test_a_pass_does_not_begin_before_an_order(org, post):
    """Who has an order has the ledger too: that is no fault."""
    (org.state / "ledgers" / f"{WAVE}.log").touch(0o600)
    with lock_of(org, f"{WAVE}.list"), lock_of(org, f"{WAVE}.log"):
        p = org.program.start("sensed", "--once")
        time.sleep(2)
        assert p.poll() is None and post.attempts == []
    assert end_of(p)[0] == 0
    assert once_each(org, post)


def test_an_order_that_is_never_given_ends_the_pass(org, post):
    """A sensectl that was stopped holds up a wave, and that is said."""
    with lock_of(org, f"{WAVE}.list"):
        r = hurry(org, "sensed", "--once", capture_output=True, text=True)
    assert r.returncode == 75 and "is a sensectl stopped?" in r.stderr
    assert post.attempts == []


def test_sigterm_while_an_order_is_awaited(org, post):
    with lock_of(org, f"{WAVE}.list"):
        p = org.program.start("sensed", "--once")
        time.sleep(1)
        p.terminate()
        p.communicate(timeout=10)
    assert p.returncode == 0 and post.attempts == []


def test_a_mail_in_hand_that_never_ends(org):
    """Told on a terminal meanwhile, and given up with words at last."""
    org.program.ok("sensectl", "pause", WAVE)
    ours, theirs = pty.openpty()
    pieces = []
    reader = threading.Thread(target=read_all, args=(ours, pieces))
    reader.start()
    with lock_of(org, f"{WAVE}.log"):
        r = hurry(org, "sensectl", "resume", WAVE, stderr=theirs)
    os.close(theirs)
    reader.join()
    seen = b"".join(pieces)
    assert r.returncode == 75
    assert re.search(rb"\r\x1b\[K.*waiting for the mails in hand \(\d+ s\)",
                     seen)
    assert b"nothing was changed: try again" in seen
    assert "paused" in org.program.ok("sensectl", "status")


def test_no_order_for_a_wave_that_is_not_open(org):
    """And no lock is made for one that never was."""
    org.clock.forward(days=15)
    for wave in (WAVE, "staff-nobody", "../waves/x"):
        r = org.program.sensectl("pause", wave)
        assert r.returncode == 66, r.stderr
    assert {p.name for p in (org.state / "locks").iterdir()} == {
        "roster", f"wave-{WAVE}"}


def test_a_stopped_sensectl_lets_go_when_it_is_killed(org, post, mailing):
    post.delay = 3 * SLOW
    time.sleep(2 * SLOW)
    waits = org.program.start("sensectl", "pause", WAVE)
    time.sleep(SLOW)
    os.killpg(waits.pid, signal.SIGSTOP)
    post.delay = 0
    time.sleep(4 * SLOW)
    before = len(post.mails)
    time.sleep(SLOW)
    assert len(post.mails) == before < PEOPLE
    programs.kill(waits)
    assert end_of(mailing)[0] == 0
    assert once_each(org, post)
