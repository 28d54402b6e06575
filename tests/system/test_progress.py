"""Long work shows progress on a terminal, and is quiet everywhere else.

Issue 6, item 5.  The programs' own clock runs ten thousand times as fast, so
that all work is long.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import pty
import re
import subprocess

import pytest

import old_store


@pytest.fixture
def org(make_org):
    org = make_org()
    for unit, parent, name, _ in old_store.TREE:
        org.add_unit(unit, parent, name)
    for i in range(20000):
        org.add_person(f"p{i}", "AB"[i % 2])
    org.files = org.write_csv()
    return org


def hurried(org):
    env = org.program.environment()
    for key in ("DONT_FAKE_MONOTONIC", "FAKETIME_TIMESTAMP_FILE"):
        del env[key]
    return env | {"FAKETIME": "+0 x10000"}


def run(org, stderr):
    units, people = org.files
    return subprocess.run(
        org.program.argv("sensectl", "import", "staff", "--units", str(units),
                         "--people", str(people), "--dry-run"),
        env=hurried(org), stdin=subprocess.DEVNULL, stderr=stderr,
        stdout=subprocess.PIPE, text=True, timeout=120)


def test_a_terminal_sees_it_rise_and_go(org):
    ours, theirs = pty.openpty()
    try:
        r = run(org, theirs)
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:     # all of it was read
                break
            seen += piece
    finally:
        os.close(ours)
    assert r.returncode == 0, seen
    shown = re.findall(rb"\r\x1b\[K([^\r]+)", seen)
    assert shown
    steps = []
    for line in shown:
        m = re.fullmatch(rb"importing, bytes: (\d+) of (\d+) \((\d+)%\)",
                         line)
        assert m, line
        done, of, percent = map(int, m.groups())
        assert done <= of and percent == done * 100 // of
        steps.append(done)
    assert steps == sorted(steps)
    assert seen.endswith(b"\r\x1b[K")       # nothing of it stays


def test_a_pipe_sees_nothing(org):
    r = run(org, subprocess.PIPE)
    assert r.returncode == 0 and r.stderr == ""
