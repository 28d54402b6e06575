"""What an administrator has from day to day: completion, a monitor's numbers.

Issue 6, item 5.  The numbers are held against SCORING 9.4.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import subprocess

import pytest

import programs
import scorer
from web import Browser

COMPLETE = """
. "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_sensectl
printf '%s\\n' "${COMPREPLY[@]}"
"""


def complete(*words):
    path = programs.SOURCE / "etc" / "completion" / "sensectl"
    r = subprocess.run(
        ["bash", "-c", COMPLETE, "bash", str(path), *words],
        env={"PATH": f"{programs.BUILD}:{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=30)
    assert r.returncode == 0 and r.stderr == ""
    return set(r.stdout.split())


def test_completion_knows_every_command(program):
    said = program.ok("sensectl", "--help")
    commands = set(re.findall(r"^  ([a-z][a-z-]*)", said, re.M))
    assert {"check", "open", "score"} <= commands
    assert complete("sensectl", "") == commands
    assert complete("sensectl", "-c", "x", "op") == {
        c for c in commands if c.startswith("op")}


@pytest.mark.parametrize("words, want", (
    (("import", "staff", "--"), {"--units", "--people", "--dry-run"}),
    (("-v", "open", "staff", "--f"), {"--force"}),
    (("close", "--"), set()),
    (("score", "--prev"), {"--previous-units", "--previous-answers"}),
    (("export", "w", "--format", ""), {"csv", "json"}),
    (("--v",), {"--version"}),
))
def test_completion_knows_the_options_of_a_command(words, want):
    assert complete("sensectl", *words) == want


def numbers(org):
    """{metric: {wave: value}}, after a look at the shape of the text."""
    text = org.program.ok("sensectl", "status", "--prometheus")
    out, now = {}, None
    for line in text.splitlines():
        head = re.fullmatch(r"# TYPE (\w+) gauge", line)
        if head:
            now = head.group(1)
            assert now not in out
            out[now] = {}
        elif not line.startswith("# HELP "):
            name, wave, value = re.fullmatch(
                r'(\w+)(?:\{wave="([a-z0-9-]+)"\})? (\d+)', line).groups()
            assert name == now
            out[now][wave] = int(value)
    return out


@pytest.fixture
def org(make_org, post, serve):
    org = make_org()
    org.add_unit("ORG")
    for i in range(24):
        org.add_person(f"p{i}", "ORG")
    org.import_now()
    org.open()
    org.mail()
    org.links = [m.link for m in post.take()]
    serve(org, "fastcgi")
    return org


def test_a_monitor_sees_mails_and_no_single_answer(org):
    wave = "staff-2026q4"
    before = numbers(org)
    assert before["sensed_wave_open"] == {wave: 1}
    assert before["sensed_wave_invited"] == {wave: 24}
    assert before["sensed_wave_mailed"] == {wave: 24}
    assert before["sensed_wave_damaged"] == {wave: 0}
    assert before["sensed_wave_answered_at_least"] == {wave: 0}
    assert before["sensed_waves_published"] == {None: 0}
    web = Browser(org.base)
    for link in org.links[:9]:
        assert web.answer(link, **{s: 4 for s in scorer.SENSES}).status == 200
    assert numbers(org) == before
    for link in org.links[9:13]:
        assert web.answer(link, **{s: 4 for s in scorer.SENSES}).status == 200
    web.close()
    before["sensed_wave_answered_at_least"] = {wave: 10}
    assert numbers(org) == before
    org.close(wave)
    assert numbers(org)["sensed_wave_open"] == {wave: 0}
    org.program.ok("sensed-digest", "--publish-only")
    after = numbers(org)
    assert after.pop("sensed_waves_published") == {None: 1}
    assert after.pop("sensed_people_unreachable") == {None: 0}
    assert all(waves == {} for waves in after.values())


def test_a_damaged_wave_is_a_number(org):
    box = next((org.state / "answers").glob("*/boxes/0000.gdbm"))
    box.write_bytes(b"")
    r = org.program.sensectl("status", "--prometheus")
    assert r.returncode == 70
    assert 'sensed_wave_damaged{wave="staff-2026q4"} 1' in r.stdout
    assert "sensed_wave_invited{" not in r.stdout
