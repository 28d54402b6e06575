#!/usr/bin/python3
"""kills.py - SIGKILL at random moments; what was acknowledged stays, once.

STANDARDS 6, "random kill".  Answer workers under concurrent load as FastCGI
and as CGI, the sender against a mail server, and publication; each is killed,
goes on, is killed again, and is then looked at through disk.py.

usage: kills.py [--kills N] [--seed N] [--only PART[,...]] [--no-mutants]

N is the number of kills in all.  The seed decides what is killed and after how
long; what a process was doing just then is the machine's.  SENSED_BUILD names
the build.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import collections
import itertools
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

import ground
import mutants
from disk import B32, Bad
from ground import Ground, Snapshot, Tally, WAVE, answers, body_of
from operations import Publish
from smtp_script import Server

PATIENCE = 60       # seconds without an answer before that is a fault


class Actor:
    """One person who answers, and then changes the answers again and again."""

    def __init__(self, wave, person, unit, rng):
        self.link, self.unit, self.rng = wave.link(person), unit, rng
        self.code = self.given = None       # as acknowledged
        self.new()

    def new(self):
        self.next = self.link[:5] + "".join(
            self.rng.choice(B32) for _ in range(25)) + "a"
        self.wish = tuple(self.rng.randint(1, 5) for _ in range(6))

    def request(self):
        """Path and body of what the person sends, also for a retry."""
        if self.code is None:
            return "/a/" + self.link, body_of(code=self.next,
                                              **answers(*self.wish))
        return "/c", body_of(step="change", **{"from": self.code},
                             code=self.next, **answers(*self.wish))

    def acknowledged(self):
        self.code, self.given = self.next, self.wish
        self.new()

    def check(self, box):
        """The acknowledged ballot is there once; or that of a change under
        way, whose acknowledgement was lost."""
        mine = [b for b in (box.ballot(c) for c in (self.code, self.next)
                            if c) if b]
        right = [(self.unit, self.wish)]
        if self.code is None:
            right.append(None)
        else:
            right.append((self.unit, self.given))
        if len(mine) > 1 or (mine or [None])[0] not in right:
            raise Bad(f"acknowledged {self.given}, there is {mine}")
        used = box.token(ground.secret_of(self.link))
        if used != len(mine):
            raise Bad(f"token {used}, ballots {len(mine)}")


class Load:
    """Actors in threads; a part says how a request is made and killed."""
    threads = 8
    units = (("A", 8), ("B", 8))

    def __init__(self, top, library, rng, build, tally):
        self.ground = Ground(top / self.name, library, units=self.units,
                             workers=16).prepare()
        wave = self.ground.open()
        self.rng, self.tally = rng, tally
        if build:
            self.ground.build = build
        self.actors = [Actor(wave, p["id"], p["unit"],
                             random.Random(rng.random()))
                       for p in self.ground.org.people]
        self.answered = 0
        self.over = threading.Event()
        self.failures = []

    def act(self, mine):
        last = time.time()
        for a in itertools.cycle(mine):
            if self.over.is_set():
                return
            status = self.send(*a.request(), a.rng)
            if status == 200:
                a.acknowledged()
                self.answered += 1
                last = time.time()
            elif status not in (0, 503):
                self.failures.append(f"status {status}")
                return
            elif time.time() - last > PATIENCE:
                self.failures.append("no answer")
                return

    def run(self, kills):
        share = len(self.actors) // self.threads
        crew = [threading.Thread(target=self.act, args=(
            self.actors[i * share:(i + 1) * share],))
            for i in range(self.threads)]
        self.over.clear()
        for t in crew:
            t.start()
        self.kill(self.tally.n + kills, crew)
        self.over.set()
        for t in crew:
            t.join()
        self.check()

    def check(self):
        state = self.ground.state
        try:
            state.check()
            w = state.wave(WAVE)
            box = w.box(0)
            for a in self.actors:
                a.check(box)
        except Bad as e:
            self.failures.append(str(e))
        for f in self.failures:
            self.tally.wrong(f"{self.name}: {f}")
        self.failures.clear()

    def close(self):
        self.ground.close()


def record(kind, data=b""):
    return struct.pack(">BBHHBB", 1, kind, 1, len(data), 0, 0) + data


def params(**values):
    out = b""
    for k, v in values.items():
        out += struct.pack(">BB" if len(v) < 128 else ">BI", len(k),
                           len(v) if len(v) < 128 else len(v) | 1 << 31)
        out += k.encode() + v.encode()
    return out


class Answers(Load):
    """FastCGI workers behind one socket; any of them may die."""
    name = "answers"

    def __init__(self, *how):
        super().__init__(*how)
        self.path = str(self.ground.dir / "socket")
        self.parent = None
        self.begin()

    def begin(self):
        """The socket stays, as systemd's would."""
        if self.parent is None:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.bind(self.path)
            self.socket.listen(256)
        self.parent = subprocess.Popen(
            [str(self.ground.build / "sensed.cgi"), "-c",
             str(self.ground.org.conf)], stdin=self.socket,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=self.ground.environment(), start_new_session=True)

    def send(self, path, body, rng):
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(PATIENCE)
                s.connect(self.path)
                s.sendall(
                    record(1, struct.pack(">HB5x", 1, 0))
                    + record(4, params(
                        REQUEST_METHOD="POST", PATH_INFO=path,
                        CONTENT_TYPE=ground.FORM,
                        CONTENT_LENGTH=str(len(body))))
                    + record(4) + record(5, body) + record(5))
                return self.status(s.makefile("rb"))
        except OSError:
            return 0

    @staticmethod
    def status(f):
        """Only a reply with its end counts."""
        out = b""
        while True:
            head = f.read(8)
            if len(head) < 8:
                return 0
            n, pad = struct.unpack(">4xHBx", head)
            data = f.read(n + pad)
            if len(data) < n + pad:
                return 0
            if head[1] == 6:
                out += data[:n]
            elif head[1] == 3:
                return int(out[8:11]) if out.startswith(b"Status: ") else 0

    def workers(self):
        pid = self.parent.pid
        try:
            return pathlib.Path(
                f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []

    def kill(self, until, crew):
        """Workers one by one, and now and then the whole service."""
        while self.tally.n < until and any(t.is_alive() for t in crew):
            time.sleep(self.rng.random() * 0.006)
            alive = self.workers()
            if len(alive) < 6 and self.parent.poll() is None and \
                    self.rng.random() < 0.1 or self.parent.poll() is not None:
                ground.sweep(self.parent)
                self.parent.wait()
                self.begin()
                self.tally.n += 1
            elif alive:
                try:
                    os.kill(int(self.rng.choice(alive)), signal.SIGKILL)
                    self.tally.n += 1
                except ProcessLookupError:
                    pass

    def close(self):
        ground.sweep(self.parent)
        self.parent.wait()
        self.socket.close()
        super().close()


class Cgi(Load):
    """A process a request; each may die at any moment of its life."""
    name = "cgi"
    threads = 4

    def __init__(self, *how):
        super().__init__(*how)
        began = time.time()
        for _ in range(5):
            self.ground.cgi("GET", "privacy")
        self.life = (time.time() - began) / 5 * 2
        self.lock = threading.Lock()

    def send(self, path, body, rng):
        p = self.ground.cgi_start("POST", path[1:], body)
        if rng.random() < 0.8:
            time.sleep(rng.random() * self.life)
            p.kill()
        r = ground.finish(p)
        with self.lock:
            self.tally.n += r.code == -9
        return r.status

    def kill(self, until, crew):
        while self.tally.n < until and any(t.is_alive() for t in crew):
            time.sleep(0.01)


class Sender:
    """sensed --once, killed whole or only its keeper, until all are mailed."""
    name = "sender"
    connections = 4
    most = 6            # kills of one wave

    def __init__(self, top, library, rng, build, tally):
        self.server = Server()
        self.server.__enter__()
        self.ground = Ground(top / self.name, library,
                             units=(("A", 10), ("B", 10)),
                             smtp_port=self.server.port,
                             connections=self.connections).prepare()
        self.ground.open()
        self.rng, self.tally = rng, tally
        self.everyone = {p["email"] for p in self.ground.org.people}
        self.snapshot = Snapshot(self.ground.org.state)
        began = time.time()
        self.mail()
        self.life = time.time() - began
        if build:
            self.ground.build = build

    def start(self):
        return self.ground.start("sensed", "-c", str(self.ground.org.conf),
                                 "--once")

    def mail(self):
        r = ground.finish(self.start())
        ground.reap()
        return r

    def one(self):
        """A kill; was it in time?"""
        p = self.start()
        time.sleep(self.rng.random() * self.life)
        if self.rng.random() < 0.5:
            p.kill()
            p.wait()
            time.sleep(self.rng.random() * 0.01)
        r = ground.finish(p)
        ground.reap()
        return r.code == -9

    def run(self, kills):
        until = self.tally.n + kills
        while self.tally.n < until:
            self.snapshot.restore()
            self.server.mails.clear()
            n = sum(self.one() for _ in range(self.rng.randint(1, self.most)))
            self.tally.n += n
            r = self.mail()
            if r.code != 0:
                self.tally.wrong(f"sender, after {n} kills: {r}")
            self.check(n)

    def check(self, n):
        got = collections.Counter(m.recipient for m in self.server.mails)
        more = sum(got.values()) - len(got)
        if set(got) != self.everyone:
            self.tally.wrong(f"unmailed: {len(self.everyone) - len(got)}")
        if more > n * self.connections:
            self.tally.wrong(f"{more} repeats after {n} kills with "
                             f"{self.connections} connections")
        before = len(self.server.mails)
        self.mail()
        if len(self.server.mails) != before:
            self.tally.wrong("mailed again, and nothing was owed")

    def close(self):
        self.server.__exit__()
        self.ground.close()


class Publication:
    """Killed at any instant it has not happened, or the next run ends it."""
    name = "publication"

    def __init__(self, top, library, rng, build, tally):
        self.op = Publish(top / self.name, library)
        self.rng, self.tally = rng, tally
        self.op.before()
        began = time.time()
        self.op.run()
        self.life = (time.time() - began) * 1.2
        if build:
            self.op.ground.build = build

    def one(self):
        g = self.op.ground
        p = g.start("sensed-digest", "-c", str(g.org.conf), "--publish-only",
                    WAVE)
        time.sleep(self.rng.random() * self.life)
        p.kill()
        r = ground.finish(p)
        ground.reap()
        return r.code == -9

    def run(self, kills):
        until = self.tally.n + kills
        while self.tally.n < until:
            self.op.before()
            try:
                for _ in range(self.rng.randint(1, 3)):
                    self.tally.n += self.one()
                    self.op.ground.state.check()
                    self.op.where()
                r = self.op.run()
                if r.code != 0:
                    raise Bad(f"the run after: {r}")
                if self.op.where() != "done":
                    raise Bad("the run after did not publish")
                left = self.op.ground.state.remains(WAVE)
                if left:
                    raise Bad(f"figures, and {left}")
            except Bad as e:
                self.tally.wrong(f"publication: {e}")
                if self.tally.quiet:
                    return

    def close(self):
        self.op.close()


# Each part, its share of the kills, and how many between two looks.
PARTS = ((Answers, 45, 200), (Cgi, 25, 100), (Sender, 10, 50),
         (Publication, 20, 100))


def run_part(part, kills, look, seed, build=None, quiet=False):
    tally = Tally(f"kills of {part.name}")
    tally.quiet = quiet
    rng = random.Random(f"{seed} {part.name}")
    top = ground.scratch()
    p = None
    try:
        p = part(top, ground.compile_failcall(top), rng, build, tally)
        while tally.n < kills and not (quiet and tally.bad):
            p.run(min(look, kills - tally.n))
        if isinstance(p, Load):
            tally.what += f" under {p.answered} acknowledged answers"
    finally:
        if p:
            p.close()
        shutil.rmtree(top, ignore_errors=True)
    return tally


def caught(m, build):
    for part, share, look in PARTS:
        if part.name == m.how["part"]:
            return run_part(part, 400, 20, 1, build, True).bad > 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--kills", type=int, default=400)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--only", type=lambda x: x.split(","))
    p.add_argument("--no-mutants", action="store_true")
    o = p.parse_args()
    seed = o.seed if o.seed is not None else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    ground.adopt_orphans()
    total = Tally("kills")
    for part, share, look in PARTS:
        if o.only and part.name not in o.only:
            continue
        t = run_part(part, -(-o.kills * share // 100), look, seed)
        print(t, flush=True)
        total.n += t.n
        total.bad += t.bad
    print(f"random kills, seed {seed}: {total}")
    if not o.no_mutants:
        total.bad += mutants.each(mutants.KILLS, caught)
    return total.bad > 0 or total.n == 0


if __name__ == "__main__":
    sys.exit(main())
