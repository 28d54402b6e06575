"""A whole quarter, and the next: open, mail, answer, close, publish, digest.

The figures are held against scorer.py; DESIGN 3, SCORING 5 to 10.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import json
import random
import re
import time

import pytest

import programs
import scorer
import trees
from clock import Frozen
from people import answer_all, assign
from post import visible
from web import Browser, contents, copy_tree

WAVE = "staff-2026q4"
NEXT = "staff-2027q1"


def example_2(vectors, name="ex2"):
    return scorer.read_answers(vectors / f"{name}_answers.csv")[0]


def example_tree(vectors):
    tree = scorer.read_units(vectors / "ex2_tree.csv")
    return [(u.id, u.parent, u.name, u.invited)
            for u in (tree.units[i] for i in tree.pre)]


@pytest.fixture
def org(make_org, vectors):
    return build(make_org, vectors)


def build(make_org, vectors, **how):
    org = make_org(**how)
    org.add_tree(example_tree(vectors))
    org.import_now()
    return org


def run_wave(org, post, wave, ballots):
    """Up to the closing: everyone mailed, the ballots given."""
    post.take()
    org.open(wave)
    org.mail()
    mails = post.take()
    assert {m.to[0] for m in mails} == {p["email"] for p in org.people}
    answer_all(org.base, mails, assign(org, ballots))
    return mails


def export(org, wave, fmt="csv"):
    return org.program.ok("sensectl", "export", wave, "--format", fmt)


# ------------------------------------------------------------- example 2

@pytest.mark.parametrize("protect", ("suppress", "carry"))
@pytest.mark.parametrize("data", ("ex2", "ex2b"))
def test_worked_examples_on_real_parts(make_org, vectors, post, serve,
                                       protect, data):
    """SCORING 12, through mail and web: the export is the second scorer's."""
    org = build(make_org, vectors, protect=protect)
    serve(org, "fastcgi")
    ballots = example_2(vectors, data)
    run_wave(org, post, WAVE, ballots)
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    expected = org.expected(ballots)
    text = export(org, WAVE)
    assert text == expected.export_csv(WAVE)
    assert "secondary" not in text and "primary" not in text
    theirs = json.loads(export(org, WAVE, "json"))
    assert theirs == json.loads(json.dumps(expected.json(WAVE, "staff")))
    assert list(theirs)[:2] == ["wave", "survey"]
    assert scorer.publication_safe(theirs["units"], org.k)


# ------------------------------------------------------- digests of a wave

def numbers(text):
    """Every number a reader sees, links left out."""
    text = re.sub(r"https?://\S+", "", text)
    return collections.Counter(re.findall(r"\d+(?:\.\d+)?", text))


def check_digest(mail, expected, unit):
    """One leader's digest against the second scorer's publication."""
    u = expected.by_id[unit]
    text = mail.text
    flat = " ".join(text.split())
    seen = visible(mail.html)
    source = u
    if u["status"] != "published":
        if u["shown_instead"] is None:
            assert "Too few answers to count this time" in flat
            return
        source = expected.by_id[u["shown_instead"]]
        sentence = ("Not shown, to protect people's answers. Your team's "
                    f"answers are counted in: {source['name']}")
        assert sentence in flat
        assert sentence in " ".join(seen.split())
        assert "secondary" not in flat and "primary" not in flat
    for s in scorer.SENSES:
        f = source["senses"][s]
        for shown in (f["score"], f["fav"].replace("%", "")):
            assert shown in text and shown in seen, (unit, s, shown)
        if f["lo"] and not f["everyone"]:
            assert f["lo"] in text and f["hi"] in text
        for word in (f["vs_org"], f["change_word"]):
            if word:
                assert word in flat.lower() and word in seen.lower()
        if f["change"]:
            shown = f["change"].lstrip("-")
            assert shown in text and shown in seen
    if not source["partial"]:
        assert re.search(rf"{source['n']} of {source['invited']}\b", flat)
    assert str(source["rate"]) in text
    assert numbers(text) == numbers(seen), unit


def check_digests(org, post, expected):
    """Each leader one, for each unit; nobody else; M7."""
    mails = post.take()
    want = {}
    for u in org.units:
        if u["leader_email"]:
            want.setdefault(u["leader_email"], []).append(u["unit"])
    got = collections.Counter(m.to[0] for m in mails)
    assert got == {a: len(units) for a, units in want.items()}
    for m in mails:
        (unit,) = want[m.to[0]]
        check_digest(m, expected, unit)
        assert m.message["List-Unsubscribe"] is None
        assert m.link is None and "/a/" not in m.text + m.html
        name = expected.by_id[unit]["name"]
        assert name in m.header("Subject")
        assert not re.search(r"\d\.\d", m.header("Subject"))
        assert len(m.html.encode()) < 12 * 1024
        for p in org.people:            # never names a person
            assert p["name"] not in m.text
    return mails


def test_digests_of_example_2(org, vectors, post, serve):
    serve(org, "cgi")
    ballots = example_2(vectors)
    run_wave(org, post, WAVE, ballots)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    mails = check_digests(org, post, org.expected(ballots))
    by = {m.to[0]: m for m in mails}
    t3 = " ".join(by["leader.t3@taf.example"].text.split())
    assert "counted in: Community nursing" in t3
    org.program.ok("sensed-digest")     # again: nobody twice
    assert post.take() == []


# ------------------------------------------------------------- two waves

def second_roster(org):
    """T1 loses 7 of 18 (11 stay: 3 * 11 < 2 * 18), T4 loses 6 of 20 (14
    stay: 42 >= 40), a T2 person moves to T1 and back-fills are new."""
    before = {p["id"]: p["unit"] for p in org.people}
    lost = {"T1": 7, "T4": 6}
    for unit, n in lost.items():
        gone = [p for p in org.people if p["unit"] == unit][:n]
        for p in gone:
            org.people.remove(p)
        for i in range(n):
            org.add_person(f"new-{unit}-{i}", unit)
    for p in org.people:
        if p["id"] == "T2.1":
            p["unit"] = "T1"
    org.add_person("new-T2", "T2")
    for u in org.units:
        if u["unit"] == "T7":
            u["name"] = "Estates and grounds"
    org.import_now()
    return before


def stayed_of(org, before):
    """SCORING 8, from its sentence: invited now and then in u's subtree."""
    tree = scorer.Tree(org.scorer_rows())
    out = dict.fromkeys(tree.units, 0)
    for p in org.people:
        then = before.get(p["id"])
        for u in tree.units:
            if p["unit"] in tree.sub[u] and then in tree.sub[u]:
                out[u] += 1
    return out


def lower(ballots, units, by):
    return [(u, {s: max(1, v - by) if v else v for s, v in a.items()}
             if u in units else a) for u, a in ballots]


@pytest.mark.parametrize("protect", ("suppress", "carry"))
def test_two_waves_show_the_change(make_org, vectors, post, serve, protect):
    """SCORING 8: words and figures; the 2/3 rule; D9 of both digests."""
    org = build(make_org, vectors, protect=protect)
    serve(org, "fastcgi")
    first = example_2(vectors)
    run_wave(org, post, WAVE, first)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    last = org.expected(first)
    check_digests(org, post, last)

    org.clock.forward(days=60)
    before = second_roster(org)
    second = lower(first, {"T4", "T5", "T6", "T2"}, 2)
    post.take()
    run_wave(org, post, NEXT, second)
    org.close(NEXT)
    org.program.ok("sensed-digest")
    stayed = stayed_of(org, before)
    assert 3 * stayed["T1"] < 2 * 19 and 3 * stayed["T4"] >= 2 * 20
    expected = org.expected(second, last, stayed)
    assert export(org, NEXT) == expected.export_csv(NEXT)
    words = {(u["unit"], f["change_word"]) for u in expected.units
             if u["status"] == "published"
             for f in u["senses"].values()}
    assert ("T1", scorer.NO_CHANGE) in words
    assert {w for _, w in words} & {"clear fall", "possible fall"}
    check_digests(org, post, expected)
    assert export(org, WAVE) == last.export_csv(WAVE)   # the first stands


MORE = ("security_a", "security_b", "purpose_a")


def with_more(rng, ballots):
    """Ballots with answers to the optional items, some of them skipped, and
    now and then a core item skipped whose optional ones are answered."""
    out = []
    for unit, a in ballots:
        a = a | {key: rng.choice((1, 2, 3, 4, 5, 5, None)) for key in MORE}
        if rng.random() < 0.05:
            a["security"] = None
        out.append((unit, a))
    return out


def test_optional_items_and_a_change_of_wording(make_org, vectors, post,
                                                serve):
    """SCORING 2: D of 8 and 24; a skipped core item counts for nothing.
    SCORING 8: a new wording ends the comparison of its sense alone."""
    org = make_org()
    org.ask_more(*MORE)
    org.add_tree(example_tree(vectors))
    org.import_now()
    serve(org, "fastcgi")
    rng = trees.rng_of("optional")
    items = scorer.sense_items(scorer.SENSES + MORE)
    assert [scorer.scale(items[s])[1] for s in ("security", "continuity",
                                                "purpose")] == [24, 4, 8]
    first = with_more(rng, example_2(vectors))
    run_wave(org, post, WAVE, first)
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    last = org.expected(first, items=items)
    assert export(org, WAVE) == last.export_csv(WAVE)

    questions = org.dir / "questions-staff.conf"
    text = questions.read_text()
    old = 'key = "purpose"; version = 1'
    assert old in text
    questions.write_text(text.replace(old, 'key = "purpose"; version = 2'))
    org.clock.forward(days=60)
    second = with_more(rng, example_2(vectors))
    run_wave(org, post, NEXT, second)
    org.close(NEXT)
    org.program.ok("sensed-digest", "--publish-only")
    wording = dict.fromkeys(scorer.SENSES, 1) | {"purpose": 2}
    expected = org.expected(second, last, items=items, wording=wording)
    words = {f["change_word"] == scorer.NO_CHANGE
             for f in (expected.by_id["ORG"]["senses"][s]
                       for s in ("security", "purpose"))}
    assert words == {True, False}
    assert export(org, NEXT) == expected.export_csv(NEXT)


def test_only_optional_items_answered_is_no_answer(make_org, post, serve):
    """H7: none of the six core questions is answered: 422."""
    org = make_org()
    org.ask_more(*MORE)
    org.add_unit("ORG")
    org.add_person("p1", "ORG")
    org.import_now()
    serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    (mail,) = post.take()
    web = Browser(org.base)
    before = contents(org.state)
    assert web.answer(mail.link, security_a=5, purpose_a=1).status == 422
    assert contents(org.state) == before
    assert web.answer(mail.link, security_a=5, security=1).status == 200
    web.close()


# ------------------------------------------------- what is left on the disk

ALLOWED = re.compile(
    r"roster/(roster\.gdbm|(last|opened)-staff|health\.log)|keys/organisation|"
    r"published/staff-\w+\.gdbm|locks/[^/]+|answers/optout/[^/]+|"
    r"(.*/)?(\.nobackup|CACHEDIR\.TAG)")
DIGEST = re.compile(r"ledgers/[^/]+\.digest")


def test_property_ii_what_is_left_after_publication(
        org, vectors, post, serve):
    """SCORING 5 (ii), second test; DESIGN 3.5."""
    serve(org, "cgi")
    mails = run_wave(org, post, WAVE, example_2(vectors))
    codes = answer_all(org.base, mails, {
        next(p["email"] for p in org.people if p["id"] == "T3.9"):
        dict.fromkeys(scorer.SENSES, 3)})
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    left = contents(org.state)
    extra = [n for n in left if not ALLOWED.fullmatch(n)
             and not DIGEST.fullmatch(n)]
    assert extra == []
    ids = {p["id"].encode() for p in org.people}
    for name, data in left.items():
        if name.startswith("locks/"):
            assert data == b"", name
        for m in mails:
            assert m.link.encode() not in data
            assert m.link[5:].encode() not in data
        for code in codes.values():
            assert code.replace(" ", "")[5:].encode() not in data
        if not name.startswith("roster/"):
            assert not any(b"\0" + i + b"\0" in b"\0" + data + b"\0"
                           for i in ids), name
    (pub,) = (org.state / "published").iterdir()
    assert pub.stat().st_mode & 0o777 == 0o600
    org.program.ok("sensed-digest")
    left = contents(org.state)
    extra = [n for n in left if not ALLOWED.fullmatch(n)]
    assert extra == []


def shuffled_in_atoms(ballots, pub, rng):
    """Ballots that differ only inside atoms: the answers to each sense are
    dealt out again among those of the atom who answered it."""
    atoms = {}
    for u in pub.units:
        if u["status"] == "published":
            for c in scorer.atom(pub.wave.tree, pub.published, u["unit"]):
                atoms[c] = u["unit"]
    out = [(u, dict(a)) for u, a in ballots]
    for s in scorer.SENSES:
        places = {}
        for i, (u, a) in enumerate(out):
            if a[s] is not None:
                places.setdefault(atoms[u], []).append(i)
        for some in places.values():
            values = [out[i][1][s] for i in some]
            rng.shuffle(values)
            for i, v in zip(some, values):
                out[i][1][s] = v
    return out


def test_property_ii_byte_identical(make_org, vectors, post, serve,
                                    tmp_path):
    """SCORING 5 (ii), first test: ballots that differ only inside atoms
    leave byte-identical state directories."""
    (tmp_path / "org").mkdir()
    clock = Frozen(tmp_path)
    org = build(make_org, vectors, clock=clock)
    server = serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    mails = post.take()
    copy_tree(org.state, tmp_path / "open")
    one = example_2(vectors)
    pub = org.expected(one)
    rng = trees.rng_of("atoms")
    two = shuffled_in_atoms(one, pub, rng)
    assert one != two
    assert org.expected(two).export_csv(WAVE) == pub.export_csv(WAVE)
    results = []
    for ballots in (one, two):
        server.stop()
        copy_tree(tmp_path / "open", org.state)
        clock.set("2026-10-06 10:00")
        server.start()
        answer_all(org.base, mails, assign(org, ballots), threads=1)
        clock.set("2026-10-19 10:00")
        org.mail()
        clock.set("2026-10-19 11:00")
        org.program.ok("sensed-digest", "--publish-only")
        results.append(contents(org.state))
        assert export(org, WAVE) == pub.export_csv(WAVE)
    assert sorted(results[0]) == sorted(results[1])
    differ = [n for n in results[0] if results[0][n] != results[1][n]]
    assert differ == []


# --------------------------------------------------------- kill, and again

def closed_wave(org, vectors, post, serve):
    server = serve(org, "fastcgi")
    ballots = example_2(vectors)
    run_wave(org, post, WAVE, ballots)
    org.close(WAVE)
    server.stop()
    return org.expected(ballots)


def test_publishing_twice_is_harmless(org, vectors, post, serve):
    """SCORING 2: one publication for ever."""
    expected = closed_wave(org, vectors, post, serve)
    org.program.ok("sensed-digest", "--publish-only")
    before = contents(org.state)
    org.program.ok("sensed-digest", "--publish-only")
    r = org.program.digest("--publish-only", WAVE)
    assert r.returncode in (0, 65), r.stderr
    assert contents(org.state) == before
    assert export(org, WAVE) == expected.export_csv(WAVE)


def test_kill_9_of_publication_at_any_moment(org, vectors, post, serve,
                                             tmp_path):
    """DESIGN 3: every step may be killed and is finished by another run."""
    expected = closed_wave(org, vectors, post, serve)
    copy_tree(org.state, tmp_path / "closed")
    began = time.monotonic()
    org.program.ok("sensed-digest", "--publish-only")
    whole = time.monotonic() - began
    clean = sorted(n for n in contents(org.state) if "lock" not in n)
    rng = trees.rng_of("kill")
    killed = tried = 0
    while killed < 25:
        tried += 1
        assert tried < 200, "the kills come too late"
        copy_tree(tmp_path / "closed", org.state)
        for _ in range(rng.randint(1, 3)):
            p = org.program.start("sensed-digest", "--publish-only")
            time.sleep(rng.uniform(0, whole))
            killed += p.poll() is None
            programs.kill(p)
        org.program.ok("sensed-digest", "--publish-only")
        assert export(org, WAVE) == expected.export_csv(WAVE)
        assert sorted(n for n in contents(org.state)
                      if "lock" not in n) == clean


def test_kill_9_while_digests_are_mailed(org, vectors, post, serve):
    """M13 for digests: each leader has one; repeats bounded."""
    expected = closed_wave(org, vectors, post, serve)
    org.program.ok("sensed-digest", "--publish-only")
    post.delay = 0.05
    rng = random.Random(3)
    kills = 0
    for _ in range(3):
        p = org.program.start("sensed-digest", "--send-only")
        time.sleep(rng.uniform(0.1, 0.35))
        kills += p.poll() is None
        programs.kill(p)
    post.delay = 0
    for minutes in (0, 31, 61):
        org.clock.forward(minutes=minutes)
        org.program.ok("sensed-digest")
    got = collections.Counter(m.to[0] for m in post.take())
    assert set(got) == {u["leader_email"] for u in org.units}
    assert sum(got.values()) - len(got) <= 4 * kills
    assert export(org, WAVE) == expected.export_csv(WAVE)


def test_kill_9_of_opening_leaves_a_whole_wave_or_none(org, post, serve,
                                                       tmp_path):
    """DESIGN 3.1: unrevealed leftovers are destroyed; then it opens."""
    copy_tree(org.state, tmp_path / "before")
    rng = trees.rng_of("opening")
    for _ in range(12):
        copy_tree(tmp_path / "before", org.state)
        p = org.program.start("sensectl", "open", "staff", "--wave", WAVE)
        time.sleep(rng.uniform(0.01, 0.25))
        programs.kill(p)
        waves = list((org.state / "waves").glob("[!.]*.gdbm")) \
            if (org.state / "waves").exists() else []
        if not waves:
            org.open(WAVE)
        (wave,) = (org.state / "waves").glob("[!.]*.gdbm")
        org.mail()
        assert len(post.take()) == len(org.people)
        dirs = [d for d in (org.state / "answers").iterdir()
                if d.name != "optout" and d.is_dir()]
        assert [d.name for d in dirs] == [wave.stem]


# -------------------------------------------------------- nothing too early

def test_nothing_can_be_read_before_publication(org, vectors, post, serve):
    """STANDARDS 4, hole 10; SCORING 9.4."""
    serve(org, "cgi")
    org.open(WAVE)
    org.mail()
    mails = post.take()
    given = assign(org, example_2(vectors))
    told = []
    for i, (address, answers) in enumerate(sorted(given.items()), 1):
        if i > 23:
            break
        answer_all(org.base, mails, {address: answers}, threads=1)
        if i in (1, 9, 10, 11, 19, 20, 23):
            told.append((i, org.program.ok("sensectl", "status")))
    for i, text in told:
        want = f"at least {i // 10 * 10}" if i >= 10 else "fewer than 10"
        assert want in text, (i, text)
        assert not re.search(rf"\banswered\W+{i}\b(?!0)", text) or i % 10 == 0
    for state in ("open", "closed"):
        r = org.program.sensectl("export", WAVE)
        assert r.returncode != 0 and "," not in r.stdout, state
        if state == "open":
            r = org.program.digest("--publish-only", WAVE)
            assert r.returncode != 0
            assert not list((org.state / "published").glob("*"))
            org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    assert export(org, WAVE)


def test_waves_do_not_overlap_and_stand_28_days_apart(org, post):
    """DESIGN 3.1; --force where it must be."""
    org.open(WAVE)
    r = org.program.sensectl("open", "staff", "--wave", NEXT)
    assert r.returncode != 0 and r.stderr
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    r = org.program.sensectl("open", "staff", "--wave", NEXT)
    assert r.returncode != 0 and "28" in r.stderr
    r = org.program.sensectl("open", "staff", "--wave", WAVE, "--force")
    assert r.returncode != 0        # a name is used once
    org.open(NEXT, "--force")


def test_a_wave_is_frozen_against_a_new_roster(org, vectors, post, serve):
    """DESIGN 3.2: the list alone says who is in the wave."""
    serve(org, "cgi")
    ballots = example_2(vectors)
    expected = org.expected(ballots)
    mails = run_wave(org, post, WAVE, ballots)
    before = list(org.people), list(org.units)
    org.people = [p for p in org.people if p["unit"] != "T2"]
    org.units = [u for u in org.units if u["unit"] != "T2"]
    for u in org.units:
        u["name"] = "New " + u["name"]
    org.import_now()
    assert Browser(org.base).get("a/" + mails[0].link).status == 200
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    assert export(org, WAVE) == expected.export_csv(WAVE)
    org.people, org.units = before


def test_discard_destroys_a_wave(org, vectors, post, serve):
    serve(org, "cgi")
    mails = run_wave(org, post, WAVE, example_2(vectors))
    before = contents(org.state)
    r = org.program.sensectl("discard", WAVE)
    assert r.returncode != 0 and "--force" in r.stderr
    assert contents(org.state) == before
    org.program.ok("sensectl", "discard", WAVE, "--force")
    left = [n for n in contents(org.state) if WAVE in n
            and not n.startswith("locks/")]
    assert left == []
    assert Browser(org.base).get("a/" + mails[0].link).status == 404


def test_a_damaged_box_stops_publication_and_is_named(org, vectors, post,
                                                      serve):
    """DESIGN 3.5: never a wrong figure; check and status name the wave."""
    serve(org, "cgi")
    run_wave(org, post, WAVE, example_2(vectors))
    org.close(WAVE)
    (box, *_) = sorted(org.state.glob("answers/*/boxes/*.gdbm"))
    data = bytearray(box.read_bytes())
    box.write_bytes(data[:len(data) // 2])
    r = org.program.digest("--publish-only")
    assert r.returncode != 0
    assert not list((org.state / "published").glob("*.gdbm"))
    for command in ("status", "check"):
        r = org.program.sensectl(command)
        assert WAVE in r.stdout, (command, r.stdout, r.stderr)
    box.write_bytes(data)
    org.program.ok("sensed-digest", "--publish-only")
    assert export(org, WAVE)


def test_a_wave_with_a_lost_key_can_only_be_discarded(org, vectors, post,
                                                      serve):
    """DESIGN 3: check and status name it; discard needs no force."""
    serve(org, "cgi")
    run_wave(org, post, WAVE, example_2(vectors))
    org.close(WAVE)
    (org.state / "keys/ballot" / WAVE).unlink()
    assert org.program.digest("--publish-only").returncode != 0
    assert WAVE in org.program.sensectl("check").stdout
    org.program.ok("sensectl", "discard", WAVE)
    assert WAVE not in org.program.ok("sensectl", "status")


@pytest.mark.parametrize("name", ("=1+2", "+44", "-x", "@home"))
def test_text_that_looks_like_a_formula_is_guarded(make_org, post, serve,
                                                   name):
    """SCORING 10.2, FACTS 6."""
    org = make_org()
    org.add_unit("ORG", "", name)
    for i in range(10):
        org.add_person(f"p{i}", "ORG")
    org.import_now()
    serve(org, "cgi")
    ballots = [("ORG", dict.fromkeys(scorer.SENSES, 1 + i % 5))
               for i in range(10)]
    run_wave(org, post, WAVE, ballots)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    text = export(org, WAVE)
    assert f",'{name}," in text
    assert text == org.expected(ballots).export_csv(WAVE)
