"""Whoever must act is told: by mail once, in the log, and in status.

Issue 4 item 5; STANDARDS M12, M13, R3; DESIGN 6 (organisation.operator).

SPDX-License-Identifier: GPL-3.0-or-later
"""
import email
import email.policy
import json
import os
import shutil
import subprocess
import time

import pytest

import programs
from smtp_script import Server
from test_calendar import by_calendar
from test_smtp import through

OPERATOR = "ops@taf.example"
WAVE = "staff-2026q4"
# A session ends with a refusal, so that there is one for each of 20 people.
STORM = [{"RCPT": "550 5.7.1 Not from you"}] * 20


def name_operator(org, address=OPERATOR):
    text = org.conf.read_text()
    was = 'name = "Taf Community Trust"; }'
    assert was in text
    org.conf.write_text(text.replace(
        was, f'name = "Taf Community Trust"; operator = "{address}"; }}', 1))


@pytest.fixture
def org(make_org):
    org = make_org(connections=1)
    org.add_one_unit(30)
    name_operator(org)
    return org


def told(server):
    """The mails to the operator, parsed."""
    return [email.message_from_bytes(m.data, policy=email.policy.default)
            for m in server.mails if m.recipient == OPERATOR]


def needs(org):
    return [x for x in org.program.ok("sensectl", "status").splitlines()
            if x.startswith("needs a person: ")]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def test_a_storm_gives_exactly_one_mail(org):
    org.import_now()
    with Server(STORM) as server:
        through(org, server)
        org.open(WAVE)
        r = org.program.sensed("--once")
        assert r.returncode == 69 and "is paused: too many refusals" in \
            r.stderr
        for _ in range(3):
            org.mail()
            org.clock.forward(minutes=50)
        mails = told(server)
        assert len(mails) == 1
        mail = mails[0]
        assert mail["Subject"] == \
            f"Emails of {WAVE} have stopped - Taf Community Trust"
        text = text_of(mail)
        assert "550 5.7.1 Not from you" in text     # the cause by its name
        assert f"sensectl resume {WAVE}" in text
        assert "What it means for staff" in text
        # no personal data: no id, no name, no other address
        whole = text + mail.get_body(("html",)).get_content()
        for p in org.people:
            assert p["email"] not in whole and p["name"] not in whole
        # the top of status
        lines = org.program.ok("sensectl", "status").splitlines()
        assert lines[0].startswith(f"needs a person: mailing of {WAVE} ")
        assert "sensectl audit" not in lines[0]
        org.program.ok("sensectl", "audit", WAVE)

        # whoever resumes has come: nothing needs them, until the next storm
        org.program.ok("sensectl", "resume", WAVE)
        assert needs(org) == []
        server.script.extend([{}] * (server.sessions - len(server.script)))
        server.script.extend(STORM)
        assert org.program.sensed("--once").returncode == 69
        assert len(told(server)) == 2
        org.program.ok("sensectl", "resume", WAVE)
        org.mail()
        assert needs(org) == []
        assert len(told(server)) == 2
        # 30 people, each once, and nobody of them lost
        staff = [m.recipient for m in server.mails if m.recipient != OPERATOR]
        assert sorted(staff) == sorted(p["email"] for p in org.people)


def test_a_wave_that_closes_before_all_are_mailed(org):
    """Told once, also after its publication; the pause is no matter then."""
    org.import_now()
    with Server(default={"MAIL": "554 5.7.1 You may not"}) as server:
        through(org, server)
        org.open(WAVE)
        org.program.sensed("--once")
        assert f"sensectl resume {WAVE}" in needs(org)[0]
    with Server() as server:
        through(org, server)
        org.clock.forward(days=14, minutes=5)
        r = org.program.sensed("--once")
        assert r.returncode == 0 and "settled" not in r.stderr
        (line,) = needs(org)
        assert f"{WAVE} is closed: 30 of 30 were never mailed" in line
        status = org.program.ok("sensectl", "status")
        assert "resume" not in status
        assert "mailing was paused (the relay refuses our mail)" in status
        assert org.program.sensed("--once").stderr == ""
        # of the pause too: that mail could not go before
        pause, mail = told(server)
        assert mail["Subject"].startswith(f"{WAVE} closed before ")
        assert "sensectl check" in text_of(mail)
        org.program.ok("sensectl", "audit", WAVE)
        org.program.ok("sensed-digest")
        assert needs(org) == [line]
        note = org.state / "attention" / f"{WAVE}.missed"
        old = org.clock.when.timestamp() - 31 * 86400
        os.utime(note, (old, old))
        org.program.ok("sensed-digest")
        assert needs(org) == []


def test_only_those_count_who_could_have_been_mailed(org):
    """Not who has opted out or left, was refused, or may have got it."""
    for name in ("out", "gone", "late", "cut"):
        org.add_person(name, "ORG")
    org.import_now()

    def rcpt(address):
        return {"p1": "550 5.1.1 No", "late": "450 4.2.0 Later",
                "out": "450 4.2.0 Later", "gone": "450 4.2.0 Later",
                "cut": "450 4.2.0 Later"}.get(address.split("@")[0])
    # the first is accepted, and never said so
    with Server([{"DOT": "accept-drop"}], rcpt=rcpt) as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        assert len(server.mails) == 29
        org.people = [p for p in org.people if p["id"] not in
                      ("out", "gone")]
        org.import_now()
        org.clock.forward(days=14, minutes=5)
        org.mail()
        assert [x.partition("closed: ")[2] for x in needs(org)] == \
            ["2 of 34 were never mailed, and could not answer"]
        org.program.ok("sensectl", "discard", WAVE, "--force")
        assert needs(org) == []


def test_a_wave_that_closes_when_all_are_mailed(org):
    """Though the pass was cut short before it could note that."""
    org.import_now()
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        org.clock.forward(days=14, minutes=5)
        org.mail()
        assert needs(org) == []


def test_killed_while_it_is_told(org):
    """M13: not lost, and a repeat has the same Message-ID."""
    org.import_now()
    with Server(STORM + [{"DOT": "hang"}, {"DOT": "accept-drop"}]) as server:
        through(org, server)
        org.open(WAVE)
        p = org.program.start("sensed", "--once")
        end = time.monotonic() + 60
        while not any("DATA" in str(c) for c in server.commands):
            assert time.monotonic() < end
            time.sleep(0.01)
        programs.kill(p)
        assert told(server) == []
        for _ in range(6):      # accepted, and the connection lost; repeats
            org.program.sensed("--once")
            org.clock.forward(hours=2)
        mails = told(server)
        assert 1 <= len(mails) <= 2
        assert len({m["Message-ID"] for m in mails}) == 1


def test_killed_before_it_was_noted(org):
    """The pause is on the disk, the matter is not: the next pass tells."""
    org.import_now()
    with Server(STORM + [{"RCPT": "451 4.3.0 Later"}]) as server:
        through(org, server)
        org.open(WAVE)
        org.program.sensed("--once")
        shutil.rmtree(org.state / "attention")
        (org.state / "attention").mkdir(mode=0o700)
        org.mail()
        assert len(told(server)) == 1
        assert f"sensectl resume {WAVE}" in needs(org)[0]


def test_the_relay_itself_is_the_trouble(org):
    """Status and log have it at once; the mail comes when it can."""
    org.import_now()
    with Server(default={"MAIL": "554 5.7.1 You may not"}) as server:
        through(org, server)
        org.open(WAVE)
        r = org.program.sensed("--once")
        assert "the relay refuses our mail (554 5.7.1 You may not)" in \
            r.stderr
        assert len(needs(org)) == 1
        sessions = server.sessions
        for _ in range(3):
            org.mail()
            org.clock.forward(minutes=1)
        assert server.sessions == sessions      # M12: not each minute
    with Server() as server:
        through(org, server)
        org.clock.forward(minutes=50)
        org.mail()
        org.mail()
        assert len(told(server)) == 1
        assert "554 5.7.1 You may not" in text_of(told(server)[0])


def test_a_refused_operator_is_tried_again(org):
    org.import_now()
    with Server(default={"RCPT": "550 5.7.1 Not from you"}) as server:
        through(org, server)
        org.open(WAVE)
        r = org.program.sensed("--once")
        assert "organisation.operator: could not be mailed yet" in r.stderr
        assert OPERATOR not in r.stderr
    with Server() as server:
        through(org, server)
        org.clock.forward(minutes=50)
        org.mail()
        assert len(told(server)) == 1


def test_an_opening_that_fails(org):
    """No roster when the calendar's time has come."""
    by_calendar(org)
    org.clock.set("2026-10-13 09:01")
    with Server() as server:
        through(org, server)
        for _ in range(2):
            org.program.sensed("--once")
        mails = told(server)
        assert len(mails) == 1, needs(org)
        assert mails[0]["Subject"].startswith("Survey staff has not opened")
        assert "sensectl import" in text_of(mails[0])
        assert len(needs(org)) == 1


def test_a_wave_that_can_never_be_published(org):
    org.import_now()
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        org.program.ok("sensectl", "close", WAVE)
        (org.state / "keys" / "ballot" / WAVE).unlink()
        for _ in range(2):
            r = org.program.digest()
            assert r.returncode != 0 and "can never be published" in \
                r.stderr + "".join(needs(org))
            org.mail()
        mails = told(server)
        assert len(mails) == 1
        assert f"sensectl discard {WAVE}" in text_of(mails[0])
        org.program.ok("sensectl", "discard", WAVE)
        assert needs(org) == []
        org.mail()
        assert not (org.state / "attention" / "told").exists()
        assert len(told(server)) == 1


def test_digests_that_expire(org, make_org):
    org.import_now()
    with Server() as server:
        through(org, server)
        org.open(WAVE)
        org.mail()
        org.close(WAVE)
    with Server(default={"RCPT": "451 4.3.0 Later"}) as server:
        through(org, server)
        org.program.digest()
    with Server() as server:
        through(org, server)
        org.clock.forward(days=8)
        org.program.digest()
        for _ in range(2):
            org.mail()
        mails = told(server)
        assert len(mails) == 1, needs(org)
        assert mails[0]["Subject"].startswith(f"Digests of {WAVE} ")
        assert f"sensectl export {WAVE}" in text_of(mails[0])
        status = json.loads(org.program.ok("sensectl", "status", "--json"))
        assert [a["about"] for a in status["attention"]] == [WAVE + ".digest"]


SHIM = """
#include <sys/statvfs.h>
int
statvfs(const char *path, struct statvfs *v)
{
	(void)path;
	*v = (struct statvfs){ .f_bsize = 4096, .f_frsize = 4096,
	    .f_blocks = 1 << 20, .f_bavail = 100 };
	return 0;
}
"""


def test_a_disk_that_is_nearly_full(org, tmp_path):
    org.import_now()
    source, shim = tmp_path / "shim.c", tmp_path / "shim.so"
    source.write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(shim), str(source)],
                   check=True)
    with Server() as server:
        through(org, server)
        env = org.program.environment()
        usual = env["LD_PRELOAD"]
        env["LD_PRELOAD"] = f"{shim}:{usual}"
        for _ in range(2):
            r = subprocess.run(org.program.argv("sensed", "--once"), env=env,
                               capture_output=True, text=True, timeout=60)
            assert r.returncode == 0, r.stderr
        assert len(told(server)) == 1
        assert told(server)[0]["Subject"].startswith("The disk is nearly")
        assert len(needs(org)) == 1
        org.mail()
        assert needs(org) == []


def test_nobody_is_mailed_where_nobody_is_named(make_org):
    org = make_org(connections=1)
    org.add_one_unit(30)
    org.import_now()
    with Server(STORM) as server:
        through(org, server)
        org.open(WAVE)
        org.program.sensed("--once")
        assert server.mails == [] and len(needs(org)) == 1
        assert not (org.state / "attention" / "told").exists()


def test_in_welsh(make_org):
    org = make_org(connections=1, languages='"cy", "en"')
    name_operator(org)
    org.add_one_unit(30)
    org.import_now()
    with Server(STORM) as server:
        through(org, server)
        org.open(WAVE)
        org.program.sensed("--once")
        assert told(server)[0]["Subject"].startswith(
            f"Mae negeseuon {WAVE} wedi stopio")
        assert told(server)[0]["Content-Language"] == "cy"


def test_digests_given_up_are_old_news_after_a_month(org):
    org.import_now()
    org.open(WAVE)
    org.mail()
    org.close(WAVE)
    org.program.ok("sensed-digest")
    matter = org.state / "attention" / f"{WAVE}.digest"
    matter.write_text("digests were given up\n")
    now = org.clock.when.timestamp()
    os.utime(matter, (now - 29 * 86400,) * 2)
    org.program.ok("sensed-digest")
    assert len(needs(org)) == 1
    os.utime(matter, (now - 31 * 86400,) * 2)
    org.program.ok("sensed-digest")
    assert needs(org) == []


def test_digests_that_the_relay_refuses(org):
    org.import_now()
    org.open(WAVE)
    org.mail()
    org.close(WAVE)
    with Server([{"MAIL": "554 5.7.1 You may not"}] * 2) as server:
        through(org, server)
        org.program.digest()
        org.program.digest()
        org.mail()
        mails = told(server)
        assert len(mails) == 1
        assert mails[0]["Subject"].startswith(f"Digests of {WAVE} ")
        org.program.ok("sensed-digest")
        assert needs(org) == []


def test_a_password_that_cannot_be_read_needs_a_person(org, tmp_path):
    """Nothing can be mailed, nor a mail of it: status and the log tell."""
    text = org.conf.read_text()
    word = tmp_path / "smtp-password"
    org.conf.write_text(text.replace('tls = "none";', f"""tls = "require";
        user = "pulse"; password_file = "{word}";"""))
    assert org.conf.read_text() != text
    r = org.program.sensed("--once")
    assert r.returncode == 78 and "no mail goes out" in r.stderr
    status = org.program.ok("sensectl", "status")
    assert "no mail goes out" in status and str(word) in status
    assert "sensed_attention 1" in org.program.ok("sensectl", "status",
                                                  "--prometheus")
    word.write_text("secret\n")
    org.program.sensed("--once")
    assert "no mail goes out" not in org.program.ok("sensectl", "status")
