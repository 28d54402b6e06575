"""watch.py - the time and the memory of one run and its children.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import resource
import subprocess
import time


def children(pid):
    """A process and all that came of it."""
    out = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children",
                      encoding="ascii") as f:
                for child in f.read().split():
                    out += children(int(child))
    except OSError:
        pass
    return out


def memory(pid):
    """KiB of its own (what only swapping could take back), and in all."""
    own = rss = 0
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            for line in f:
                if line.startswith(("RssAnon:", "RssShmem:")):
                    own += int(line.split()[1])
                elif line.startswith("VmRSS:"):
                    rss = int(line.split()[1])
    except OSError:
        pass
    return own, rss


def watched(argv, env):
    """Seconds, seconds of processors, and the most KiB that any one of its
    processes had: its own, and with mapped files."""
    own = rss = 0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    while process.poll() is None:
        for pid in children(process.pid):
            now = memory(pid)
            own, rss = max(own, now[0]), max(rss, now[1])
        time.sleep(0.01)
    took = time.monotonic() - began
    words = process.stderr.read()
    assert process.returncode == 0, f"{argv}: {words}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime
           - before.ru_stime)
    return took, cpu, own, rss
