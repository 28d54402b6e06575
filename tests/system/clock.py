"""clock.py - moves time for the programs under test, and for nothing else.

libfaketime is preloaded into each program; the offset stands in a file that
running programs read again, so a web server's worker follows too.  The test
itself keeps real time.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import glob
import math
import os
import subprocess
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def library():
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        raise RuntimeError("libfaketime is not installed (package faketime)")
    return found[0]


def at(text):
    """"2026-10-05 09:00" in the organisation's time zone."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


class Clock:
    """The programs' clock: it runs on from where it was set."""

    def __init__(self, directory, start="2026-10-05 09:00"):
        self.path = os.path.join(str(directory), "faketime")
        self.set(start)

    def set(self, when):
        self.when = at(when) if isinstance(when, str) else when
        offset = math.ceil(self.when.timestamp() - time.time())
        new = self.path + ".new"
        with open(new, "w", encoding="ascii") as f:
            f.write(f"{offset:+d}\n")
        os.rename(new, self.path)

    def forward(self, **how):
        """Moves on from the last moment set: hours=1, minutes=31, days=4."""
        self.set(self.when + timedelta(**how))

    def environment(self):
        return {"LD_PRELOAD": library(), "DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_TIMESTAMP_FILE": self.path,
                "FAKETIME_NO_CACHE": "1", "NO_FAKE_STAT": "1",
                "ASAN_OPTIONS": "verify_asan_link_order=0"}


class Frozen(Clock):
    """A clock that stands still."""

    def environment(self):
        env = super().environment()
        del env["FAKETIME_TIMESTAMP_FILE"]
        utc = self.when.astimezone(ZoneInfo("UTC"))
        env["FAKETIME"] = utc.strftime("%Y-%m-%d %H:%M:%S")
        return env      # programs start in UTC: see programs.py


def sweep():
    """Removes what libfaketime leaves when a program is killed."""
    for path in glob.glob("/dev/shm/*faketime_s*_*"):
        pid = path.rsplit("_", 1)[1]
        if pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            try:
                os.unlink(path)
            except OSError:
                pass


class Fast:
    """A clock that runs many times as fast, in a daemon's waits as well."""

    def __init__(self, directory, start="2026-10-05 09:00", times=120):
        self.library = os.path.join(str(directory), "fastclock.so")
        source = os.path.join(os.path.dirname(__file__), "fastclock.c")
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", self.library,
                        source], check=True)
        self.times, self.when = times, at(start)
        self.real = int(time.time())

    def environment(self):
        return {"LD_PRELOAD": self.library,
                "FASTCLOCK": f"{self.real} {int(self.when.timestamp())} "
                             f"{self.times}",
                "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def minutes(self):
        """Since the start, as the programs see it."""
        return (time.time() - self.real) * self.times / 60
