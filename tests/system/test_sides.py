"""Both sides of a relationship in one mail: staff and the people they serve.

CONTENT 10, last paragraph; SCORING 6 for each side by itself; STANDARDS M13
for what is sent once.  The figures are held against scorer.py.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import random
import re
import time

import pytest

import programs
import scorer
import trees
from organisation import leader
from people import answer_all, assign
from post import visible
from test_cycle import example_2, example_tree, numbers

STAFF, SERVED = "staff-2026q4", "served-2026q4"
SPLIT = "How the people served by "


@pytest.fixture
def both(make_org, vectors):
    """Staff as in example 2.  Served are people of T1 to T4, below one unit;
    their T9 has a leader who leads nobody else."""
    org = make_org(served="")
    org.add_tree(example_tree(vectors))
    org.import_now()
    served = org.those_served()
    served.add_unit("ORG", name="All we support", leaders=[leader("org")])
    for unit, n in (("T1", 16), ("T2", 14), ("T4", 15), ("T3", 4),
                    ("T9", 12)):
        served.add_unit(unit, "ORG")
        for i in range(n):
            served.add_person(f"{unit}.s{i}", unit,
                              email=f"{unit}.s{i}@home.example")
    served.import_now()
    return org, served


def served_ballots(served):
    rng = trees.rng_of("served")
    return [(p["unit"], {s: rng.choice((1, 2, 3, 3, 4, 5))
                         for s in scorer.SENSES}) for p in served.people]


def give(org, wave, mails, ballots):
    mine = {p["email"] for p in org.people}
    answer_all(org.base, [m for m in mails if m.to[0] in mine],
               assign(org, ballots))


def leaders(*orgs):
    """(address, unit) of every leader: one mail is due to each."""
    return {(u["leader_email"], u["unit"]) for o in orgs for u in o.units
            if u["leader_email"]}


def run_both(org, served, post, vectors, apart=0, more=()):
    """Both waves open, the second `apart` days later; everyone has answered."""
    staff = example_2(vectors)
    theirs = served_ballots(served)
    org.open(STAFF)
    org.mail()
    if apart:                           # by 0 would turn the clock back
        org.clock.forward(days=apart)
    served.open(SERVED, *more)
    org.mail()
    mails = [m for m in post.take() if m.link]
    by = {}
    for m in mails:                     # the invitation of each
        by.setdefault(m.to[0], m)
    give(org, STAFF, by.values(), staff)
    give(served, SERVED, by.values(), theirs)
    return org.expected(staff), served.expected(theirs)


def digest(org, *more):
    org.program.ok("sensed-digest", *more)


def check_side(text, expected, unit):
    u = expected.by_id[unit]
    if u["status"] != "published":
        if u["shown_instead"] is None:
            assert "Too few answers to count this time." in text
            return
        assert "Not shown, to protect people's answers." in text
        u = expected.by_id[u["shown_instead"]]
    assert re.search(rf"Answered: {u['n']} of {u['invited']} "
                     rf"\({u['rate']} %\)", text)
    for s in scorer.SENSES:
        f = u["senses"][s]
        got = re.search(rf"^{s.capitalize()}: (\S+)", text, re.M)
        assert got.group(1) == f["score"].split()[0], (unit, s)


def split(text):
    """Staff's part and the part of the people served, either may be ''."""
    text = text.split("A 20-minute team talk")[0]
    parts = re.split(r"^(?=How the people served by |How \S.* is doing: "
                     r"|(?!The figures)[^\n]*, (?:October|November) 2026$)", text,
                     flags=re.M)[1:]
    return parts


def check_mails(mails, staff, served, org, other):
    """One mail for each leader of a unit; what it holds."""
    got = collections.Counter((m.to[0], unit_of(m, org, other))
                              for m in mails)
    want = leaders(org, other)
    assert got == dict.fromkeys(want, 1)
    mine, theirs = leaders(org), leaders(other)
    for m in mails:
        key = m.to[0], unit_of(m, org, other)
        parts = split(m.text)
        assert len(parts) == (key in mine) + (key in theirs), m.text
        if key in mine:
            check_side(parts[0], staff, key[1])
        if key in theirs:
            check_side(parts[-1], served, key[1])
        assert ("Two sides of one relationship" in m.text) == \
            (len(parts) == 2)
        assert numbers(m.text) == numbers(visible(m.html))
        assert len(m.html.encode()) < 12 * 1024 * len(parts)
        assert m.html.count("<h1") == 1
    return mails


def unit_of(mail, org, other):
    """Leaders of several units are told apart by the names in subjects."""
    units = [u["unit"] for o in (org, other) for u in o.units
             if u["leader_email"] == mail.to[0]]
    assert len(set(units)) == 1
    return units[0]


def ledgers(org):
    return sorted(p.name for p in (org.state / "ledgers").glob("*.digest"))


def test_two_waves_that_close_together_make_one_mail(both, post, serve,
                                                     vectors):
    org, served = both
    serve(org, "fastcgi")
    staff, theirs = run_both(org, served, post, vectors)
    org.close(STAFF)
    post.take()
    digest(org)
    mails = check_mails(post.take(), staff, theirs, org, served)
    by = {m.to[0]: m for m in mails}
    t1 = by["leader.t1@taf.example"]
    assert t1.header("Subject").startswith(
        f"How {staff.by_id['T1']['name']} and the people it serves are "
        "doing: October 2026")
    assert "Tell your team and the people you serve by" in t1.text
    t9 = by["leader.t9@taf.example"]
    assert t9.header("Subject").startswith(SPLIT + "Unit T9 are doing")
    assert "Tell the people you serve by" in t9.text
    assert ledgers(org) == []
    digest(org)
    assert post.take() == []


def test_who_is_ready_first_waits_for_the_other(both, post, serve, vectors):
    """Served close four days after staff: neither side is mailed before."""
    org, served = both
    serve(org, "fastcgi")
    staff, theirs = run_both(org, served, post, vectors, apart=4)
    org.clock.set("2026-10-19 10:05")
    org.mail()
    post.take()
    r = org.program.run("sensed-digest")
    assert r.returncode == 0 and f"wait for wave {SERVED}" in r.stderr
    assert post.take() == [] and ledgers(org) == [f"{STAFF}.digest"]
    org.clock.set("2026-10-23 10:05")
    org.mail()
    post.take()
    digest(org)
    check_mails(post.take(), staff, theirs, org, served)
    assert ledgers(org) == []


def test_who_would_wait_too_long_goes_alone(both, post, serve, vectors):
    """The other closes too late to wait for: it holds both sides then."""
    org, served = both
    serve(org, "fastcgi")
    staff, theirs = run_both(org, served, post, vectors, apart=4,
                             more=("--closes", "2026-11-10T09:00"))
    org.clock.set("2026-10-19 10:05")
    org.mail()
    post.take()
    digest(org)
    alone = {m.to[0]: m for m in post.take()}
    assert set(alone) == {a for a, _ in leaders(org)}
    assert not [m for m in alone.values() if "Two sides" in m.text]
    org.clock.set("2026-11-10 10:05")
    org.mail()
    post.take()
    digest(org)                         # the later one holds both
    later = {m.to[0]: m for m in post.take()}
    assert set(later) == {a for a, _ in leaders(served)}
    assert "Two sides" in later["leader.t1@taf.example"].text
    served_first, then_staff = split(later["leader.t1@taf.example"].text)
    check_side(served_first, theirs, "T1")
    check_side(then_staff, staff, "T1")
    assert "Two sides" not in later["leader.t9@taf.example"].text


def test_kill_9_between_two_ledgers(both, post, serve, vectors):
    """Nobody is lost, and who gets a repeat is bounded by the kills."""
    org, served = both
    serve(org, "fastcgi")
    staff, theirs = run_both(org, served, post, vectors)
    org.close(STAFF)
    digest(org, "--publish-only")
    post.take()
    post.delay = 0.02
    rng = random.Random(7)
    kills = 0
    for _ in range(6):
        p = org.program.start("sensed-digest", "--send-only")
        time.sleep(rng.uniform(0.02, 0.25))
        kills += p.poll() is None
        programs.kill(p)
    post.delay = 0
    for minutes in (0, 31, 61):
        org.clock.forward(minutes=minutes)
        digest(org, "--send-only")
    mails = post.take()
    got = collections.Counter(m.to[0] for m in mails)
    assert set(got) == {a for a, _ in leaders(org, served)}
    assert sum(got.values()) - len(got) <= 4 * kills
    first = {m.to[0]: m for m in mails}
    check_mails(list(first.values()), staff, theirs, org, served)
    assert ledgers(org) == []
