"""ground.py - what failing.py and kills.py stand on.

A small organisation in a scratch directory, snapshots of its state, one run of
a program with or without a fault, and a checker that counts.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import ctypes
import mmap
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
sys.dont_write_bytecode = True

import programs                             # noqa: E402
from disk import (State, optout_name, optout_token,  # noqa: E402,F401
                  return_path, secret_of)
from organisation import Organisation       # noqa: E402
from web import forms                       # noqa: E402

WAVE = "staff-2026q4"
START = 1791187200      # 2026-10-05 09:00 in London
FORM = "application/x-www-form-urlencoded"
HANG = 30               # seconds; nothing here takes one

# In the order of enum call in failcall.c.
CALLS = ("malloc calloc realloc read write pread pwrite sendfile fsync "
         "fdatasync open rename ftruncate mmap msync lseek getrandom flock "
         "fchmod mkdir unlink memfd_create stat access opendir readdir rmdir "
         "dup close fopen fflush fork thread socket connect send recv "
         "fcntl").split()
ERROR, SHORT, KILL = range(3)
HOW = ("fails", "is short", "kills")


def scratch():
    """A directory in memory if there is one: the disk is not the subject."""
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return pathlib.Path(tempfile.mkdtemp(prefix="sensed-fault-", dir=base))


def adopt_orphans():
    """A killed keeper's mailer becomes our child, so that we can wait."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)     # PR_SET_CHILD_SUBREAPER


def compile_failcall(directory, *flags):
    """Builds failcall.so; it is no part of the product."""
    out = pathlib.Path(directory) / "failcall.so"
    subprocess.run([*os.environ.get("CC", "cc").split(), "-std=gnu11",
                    "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-fPIC",
                    *flags, "-shared", "-o", out, HERE / "failcall.c", "-ldl"],
                   check=True)
    return out


class Page:
    """The shared page that tells failcall.so what to do."""

    HEAD = struct.Struct("=QqIIIIIII256s")
    COUNTS = struct.Struct("=64I")

    def __init__(self, path):
        self.path = path
        size = self.HEAD.size + self.COUNTS.size
        with open(path, "wb") as f:
            f.write(bytes(size))
        self.file = open(path, "r+b")
        self.map = mmap.mmap(self.file.fileno(), size)
        self.offset = 0
        self.calm()

    def plan(self, calls, at, how=ERROR, error=0, on=False):
        mask = sum(1 << CALLS.index(c) for c in calls)
        self.map[:] = self.HEAD.pack(
            mask, self.offset, at, on, how, error, 0, 0, 0, b"") \
            + bytes(self.COUNTS.size)

    def calm(self):
        self.plan((), 0)

    @property
    def fired(self):
        return self.HEAD.unpack_from(self.map)[7]

    @property
    def hit(self):
        """The call that was hit first, and the file it was about."""
        f = self.HEAD.unpack_from(self.map)
        return CALLS[f[8]], f[9].split(b"\0")[0].decode(errors="replace")

    @property
    def counts(self):
        n = self.COUNTS.unpack_from(self.map, self.HEAD.size)
        return {c: n[i] for i, c in enumerate(CALLS) if n[i]}


class Steered:
    """The clock of the programs, by the page; see tests/system/clock.py."""

    def __init__(self, page, library):
        self.page, self.library = page, library

    def forward(self, **how):
        unit = {"minutes": 60, "hours": 3600, "days": 86400}
        self.page.offset += sum(unit[k] * v for k, v in how.items())
        self.page.calm()

    def environment(self):
        return {"LD_PRELOAD": str(self.library),
                "FAILCALL_PAGE": str(self.page.path)}


class Snapshot:
    """A state directory in memory."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.dirs, self.data = {}, {}
        for top, dirs, files in os.walk(self.root):
            self.dirs[top] = os.stat(top).st_mode & 0o7777
            for f in files:
                path = os.path.join(top, f)
                with open(path, "rb") as g:
                    self.data[path] = (os.stat(path).st_mode & 0o7777,
                                       g.read())

    def restore(self):
        """Makes the directory what it was, rewriting only what differs."""
        seen = set()
        for top, dirs, files in os.walk(self.root, topdown=False):
            for f in files:
                path = os.path.join(top, f)
                if path not in self.data:
                    os.unlink(path)
                    continue
                with open(path, "rb") as g:
                    if g.read() == self.data[path][1]:
                        seen.add(path)
            if top not in self.dirs:
                os.rmdir(top)
        for top in sorted(self.dirs):
            if not os.path.isdir(top):
                os.mkdir(top)
                os.chmod(top, self.dirs[top])
        for path, (mode, data) in self.data.items():
            if path not in seen:
                with open(path, "wb") as g:
                    g.write(data)
                os.chmod(path, mode)

    def same(self):
        now = Snapshot(self.root)
        return {p: d for p, (m, d) in now.data.items()} == \
            {p: d for p, (m, d) in self.data.items()}


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def status(self):
        """Of a CGI reply that came whole; 0: none did."""
        head, sep, body = self.out.partition("\r\n\r\n")
        if not sep or not head.startswith("Status: "):
            return 0
        for line in head.split("\r\n"):
            if line.startswith("Content-Length: ") and \
                    int(line[16:]) != len(body.encode()):
                return 0
        return int(head[8:11])

    def __str__(self):
        return f"status {self.code}: {self.err.strip()[-300:]}" \
            f"{self.out[:80]!r}"


def finish(p, timeout=HANG):
    """Waits, then sees that nothing of its group is left running."""
    try:
        out, err = p.communicate(timeout=timeout)
        code = p.returncode
    except subprocess.TimeoutExpired:
        out, err, code = b"", b"", "hang"
    sweep(p)
    if code == "hang":
        p.communicate()
    return Result(code, out.decode(errors="replace"),
                  err.decode(errors="replace"))


def sweep(p):
    try:
        os.killpg(p.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def reap():
    """Waits for adopted children; only where no other thread starts any."""
    try:
        while os.waitpid(-1, 0)[0]:
            pass
    except ChildProcessError:
        pass


class Ground:
    """The organisation and its programs."""

    def __init__(self, directory, library, units=(("A", 6), ("B", 6)),
                 smtp_port=9, connections=2, build=None, **how):
        self.dir = pathlib.Path(directory)
        self.dir.mkdir(exist_ok=True)
        self.page = Page(self.dir / "page")
        self.page.offset = START - int(time.time())
        self.page.calm()
        self.clock = Steered(self.page, library)
        self.org = Organisation(self.dir / "org", smtp_port=smtp_port,
                                clock=self.clock, connections=connections,
                                k=5, base="http://127.0.0.1:9/", **how)
        self.org.add_unit("ORG")
        for unit, n in units:
            self.org.add_unit(unit, "ORG")
            for i in range(n):
                self.org.add_person(f"{unit.lower()}{i}", unit)
        self.csv = [str(p) for p in self.org.write_csv()]
        self.build = build or programs.BUILD
        self.state = State(self.org.state)

    def environment(self, **more):
        # A search for leaks needs calls that no sandbox lets through.
        return {"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8"} \
            | self.clock.environment() \
            | {"ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"} \
            | more

    def start(self, name, *args, stdin=b"", build=None, **env):
        p = subprocess.Popen(
            [str((build or self.build) / name), *args],
            env=self.environment(**env), start_new_session=True,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if stdin:
            try:
                p.stdin.write(stdin)
                p.stdin.close()
            except BrokenPipeError:
                pass
            p.stdin = None
        return p

    def run(self, name, *args, **how):
        return finish(self.start(name, *args, **how))

    def ctl(self, name, *args, **how):
        return self.run(name, "-c", str(self.org.conf), *args, **how)

    def ok(self, name, *args):
        r = self.ctl(name, *args)
        assert r.code == 0, f"{name} {' '.join(args)}: {r}"
        return r.out

    def cgi_start(self, method, path, body=b"", **how):
        env = {"SENSED_CONFIG": str(self.org.conf), "PATH_INFO": "/" + path,
               "REQUEST_METHOD": method}
        if method == "POST":
            env |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": FORM}
        return self.start("sensed.cgi", stdin=body, **env, **how)

    def cgi(self, method, path, body=b"", **how):
        return finish(self.cgi_start(method, path, body, **how))

    def form(self, path, body=b""):
        """The hidden fields of a page's form."""
        r = self.cgi("POST" if body else "GET", path, body)
        assert r.status == 200, str(r)
        return forms(r.out)[0].hidden

    def import_now(self):
        units, people = self.csv
        return self.ctl("sensectl", "import", "staff", "--units", units,
                        "--people", people)

    def prepare(self):
        r = self.import_now()
        assert r.code == 0, str(r)
        return self

    def open(self):
        self.ok("sensectl", "open", "staff", "--wave", WAVE)
        return self.state.wave(WAVE)

    def optout_path(self, person):
        return "o/" + optout_token(self.org.state, f"{person}@taf.example")

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def body_of(**fields):
    return "&".join(f"{k}={v}" for k, v in fields.items()).encode()


SENSES = ("security", "continuity", "belonging", "purpose", "fulfilment",
          "significance")


def answers(*values):
    return dict(zip(SENSES, values))


class Tally:
    """Counts; prints what was bad as it is found."""

    def __init__(self, what):
        self.what, self.n, self.bad, self.began = what, 0, 0, time.time()
        self.quiet = False

    def wrong(self, text):
        self.bad += 1
        if self.bad <= 40 and not self.quiet:
            print(f"BAD: {text}", flush=True)

    def __str__(self):
        return (f"{self.n} {self.what}, {self.bad} bad, "
                f"{time.time() - self.began:.0f} s")
