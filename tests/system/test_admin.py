"""What an administrator has from day to day: completion, a monitor's numbers.

Issue 6, item 5.  The numbers are held against SCORING 9.4.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import subprocess

import pytest

import docrun
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
    (("forecast", "staff", "--format", ""), {"text", "csv", "json"}),
    (("-c", "x", "score", "--format", "t"), {"text"}),
    (("open", "--format", ""), set()),
    (("--v",), {"--version"}),
))
def test_completion_knows_the_options_of_a_command(words, want):
    assert complete("sensectl", *words) == want


@pytest.mark.parametrize("words, want", (
    (("-c",), {"li.csv", "lid"}),
    (("import", "staff", "--units"), {"li.csv", "lid"}),
    (("score", "--previous-answers"), {"li.csv", "lid"}),
    (("release", "staff-2026q4", "--comments"), {"li.csv", "lid"}),
    (("check-logs",), {"lid"}),
    (("close",), set())))
def test_completion_knows_files(tmp_path, words, want):
    (tmp_path / "li.csv").write_text("")
    (tmp_path / "lid").mkdir()
    assert complete("sensectl", *words, f"{tmp_path}/l") == {
        f"{tmp_path}/{name}" for name in want}


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
    org.add_one_unit(24)
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
    assert before["sensed_attention"] == {None: 0}
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
    assert after.pop("sensed_attention") == {None: 0}
    assert all(waves == {} for waves in after.values())


def damage(org):
    box = next((org.state / "answers").glob("*/boxes/0000.gdbm"))
    box.write_bytes(b"")


def test_a_damaged_wave_is_a_number(org):
    damage(org)
    r = org.program.sensectl("status", "--prometheus")
    assert r.returncode == 70
    assert 'sensed_wave_damaged{wave="staff-2026q4"} 1' in r.stdout
    assert "sensed_wave_invited{" not in r.stdout


def test_what_needs_a_person_is_a_number(org):
    """As many as there are lines of it, and none of the words."""
    damage(org)
    org.close("staff-2026q4")
    org.program.sensed("--once")
    org.program.digest()
    lines = [x for x in org.program.sensectl("status").stdout.splitlines()
             if x.startswith("needs a person: ")]
    r = org.program.sensectl("status", "--prometheus")
    assert lines and f"\nsensed_attention {len(lines)}\n" in r.stdout
    assert lines[0].partition(": ")[2] not in r.stdout


def crontab(page):
    """(settings, command) of the manual's lines for a monitor."""
    text = (programs.SOURCE / "man" / page).read_text()
    block = re.search(r"^For a monitor.*?^\.Bd[^\n]*\n(.*?)^\.Ed", text,
                      re.M | re.S).group(1)
    *settings, line = block.splitlines()
    times, user, command = re.fullmatch(
        r"((?:\S+ ){4}\S+) (\S+) (.*)", line).groups()
    assert times == "*/5 * * * *" and user == "root"
    assert "%" not in command and "\\" not in block
    return dict(x.split("=", 1) for x in settings), command


def test_the_manuals_lines_for_cron_work(org, tmp_path):
    """As cron runs them; of a damaged wave the monitor must hear too."""
    stand_ins, to = tmp_path / "bin", tmp_path / "node-exporter"
    stand_ins.mkdir()
    to.mkdir()
    docrun.program(stand_ins, "runuser", 'shift 3\nexec "$@"\n')
    docrun.program(stand_ins, "sensectl", "exec env " + " ".join(
        f"'{k}={v}'" for k, v in org.program.environment().items()) +
        f' {programs.BUILD}/sensectl -c {org.conf} "$@"\n')
    settings, command = crontab("sensectl.8")
    for name in ("runuser", "sensectl"):    # found where cron looks
        assert "/usr/sbin" in settings["PATH"].split(":")
        assert name in settings["SHOW"]
    folder = settings["TO"].rpartition("/")[0]
    settings["TO"] = settings["TO"].replace(folder, str(to))
    settings["PATH"] = f"{stand_ins}:{settings['PATH']}"
    for wrong in (0, 1):
        subprocess.run(["/bin/sh", "-c", command], env=settings, timeout=60,
                       stderr=subprocess.DEVNULL, check=True, cwd="/")
        assert os.listdir(to) == ["sensed.prom"]
        assert f'sensed_wave_damaged{{wave="staff-2026q4"}} {wrong}\n' in \
            (to / "sensed.prom").read_text()
        damage(org)
