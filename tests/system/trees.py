"""trees.py - random organisations, the same for the same seed.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import random

import scorer


def random_rows(rng, units, people, attach_inner=0.3):
    """Rows of a tree: (id, parent, name, invited).

    Ids are in no order that follows the tree, so that "by id bytewise" is
    put to work; most people are in leaves, a few in inner units.
    """
    ids = rng.sample([f"{a}{n}" for a in "DTux_-" for n in range(units)],
                     units)
    parent = {ids[0]: ""}
    for i, id in enumerate(ids[1:], 1):
        parent[id] = rng.choice(ids[max(0, i // 3 - 2):i // 2 + 1])
    inner = set(parent.values())
    weight = {id: (rng.choice((0, 0, 1)) if rng.random() < attach_inner else 0)
              if id in inner else rng.choice((4, 8, 12, 18, 25))
              for id in ids}
    invited = dict.fromkeys(ids, 0)
    for id in rng.choices(ids, [weight[i] or 0.01 for i in ids], k=people):
        invited[id] += 1
    rows = [(id, parent[id], f"Unit {id}", invited[id]) for id in ids]
    rng.shuffle(rows)
    return rows


def random_ballots(rng, rows, response=0.65, skip=0.03, mood=None):
    """Ballots of a random part of each unit; a mood of its own for each."""
    out = []
    for id, _, _, invited in rows:
        level = rng.choice((1, 2, 3, 3, 4, 4, 5)) if mood is None else mood
        share = min(1.0, max(0.0, rng.gauss(response, 0.2)))
        for _ in range(invited):
            if rng.random() > share:
                continue
            out.append((id, {s: None if rng.random() < skip else
                             min(5, max(1, level + rng.choice((-1, 0, 0, 1))))
                             for s in scorer.SENSES}))
    rng.shuffle(out)
    return out


def write_units(path, rows):
    with open(path, "w", encoding="utf-8") as f:
        f.write("unit,parent,invited,name\n")
        for id, parent, name, invited in rows:
            f.write(f"{id},{parent},{invited},{name}\n")


def write_answers(path, ballots):
    with open(path, "w", encoding="utf-8") as f:
        f.write("unit," + ",".join(scorer.SENSES) + "\n")
        for unit, a in ballots:
            f.write(unit + "," + ",".join(
                "" if a[s] is None else str(a[s]) for s in scorer.SENSES)
                + "\n")


def rng_of(seed):
    print(f"seed {seed}")
    return random.Random(seed)
