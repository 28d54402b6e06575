#!/usr/bin/python3
"""scorer.py - the figures of a wave, worked out a second time.

Written from doc/spec/SCORING.md alone, in another language and another shape
than src/core: plain sets of cells, every atom computed from its definition,
whole numbers and fractions, sixty digits where a root is needed.  The tests
hold the programs' output against it.  It is slow and means to be.

Also here: an attacker who holds every published total and tries each group
(linear algebra over fractions), and the check of SCORING 5 from the
published rows alone.

usage: scorer.py --units U --answers A [--k N] [--protect suppress|carry]
                 [--previous-units U0 --previous-answers A0]

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import csv
import decimal
import io
import itertools
import json
import re
import sys
from collections import namedtuple
from decimal import Decimal
from fractions import Fraction
from math import lcm

SENSES = ("security", "continuity", "belonging", "purpose", "fulfilment",
          "significance")
COLUMNS = ("unit", "status", "shown_instead", "invited", "n", "rate", "sense",
           "sense_n", "score", "lo", "hi", "fav", "fav_lo", "fav_hi",
           "pct_fav", "pct_neu", "pct_unf", "vs_org", "change", "change_word")

CONTEXT = decimal.Context(prec=60)
EPSILON = Decimal("1e-9")

# SCORING 13: df, t at 95 %, t at 99 %.
T_TABLE = """
1 12.706 63.657| 2 4.303 9.925| 3 3.182 5.841| 4 2.776 4.604| 5 2.571 4.032
6 2.447 3.707| 7 2.365 3.499| 8 2.306 3.355| 9 2.262 3.250|10 2.228 3.169
11 2.201 3.106|12 2.179 3.055|13 2.160 3.012|14 2.145 2.977|15 2.131 2.947
16 2.120 2.921|17 2.110 2.898|18 2.101 2.878|19 2.093 2.861|20 2.086 2.845
21 2.080 2.831|22 2.074 2.819|23 2.069 2.807|24 2.064 2.797|25 2.060 2.787
26 2.056 2.779|27 2.052 2.771|28 2.048 2.763|29 2.045 2.756|30 2.042 2.750
40 2.021 2.704|60 2.000 2.660|120 1.980 2.617|1000 1.962 2.581
"""
T_ROWS = [(int(a), Decimal(b), Decimal(c)) for a, b, c in
          (r.split() for r in re.split(r"[|\n]", T_TABLE) if r.strip())]


class Refused(Exception):
    """Input that SCORING 11 refuses."""


class Unsafe(Exception):
    """S5: a set that is not safe; nothing may be published."""


def t_limits(df):
    """t95 and t99; between rows the next lower df counts."""
    row = [r for r in T_ROWS if r[0] <= df][-1]
    return row[1], row[2]


# ---------------------------------------------------------------- the tree

class Unit:
    def __init__(self, id, parent, name, invited):
        self.id, self.parent, self.name = id, parent, name
        self.invited = invited      # people attached directly
        self.children = []          # ids, bytewise order


class Tree:
    """Units by id; the root; refusals of SCORING 11."""

    def __init__(self, rows):
        self.units = {}
        for id, parent, name, invited in rows:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", id):
                raise Refused(f"malformed unit id {id!r}")
            if id in self.units:
                raise Refused(f"unit {id} stands twice")
            self.units[id] = Unit(id, parent, name, invited)
        roots = [u.id for u in self.units.values() if not u.parent]
        if len(roots) != 1:
            raise Refused(f"{len(roots)} roots, exactly one expected")
        self.root = roots[0]
        for u in self.units.values():
            if u.parent:
                if u.parent not in self.units:
                    raise Refused(f"unknown parent {u.parent}")
                self.units[u.parent].children.append(u.id)
        for u in self.units.values():
            u.children.sort(key=lambda i: i.encode())
        self.pre = self._walk()
        if len(self.pre) != len(self.units):
            raise Refused("a cycle")
        self.post = list(reversed(self._walk(backwards=True)))
        self.sub = {}
        for id in self.post:
            self.sub[id] = frozenset([id]).union(
                *(self.sub[c] for c in self.units[id].children))

    def _walk(self, backwards=False):
        order, stack = [], [self.root]
        while stack:
            id = stack.pop()
            order.append(id)
            kids = self.units[id].children
            stack.extend(kids if backwards else reversed(kids))
        return order

    def above(self, id):
        """Ancestors, nearest first."""
        id = self.units[id].parent
        while id:
            yield id
            id = self.units[id].parent

    def people(self, cells):
        return sum(self.units[c].invited for c in cells)


# ------------------------------------------------------------- the ballots

Tally = namedtuple("Tally", "n S Q c")      # c: core answers of 1..5
NOTHING = Tally(0, 0, 0, (0,) * 5)


class Counts:
    """Sums of a set of cells."""

    def __init__(self):
        self.responses = 0
        self.senses = {s: NOTHING for s in SENSES}

    def __iadd__(self, other):
        self.responses += other.responses
        for s in SENSES:
            a, b = self.senses[s], other.senses[s]
            self.senses[s] = Tally(a.n + b.n, a.S + b.S, a.Q + b.Q,
                                   tuple(x + y for x, y in zip(a.c, b.c)))
        return self

    def m(self):
        return min(self.senses[s].n for s in SENSES)

    def e(self):
        return max(self.senses[s].n for s in SENSES)

    def safe(self, k):
        return self.e() == 0 or self.m() >= k


def sense_items(columns):
    """Q_s by sense: the core item and at most two optional ones."""
    out = {}
    for s in SENSES:
        keys = [k for k in columns if k == s or k in (s + "_a", s + "_b")]
        if s not in keys:
            raise Refused(f"no core item for {s}")
        out[s] = sorted(keys)       # the core key sorts first
    return out


def scale(items):
    """L and D of a sense."""
    L = lcm(*range(1, len(items) + 1))
    return L, 4 * L


def one_ballot(answers, items):
    """The counts of one person; None if the ballot is not a response."""
    c = Counts()
    for s in SENSES:
        core = answers.get(s)
        if core is None:
            continue
        L, _ = scale(items[s])
        got = [answers[k] for k in items[s] if answers.get(k) is not None]
        y = Fraction(L * sum(a - 1 for a in got), len(got))
        assert y.denominator == 1
        y = int(y)
        c.senses[s] = Tally(1, y, y * y,
                            tuple(int(core == v) for v in range(1, 6)))
        c.responses = 1
    return c if c.responses else None


class Wave:
    """A tree, its ballots counted by cell, and the rules they were given."""

    def __init__(self, tree, ballots, k=10, protect="suppress", items=None,
                 wording=None):
        if not 5 <= k <= 100:
            raise Refused("k is from 5 to 100")
        if protect not in ("suppress", "carry"):
            raise Refused("protect is suppress or carry")
        self.tree, self.k, self.protect = tree, k, protect
        self.items = items or {s: [s] for s in SENSES}
        self.wording = wording or {s: 1 for s in SENSES}
        self.cell = {id: Counts() for id in tree.units}
        for unit, answers in ballots:
            if unit not in tree.units:
                raise Refused(f"a ballot for the unknown unit {unit}")
            for v in answers.values():
                if v is not None and v not in (1, 2, 3, 4, 5):
                    raise Refused("an answer outside 1..5")
            c = one_ballot(answers, self.items)
            if c is not None:
                self.cell[unit] += c
        for id, c in self.cell.items():
            if c.responses > tree.units[id].invited:
                raise Refused(f"more responses than invited in {id}")
        self._sub = {}

    def total(self, cells):
        """Counts of any set of cells, added up from nothing."""
        t = Counts()
        for id in cells:
            t += self.cell[id]
        return t

    def subtree(self, id):
        if id not in self._sub:
            self._sub[id] = self.total(self.tree.sub[id])
        return self._sub[id]


# ------------------------------------------------------- SCORING 4: what is shown

def nearest_published(tree, published, id):
    """Published units below id with no published unit between."""
    out, stack = [], list(tree.units[id].children)
    while stack:
        c = stack.pop()
        if c in published:
            out.append(c)
        else:
            stack.extend(tree.units[c].children)
    return out


def atom(tree, published, id):
    """R_u: the cells of the subtree in no published unit strictly below."""
    cells = set(tree.sub[id])
    for c in nearest_published(tree, published, id):
        cells -= tree.sub[c]
    return cells


def suppress(wave, k):
    """S1 to S5.  The published set, and the reasons of the hidden."""
    tree = wave.tree
    m = {id: wave.subtree(id).m() for id in tree.units}
    reason = {id: "primary" for id in tree.units if m[id] < k}
    published = {id for id in tree.units if id not in reason}

    def safe_atom(id, shown):
        return wave.total(atom(tree, shown, id)).safe(k)

    for u in tree.post:                                             # S3
        if u not in published:
            continue
        while not safe_atom(u, published):
            near = nearest_published(tree, published, u)
            some = [c for c in near
                    if wave.total(atom(tree, published, c)).e() > 0] or near
            worst = min(some, key=lambda c: (m[c], c.encode()))
            published.discard(worst)
            reason[worst] = "secondary"

    changed = True                                                  # S4
    while changed:
        changed = False
        order = sorted((x for x in reason if reason[x] == "secondary"),
                       key=lambda x: (-m[x], x.encode()))
        for x in order:
            more = published | {x}
            holder = next((a for a in tree.above(x) if a in published), None)
            # only these two atoms differ from those of `published`
            touched = [x] + ([holder] if holder else [])
            if all(safe_atom(a, more) for a in touched):
                published = more
                del reason[x]
                changed = True

    for u in published:                                             # S5
        if not safe_atom(u, published):
            raise Unsafe(u)
    return published, reason


def carry(wave):
    """G(u) of every unit, as sets of cells."""
    tree, G, left = wave.tree, {}, {}
    for u in tree.post:
        pool, taken = {u}, set()
        for c in tree.units[u].children:
            pool |= left[c]
            taken |= G[c]
        if wave.total(pool).m() >= wave.k:
            G[u], left[u] = taken | pool, set()
        else:
            G[u], left[u] = taken, pool
    return G


# ----------------------------------------------------------- SCORING 7: figures

def half_up(numerator, denominator):
    """round(), halves away from zero, of a quotient that is not negative."""
    q = Fraction(numerator, denominator) + Fraction(1, 2)
    return q.numerator // q.denominator


def tenths(v):
    return f"{'-' if v < 0 else ''}{abs(v) // 10}.{abs(v) % 10}"


def dec(x):
    x = Fraction(x)
    return CONTEXT.divide(Decimal(x.numerator), Decimal(x.denominator))


def root(x):
    return CONTEXT.sqrt(dec(x))


def floor_dec(x):
    return int(x.to_integral_value(rounding=decimal.ROUND_FLOOR))


def ceil_dec(x):
    return int(x.to_integral_value(rounding=decimal.ROUND_CEILING))


def variance(t, D):
    """The person-to-person variance of scores, 0 to 10."""
    return Fraction(100, D * D) * Fraction(t.n * t.Q - t.S * t.S,
                                           t.n * (t.n - 1))


def mean(t, D):
    return Fraction(10 * t.S, D * t.n)


def largest_remainder(counts, n):
    """Whole percentages that add to 100; ties go to the earlier."""
    share = [100 * c // n for c in counts]
    rest = [100 * c % n for c in counts]
    order = sorted(range(len(counts)), key=lambda i: (-rest[i], i))
    for i in order[:100 - sum(share)]:
        share[i] += 1
    return share


def verdict(D, a, b, se2, df, words):
    """The word for mean(a) - mean(b); se2 is the square of se."""
    X = a.S * b.n - b.S * a.n
    if 20 * abs(X) < D * a.n * b.n:
        return words[2]
    d, se = dec(abs(mean(a, D) - mean(b, D))), root(se2)
    t95, t99 = t_limits(df)
    if d > t99 * se + EPSILON:
        return words[0] if X > 0 else words[4]
    if d > t95 * se + EPSILON:
        return words[1] if X > 0 else words[3]
    return words[2]


CHANGE_WORDS = ("clear rise", "possible rise", "no clear change",
                "possible fall", "clear fall")
ORG_WORDS = ("clear above", "possible above", "about the same",
             "possible below", "clear below")
NO_CHANGE = "no earlier figure to compare"


def score_range(t, D, N):
    """7.3, in tenths; None if everyone answered."""
    if t.n >= N:
        return None
    t95, _ = t_limits(t.n - 1)
    h = CONTEXT.multiply(t95, root(variance(t, D) / t.n
                                   * Fraction(N - t.n, N)))
    mid = dec(mean(t, D))
    low = floor_dec(10 * (mid - h) + EPSILON)
    high = ceil_dec(10 * (mid + h) - EPSILON)
    return min(max(low, 0), 100), min(max(high, 0), 100)


def fav_range(n, f, N):
    """7.5, in per cent; None if everyone answered."""
    if n >= N:
        return None
    p = Fraction(f, n)
    z2 = Fraction(38416, 10000) * Fraction(N - n, N - 1)
    mid = dec((p + z2 / (2 * n)) / (1 + z2 / n))
    hw = CONTEXT.divide(root(z2 * p * (1 - p) / n + z2 * z2 / (4 * n * n)),
                        dec(1 + z2 / n))
    low = floor_dec(100 * max(Decimal(0), mid - hw) + EPSILON)
    high = ceil_dec(100 * min(Decimal(1), mid + hw) - EPSILON)
    return low, high


def figure(t, D, N, detail):
    """The figures of one sense, as they are shown; without comparisons."""
    n, S = t.n, t.S
    f, neu, unf = t.c[3] + t.c[4], t.c[2], t.c[0] + t.c[1]
    out = {"n": n, "clipped": False, "masked": False, "everyone": n >= N,
           "lo": None, "hi": None, "fav_lo": None, "fav_hi": None,
           "bands": None, "five": None, "split": None}
    score = half_up(10 * 10 * S, D * n)
    out["score"] = tenths(score)
    if 20 * S >= 19 * D * n:
        out["score"], out["clipped"] = "9.5 or more", True
    elif 20 * S <= D * n:
        out["score"], out["clipped"] = "0.5 or less", True
    percent = half_up(100 * f, n)
    out["fav"] = f"{percent}%"
    out["masked"] = out["clipped"]
    if f <= 1:
        out["fav"], out["masked"] = f"under {-(-200 // n)}%", True
    elif f >= n - 1:
        out["fav"], out["masked"] = f"over {100 * (n - 2) // n}%", True
    if out["masked"]:
        return out
    r = score_range(t, D, N) or (score, score)
    out["lo"], out["hi"] = tenths(r[0]), tenths(r[1])
    out["fav_lo"], out["fav_hi"] = fav_range(n, f, N) or (percent, percent)
    if detail in ("three", "five"):
        u, m, v = largest_remainder((unf, neu, f), n)
        out["bands"] = [v, m, u]
        out["split"] = 10 * f >= 3 * n and 10 * unf >= 3 * n
    if detail == "five":
        out["five"] = largest_remainder(t.c, n)
    return out


class Publication:
    """Everything a wave tells.  units: dicts in pre-order, as in 10.3."""

    def __init__(self, wave, last=None, stayed=None):
        """last: the Publication before; stayed: people by unit id, or None
        where the condition of section 8 is taken as met."""
        self.wave, self.k, self.protect = wave, wave.k, wave.protect
        tree = wave.tree
        self.groups, self.reason, details = self._choose()
        self.units = [self._unit(id, details.get(id, "basic"))
                      for id in tree.pre]
        self.by_id = {u["unit"]: u for u in self.units}
        for u in self.units:
            if u["status"] == "published":
                self._compare(u, last, stayed)

    def _choose(self):
        wave, tree, k = self.wave, self.wave.tree, self.k
        if self.protect == "suppress":
            published, reason = suppress(wave, k)
            p2, _ = suppress(wave, 2 * k)
            p5, _ = suppress(wave, 5 * k)
            groups = {u: set(tree.sub[u]) for u in published}
            details = {u: "five" if u in p5 else
                       "three" if u in p2 else "basic" for u in published}
            self.published = published
            return groups, reason, details
        groups = {u: g for u, g in carry(wave).items() if g}
        self.published = set(groups)
        reason = {u: "primary" for u in tree.units if u not in groups}
        details = {}
        if tree.root in groups and \
                wave.total(groups[tree.root]).m() >= 2 * k:
            details[tree.root] = "three"
        return groups, reason, details

    def _shown_instead(self, id):
        """The nearest published unit above that counts all answers below."""
        tree, wave = self.wave.tree, self.wave
        need = {c for c in tree.sub[id] if wave.cell[c].responses}
        for a in tree.above(id):
            if a in self.published and need <= self.groups[a]:
                return a
        return None

    def _unit(self, id, detail):
        tree, wave = self.wave.tree, self.wave
        u = tree.units[id]
        out = {"unit": id, "name": u.name, "parent": u.parent or None}
        if id not in self.published:
            out["status"] = self.reason[id]
            out["shown_instead"] = self._shown_instead(id)
            return out
        group = self.groups[id]
        counts, N = wave.total(group), tree.people(group)
        whole, invited = wave.subtree(id), tree.people(tree.sub[id])
        if counts.responses > N:
            raise Refused(f"more responses than invited in {id}")
        out.update(status="published", shown_instead=None, invited=invited,
                   n=counts.responses,
                   rate=half_up(100 * whole.responses, invited),
                   low_rate=2 * whole.responses < invited,
                   partial=whole.responses > counts.responses,
                   detail=detail, atom=None)
        if self.protect == "suppress":
            cells = atom(tree, self.published, id)
            out["atom"] = {
                "min": wave.total(cells).m(),
                "cells": sorted((c for c in cells if wave.cell[c].responses),
                                key=lambda c: c.encode())}
        out["senses"] = {}
        for s in SENSES:
            _, D = scale(wave.items[s])
            out["senses"][s] = figure(counts.senses[s], D, N, detail)
        return out

    def tally(self, id, s):
        return self.wave.total(self.groups[id]).senses[s]

    def _compare(self, unit, last, stayed):
        id, root_id = unit["unit"], self.wave.tree.root
        for s in SENSES:
            f = unit["senses"][s]
            _, D = scale(self.wave.items[s])
            a = self.tally(id, s)
            f["vs_org"] = None
            if id != root_id and root_id in self.published:
                f["vs_org"] = verdict(D, a, self.tally(root_id, s),
                                      variance(a, D) / a.n, a.n - 1,
                                      ORG_WORDS)
            f["change"] = f["change_word"] = None
            if last is not None:
                self._change(unit, s, f, a, D, last, stayed)

    def _change(self, unit, s, f, a, D, last, stayed):
        id = unit["unit"]
        comparable = (
            id in last.published and last.protect == self.protect
            and last.wave.items[s] == self.wave.items[s]
            and last.wave.wording[s] == self.wave.wording[s]
            and (stayed is None
                 or 3 * stayed.get(id, 0) >= 2 * unit["invited"]))
        if not comparable:
            f["change_word"] = NO_CHANGE
            return
        b = last.tally(id, s)
        se2 = variance(a, D) / a.n + variance(b, D) / b.n
        f["change_word"] = verdict(D, a, b, se2, min(a.n, b.n) - 1,
                                   CHANGE_WORDS)
        if f["clipped"] or last.by_id[id]["senses"][s]["clipped"]:
            return
        X = a.S * b.n - b.S * a.n
        v = half_up(100 * abs(X), D * a.n * b.n)
        f["change"] = tenths(v if X > 0 else -v)

    # ------------------------------------------------ SCORING 10: outputs

    def rows(self):
        """The rows of 10.1 as dicts."""
        for u in self.units:
            if u["status"] != "published":
                yield dict.fromkeys(COLUMNS, "") | {
                    "unit": u["unit"], "status": u["status"],
                    "shown_instead": u["shown_instead"] or ""}
                continue
            for s in SENSES:
                f = u["senses"][s]
                row = {"unit": u["unit"], "status": "published",
                       "shown_instead": "", "sense": s, "sense_n": f["n"]}
                row.update((c, u[c]) for c in ("invited", "n", "rate"))
                row.update((c, "" if f[c] is None else f[c]) for c in (
                    "score", "lo", "hi", "fav", "fav_lo", "fav_hi",
                    "vs_org", "change", "change_word"))
                bands = f["bands"] or ["", "", ""]
                row.update(zip(("pct_fav", "pct_neu", "pct_unf"), bands))
                yield row

    def csv(self):
        return write_csv(COLUMNS, self.rows())

    def export_csv(self, wave_name):
        """10.2: what may leave the system."""
        columns = ("unit", "wave", "name") + COLUMNS[1:]
        rows = []
        for r in self.rows():
            name = self.wave.tree.units[r["unit"]].name
            if r["status"] != "published":
                r["status"] = "hidden"
            rows.append(r | {"wave": guard(wave_name), "name": guard(name),
                             "unit": guard(r["unit"]),
                             "shown_instead": guard(r["shown_instead"])})
        return write_csv(columns, rows)

    def json(self, wave_name=None, survey=None):
        """10.3 as an object; with a wave's name, as `export` gives it."""
        out = {}
        export = wave_name is not None
        if export:
            out.update(wave=wave_name, survey=survey)
        out.update(format=1, k=self.k, protect=self.protect,
                   safe=publication_safe(self.units, self.k), units=[])
        for u in self.units:
            u = dict(u)
            if export:
                u.pop("atom", None)
                if u["status"] != "published":
                    u["status"] = "hidden"
            elif u["status"] == "published" and u["atom"] is None:
                u.pop("atom")
            out["units"].append(u)
        return out


def guard(text):
    """No cell of text may be taken for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") \
        and text else text


def write_csv(columns, rows):
    out = io.StringIO()
    w = csv.DictWriter(out, columns, lineterminator="\n")
    w.writeheader()
    w.writerows(rows)
    return out.getvalue()


# ------------------------------------------------- SCORING 5, from outside

def publication_atoms(units):
    """What is left of each published unit when the nearest published ones
    below are taken away: {unit: {sense: count}}.  From published rows only;
    each needs unit, parent, status and, if published, its senses' n."""
    parent = {u["unit"]: u["parent"] for u in units}
    shown = {u["unit"]: {s: int(u["senses"][s]["n"]) for s in SENSES}
             for u in units if u["status"] == "published"}
    left = {id: dict(n) for id, n in shown.items()}
    for id in shown:
        a = parent[id]
        while a and a not in shown:
            a = parent[a]
        if a:
            for s in SENSES:
                left[a][s] -= shown[id][s]
    return left


def publication_safe(units, k):
    return all(set(n.values()) == {0} or min(n.values()) >= k
               for n in publication_atoms(units).values())


def units_of_csv(text, parents):
    """The rows of a published CSV as publication_atoms wants them."""
    out = {}
    for r in csv.DictReader(io.StringIO(text)):
        u = out.setdefault(r["unit"], {
            "unit": r["unit"], "parent": parents[r["unit"]],
            "status": r["status"], "senses": {}})
        if r["sense"]:
            u["senses"][r["sense"]] = {"n": r["sense_n"]}
    return list(out.values())


def row_echelon(rows):
    """A basis of the rows' span, reduced, over fractions."""
    basis = []
    for row in rows:
        row = [Fraction(x) for x in row]
        for pivot, b in basis:
            if row[pivot]:
                factor = row[pivot]
                row = [x - factor * y for x, y in zip(row, b)]
        pivot = next((i for i, x in enumerate(row) if x), None)
        if pivot is None:
            continue
        factor = row[pivot]
        row = [x / factor for x in row]
        basis = [(p, [x - b[pivot] * y for x, y in zip(b, row)])
                 for p, b in basis] + [(pivot, row)]
    return basis


def attacker(wave, groups, k):
    """Groups below k whose totals follow from the published totals.

    The attacker knows the tree, which cells are empty, and the exact total
    of every published group; every union of cells is tried.  Returns the
    leaks, smallest first; empty is what we want.
    """
    cells = [c for c in wave.tree.pre if wave.cell[c].e() > 0]
    basis = row_echelon([[int(c in g) for c in cells]
                         for g in groups.values()])
    leaks = []
    for size in range(1, len(cells) + 1):
        for some in itertools.combinations(range(len(cells)), size):
            want = [Fraction(int(i in some)) for i in range(len(cells))]
            for pivot, b in basis:
                if want[pivot]:
                    factor = want[pivot]
                    want = [x - factor * y for x, y in zip(want, b)]
            if any(want):
                continue
            group = [cells[i] for i in some]
            if not wave.total(group).safe(k):
                leaks.append(group)
    return leaks


# -------------------------------------------------------------- files, main

def read_units(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return Tree([(r["unit"], r["parent"], r.get("name") or "",
                      int(r["invited"])) for r in csv.DictReader(f)])


def read_answers(path):
    """The ballots, and Q_s as the columns tell it."""
    with open(path, encoding="utf-8-sig", newline="") as f:
        reader = csv.DictReader(f)
        items = sense_items(reader.fieldnames)
        keys = [k for s in SENSES for k in items[s]]
        return [(r["unit"], {k: int(r[k]) if r[k] else None for k in keys})
                for r in reader], items


def read_wave(units, answers, k, protect):
    ballots, items = read_answers(answers)
    return Wave(read_units(units), ballots, k, protect, items)


def main():
    p = argparse.ArgumentParser(description="SCORING.md, a second time")
    p.add_argument("--units", required=True)
    p.add_argument("--answers", required=True)
    p.add_argument("--k", type=int, default=10)
    p.add_argument("--protect", default="suppress")
    p.add_argument("--previous-units")
    p.add_argument("--previous-answers")
    p.add_argument("--format", default="csv", choices=("csv", "json"))
    a = p.parse_args()
    try:
        last = None
        if a.previous_units:
            last = Publication(read_wave(a.previous_units, a.previous_answers,
                                         a.k, a.protect))
        pub = Publication(read_wave(a.units, a.answers, a.k, a.protect), last)
    except (Refused, ValueError) as e:
        print(f"scorer.py: {e}", file=sys.stderr)
        return 65
    if a.format == "json":
        print(json.dumps(pub.json(), ensure_ascii=False, indent=1))
    else:
        sys.stdout.write(pub.csv())
    return 0


if __name__ == "__main__":
    sys.exit(main())
