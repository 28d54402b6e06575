"""Scores over time, in the digests of three real waves.

SCORING 8 and CONTENT 10, 9, by the second scorer: which scores may stand side
by side is worked out here from rosters and publications alone.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import re

import scorer
from post import visible
from test_cycle import build, example_2, lower, numbers, run_wave, stayed_of

WAVES = ("staff-2026q2", "staff-2026q3", "staff-2026q4")


def quarter(org, post, wave, ballots, last, before):
    """One wave to its digests; the second scorer's publication, who is in
    which unit, and which units are steady."""
    run_wave(org, post, wave, ballots)
    org.close(wave)
    org.program.ok("sensed-digest")
    stayed = stayed_of(org, before) if before else None
    expected = org.expected(ballots, last, stayed)
    size = collections.Counter()
    tree = scorer.Tree(org.scorer_rows())
    for p in org.people:
        for u in tree.units:
            size[u] += p["unit"] in tree.sub[u]
    steady = {u for u in tree.units
              if stayed and 3 * stayed[u] >= 2 * size[u]}
    mails = {m.to[0]: m for m in post.take()}
    org.clock.forward(days=60)
    return expected, steady, mails


def shown(expected, unit, sense):
    u = expected.by_id[unit]
    return u["senses"][sense]["score"] if u["status"] == "published" else "–"


def series(waves, unit, sense):
    """waves: (publication, steady units), the latest first.  Oldest first."""
    out = [shown(waves[0][0], unit, sense)]
    for (now, steady), (then, _) in zip(waves, waves[1:]):
        if unit not in steady or unit not in then.by_id:
            break
        out.append(shown(then, unit, sense))
    while out[-1] == "–":
        out.pop()
    return out[::-1]


def check(mail, waves, unit):
    u = waves[0][0].by_id[unit]
    source = unit if u["status"] == "published" else u["shown_instead"]
    flat = mail.text
    want = {s: series(waves, source, s) for s in scorer.SENSES} \
        if source else {}
    width = max(map(len, want.values()), default=1)
    if width < 2:
        assert "Scores over time" not in flat + mail.html
        return 0
    for s, line in want.items():
        line = ["–"] * (width - len(line)) + line
        assert f"- {s.capitalize()}: {', '.join(line)}\n" in flat, (unit, s)
    months = re.search(r"Oldest first: ([^.]*)\.", " ".join(flat.split()))
    assert len(months.group(1).split(", ")) == width
    assert numbers(flat) == numbers(visible(mail.html))
    return width


def test_three_waves(make_org, vectors, post, serve):
    org = build(make_org, vectors)
    serve(org, "fastcgi")
    first = example_2(vectors)
    # In the second wave too few of T7 answer; half of T1 is new then.
    few = [b for i, b in enumerate(first) if b[0] != "T7" or i % 2]
    one = quarter(org, post, WAVES[0], first, None, None)
    before = {p["id"]: p["unit"] for p in org.people}
    gone = [p for p in org.people if p["unit"] == "T1"][:9]
    for i, p in enumerate(gone):
        org.people.remove(p)
        org.add_person(f"new{i}", "T1")
    org.import_now()
    two = quarter(org, post, WAVES[1], few, one[0], before)
    before = {p["id"]: p["unit"] for p in org.people}
    three = quarter(org, post, WAVES[2], lower(first, {"T4"}, 1), two[0],
                    before)
    assert two[0].by_id["T7"]["status"] != "published"
    assert three[0].by_id["T7"]["status"] == "published"
    assert "T1" not in two[1] and {"T1", "T7"} <= three[1]
    waves = [three[:2], two[:2], one[:2]]
    widths = {u["unit"]: check(three[2][u["leader_email"]], waves, u["unit"])
              for u in org.units}
    assert widths["ORG"] == 3           # three waves side by side
    assert widths["T7"] == 3            # of which the second is a gap
    assert widths["T1"] == 2            # since most of it was new in it
    t7 = three[2]["leader.t7@taf.example"].text
    assert re.search(r"- Security: \d\.\d, –, \d\.\d\n", t7)
    for u in org.units:                 # the first wave had nothing to show
        assert "Scores over time" not in one[2][u["leader_email"]].text
