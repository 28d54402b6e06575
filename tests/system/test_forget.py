"""What is stored of one person: shown, forgotten, and kept no longer than the
documents say.  Issue 3, 7; CONTENT 5; STANDARDS M8 and M19; doc/privacy.md
names these tests.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import random
import re
import time

import pytest

import programs
import scorer
from people import answer_all, assign
from test_cycle import ALLOWED, NEXT, WAVE, build, example_2, export
from web import Browser, contents, copy_tree

WHO = "T1.3@taf.example"


@pytest.fixture
def org(make_org, vectors):
    org = build(make_org, vectors, survey="staff_copy = true;")
    who(org)["name"] = "Gwenllian Zzyzx"
    org.import_now()
    return org


def who(org, address=WHO):
    return next(p for p in org.people if p["email"] == address)


def said(org, *args):
    """What a command prints; nothing of a person may stand on stderr."""
    r = org.program.sensectl(*args)
    assert r.returncode == 0, r.stderr
    assert r.stderr == ""
    return " ".join(r.stdout.split())


def refused(org, *args):
    r = org.program.sensectl(*args)
    assert r.returncode != 0 and r.stdout == ""
    for secret in args[1:]:
        assert secret not in r.stderr
    return r.returncode, r.stderr


def files_with(org, *words):
    """Files of the state directory that hold any of these, in any case."""
    return sorted(n for n, data in contents(org.state).items()
                  if any(w.lower().encode() in data.lower() for w in words))


def traces(org):
    return files_with(org, WHO, "Zzyzx", "p/T1.3\0", "p/T1.3" + "T1")


def opt_out(org, token, status=200):
    web = Browser(org.base)
    r = web.post("o/" + token, "List-Unsubscribe=One-Click")
    web.close()
    assert r.status == status
    return r


# ------------------------------------------------------------------ forget

def test_forgotten_between_waves(org, post, serve, vectors):
    """No file below the state directory holds the person any more."""
    serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    token = next(m.optout for m in post.take() if m.to[0] == WHO)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    assert traces(org) == ["roster/last-staff", "roster/roster.gdbm"]
    post.take()
    out = said(org, "forget", WHO.upper())
    assert WHO not in out and "Zzyzx" not in out
    assert "removed: the person on the list of survey staff" in out
    assert "removed: who was in the last wave of survey staff" in out
    assert "removed: the keyed hash for the opt-out link" in out
    assert "kept" not in out
    assert traces(org) == []
    assert opt_out(org, token, 404)
    status, words = refused(org, "forget", WHO)
    assert status == 66 and "nothing is stored" in words
    # the next wave does without
    org.clock.forward(days=60)
    org.open(NEXT)
    org.mail()
    assert {m.to[0] for m in post.take()} == \
        {p["email"] for p in org.people} - {WHO}
    assert traces(org) == []


def test_forgotten_while_a_wave_is_open(org, post, serve, vectors):
    """No mail goes any more; the link that was sent stays good; what is kept
    until publication is said, and is gone then; the figures are whole."""
    serve(org, "fastcgi")
    org.open(WAVE)
    org.mail()
    mails = post.take()
    ballots = example_2(vectors)
    answers = assign(org, ballots)
    early = {a: v for a, v in answers.items() if a.startswith("T2.")}
    answer_all(org.base, mails, early)
    out = said(org, "forget", WHO)
    assert f"kept until wave {WAVE} is published" in out
    assert "cannot be changed without breaking" in out
    assert "no mail goes out any more" in out
    assert traces(org) == []
    org.clock.forward(days=4, minutes=5)
    org.mail()
    reminded = {m.to[0] for m in post.take()}
    assert WHO not in reminded and len(reminded) > 20
    late = {a: v for a, v in answers.items() if a not in early}
    assert WHO in late                  # by the link that they still have
    answer_all(org.base, mails, late)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    assert export(org, WAVE) == org.expected(ballots).export_csv(WAVE)
    assert WHO not in {m.to[0] for m in post.take()}    # no staff copy
    assert [n for n in contents(org.state) if not ALLOWED.fullmatch(n)] == []
    assert traces(org) == []


def test_forgotten_before_the_first_mail(org, post):
    """The frozen list still counts the person; nobody is mailed."""
    org.open(WAVE)
    said(org, "forget", WHO)
    org.mail()
    assert WHO not in {m.to[0] for m in post.take()}
    status = org.program.ok("sensectl", "status")
    assert f"invited: {len(org.people)}" in status


def test_an_optout_outlives_forgetting(org, post, serve):
    """CONTENT 5, 8: for all later surveys, whatever is imported later."""
    serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    token = next(m.optout for m in post.take() if m.to[0] == WHO)
    opt_out(org, token)                 # not taken into the roster yet
    out = said(org, "forget", WHO)
    assert "kept: the opt-out, as a keyed hash" in out
    assert traces(org) == []
    assert [n for n in contents(org.state) if re.fullmatch(
        "answers/optout/[a-z2-7]{52}", n)] == []    # in the roster now
    assert "Opted out of all surveys: yes" in said(org, "show", WHO)
    org.import_now()                    # the file still names them
    org.clock.forward(days=4, minutes=5)
    org.mail()
    mails = {m.to[0] for m in post.take()}
    assert WHO not in mails and len(mails) > 20
    assert "the opt-out is taken back" in said(org, "opt-in", WHO)
    org.clock.forward(days=5)
    org.mail()
    assert WHO in {m.to[0] for m in post.take()}


def test_an_import_brings_a_person_back(org, post):
    out = said(org, "forget", WHO)
    assert "An import that names the address brings the person back" in out
    org.import_now()
    org.open(WAVE)
    org.mail()
    assert WHO in {m.to[0] for m in post.take()}


def test_leaders_are_forgotten_too(make_org, post, vectors):
    """Their row names them; the unit's other leaders stay."""
    org = make_org()
    org.add_unit("ORG", leaders=[("Ann Aa", "ann@taf.example"),
                                 ("Bob Bb", "bob@taf.example"),
                                 ("Cai Cc", "cai@taf.example")])
    for i in range(12):
        org.add_person(f"p{i}", "ORG")
    org.import_now()
    assert "As a leader" in said(org, "show", "bob@taf.example")
    out = said(org, "forget", "bob@taf.example")
    assert "removed: a leader in survey staff" in out
    assert files_with(org, "bob@taf.example", "Bob Bb") == []
    org.open(WAVE)
    org.close(WAVE)
    post.take()
    org.program.ok("sensed-digest")
    assert {m.to[0] for m in post.take()} == \
        {"ann@taf.example", "cai@taf.example"}


def test_killed_at_any_moment(org, post, vectors):
    """One transaction: after another run nothing is left, and what others
    have is whole."""
    org.open(WAVE)
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    copy_tree(org.state, org.dir / "before")
    began = time.monotonic()
    said(org, "forget", WHO)
    whole = time.monotonic() - began
    rng = random.Random(7)
    killed = 0
    for _ in range(15):
        copy_tree(org.dir / "before", org.state)
        p = org.program.start("sensectl", "forget", WHO)
        time.sleep(rng.uniform(0, whole))
        killed += p.poll() is None
        programs.kill(p)
        org.program.ok("sensectl", "check")
        org.program.sensectl("forget", WHO)
        org.mail()                      # the keeper settles what is left
        assert traces(org) == []
        assert [n for n in contents(org.state) if n.endswith(".new")
                and "roster.gdbm" not in n and "known" not in n] == []
        out = said(org, "show", "T1.4@taf.example")
        assert "T1.4" in out and "last wave" in out
    assert killed > 3


# -------------------------------------------------------------------- show

def test_show_answers_an_access_request(org, post, serve, vectors):
    """All that is stored; never whether they answered, by not one byte."""
    serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    mails = post.take()
    before = said(org, "show", WHO)
    for words in ("T1.3", "Gwenllian Zzyzx", WHO, "T1 (", WAVE,
                  "which is open", "Opted out: no", "keyed hash",
                  "Not told: whether the person has answered"):
        assert words in before, words
    answer_all(org.base, mails, {WHO: dict.fromkeys(scorer.SENSES, 2)})
    assert said(org, "show", WHO) == before
    org.clock.forward(days=4, minutes=5)
    org.mail()                          # others are reminded; they are not
    assert WHO not in {m.to[0] for m in post.take()}
    assert said(org, "show", WHO) == before
    opt_out(org, next(m.optout for m in mails if m.to[0] == WHO))
    assert "Opted out of all surveys: yes" in said(org, "show", WHO)
    org.close(WAVE)
    assert "closed and not published yet" in said(org, "show", WHO)
    org.program.ok("sensed-digest", "--publish-only")
    after = said(org, "show", WHO)
    assert "sealed list" not in after
    assert f"wave {WAVE}" in after and "are being mailed" in after
    org.program.ok("sensed-digest")
    assert "are being mailed" not in said(org, "show", WHO)


def test_show_writes_nothing_and_logs_nothing(org):
    before = contents(org.state)
    said(org, "show", WHO)
    out = said(org, "show", "nobody@taf.example")
    assert "Nobody on the lists of people has this address" in out
    assert contents(org.state) == before
    for command in ("show", "forget", "opt-in"):
        status, words = refused(org, command, "not an address")
        assert status == 65 and "expected a mail address" in words


def test_the_administrators_view_of_the_open_wave_tells_nobody(
        org, post, serve):
    """forget and opt-in say the same of one who has answered and of one who
    has not."""
    serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    answer_all(org.base, post.take(), {WHO: dict.fromkeys(scorer.SENSES, 2)})
    assert said(org, "forget", WHO) == said(org, "forget", "T1.4@taf.example")


# ------------------------------------------------------------------ opt-in

def test_opt_in_takes_an_optout_back(org, post, serve):
    """DESIGN 7; before and after the keeper has taken the opt-out in."""
    serve(org, "cgi")
    status, words = refused(org, "opt-in", WHO)
    assert status == 66 and "has not opted out" in words
    org.open(WAVE)
    org.mail()
    token = next(m.optout for m in post.take() if m.to[0] == WHO)
    for days in (4, 5):
        opt_out(org, token)
        if days == 5:
            org.mail()
        said(org, "opt-in", WHO)
        org.clock.forward(days=days, minutes=5)
        org.mail()
        assert WHO in {m.to[0] for m in post.take()}


# ------------------------------------------- kept no longer than documented

def test_departed_people(org, post, serve):
    """Of who has left: a hash for one import, id and unit until the next wave
    opens, then nothing."""
    serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    token = next(m.optout for m in post.take() if m.to[0] == WHO)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    org.people.remove(who(org))
    org.import_now()
    assert files_with(org, WHO, "Zzyzx") == []
    assert files_with(org, "p/T1.3T1") == ["roster/last-staff"]
    out = said(org, "show", WHO)
    assert "Nobody on the lists" in out and "keyed hash" in out
    opt_out(org, token)                 # the link in their mail still works
    said(org, "opt-in", WHO)
    org.import_now()
    opt_out(org, token, 404)            # and is forgotten with the next
    assert "by which the opt-out link" not in said(org, "show", WHO)
    org.clock.forward(days=60)
    org.open(NEXT)
    assert traces(org) == []


def test_published_figures_go_when_the_promise_says(org, post, serve,
                                                    browser):
    """CONTENT 5, 9: for as long as the page states."""
    conf = org.conf.read_text()
    org.conf.write_text(conf.replace("min_group = 10;",
                                     "min_group = 10; keep_years = 2;"))
    serve(org, "cgi")
    assert "Published figures, in years: 2." in \
        " ".join(browser(org).get("privacy").seen.split())
    org.open(WAVE)
    org.close(WAVE)                     # on 19 October 2026
    org.program.ok("sensed-digest")
    org.clock.set("2028-10-18 09:00")
    org.program.ok("sensed-digest")
    assert org.program.sensectl("export", WAVE).returncode == 0
    org.clock.set("2028-10-20 09:00")
    org.program.ok("sensed-digest")
    assert org.program.sensectl("export", WAVE).returncode != 0
    assert not list((org.state / "published").iterdir())


def test_what_backups_leave_out_is_marked(org):
    """STANDARDS C6; the signature is the one of the CACHEDIR.TAG rule."""
    for name in ("keys", "ledgers", "answers"):
        assert (org.state / name / ".nobackup").read_bytes() == b""
        tag = (org.state / name / "CACHEDIR.TAG").read_bytes()
        assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    for name in ("roster", "published"):
        assert not (org.state / name / ".nobackup").exists()
    org.open(WAVE)
    org.mail()
    assert not list((org.state / "locks").glob("*backup*"))
    assert not list((org.state / "locks").glob("*TAG*"))


# ------------------------------------------------------------- the promise

def test_the_promise_is_the_live_configuration(make_org, vectors, post,
                                               serve, browser):
    """CONTENT 5: k, who controls the server, how long, to whom: page, form
    and mail say what is configured and frozen, and nothing else."""
    org = build(make_org, vectors, k=12, survey="staff_copy = false;")
    conf = org.conf.read_text()
    org.conf.write_text(conf.replace(
        "min_group = 12;", "min_group = 12; keep_years = 3; "
        "lawful_basis = \"Legitimate interests\"; "
        "contact = \"The data protection officer, dpo@taf.example\"; "
        "server_control = \"Sian Rees of the IT desk\";"))
    serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    mail = post.take()[0]
    rule = "groups where at least 12 people answered"
    assert rule in " ".join(mail.text.split())
    assert rule in " ".join(browser(org).get("a/" + mail.link).seen.split())
    page = " ".join(browser(org).get("privacy").seen.split())
    for words in ("at least 12 people answered", "Legitimate interests",
                  "limited who that is: Sian Rees of the IT desk.",
                  "dpo@taf.example", "Published figures, in years: 3."):
        assert words in page, words
    assert "Staff get the same figures" not in page
    # the frozen k stays in the promise of the wave that is open
    org.conf.write_text(org.conf.read_text().replace("min_group = 12",
                                                     "min_group = 20"))
    org.clock.forward(days=4, minutes=5)
    org.mail()
    reminder = post.take()[0]
    assert rule in " ".join(reminder.text.split())
    assert not re.search(r"at least 20 people", reminder.text)
    for words in ("until you leave the list of people",
                  "Your team in the last survey: until the next one opens",
                  "That you opted out: until you come back"):
        assert words in page, words


def test_the_documents_name_tests_that_exist():
    """doc/privacy.md says what is proven, and by which test."""
    doc = programs.SOURCE / "doc"
    named, file = 0, None
    for found in re.finditer(r"`(?:(system/\w+\.py))?::(\w+)`",
                             (doc / "privacy.md").read_text()):
        file = found.group(1) or file
        named += 1
        text = (programs.SOURCE / "tests" / file).read_text()
        assert f"\ndef {found.group(2)}(" in text, found.group(0)
    assert named > 15
    for name in ("dpia-template.md", "processing-record-template.md"):
        assert (doc / name).read_text().count("[FILL IN") > 15
