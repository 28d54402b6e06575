"""The daemon under a service manager: what it says, and what it is told.

Issue 6: a watchdog that is fed by real progress, a reload that checks the
configuration before it is taken.  The test is the service manager.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import fcntl
import os
import pathlib
import signal
import socket
import time

import pytest

import programs
from smtp_script import Server

HASH_LEN = 52


def taken(post, n):
    """The next n mails."""
    mails = []
    for _ in range(600):
        mails += post.take()
        if len(mails) >= n:
            break
        time.sleep(0.05)
    return mails


class Manager:
    """A socket as in NOTIFY_SOCKET, and a daemon that is told of it."""

    def __init__(self, org, directory):
        self.org = org
        path = str(directory / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.socket.settimeout(30)
        old = org.program.environment
        org.program.environment = lambda: old() | {"NOTIFY_SOCKET": path}
        self.daemon = org.program.start("sensed")

    def said(self):
        return self.socket.recv(4096).decode()

    def quiet(self, seconds):
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(4096).decode() == ""
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(30)

    def reload(self):
        """Until the round of work after it is done."""
        os.kill(self.daemon.pid, signal.SIGHUP)
        self.expect("RELOADING=1", "READY=1", "WATCHDOG=1")

    def expect(self, first, *more):
        """Rounds may end before: a mailer that is done wakes the daemon."""
        said = self.said()
        while said == "WATCHDOG=1" != first:
            said = self.said()
        assert [said, *(self.said() for _ in more)] == [first, *more]

    def round(self):
        """It looks at everything once more; last, after what it says, at its
        mailer: so the round after that has to begin."""
        for _ in range(2):
            while not self.quiet(0.01):
                pass
            os.kill(self.daemon.pid, signal.SIGHUP)
            self.expect("RELOADING=1", "READY=1", "WATCHDOG=1")

    def mailer(self):
        """The child that has threads: those mail."""
        for path in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                of = dict(x.split(":\t", 1)
                          for x in path.read_text().splitlines())
            except FileNotFoundError:
                continue
            if int(of["PPid"]) == self.daemon.pid and int(of["Threads"]) > 1:
                return int(of["Pid"])
        return None

    def stop(self):
        os.kill(self.daemon.pid, signal.SIGTERM)
        out, _ = self.daemon.communicate(timeout=30)
        assert self.daemon.returncode == 0, out
        return out


@pytest.fixture
def manager(make_org, post, tmp_path):
    org = make_org()
    org.add_one_unit(12)
    org.import_now()
    m = Manager(org, tmp_path)
    yield m
    programs.kill(m.daemon)
    m.socket.close()


def test_it_is_ready_works_and_says_that_it_stops(manager):
    manager.expect("READY=1", "WATCHDOG=1")
    manager.stop()
    manager.expect("STOPPING=1")


def test_work_that_hangs_does_not_feed_the_watchdog(manager):
    """Somebody holds the lock that the next round needs."""
    manager.expect("READY=1", "WATCHDOG=1")
    while not manager.quiet(1):
        pass
    optout = manager.org.state / "answers" / "optout" / ("a" * HASH_LEN)
    optout.write_bytes(b"")
    with open(manager.org.state / "locks" / "roster", "r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.kill(manager.daemon.pid, signal.SIGHUP)
        manager.expect("RELOADING=1", "READY=1")
        assert manager.quiet(3)
    assert manager.said() == "WATCHDOG=1"


def test_a_good_configuration_is_taken(manager, post):
    """The mails of the wave come from who it names now."""
    manager.expect("READY=1", "WATCHDOG=1")
    conf = manager.org.conf.read_text()
    manager.org.conf.write_text(conf.replace("Carys Morgan", "Megan Rees"))
    manager.reload()
    manager.org.open()
    manager.reload()
    mails = taken(post, 12)
    assert len(mails) == 12
    assert {m.message["From"] for m in mails} == {
        "Megan Rees <pulse@taf.example>"}
    assert "the configuration was read again" in manager.stop()


@pytest.fixture
def hanging(make_org, tmp_path):
    """Starts the daemon of an open wave, with one connection to a relay, and
    with a clock that moves also what nobody can set."""
    running = []

    def start(script):
        server = Server(script).__enter__()
        org = make_org(connections=1, start="2027-01-11 09:00")
        text = org.conf.read_text()
        at = text.index("smtp://127.0.0.1:")
        org.conf.write_text(text[:at] + f"smtp://127.0.0.1:{server.port}" +
                            text[text.index('"', at):])
        org.add_one_unit(12)
        org.import_now()
        org.open("staff-2027q1")
        old = org.program.environment
        org.program.environment = lambda: {
            k: v for k, v in old().items() if k != "DONT_FAKE_MONOTONIC"}
        running.append((server, Manager(org, tmp_path)))
        return running[-1]

    yield start
    for server, m in running:
        programs.kill(m.daemon)
        m.socket.close()
        server.__exit__()


def until(what, seconds=30):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def commands(server, verb):
    return sum(x.startswith(verb) for _, x in server.commands)


def test_a_mailer_that_hangs_is_ended_and_another_one_goes_on(hanging):
    """T5: its parent feeds the watchdog all the while.  M13: once each."""
    server, m = hanging([{"RCPT": "hang"}])
    until(lambda: commands(server, "RCPT"))
    stuck = m.mailer()
    os.kill(stuck, signal.SIGSTOP)
    m.round()                           # it has come so far
    m.org.clock.forward(minutes=25)
    m.round()
    m.org.clock.forward(minutes=4)
    m.round()
    assert m.mailer() == stuck
    m.org.clock.forward(minutes=2)
    m.round()                           # told to end, and cannot
    m.org.clock.forward(seconds=50)
    m.round()
    assert m.mailer() == stuck
    m.org.clock.forward(seconds=20)
    m.round()
    until(lambda: m.mailer() != stuck)
    m.org.clock.forward(seconds=70)
    m.round()
    until(lambda: len(server.mails) == 12)
    assert len({x.recipient for x in server.mails}) == 12
    m.round()
    assert len(server.mails) == 12
    out = m.stop()
    assert out.count("the mailer has not gone on for 30 minutes") == 1
    assert "ended by signal 9" in out


def test_a_slow_relay_is_no_hang(hanging):
    """Forty minutes for one mail, nine for each reply: RFC 5321 4.5.3.2."""
    server, m = hanging([{x: [f"slow {r}", r[2:]] for x, r in (
        ("MAIL", "6 250 Ok"), ("RCPT", "3 250 Ok"), ("DATA", "3 354 Go"),
        ("DOT", "9 250 Ok"))}])
    until(lambda: commands(server, "MAIL"))
    m.round()
    for verb in ("MAIL", "RCPT", "DATA"):
        until(lambda v=verb: commands(server, v))
        m.org.clock.forward(minutes=9)
        m.round()
    until(lambda: server.mails)
    m.org.clock.forward(minutes=9)
    m.round()
    until(lambda: len(server.mails) == 12)
    assert "gone on" not in m.stop()


@pytest.mark.parametrize("old, new, word", (
    ('name = "Taf', 'nme = "Taf', "nme"),
    ("connections = 4", "connections = 0", "connections"),
    ("Europe/London", "Europe/Llundain", "Europe/Llundain"),
    ('state_dir = "', 'state_dir = "/elsewhere', "state_dir"),
))
def test_a_broken_one_is_refused_and_the_old_one_stays(
        manager, post, old, new, word):
    manager.expect("READY=1", "WATCHDOG=1")
    conf = manager.org.conf.read_text()
    broken = conf.replace(old, new).replace("Carys Morgan", "Megan Rees")
    assert conf != broken
    manager.org.conf.write_text(broken)
    manager.reload()
    manager.org.conf.write_text(conf)
    manager.org.open()
    manager.org.conf.write_text(broken)
    manager.reload()
    assert {m.message["From"] for m in taken(post, 12)} == {
        "Carys Morgan <pulse@taf.example>"}
    out = manager.stop()
    assert word in out
    assert "the configuration is not taken" in out
