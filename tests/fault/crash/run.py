#!/usr/bin/python3
"""crash.py - every disk state a power cut could leave, each of them judged.

usage: crash.py --build DIR [--long] [--seed N] [--jobs N] [--keep]

Records a quarter of the real programs (quarter.py, recorder.c), builds the
disk states that a cut after any record could leave (disk.py has the model),
and judges each with the real read path (checker.c).  Then the mutants: the
same must find a store that does not sync, that does not sync directories,
that writes in place, and others.  Ends with 0 if no state of ours is bad and
every mutant was caught.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import concurrent.futures
import multiprocessing
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import disk                                 # noqa: E402
import mutants                              # noqa: E402
from quarter import Quarter, Truth          # noqa: E402

SMALL = {"people": (10, 8), "answers": 6, "changes": 2}
FAST = {**SMALL, "kills": 3}
LONG = {"people": (100, 60), "answers": 130, "changes": 70, "outs": 12,
        "kills": 20}


class Checker:
    """The C program that judges a directory."""

    def __init__(self, program, where):
        self.at = str(where)
        self.log = open(self.at + ".log", "w")
        self.p = subprocess.Popen(
            [str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.log, text=True)

    def tell(self, lines):
        self.p.stdin.write("\n".join(lines) + "\n")

    def judge(self, tree):
        """None, or what is wrong with this state."""
        if self.p.poll() is not None:
            return "the checker had died"
        disk.write_tree(tree, self.at)
        try:
            self.p.stdin.write(f"check {self.at}/state\n")
            self.p.stdin.flush()
            reply = self.p.stdout.readline().strip()
        finally:
            shutil.rmtree(self.at)
        if not reply:
            self.p.stdin.close()
            return f"the checker died (status {self.p.wait()})"
        return None if reply == "good" else reply[4:]

    def close(self):
        self.p.stdin.close()
        self.p.wait()
        self.p.stdout.close()
        self.log.close()


class Findings:
    """Distinct states, by operation; and those that are bad."""

    def __init__(self):
        self.states, self.bad, self.seen = {}, {}, set()
        self.whole = set()      # without files that are being made

    def add(self, operation, name, whole, fault):
        self.whole.add(whole)
        self.states.setdefault(operation, set()).add(name)
        if fault:
            self.bad.setdefault(operation, {}).setdefault(name, fault)

    def merge(self, other):
        self.whole |= other.whole
        for op, names in other.states.items():
            self.states.setdefault(op, set()).update(names)
        for op, names in other.bad.items():
            self.bad.setdefault(op, {}).update(names)

    def all(self):
        return len(set().union(*self.states.values())) if self.states else 0

    def all_bad(self):
        return len({n for b in self.bad.values() for n in b})


def walk(quarter, events, checker, where, most, seed, share=(0, 1),
         stop=None):
    """Judges the states after this share of the records."""
    model = disk.Disk(str(quarter.root))
    truth = Truth(quarter)
    judge = Checker(checker, where)
    judge.tell(truth.secrets())
    found, told = Findings(), -1
    for i, e in enumerate(events):
        model.take(e)
        truth.take(e)
        if i % share[1] != share[0] or e.kind in "BM":
            continue
        for tree in model.states(disk.generator(seed, i), most):
            if "state" not in tree:
                continue            # nothing has begun
            name = disk.digest(tree)
            if (name, truth.version) in found.seen:
                continue
            found.seen.add((name, truth.version))
            if told != truth.version:
                lines = truth.lines()
                judge.tell(lines)
                told = truth.version
            whole = disk.digest({p: c for p, c in tree.items()
                                 if not p.endswith((".new", ".opening"))})
            found.add(truth.operation, name, whole, judge.judge(tree))
        if stop and stop(found):
            break
    judge.close()
    found.seen = set()
    return found


def walk_all(quarter, events, checker, where, most, seed, jobs):
    if jobs == 1:
        return walk(quarter, events, checker, where / "state", most, seed,
                    )
    fork = multiprocessing.get_context("fork")
    out = Findings()
    with concurrent.futures.ProcessPoolExecutor(jobs, fork) as pool:
        for f in [pool.submit(walk, quarter, events, checker,
                              where / f"state{j}", most, seed, (j, jobs))
                  for j in range(jobs)]:
            out.merge(f.result())
    return out


def record(where, args, recorder, checker, size, programs=(), steps="whole"):
    """Runs the programs; gives the quarter and its records."""
    q = Quarter(where, args.build, recorder, checker, programs=programs,
                **size)
    try:
        getattr(q, steps)()
    finally:
        q.end()
    events = disk.read_log(q.log)
    q.relay = None
    return q, events


def check_recording(quarter, events):
    """The model run to its end is the real disk, byte for byte."""
    model = disk.Disk(str(quarter.root))
    for e in events:
        model.take(e)
    have = model.tree(lambda d: d.now, lambda f: f.now)
    real = disk.on_disk(quarter.root)
    if have != real:
        odd = sorted(p for p in set(have) | set(real)
                     if have.get(p, 0) != real.get(p, 0))
        sys.exit(f"crash.py: the recording has holes: {odd[:5]}")
    forms = sum(s["kind"] in ("form", "change") for s in quarter.steps)
    print(f"recorded {len(events)} calls of {len(quarter.steps)} runs, "
          f"{forms} submissions; the replay is the disk, byte for byte")


def report(found):
    print(f"{found.all()} states a cut could leave, {len(found.whole)} if "
          "half-made files are left out:")
    for op, names in found.states.items():
        bad = found.bad.get(op, {})
        print(f"  {op:12} {len(names):6} states, {len(bad)} bad")
        for fault in sorted(set(bad.values()))[:5]:
            print(f"      {fault}")


def report_mutant(name, found):
    caught = found.all_bad() > 0
    where = ", ".join(f"{op} {len(found.bad.get(op, {}))} of {len(names)}"
                      for op, names in found.states.items()
                      if op in found.bad)
    print(f"  {name}: " + (f"caught, bad: {where}" if caught
                           else f"SURVIVED {found.all()} states"))
    return caught


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--build", required=True)
    p.add_argument("--long", action="store_true")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--jobs", type=int, default=os.cpu_count())
    p.add_argument("--keep", action="store_true")
    args = p.parse_args()
    args.build = pathlib.Path(args.build).resolve()
    began = time.monotonic()
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    top = pathlib.Path(tempfile.mkdtemp(prefix="sensed-crash-", dir=shm))
    recorder = args.build / "tests/fault/crash/recorder.so"
    checker = args.build / "tests/fault/crash/checker"
    size, most = (LONG, 24) if args.long else (FAST, 5)
    try:
        q, events = record(top / "run", args, recorder, checker, size)
        check_recording(q, events)
        found = walk_all(q, events, checker, top, most, args.seed, args.jobs)
        report(found)
        print("mutants:")
        if args.long:
            q, events = record(top / "fast", args, recorder, checker, FAST)
        survived = 0
        for name, change in mutants.ON_RECORD:
            survived += not report_mutant(name, walk_all(
                q, change(events), checker, top, 2, args.seed, args.jobs))
        for m in mutants.IN_SOURCE:
            programs = m.build(args.build, top)
            mq, mevents = record(top / m.slug, args, recorder, checker,
                                 {**SMALL, "kills": m.kills}, programs,
                                 m.steps)
            survived += not report_mutant(m.name, walk(
                mq, mevents, checker, top / "state", 5, args.seed,
                stop=lambda f: f.all_bad() >= 20))
    finally:
        if args.keep:
            print(top)
        else:
            shutil.rmtree(top)
    n = len(mutants.ON_RECORD) + len(mutants.IN_SOURCE)
    print(f"{found.all()} crash states, {found.all_bad()} bad; {n} mutants, "
          f"{survived} survived; {time.monotonic() - began:.0f} s")
    sys.exit(1 if found.all_bad() or survived else 0)


if __name__ == "__main__":
    main()
