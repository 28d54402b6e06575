#!/usr/bin/python3
"""linkage.py - can anybody tell who gave which answer?  An attack, scored.

`make check-linkage` (under 40 s), `make linkage`, and 200 waves in
`make check-long`.  STANDARDS 4: sensed must stay within 3 sigma of chance,
two naive stores under the same attack must be far above it, or the attack
proves nothing.  A result beyond 3 sigma is drawn once more from as many new
waves, since a few in a thousand are beyond it by luck; twice is bad.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import collections
import os
import pathlib
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 3.0         # sigma
FAR = 5.0           # sigma of the control, and twice what chance gives
IN_PLACE_TAU = 0.2  # of the control, STANDARDS 4 hole 2


def learn(waves):
    """waves: [{strategy: Score}].  Learns on the even, scores the odd."""
    from judge import Score
    total = [collections.defaultdict(Score), collections.defaultdict(Score)]
    for i, some in enumerate(waves):
        for name, score in some.items():
            total[i % 2][name].add(score)
    best = max(total[0], key=lambda n: total[0][n].sigma)
    return best, total[1][best], len(total[0])


class Bench:
    def __init__(self, town, server, waves):
        from canary import Search
        from judge import Tau
        self.town, self.server, self.n = town, server, waves
        self.search = Search(town.org.base)
        self.ours = collections.defaultdict(list)
        self.control = collections.defaultdict(list)
        self.tau = collections.defaultdict(Tau)
        self.direct = self.keys = self.tried = 0
        self.answers = self.count = 0
        self.bad = []

    def run(self, waves, quiet=False):
        for i in range(waves):
            self.count += 1
            e = self.town.run(f"staff-w{self.count:03}")
            self.attack(e)
            self.search.all(e, self.server.logs())
            if self.count == 1:
                self.search_keys(e)
            if sys.stdout.isatty() and not quiet:
                print(f"\r  wave {i + 1} of {waves}\x1b[K", end="",
                      flush=True)
        if sys.stdout.isatty() and not quiet:
            print("\r\x1b[K", end="")

    # ------------------------------------------------------------ attack

    def attack(self, e):
        import attack
        import naive
        import sodium
        self.answers += len(e.truth)
        ours = self.groups(e, lambda p: sodium.box_of(e.links[p]))
        flat = self.groups(e, lambda p: 0)
        keep = self.ours
        self.score(keep["L, all digests"], ours, attack.attack_l(e, ours))
        self.score(keep["M, mails and every URL with its time"], ours,
                   attack.attack_m(e, ours))
        self.score(keep["S, disk, every copy without keys/"], ours,
                   attack.attack_s(e, ours))
        guess, direct = attack.attack_r(e, ours)
        self.direct += direct
        self.score(keep["R, boxes and keys/ at rest"], ours, guess)
        keep = self.control
        self.score(keep["not closed: every night's copy with keys/"], ours,
                   attack.attack_copies(e, ours))
        self.score(keep["not closed: M with lengths of requests"], ours,
                   attack.request_lengths(e, ours))
        for i, store in enumerate((naive.Rows, naive.Split)):
            who = f"naive, {store.name}: "
            self.score(keep[who + "S, after publication"], flat,
                       attack.naive_pairs(e, flat, *attack.carve(
                           e, e.naive_after[i])))
            self.score(keep[who + "R, at rest"], flat, attack.naive_pairs(
                e, flat, *store.records(e.naive_last[i])))
        self.score(keep[who + "every night's copy"], flat,
                   attack.naive_nights(e, flat, i, store))
        self.orders(e)

    @staticmethod
    def groups(e, box):
        out = {}
        for person, answers in e.truth.items():
            out.setdefault((e.units[person], box(person)), {})[person] = \
                answers
        return out

    @staticmethod
    def score(where, groups, guesses):
        from judge import Score
        where.append({name: Score().wave(groups, guess)
                      for name, guess in guesses.items()})

    def orders(self, e):
        """Kendall's tau of what lies where with what came when."""
        import attack
        import naive
        who = attack.hashes(e)
        for raw in attack.boxes(e.last, e.name).values():
            marks, ballots = attack.marks_and_ballots(raw)
            mine = {who[h]: at for h, (at, used) in marks.items() if used}
            theirs = {p: ballots[e.ballot[p]][0] for p in mine}
            self.tau["ballots, place and time"].box(
                [(theirs[p], e.when[p]) for p in mine])
            self.tau["links, place and time"].box(
                [(mine[p], e.when[p]) for p in mine])
            self.tau["link and own ballot, places"].box(
                [(mine[p], theirs[p]) for p in mine])
        _, rows = naive.Split.records(e.naive_last[1])
        place = {(unit, answers): at for at, unit, answers, _ in rows.values()}
        for unit in set(e.units.values()):
            self.tau["naive: answers, place and time"].box(
                [(place[unit, a], e.when[p]) for p, a in e.truth.items()
                 if e.units[p] == unit])

    def search_keys(self, e):
        import attack
        self.tried, self.keys = attack.search_keys(e)
        self.check(attack.search_keys(e, in_keys=True)[1] > 0,
                   "the search for keys does not find one that is there")

    # ----------------------------------------------------------- verdict

    def check(self, good, what):
        if not good:
            self.bad.append(what)

    def verdict(self):
        print("sensed: no more than chance", flush=True)
        again = False
        for who, waves in self.ours.items():
            best, score, tried = learn(waves)
            print(f"  {who:38} {score}  ({tried} ways)")
            again |= score.sigma > LIMIT
        for what, tau in self.tau.items():
            if not what.startswith("naive"):
                print(f"  {what:38} {tau}")
                again |= abs(tau.sigma) > LIMIT
        return again

    def beyond(self):
        """What is beyond the limit in this run."""
        out = {w for w, x in self.ours.items() if learn(x)[1].sigma > LIMIT}
        return out | {w for w, t in self.tau.items() if abs(t.sigma) > LIMIT
                      and not w.startswith("naive")}

    def controls(self):
        print("control: the same attack where it must succeed")
        for who, waves in self.control.items():
            best, score, _ = learn(waves)
            print(f"  {who:55}{score}")
            self.check(score.sigma > FAR and score.linked > 2 * score.mean,
                       f"{who}: the attack is too weak")
        tau = self.tau["naive: answers, place and time"]
        print(f"  {'naive: answers, place and time':55}{tau}")
        self.check(tau.mean > IN_PLACE_TAU, "in place, the order is not seen")

    def finds(self):
        print(f"direct: {self.tried} byte strings tried as the key, "
              f"{self.keys} fit; {self.direct} codes or seats made from a "
              f"token")
        self.check(self.keys == 0, "a key survives")
        self.check(self.direct == 0, "a code or seat comes from a token")
        print(f"canaries: {self.search.looked} searches, "
              f"{len(self.search.bad)} found")
        self.bad += sorted(set(self.search.bad))[:20]


def make_town(directory, seed):
    from organisation import Organisation
    from post import PostOffice, free_port
    from wave import Town
    from web import WebServer
    post = PostOffice(directory / "Maildir")
    base = f"http://127.0.0.1:{free_port()}/"
    org = Organisation(directory / "org", smtp_port=post.port, base=base,
                       start="2026-10-05 09:00", k=5, workers=1)
    shm = pathlib.Path(tempfile.mkdtemp(prefix="sensed-", dir="/dev/shm"))
    town = Town(org, post, shm, seed)
    port = int(base.rsplit(":", 1)[1].strip("/"))
    return town, post, WebServer(directory / "web", port, "fastcgi",
                                 org.conf, org.clock)


def bench(args, directory):
    town, post, server = make_town(directory, args.seed)
    try:
        first = Bench(town, server, args.waves)
        first.run(args.waves)
        if first.verdict():
            print("beyond 3 sigma: as many waves once more", flush=True)
            second = Bench(town, server, args.waves)
            second.count = first.count
            second.run(args.waves)
            second.verdict()
            for who in sorted(first.beyond() & second.beyond()):
                first.bad.append(f"{who}: beyond 3 sigma twice")
            first.bad += sorted(set(second.search.bad))[:20]
        first.controls()
        first.finds()
        return first
    finally:
        server.stop()
        post.close()
        shutil.rmtree(town.shm)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--waves", type=int, default=20)
    p.add_argument("--seed", default="linkage")
    p.add_argument("--build", default=os.environ.get("SENSED_BUILD",
                                                     os.getcwd()))
    args = p.parse_args()
    if args.waves < 2:
        p.error("--waves: it learns from half of them, so two at least")
    os.environ["SENSED_BUILD"] = args.build
    sys.path[:0] = [str(HERE), str(HERE.parent / "system")]
    sys.dont_write_bytecode = True
    began = time.monotonic()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="sensed-linkage-"))
    try:
        done = bench(args, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        import clock
        clock.sweep()
    for what in done.bad:
        print(f"BAD {what}")
    print(f"linkage: {done.count} waves, {done.answers} answers, "
          f"{time.monotonic() - began:.0f} s, {len(done.bad)} bad")
    return 1 if done.bad else 0


if __name__ == "__main__":
    sys.exit(main())
