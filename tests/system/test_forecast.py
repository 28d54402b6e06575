"""sensectl forecast against the second scorer: issue 5, item 7.

The draws are made again here, from what core/forecast.h says of them, and each
is put through scorer.py.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import io
import json
import time

import pytest

import scorer
import trees
from organisation import Organisation, ballot

MASK = 2**64 - 1


def splitmix(state):
    """SplitMix64: the numbers of a seed, one after another."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def publication(rows, answers, k, protect):
    """What the rules show if so many of each cell answer everything."""
    ballots = [(id, ballot(3)) for id, n in answers.items()
               for _ in range(n)]
    wave = scorer.Wave(scorer.Tree(rows), ballots, k, protect)
    return scorer.Publication(wave)


def expected(rows, rate, k, protect, draws, seed):
    """{unit: (people, answers, status, above, shown)}"""
    tree = scorer.Tree(rows)
    cells = {id: (n * rate * 2 + 100) // 200 for id, _, _, n in rows}
    pub = publication(rows, cells, k, protect)
    shown = dict.fromkeys(tree.units, 0)
    numbers, limit = splitmix(seed), MASK // 100 * rate
    for _ in range(draws):
        drawn = {id: sum(next(numbers) < limit
                         for _ in range(tree.units[id].invited))
                 for id in tree.pre}
        for u in publication(rows, drawn, k, protect).published:
            shown[u] += 1
    out = {}
    for id in tree.pre:
        u = pub.by_id[id]
        above = u.get("shown_instead") or ""
        if u["status"] == "published":
            status = "partly" if u["partial"] else "shown"
        else:
            status = "above" if above else "hidden"
        out[id] = (tree.people(tree.sub[id]),
                   sum(cells[c] for c in tree.sub[id]), status, above,
                   shown[id])
    return out


def write_import(org, rows):
    org.units, org.people = [], []
    org.add_tree(rows)
    return org.write_csv()


def forecast(org, *more):
    return org.program.ok("sensectl", "forecast", "staff", *more)


def read(text):
    return {r["unit"]: (int(r["people"]), int(r["expected"]), r["status"],
                        r["above"], int(r["shown"]))
            for r in csv.DictReader(io.StringIO(text))}


@pytest.mark.parametrize("protect", ("suppress", "carry"))
def test_random_trees_are_as_the_second_scorer_has_them(tmp_path, protect):
    rng = trees.rng_of(20261005)
    for n, rate in enumerate((35, 60, 62, 100)):
        org = Organisation(tmp_path / str(n), k=5, protect=protect)
        rows = trees.random_rows(rng, 16, 170)
        units, people = write_import(org, rows)
        text = forecast(org, "--rate", f"{rate}%", "--units", str(units),
                        "--people", str(people), "--draws", "8", "--seed",
                        str(n), "--format", "csv")
        assert read(text) == expected(rows, rate, 5, protect, 8, n)


def test_the_roster_and_the_files_say_the_same(tmp_path):
    org = Organisation(tmp_path)
    units, people = write_import(org, trees.random_rows(
        trees.rng_of(7), 20, 200))
    files = forecast(org, "--rate", "60", "--units", str(units),
                     "--people", str(people))
    org.import_now()
    assert forecast(org, "--rate", "60%") == files
    assert "100 draws, seed 1" in files and "no answer" in files
    as_json = json.loads(forecast(org, "--rate", "60", "--format", "json"))
    assert f"own unit: {as_json['own']} %" in files
    assert f"own unit: {as_json['own_joined']} %" in files
    assert as_json["own_joined"] > as_json["own"]
    assert as_json["seed"] == 1 and len(as_json["units"]) == 20


def test_it_reads_no_wave(tmp_path):
    """The same before a wave, and with waves, keys and answers out of
    reach."""
    org = Organisation(tmp_path)
    write_import(org, trees.random_rows(trees.rng_of(8), 20, 200))
    org.import_now()
    before = forecast(org, "--rate", "60")
    org.open()
    for name in ("waves", "keys", "answers", "ledgers", "published"):
        (org.state / name).rename(org.state / f"{name}.away")
    assert forecast(org, "--rate", "60") == before


def test_24000_units_are_read_and_told(tmp_path):
    """240,000 people; how long it took is printed, not judged."""
    org = Organisation(tmp_path)
    rows = [("ORG", "", "Whole", 0)]
    rows += [(f"D{d}", "ORG", f"Part {d}", 3) for d in range(200)]
    rows += [(f"T{t}", f"D{t % 200}", f"Team {t}", t % 20)
             for t in range(23800)]
    units, people = write_import(org, rows)
    began = time.monotonic()
    text = forecast(org, "--rate", "60", "--units", str(units), "--people",
                    str(people))
    took = time.monotonic() - began
    print(f"24,001 units: {took:.1f} s")
    assert text.count("\n") > 24001


@pytest.mark.parametrize("words, status, said", (
    (("staff", "--rate", "0"), 65, "expected 1% to 100%"),
    (("staff", "--rate", "60%%"), 65, "expected 1% to 100%"),
    (("staff", "--rate", "60", "--draws", "0"), 65, "--draws 0"),
    (("staff", "--rate", "60", "--units", "u.csv"), 65, "--people"),
    (("other", "--rate", "60"), 66, "no such survey"),
    (("staff", "--rate", "60"), 66, "no roster yet"),
    (("staff",), 64, "usage: sensectl forecast"),
))
def test_refusals(tmp_path, words, status, said):
    r = Organisation(tmp_path).program.sensectl("forecast", *words)
    assert r.returncode == status
    assert said in r.stderr and r.stdout == ""


def test_a_person_in_an_unknown_unit_is_named_by_line(tmp_path):
    org = Organisation(tmp_path)
    units, people = write_import(org, [("ORG", "", "Whole", 2)])
    with people.open("a") as f:
        f.write("x,x@taf.example,,NONE,\n")
    r = org.program.sensectl("forecast", "staff", "--rate", "60", "--units",
                             str(units), "--people", str(people))
    assert r.returncode == 65
    assert f"{people}:4: unknown unit" in r.stderr
