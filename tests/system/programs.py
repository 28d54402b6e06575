"""programs.py - where the programs are, and how a test runs them.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import pathlib
import signal
import subprocess

import clock as clocks

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SENSED_BUILD", os.getcwd())).resolve()
TIMEOUT = 120


class Programs:
    """Runs sensed, sensectl, sensed-digest of one build."""

    def __init__(self, conf=None, clock=None):
        self.conf, self.clock = conf, clock

    def environment(self):
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
               "TZ": "UTC", "HOME": "/nonexistent"}
        if self.clock:
            env.update(self.clock.environment())
        return env

    def argv(self, name, *args, conf=True):
        path = BUILD / name
        if not path.exists():
            raise RuntimeError(f"{path} is not built (SENSED_BUILD)")
        given = ["-c", str(self.conf)] if conf and self.conf else []
        return [str(path), *given, *args]

    def run(self, name, *args, conf=True, timeout=TIMEOUT):
        return subprocess.run(
            self.argv(name, *args, conf=conf), env=self.environment(),
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=timeout)

    def start(self, name, *args):
        """In a process group of its own, so that all of it can be killed."""
        return subprocess.Popen(
            self.argv(name, *args), env=self.environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def sensectl(self, *args, conf=True):
        return self.run("sensectl", *args, conf=conf)

    def sensed(self, *args):
        return self.run("sensed", *args)

    def digest(self, *args):
        return self.run("sensed-digest", *args)

    def ok(self, name, *args):
        """Runs, insists on status 0, gives stdout."""
        r = self.run(name, *args)
        assert r.returncode == 0, (
            f"{name} {' '.join(args)}: status {r.returncode}\n"
            f"{r.stdout}{r.stderr}")
        return r.stdout


def kill(process):
    """kill -9 of a whole group that start() made."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    if process.stdout:
        process.stdout.close()
    clocks.sweep()
