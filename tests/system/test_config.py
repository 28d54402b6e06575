"""A bad configuration is refused with FILE:LINE, before anything happens.

DESIGN 6; status 78 (EX_CONFIG).

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

import pytest

# name, text to find in sensed.conf, text instead, word that must be said
BAD = (
    ("an unknown key", 'timezone =', 'timezome =', "timezome"),
    ("an unknown key in a group", 'connections =', 'conections =',
     "conections"),
    ("an unknown key of a survey", 'questions =', 'question =', "question"),
    ("a number where a text belongs", 'timezone = "Europe/London"',
     'timezone = 1', "timezone"),
    ("a text where a number belongs", 'min_group = 10', 'min_group = "10"',
     "min_group"),
    ("k of 4", 'min_group = 10', 'min_group = 4', "min_group"),
    ("k of 101", 'min_group = 10', 'min_group = 101', "min_group"),
    ("a number that overflows 32 bits", 'min_group = 10',
     'min_group = 4294967306', "number"),
    ("a number that overflows 64 bits", 'min_group = 10',
     'min_group = 18446744073709551626', "number"),
    ("a negative number", 'min_group = 10', 'min_group = -10', "min_group"),
    ("no connection", 'connections = 4', 'connections = 0', "connections"),
    ("an unknown way to protect", '"suppress"', '"hide"', "protect"),
    ("an unknown time zone", 'Europe/London', 'Europe/Llundain',
     "Europe/Llundain"),
    ("an unknown language", 'languages = [ "en" ]',
     'languages = [ "english" ]', "languages"),
    ("a language without templates", 'languages = [ "en" ]',
     'languages = [ "en", "xx" ]', "xx"),
    ("a sender that is no address", 'pulse@taf.example>', 'pulse>', "from"),
    ("a line end in the sender's name", 'Carys Morgan', 'Carys\\nMorgan',
     "from"),
    ("a relay that is no URL", 'smtp://127', 'http://127', "relay"),
    ("no tls to a relay far away", 'smtp://127.0.0.1',
     'smtp://relay.taf.example', "tls"),
    ("http beyond loopback", 'base_url = "http://127.0.0.1',
     'base_url = "http://pulse.taf.example', "base_url"),
    ("a question file that is not there", '"questions-staff.conf"',
     '"questions-stuff.conf"', "questions-stuff.conf"),
    ("three reminders", '[ 4, 9 ]', '[ 4, 9, 11 ]', "reminders"),
    ("a reminder after closing", '[ 4, 9 ]', '[ 4, 15 ]', "reminders"),
    ("broken syntax", 'surveys = (', 'surveys = [[', ""),
    ("organisation.name missing", 'name = "Taf Community Trust";', '',
     "organisation"),
    ("web.base_url missing", 'base_url = "{base}";', '', "base_url"),
    ("mail.from missing", 'from =', '# from =', "from"),
    ("a control character in the name", 'Taf Community',
     'Taf\\x07Community', "name"),
)


@pytest.mark.parametrize("old,new,word", [b[1:] for b in BAD],
                         ids=[b[0].replace(" ", "-") for b in BAD])
def test_refused_with_file_and_line(make_org, old, new, word):
    org = make_org()
    text, old = org.conf.read_text(), old.replace("{base}", org.base)
    assert old in text
    org.conf.write_text(text.replace(old, new, 1))
    r = org.program.sensectl("status")
    assert r.returncode == 78, (r.returncode, r.stdout, r.stderr)
    assert re.search(re.escape(str(org.dir)) + r"/[\w.-]+\.conf(:\d+)?",
                     r.stderr), r.stderr
    assert word in r.stderr
    assert not org.state.exists() or not any(org.state.rglob("*.gdbm"))


PLACED = ("an unknown key", "k of 4", "a number where a text belongs",
          "broken syntax")


@pytest.mark.parametrize("old,new", [b[1:3] for b in BAD if b[0] in PLACED],
                         ids=[b[0].replace(" ", "-") for b in BAD
                              if b[0] in PLACED])
def test_the_line_is_the_right_one(make_org, old, new):
    org = make_org()
    text = org.conf.read_text()
    line = text[:text.index(old)].count("\n") + 1
    org.conf.write_text(text.replace(old, new, 1))
    r = org.program.sensectl("status")
    assert r.returncode == 78
    assert f"{org.conf}:{line}" in r.stderr, r.stderr


QUESTIONS = (
    ("a core item missing", r'key\s*=\s*"security"', 'key = "security_b"'),
    ("an unknown item", r'key\s*=\s*"security"', 'key = "safety"'),
    ("an item twice", r'key\s*=\s*"continuity"', 'key = "security"'),
    ("a text that is missing", r'\ben\s*=\s*"I feel safe', 'xx = "I feel sa'),
)


@pytest.mark.parametrize("pattern,new", [q[1:] for q in QUESTIONS],
                         ids=[q[0].replace(" ", "-") for q in QUESTIONS])
def test_a_bad_question_file_is_refused(make_org, pattern, new):
    """SCORING 11: no core item, or more than three."""
    org = make_org()
    path = org.dir / "questions-staff.conf"
    text, n = re.subn(pattern, new, path.read_text(), count=1)
    assert n == 1, "etc/questions-staff.conf has another shape now"
    path.write_text(text)
    r = org.program.sensectl("status")
    assert r.returncode == 78, (r.returncode, r.stderr)
    assert "questions-staff.conf" in r.stderr


@pytest.mark.parametrize("name", ("sensed", "sensectl", "sensed-digest"))
def test_every_program_refuses_a_missing_configuration(make_org, name):
    org = make_org()
    org.conf.unlink()
    args = {"sensed": ["--once"], "sensectl": ["status"]}.get(name, [])
    r = org.program.run(name, *args)
    assert r.returncode == 78, (r.returncode, r.stderr)
    assert str(org.conf) in r.stderr


@pytest.mark.parametrize("name", ("sensed", "sensectl", "sensed-bounce",
                                  "sensed-digest"))
def test_usage(program, name):
    """Wrong usage is status 64 (EX_USAGE); help and version are 0."""
    r = program.run(name, "--no-such-option")
    assert r.returncode == 64 and r.stderr, r.stderr
    for option in ("--help", "--version"):
        r = program.run(name, option)
        assert r.returncode == 0 and name in r.stdout, r.stdout + r.stderr


def test_the_answer_handler_says_503_without_its_configuration(
        make_org, serve, browser, mode):
    """H5: a failing store is 503, never 404, and never a bare crash."""
    org = make_org()
    server = serve(org, mode)
    org.conf.rename(str(org.conf) + ".away")
    if mode == "fastcgi":
        server.stop()
        server.start()
    r = browser(org).get("a/" + "a" * 31)
    assert r.status in (500, 503)


def test_check_passes_for_the_shipped_example(make_org):
    """A fresh organisation has nothing that prevents a start."""
    org = make_org()
    r = org.program.sensectl("check")
    assert r.returncode == 0, r.stdout + r.stderr
