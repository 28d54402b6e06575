#!/usr/bin/python3
"""failing.py - every libc call fails, is short or kills; nothing is lost.

STANDARDS 6, "failing calls".  For each operation of each program, and each
function that failcall.c knows: its first call goes wrong, then its second, and
so on until the operation passes unharmed; once, and from then on.  After each
the end must be one that is allowed, the state either that before or that
after, and the same operation without a fault must succeed and leave no more
than a run that never met one.

usage: failing.py [--all] [--seed N] [--jobs N] [--only OPERATION[,...]]
                  [--calls FUNCTION[,...]] [--memory N] [--without-malloc]
                  [--no-mutants]

Without --all a sample is taken; with --memory at most N allocations of each
operation and function.  SENSED_BUILD names the build.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import errno
import multiprocessing
import os
import random
import shutil
import signal
import sys

import ground
import mutants
from disk import Bad
from ground import ERROR, HOW, KILL, SHORT, WAVE, Snapshot, Tally
from operations import OPERATIONS
from room import Room, possible

ERRNO = dict.fromkeys(ground.CALLS, errno.EIO) | dict.fromkeys(
    ("write", "pwrite", "sendfile", "ftruncate", "rename", "mkdir", "fflush"),
    errno.ENOSPC) | dict.fromkeys(
    ("malloc", "calloc", "realloc", "mmap", "memfd_create"), errno.ENOMEM) | {
    "open": errno.EMFILE, "fopen": errno.EMFILE, "dup": errno.EMFILE,
    "opendir": errno.EMFILE, "socket": errno.EMFILE, "fork": errno.EAGAIN,
    "flock": errno.ENOLCK, "connect": errno.ECONNREFUSED,
    "send": errno.ECONNRESET, "recv": errno.ECONNRESET,
    "fcntl": errno.EINVAL}
MEMORY = ("malloc", "calloc", "realloc")
PARTS = ("read", "write", "pread", "pwrite", "sendfile", "getrandom", "send",
         "recv")
SYNCS = ("fsync", "fdatasync", "msync")
# A disk that fills up, or turns read-only, in the middle of a run.
DISK = ("write", "pwrite", "sendfile", "ftruncate", "mkdir", "rename",
        "unlink")


DISKS = {"a full disk": errno.ENOSPC, "a read-only disk": errno.EROFS}


class Series:
    """One operation, one function, one way to go wrong; the counts go up."""

    def __init__(self, op, call, how, on, n):
        self.op, self.call, self.how, self.on = op, call, how, on
        self.n = n

    def counts(self, sample, rng):
        """Which calls: all of them, or some spread over the run."""
        if sample is None or self.n <= sample:
            return range(1, 100000)
        step = self.n / sample
        return [1 + int(i * step + rng.random() * step)
                for i in range(sample)]

    def plan(self, page, at):
        if self.call in DISKS:
            page.plan(DISK, at, self.how, DISKS[self.call], self.on)
        else:
            page.plan([self.call], at, self.how, ERRNO[self.call], self.on)

    def __str__(self):
        return (f"{self.op.name}: {self.call} {HOW[self.how]}"
                f"{' from then on' if self.on else ''}")


def ways(call):
    yield ERROR, False
    yield KILL, False
    if call != "close":     # a process that can close nothing proves nothing
        yield ERROR, True
    if call in PARTS:
        yield SHORT, False
        yield SHORT, True


def series_of(op, without_malloc):
    counts = op.count()
    if without_malloc:
        counts = {c: n for c, n in counts.items() if c not in MEMORY}
    n = sum(counts.get(c, 0) for c in DISK)
    return [Series(op, call, how, on, n) for call, n in counts.items()
            for how, on in ways(call)] + \
        [Series(op, disk, ERROR, True, n) for disk in DISKS]


def complaint(op, s, r, hit):
    """What is wrong with the end of a run, or None."""
    call, where = hit
    if r.code == "hang":
        return "it hangs"
    if "Sanitizer" in r.err or "runtime error:" in r.err:
        return "the sanitizer complains"
    killed = s.how == KILL and r.code in (-signal.SIGKILL, -signal.SIGSYS)
    if isinstance(r.code, int) and r.code < 0 and not killed:
        return f"it dies of signal {-r.code}"
    if "ended by signal" in r.err and s.how != KILL and \
            not op.may_lose_a_child(r, s):
        return "a part of it dies of a signal"
    told = [x for x in op.secrets if x in r.err]
    if told:
        return f"it tells a secret: {told[0][:4]}..."
    if op.acknowledged(r):
        # a note of what needs a person is told of, and made by the next pass
        noted = "/attention" in where and "/attention" in r.err
        if call in SYNCS and s.how == ERROR and not noted and \
                where.startswith(str(op.ground.org.state)):
            return f"success although the sync of {where} failed"
        return None
    if killed or op.allowed(r, s, hit):
        return None
    if not r.err.strip():
        return "no word on standard error"
    if ": Success" in r.err or "No error" in r.err:
        return "words that say nothing"
    if r.code == 2 and "out of dynamic memory" in r.err:
        return None         # the scanner that libconfig is built with
    return op.wrong_end(r)


def one(s, at):
    """Runs one fault; (fired, complaint)."""
    op, page = s.op, s.op.ground.page
    op.before()
    s.plan(page, at)
    r = op.run()
    fired, hit = page.fired, page.hit
    page.calm()
    try:
        wrong = complaint(op, s, r, hit) if fired else None
        if not fired and not op.acknowledged(r):
            wrong = "it fails without a fault"
        if wrong is None:
            op.after(r, fired)
    except (Bad, OSError) as e:
        wrong = str(e)
    if wrong:
        wrong = f"{s}, call {at} ({hit[1] or 'no file'}): {wrong}; {r}"
    return fired, wrong


def litter(op, tally, options):
    """Half-made files of an earlier death are overwritten or cleaned up."""
    if not op.litter or options.calls:
        return
    op.before()
    for name in op.litter:
        path = op.ground.org.state / (
            name.replace("TT", op.tag()) if "TT" in name else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half" * 2000)
    tally.n += len(op.litter)
    r = op.run()
    try:
        if not op.acknowledged(r):
            raise Bad(f"it does not succeed: {r}")
        op.after(r, False)
        op.tidy()
    except (Bad, OSError) as e:
        tally.wrong(f"{op.name}, with leftovers: {e}")


class Full:
    """For complaint(): what went wrong is the disk."""
    how, on, call = ERROR, True, "a full disk"


def rooms(op, tally):
    """The real thing: every number of free pages, then none to be written."""
    room = Room(op)
    try:
        for pages in range(1000):
            op.before()
            room.leave(pages)
            r = op.run()
            room.empty()
            tally.n += 1
            judge(op, r, tally, f"{op.name}: {pages} pages left")
            if op.acknowledged(r):
                break
        op.before()
        room.read_only(True)
        r = op.run()
        room.read_only(False)
        tally.n += 1
        judge(op, r, tally, f"{op.name}: read-only")
    finally:
        room.close()


def judge(op, r, tally, what):
    try:
        wrong = complaint(op, Full, r, ("write", ""))
        if wrong is None:
            op.after(r, True)
    except (Bad, OSError) as e:
        wrong = str(e)
    if wrong:
        tally.wrong(f"{what}: {wrong}; {r}")


def work(arguments):
    """A share of the series, in a process and on a ground of its own."""
    share, shares, build, options = arguments
    ground.adopt_orphans()
    tally = Tally("faults")
    mounts = possible()
    top = ground.scratch()
    rng = random.Random(options.seed * 1000 + share)
    try:
        library = ground.compile_failcall(
            top, *["-DWITHOUT_MALLOC"] * options.without_malloc)
        number = 0
        for make in OPERATIONS:
            if options.only and make.name not in options.only:
                continue
            op = make(top / make.name, library, build)
            for s in series_of(op, options.without_malloc):
                number += 1
                if options.calls and s.call not in options.calls:
                    continue
                if number % shares == share:
                    run_series(s, tally, options, rng)
            if OPERATIONS.index(make) % shares == share:
                litter(op, tally, options)
                if mounts and op.needs_room and not options.calls:
                    rooms(op, tally)
            op.close()
            if options.all:
                print(f"  {op.name}: {tally}", flush=True)
    finally:
        ground.reap()
        shutil.rmtree(top, ignore_errors=True)
    return tally.n, tally.bad


def how_many(s, options):
    """Of the counts; None is all.  Two allocations differ little: most of
    them are tried in one way only, and few where a run takes long."""
    if not options.all:
        return 2
    if s.call not in MEMORY:
        return None
    whole = s.how == ERROR and not s.on and not s.op.slow
    return options.memory if whole else min(60, options.memory or 60)


def run_series(s, tally, options, rng):
    sample = how_many(s, options)
    for at in s.counts(sample, rng):
        fired, wrong = one(s, at)
        tally.n += bool(fired)
        if wrong:
            if options.quiet:
                tally.bad += 1
                return
            tally.wrong(wrong)
        if not fired:
            break


def run(options, build=None):
    jobs = [(i, options.jobs, build, options) for i in range(options.jobs)]
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        done = pool.map(work, jobs, chunksize=1)
    return sum(n for n, bad in done), sum(bad for n, bad in done)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--all", action="store_true")
    p.add_argument("--seed", type=int, default=20261005)
    p.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    p.add_argument("--only", type=lambda x: x.split(","))
    p.add_argument("--calls", type=lambda x: x.split(","))
    p.add_argument("--memory", type=int)
    p.add_argument("--without-malloc", action="store_true")
    p.add_argument("--no-mutants", action="store_true")
    options = p.parse_args()
    options.quiet = False
    total = Tally("faults")
    total.n, total.bad = run(options)
    print(f"failing calls, seed {options.seed}: {total}")
    if not options.no_mutants:
        total.bad += mutants.caught_by_failing(options, run)
    return total.bad > 0 or total.n == 0


if __name__ == "__main__":
    sys.exit(main())
