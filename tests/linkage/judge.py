"""judge.py - how many people an attacker linked, against chance.

An attacker names, for each person, the answers that person gave.  Chance is
what the same guesses would score if the answers had been dealt out at random
within each group (the people of one unit in one box): nobody who can count by
unit can be kept from that much, 1 / (answers of the unit) a person.  Mean and
variance of it are exact (the combinatorial central limit theorem's).

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import math


class Score:
    """Sums over groups and waves."""

    def __init__(self):
        self.people = self.linked = 0
        self.mean = self.variance = 0.0

    def group(self, truth, guess):
        """truth: {person: answers} of one group; guess may be wider."""
        people = list(truth)
        n = len(people)
        count = collections.Counter(truth.values())
        hits = [count[guess[p]] if guess.get(p) is not None else 0
                for p in people]
        tries = collections.Counter(guess.get(p) for p in people)
        self.people += n
        self.linked += sum(guess.get(p) == truth[p] for p in people)
        mean = sum(hits) / n
        self.mean += mean
        if n == 1:
            return
        # a[p][q] = 1 if the guess for p are the answers of q
        columns = [tries[truth[q]] for q in people]
        total = sum(hits)
        squares = total - sum(h * h for h in hits) / n \
            - sum(c * c for c in columns) / n + total * total / (n * n)
        self.variance += squares / (n - 1)

    def wave(self, groups, guess):
        for truth in groups.values():
            self.group(truth, guess)
        return self

    def add(self, other):
        self.people += other.people
        self.linked += other.linked
        self.mean += other.mean
        self.variance += other.variance

    @property
    def sigma(self):
        over = self.linked - self.mean
        if self.variance <= 1e-12:
            return 0.0 if abs(over) < 1e-9 else math.inf * over
        return over / math.sqrt(self.variance)

    def __str__(self):
        return (f"{self.linked:5} of {self.people} people linked, chance "
                f"{self.mean:7.1f}, {self.sigma:+6.1f} sigma")


class Tau:
    """Kendall's tau of two orders, gathered over many boxes."""

    def __init__(self):
        self.boxes, self.sum, self.variance, self.largest = 0, 0.0, 0.0, 0.0

    def box(self, pairs):
        """pairs: (place, time) of one box."""
        n = len(pairs)
        if n < 3:
            return
        order = [t for _, t in sorted(pairs)]
        agree = sum((order[j] > order[i]) - (order[j] < order[i])
                    for i in range(n) for j in range(i + 1, n))
        tau = agree / (n * (n - 1) / 2)
        self.boxes += 1
        self.sum += tau
        self.variance += 2 * (2 * n + 5) / (9 * n * (n - 1))

    @property
    def mean(self):
        return self.sum / self.boxes if self.boxes else 0.0

    @property
    def sigma(self):
        return self.sum / math.sqrt(self.variance) if self.variance else 0.0

    def __str__(self):
        return (f"{self.boxes:5} boxes, mean tau {self.mean:+.4f}, "
                f"{self.sigma:+6.1f} sigma")
