"""The staff copy: the figures of their leader, to everyone who wants mail.

CONTENT 10 (last paragraph), SCORING 6, STANDARDS M7, M9 and M18; the leaders'
own digests are test_cycle.py's.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import os
import random
import re
import subprocess
import time

import pytest

import programs
from organisation import ballot
from test_cycle import (ALLOWED, WAVE, build, check_digest, example_2,
                        run_wave)
from web import Browser, contents

COPIES = "staff_copy = true;"


@pytest.fixture
def org(make_org, vectors):
    return build(make_org, vectors, survey=COPIES)


def published(org, vectors, post, serve, ballots=None):
    """A wave up to its publication; what the second scorer says of it."""
    serve(org, "fastcgi")
    ballots = ballots or example_2(vectors)
    mails = run_wave(org, post, WAVE, ballots)
    org.close(WAVE)
    post.take()
    org.program.ok("sensed-digest", "--publish-only")
    return mails, org.expected(ballots)


def split(org, mails):
    """The leaders' digests by unit, and the copies by person id."""
    leaders = {u["leader_email"]: u["unit"] for u in org.units}
    people = org.by_address()
    digests, copies = {}, collections.defaultdict(list)
    for m in mails:
        if m.to[0] in leaders:
            digests[leaders[m.to[0]]] = m
        else:
            copies[people[m.to[0]]["id"]].append(m)
    return digests, copies


def opt_out(org, mail):
    web = Browser(org.base)
    r = web.submit(web.get("o/" + mail.optout).form())
    web.close()
    assert r.status == 200


def figures(text):
    """Items 2 to 6 of CONTENT 10, without the greeting's name."""
    body = text.split("\n", 1)[1]
    return re.split(r"Try one of these|A 20-minute team talk|"
                    r"What happens now|How to read it", body)[0].strip()


# ------------------------------------------------------------ who gets what

def test_everyone_gets_the_figures_of_their_leader(org, vectors, post, serve):
    """CONTENT 10: numbers byte-equal to the leader's; shown-instead rules the
    same; one each; nobody who opted out."""
    mails, expected = published(org, vectors, post, serve)
    by = {m.to[0]: m for m in mails}
    early, late = org.people[0], org.people[-1]
    opt_out(org, by[early["email"]])
    org.mail()                          # the keeper takes it into the roster
    opt_out(org, by[late["email"]])     # this one lies in answers/optout
    org.program.ok("sensed-digest", "--send-only")
    digests, copies = split(org, post.take())
    assert set(digests) == {u["unit"] for u in org.units}
    wanted = {p["id"] for p in org.people} - {early["id"], late["id"]}
    assert set(copies) == wanted
    hidden = 0
    for p in org.people:
        for m in copies[p["id"]]:
            leaders = digests[p["unit"]]
            check_digest(m, expected, p["unit"])
            assert figures(m.text) == figures(leaders.text)
            hidden += "Not shown, to protect" in m.text
            assert m.text.startswith(f"Hello {p['name']},\n")
            assert m.header("Subject") == leaders.header("Subject")
        assert len(copies[p["id"]]) == (p["id"] in wanted)
    assert hidden > 0
    assert expected.by_id["T3"]["status"] != "published"
    waiting = list((org.state / "answers/optout").glob("?" * 52))
    assert len(waiting) == 1            # the sender may not write there
    org.program.ok("sensed-digest")     # again: nobody twice
    assert post.take() == []
    assert not waiting[0].exists()      # taken into the roster before mail
    left = contents(org.state)
    assert [n for n in left if not ALLOWED.fullmatch(n)] == []


def test_what_a_copy_is_and_is_not(org, vectors, post, serve):
    """M7: List-Unsubscribe, one click, no wave link; no word to leaders."""
    _, expected = published(org, vectors, post, serve)
    org.program.ok("sensed-digest", "--send-only")
    digests, copies = split(org, post.take())
    for p in org.people:
        (m,) = copies[p["id"]]
        assert m.optout and m.link is None and "/a/" not in m.text + m.html
        assert m.message["List-Unsubscribe-Post"] == \
            "List-Unsubscribe=One-Click"
        assert m.message["Auto-Submitted"] == "auto-generated"
        assert f"/o/{m.optout}" in m.text and f"/o/{m.optout}" in m.html
        assert "20-minute team talk" not in m.text + m.html
        assert "Tell your team by" not in m.text
        assert "The units under" not in m.text
        assert len(m.html.encode()) < 12 * 1024
        for other in org.people:        # names the reader and nobody else
            if other["name"] != p["name"]:
                assert other["name"] not in m.text
    for m in digests.values():
        assert m.message["List-Unsubscribe"] is None
        assert "Try one of these" not in m.text or "20-minute" in m.text
    ids = {m.id for (m,) in copies.values()}
    assert len(ids) == len(org.people)
    # the day is the leader's too, and the opt-out works
    day = re.search(r"\nBy (\w+ \d+ \w+) your leader", m.text) or \
        re.search(r"\nBy (\w+ \d+ \w+)",
                  next(c for (c,) in copies.values()
                       if "What happens now" in c.text).text)
    assert any(day.group(1) in d.text for d in digests.values())
    (m,) = copies["T1.1"]
    opt_out(org, m)


def test_in_the_words_of_the_reader(make_org, vectors, post, serve):
    """The unit's sense has two prompts for team members, none for leaders."""
    org = build(make_org, vectors, survey=COPIES)
    low = [(u, ballot(5, purpose=1) if u == "T1" else a)
           for u, a in example_2(vectors)]
    published(org, vectors, post, serve, low)
    org.program.ok("sensed-digest", "--send-only")
    digests, copies = split(org, post.take())
    talked = 0
    for p in org.people:
        (m,) = copies[p["id"]]
        prompts = re.search(r"Try one of these:\n((?:- .*\n(?:[^-\n].*\n)*)+)",
                            m.text)
        if prompts:
            talked += 1
            mine = prompts.group(1)
            assert len(re.findall(r"^- ", mine, re.M)) == 2
            assert mine.splitlines()[0] not in digests[p["unit"]].text
    assert talked > 0


def test_off_by_configuration(make_org, vectors, post, serve):
    org = build(make_org, vectors, survey="staff_copy = false;")
    published(org, vectors, post, serve)
    org.program.ok("sensed-digest", "--send-only")
    digests, copies = split(org, post.take())
    assert set(digests) == {u["unit"] for u in org.units} and not copies


def test_on_by_default(make_org, vectors, post, serve):
    """DESIGN 6: staff_copy (true)."""
    org = build(make_org, vectors, survey="")
    published(org, vectors, post, serve)
    org.program.ok("sensed-digest", "--send-only")
    assert set(split(org, post.take())[1]) == {p["id"] for p in org.people}


def test_the_page_says_so_only_while_it_is_true(make_org, vectors, post,
                                                serve, browser):
    """CONTENT 5, 4: the promise is made from the live configuration."""
    sentence = "Staff get the same figures as their leaders."
    org = build(make_org, vectors, survey=COPIES)
    serve(org, "cgi")
    assert sentence in browser(org).get("privacy").seen
    conf = org.conf.read_text()
    org.conf.write_text(conf.replace(COPIES, "staff_copy = false;"))
    assert sentence not in browser(org).get("privacy").seen


# ------------------------------------------------- what happens in between

def test_gone_moved_and_new_since_the_wave(org, vectors, post, serve):
    """DESIGN 3.6: from the roster of now, never from who took part."""
    published(org, vectors, post, serve)
    gone = next(p for p in org.people if p["unit"] == "T1")
    moved = next(p for p in org.people if p["unit"] == "T4")
    org.people.remove(gone)
    moved["unit"] = "T1"
    org.add_unit("T99", "ORG" if any(u["unit"] == "ORG" for u in org.units)
                 else org.units[0]["unit"])
    org.add_person("new1", "T1")
    org.add_person("new2", "T99")       # a unit the wave did not know
    org.import_now()
    org.program.ok("sensed-digest", "--send-only")
    digests, copies = split(org, post.take())
    assert gone["id"] not in copies and "new2" not in copies
    for person in (moved["id"], "new1"):
        (m,) = copies[person]
        assert figures(m.text) == figures(digests["T1"].text)
    left = contents(org.state)
    assert [n for n in left if not ALLOWED.fullmatch(n)] == []


def kept_from(directory, *argv):
    """Runs argv as one who may not look into a directory, as systemd's
    InaccessiblePaths= has it; root gives up the right to look anywhere."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] \
        if os.geteuid() == 0 else []
    mode = directory.stat().st_mode & 0o7777
    directory.chmod(0)
    try:
        return subprocess.run([*drop, *argv], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60)
    finally:
        directory.chmod(mode)


def test_a_sender_that_is_kept_from_the_answers(org, vectors, post, serve):
    """STANDARDS 5: sensed-digest.service cannot see answers/.  Opt-outs count
    all the same: the publication step before it takes them in."""
    mails, _ = published(org, vectors, post, serve)
    out = org.people[0]["email"]
    opt_out(org, next(m for m in mails if m.to[0] == out))
    assert kept_from(org.state / "answers", "ls",
                     str(org.state / "answers/optout")).returncode != 0
    org.program.ok("sensed-digest", "--publish-only")
    env = [f"{k}={v}" for k, v in org.program.environment().items()]
    r = kept_from(org.state / "answers", "env", "-i", *env,
                  *org.program.argv("sensed-digest", "--send-only"))
    assert r.returncode == 0, r.stderr
    _, copies = split(org, post.take())
    assert set(copies) == {p["id"] for p in org.people[1:]}


def test_refused_and_put_off(org, vectors, post, serve):
    """M12, M13: a copy that was put off comes later, one that was refused
    never; leaders' digests go first and are not sent again."""
    published(org, vectors, post, serve)
    later, never = org.people[3]["email"], org.people[5]["email"]
    post.rcpt = {later: "450 4.2.0 later", never: "550 5.1.1 nobody"}.get
    org.program.ok("sensed-digest", "--send-only")
    mails = post.take()
    leaders = {u["leader_email"] for u in org.units}
    assert {m.to[0] for m in mails[:len(leaders)]} == leaders
    assert {m.to[0] for m in mails[len(leaders):]} == \
        {p["email"] for p in org.people} - {later, never}
    assert list((org.state / "ledgers").glob("*.digest"))
    post.rcpt = None
    org.program.ok("sensed-digest", "--send-only")
    assert post.take() == []            # not before half an hour
    org.clock.forward(days=1)
    org.program.ok("sensed-digest", "--send-only")
    again = post.take()
    assert [m.to[0] for m in again] == [later]
    first = next(m for m in mails if m.to[0] == org.people[4]["email"])
    same_day = re.search(r"By (\w+ \d+ \w+)", first.text)
    if same_day:
        assert same_day.group(1) in again[0].text
    assert not list((org.state / "ledgers").glob("*.digest"))


def test_kill_9_while_copies_are_mailed(org, vectors, post, serve):
    """M13, M18: nobody is lost; repeats are bounded by the connections."""
    published(org, vectors, post, serve)
    post.delay = 0.01
    rng = random.Random(5)
    kills = 0
    for _ in range(4):
        p = org.program.start("sensed-digest", "--send-only")
        time.sleep(rng.uniform(0.15, 0.4))
        kills += p.poll() is None
        programs.kill(p)
    post.delay = 0
    for minutes in (0, 31, 61):
        org.clock.forward(minutes=minutes)
        org.program.ok("sensed-digest", "--send-only")
    got = collections.Counter(m.to[0] for m in post.take())
    assert set(got) == {u["leader_email"] for u in org.units} | \
        {p["email"] for p in org.people}
    assert sum(got.values()) - len(got) <= 4 * kills


def test_a_storm_among_staff_takes_only_theirs_back(org, vectors, post,
                                                    serve):
    """R3: too many refusals are our fault.  The leader who was refused for
    good before it stays refused; of staff nobody is lost."""
    published(org, vectors, post, serve)
    bad = org.units[0]["leader_email"]
    people = {p["email"] for p in org.people}
    post.rcpt = lambda a: "550 5.1.1 no" if a in people | {bad} else None
    r = org.program.digest("--send-only")
    assert r.returncode != 0 and "too many refusals" in r.stderr
    assert not any(a in r.stderr for a in people)
    post.take()
    post.rcpt = None
    org.program.ok("sensed-digest", "--send-only")
    got = collections.Counter(m.to[0] for m in post.take())
    assert got == dict.fromkeys(people, 1)
