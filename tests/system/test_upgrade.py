"""A store outlives the program that made it: an older one is read on, in the
middle of a wave; a newer one is refused with words, and left as it is.

Issue 6, items 4 and 5.  The old store is old_store.py's.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

import pytest

import gdbmfile
import old_store
from old_store import BEFORE, WAVE
from web import Browser, contents

NEWER = 69


@pytest.fixture
def org(make_org):
    org = make_org(workers=1)
    org.add_tree(old_store.TREE)
    org.known = old_store.load(org)
    org.roster = org.write_csv()
    return org


# ------------------------------------------------------------ older stores

def test_an_old_wave_goes_on_and_loses_nothing(org, post, serve):
    before = org.expected([(u, a) for u, a in org.known["before"]])
    assert org.program.ok("sensectl", "export", BEFORE) == \
        before.export_csv(BEFORE)
    assert org.program.ok("sensectl", "audit", WAVE).endswith(", 0 bad\n")
    assert "answered: fewer than 10" in org.program.ok("sensectl", "status")
    serve(org, "fastcgi")
    old_store.go_on(org, post)
    assert org.program.ok("sensectl", "audit", WAVE).endswith(", 0 bad\n")


def test_an_old_roster_is_replaced(org):
    """An import reads it, and says what changes."""
    r = org.import_files(*org.roster)
    assert r.returncode == 0, r.stderr
    shown = org.program.ok("sensectl", "show", org.known["opted_out"])
    assert "Opted out of all surveys: yes" in shown


# ------------------------------------------------------------ newer stores

def format_2(path):
    with gdbmfile.Db(path) as db:
        assert db[b"format"] == b"1"
        db[b"format"] = b"2"


def list_2(path):
    data = bytearray(path.read_bytes())
    assert data[:8] == b"sensedL1"
    data[7] = ord("2")
    path.write_bytes(data)


BOX = "answers/{tag}-" + WAVE + "/boxes/0000.gdbm"
CLOSING = "2026-10-20 10:00"
REMINDING = "2026-10-09 10:00"
# the file, when, and what must not work with it
KINDS = {
    "roster": ("roster/roster.gdbm", REMINDING, (
        ("sensectl", "check"), ("sensectl", "import"), ("sensectl", "show"),
        ("sensectl", "forget"), ("sensed", "--once"))),
    "wave": ("waves/{tag}-" + WAVE + ".gdbm", CLOSING, (
        ("sensectl", "status"), ("sensectl", "close", WAVE),
        ("sensectl", "pause", WAVE), ("sensectl", "discard", WAVE),
        ("sensectl", "discard", WAVE, "--force"),
        ("sensed", "--once"), ("sensed-digest",))),
    "box": (BOX, CLOSING, (
        ("sensectl", "status"), ("sensectl", "discard", WAVE),
        ("sensectl", "discard", WAVE, "--force"))),
    "list": ("ledgers/" + WAVE + ".list", REMINDING, (
        ("sensectl", "discard", WAVE, "--force"), ("sensed", "--once"))),
    "published": ("published/" + BEFORE + ".gdbm", REMINDING, (
        ("sensectl", "export", BEFORE),)),
    "opt-outs": ("answers/optout/known", REMINDING, (
        ("sensectl", "import"),)),
}


def place(org, path):
    tag = next((org.state / "waves").iterdir()).name[:2]
    return org.state / path.format(tag=tag)


def run(org, command):
    if command[1:] == ("import",):
        return org.import_files(*org.roster)
    if command[1:] in (("show",), ("forget",)):
        command += ("A.3@taf.example",)
    return org.program.run(*command)


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_file_is_refused_and_left_alone(org, post, kind):
    path, when, commands = KINDS[kind]
    file = place(org, path)
    (list_2 if kind == "list" else format_2)(file)
    org.clock.set(when)
    before = contents(org.state)
    for command in commands:
        r = run(org, command)
        said = r.stdout + r.stderr
        assert r.returncode == NEWER, (command, r.returncode, said)
        assert str(file) in said and "newer" in said, (command, said)
        assert "format 2" in said and "0.1.0" in said
        assert contents(org.state) == before, command
    assert post.take() == []


def test_check_names_a_newer_box_and_advises_nothing_rash(org):
    file = place(org, BOX)
    format_2(file)
    r = org.program.sensectl("check")
    assert f"{file}: has format 2" in r.stdout
    assert "discard" not in r.stdout + r.stderr
    audited = org.program.sensectl("audit", WAVE)
    assert audited.returncode == 70 and "format 2" in audited.stdout


def test_a_wave_with_a_newer_box_is_not_published(org):
    format_2(place(org, BOX))
    org.clock.set(CLOSING)
    org.program.ok("sensed", "--once")
    before = contents(org.state)
    r = org.program.digest()
    assert r.returncode == NEWER and "newer" in r.stderr
    assert contents(org.state) == before


@pytest.mark.parametrize("file", ("published/" + BEFORE + ".gdbm",
                                  "roster/last-staff"))
def test_no_wave_opens_beside_newer_figures(org, file):
    org.clock.set(CLOSING)
    org.program.ok("sensed", "--once")
    org.program.ok("sensed-digest", "--publish-only")
    org.clock.set("2027-01-12 09:00")
    if BEFORE in file:
        file = file.replace(BEFORE, WAVE)   # the one to be compared with
    format_2(org.state / file)
    before = contents(org.state)
    r = org.program.sensectl("open", "staff", "--wave", "staff-2027q1")
    assert r.returncode == NEWER, r.stderr
    assert str(org.state / file) in r.stderr
    after = contents(org.state)
    assert {k: v for k, v in after.items() if not k.startswith("locks/")} == {
        k: v for k, v in before.items() if not k.startswith("locks/")}


@pytest.mark.parametrize("kind", ("wave", "box"))
def test_the_pages_say_that_they_cannot_answer_now(org, serve, kind):
    """503, and never 404: the link is good, and the newer program takes it."""
    file = place(org, KINDS[kind][0])
    format_2(file)
    server = serve(org, "fastcgi")
    before = contents(org.state)
    web = Browser(org.base)
    for link in org.known["links"].values():
        assert web.get("a/" + link).status == 503
    web.close()
    assert contents(org.state) == before
    assert "newer" in server.logs()
