"""`sensectl score` against a second calculation; SCORING 4 to 10 and 12.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json

import pytest

import scorer
import trees

EXPECTED = (("2S", "ex2", "suppress"), ("2C", "ex2", "carry"),
            ("2b-S", "ex2b", "suppress"), ("2b-C", "ex2b", "carry"))


@pytest.fixture
def score(program, tmp_path):
    def run(units, answers, *more, k=10, protect="suppress", fmt="csv"):
        return program.sensectl(
            "score", "--units", str(units), "--answers", str(answers),
            "--k", str(k), "--protect", protect, "--format", fmt, *more,
            conf=None)
    return run


@pytest.mark.parametrize("name,data,protect", EXPECTED)
def test_vectors_byte_for_byte(score, vectors, name, data, protect):
    """SCORING 12: sensectl and the second scorer give the vectors."""
    units, answers = vectors / "ex2_tree.csv", vectors / f"{data}_answers.csv"
    expected = (vectors / f"expected_{name}.csv").read_text()
    mine = scorer.Publication(scorer.read_wave(units, answers, 10, protect))
    assert mine.csv() == expected
    r = score(units, answers, protect=protect)
    assert r.returncode == 0, r.stderr
    assert r.stdout == expected


def test_change_of_example_1(score, vectors):
    """SCORING 12, example 1: -1.3, no clear change, nothing else."""
    r = score(vectors / "ex1_tree.csv", vectors / "ex1_now.csv",
              "--previous-units", str(vectors / "ex1_tree.csv"),
              "--previous-answers", str(vectors / "ex1_prev.csv"))
    assert r.returncode == 0, r.stderr
    row = r.stdout.splitlines()[1]
    assert row == ("A,published,,15,12,80,security,12,5.8,4.9,6.8,"
                   "50%,37,63,,,,,-1.3,no clear change")


def attack(wave, pub, k):
    """No group below k can be worked out, at any detail."""
    assert scorer.attacker(wave, pub.groups, k) == []
    if pub.protect == "suppress":
        five = {u["unit"]: pub.groups[u["unit"]] for u in pub.units
                if u.get("detail") == "five"}
        assert scorer.attacker(wave, five, 5 * k) == []


@pytest.mark.parametrize("protect", ("suppress", "carry"))
def test_attacker_finds_no_small_group(protect):
    """SCORING 5 (i): exact linear algebra over every union of cells."""
    rng = trees.rng_of(f"attack {protect}")
    shown = hidden = 0
    for _ in range(60):
        rows = trees.random_rows(rng, rng.randint(2, 9), rng.randint(20, 110),
                                 attach_inner=0.7)
        ballots = trees.random_ballots(rng, rows)
        k = rng.choice((5, 7, 10))
        wave = scorer.Wave(scorer.Tree(rows), ballots, k, protect)
        pub = scorer.Publication(wave)
        attack(wave, pub, k)
        assert scorer.publication_safe(pub.units, k)
        shown += len(pub.published)
        hidden += len(pub.units) - len(pub.published)
    assert shown > 60 and hidden > 60       # both kinds were put to the test


def test_attacker_breaks_the_plain_threshold(vectors):
    """The attack itself works: example 2's leaks are all found."""
    wave = scorer.read_wave(vectors / "ex2_tree.csv",
                            vectors / "ex2_answers.csv", 10, "suppress")
    plain = {u: set(wave.tree.sub[u]) for u in wave.tree.units
             if wave.subtree(u).m() >= 10}
    leaks = scorer.attacker(wave, plain, 10)
    assert ["T3"] in leaks          # D1 - T1 - T2
    assert ["D3", "T8"] in leaks    # D3 - T7
    assert ["ORG"] in leaks         # ORG - D1 - D2 - D3
    rows = [{"unit": u, "parent": wave.tree.units[u].parent,
             "status": "published" if u in plain else "primary",
             "senses": {s: {"n": wave.subtree(u).senses[s].n}
                        for s in scorer.SENSES}} for u in wave.tree.pre]
    assert not scorer.publication_safe(rows, 10)


def compare(score, tmp_path, rng, protect, units, people):
    k = rng.choice((5, 10, 12))
    rows = trees.random_rows(rng, units, people)
    before = trees.random_ballots(rng, rows)
    now = trees.random_ballots(rng, rows, skip=rng.choice((0, 0.1)))
    u, a, b = (tmp_path / n for n in ("u.csv", "a.csv", "b.csv"))
    trees.write_units(u, rows)
    trees.write_answers(a, before)
    trees.write_answers(b, now)
    tree = scorer.Tree(rows)
    last = scorer.Publication(scorer.Wave(tree, before, k, protect))
    wave = scorer.Wave(tree, now, k, protect)
    mine = scorer.Publication(wave, last)
    previous = ("--previous-units", str(u), "--previous-answers", str(a))
    r = score(u, b, *previous, k=k, protect=protect)
    assert r.returncode == 0, r.stderr
    assert r.stdout == mine.csv()
    parents = {x.id: x.parent for x in tree.units.values()}
    assert scorer.publication_safe(scorer.units_of_csv(r.stdout, parents), k)
    r = score(u, b, *previous, k=k, protect=protect, fmt="json")
    assert r.returncode == 0, r.stderr
    theirs = json.loads(r.stdout)
    assert theirs == json.loads(json.dumps(mine.json()))
    assert list(theirs) == ["format", "k", "protect", "safe", "units"]
    assert theirs["safe"] is True
    return len(mine.published)


@pytest.mark.parametrize("protect", ("suppress", "carry"))
def test_random_trees_equal_the_second_scorer(score, tmp_path, protect):
    """SCORING 12: both modes, small trees and large, with change."""
    rng = trees.rng_of(f"compare {protect}")
    shown = sum(compare(score, tmp_path, rng, protect, rng.randint(1, 14),
                        rng.randint(0, 260)) for _ in range(60))
    shown += compare(score, tmp_path, rng, protect, 120, 1500)
    assert shown > 100


ROOT = "unit,parent,invited,name\nA,,20,Top\n"
HEAD = "unit,security,continuity,belonging,purpose,fulfilment,significance\n"

REFUSED = (
    ("unknown unit", ROOT, HEAD + "B,1,1,1,1,1,1\n"),
    ("answer of six", ROOT, HEAD + "A,6,1,1,1,1,1\n"),
    ("answer of zero", ROOT, HEAD + "A,0,1,1,1,1,1\n"),
    ("answer in words", ROOT, HEAD + "A,good,1,1,1,1,1\n"),
    ("two roots", ROOT + "B,,20,Other\n", HEAD),
    ("no root", "unit,parent,invited,name\nA,B,1,x\nB,A,1,y\n", HEAD),
    ("a cycle beside the root", ROOT + "B,C,1,x\nC,B,1,y\n", HEAD),
    ("unknown parent", ROOT + "B,X,1,x\n", HEAD),
    ("doubled unit", ROOT + "A,,20,Top\n", HEAD),
    ("malformed id", "unit,parent,invited,name\nA b,,20,Top\n", HEAD),
    ("negative invited", "unit,parent,invited,name\nA,,-1,Top\n", HEAD),
    ("more responses than invited", "unit,parent,invited,name\nA,,1,Top\n",
     HEAD + "A,1,1,1,1,1,1\n" * 2),
)


@pytest.mark.parametrize("units,answers", [r[1:] for r in REFUSED],
                         ids=[r[0] for r in REFUSED])
def test_refusals(score, tmp_path, units, answers):
    """SCORING 11 and 10.4: status 65 and nothing on stdout."""
    (tmp_path / "u.csv").write_text(units)
    (tmp_path / "a.csv").write_text(answers)
    r = score(tmp_path / "u.csv", tmp_path / "a.csv")
    assert (r.returncode, r.stdout) == (65, ""), r.stderr
    assert r.stderr.strip()


@pytest.mark.parametrize("k", ("4", "101", "x"))
def test_k_out_of_range_is_refused(score, vectors, k):
    """SCORING 11: k from 5 to 100."""
    r = score(vectors / "ex2_tree.csv", vectors / "ex2_answers.csv", k=k)
    assert r.returncode in (64, 65) and r.stdout == "", r.stderr


def test_nothing_can_be_published(score, tmp_path):
    """SCORING 10.4: status 0, all hidden, one line on stderr."""
    (tmp_path / "u.csv").write_text(ROOT)
    (tmp_path / "a.csv").write_text(HEAD + "A,1,1,1,1,1,1\n" * 9)
    r = score(tmp_path / "u.csv", tmp_path / "a.csv")
    assert r.returncode == 0
    assert r.stdout.splitlines()[1:] == ["A,primary" + "," * 18]
    assert len(r.stderr.splitlines()) == 1
