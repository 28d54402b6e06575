"""bench.py - how fast and how lean, as ratios measured in one run.

usage: bench.py [throughput] [relay] [people]      (all three without words)

throughput  20,000 people against Postfix's smtp-sink, everything included
            (tokens, rendering, ledger), beside a bare libcurl loop, Postfix's
            smtp-source and pooled Nodemailer with as many connections.
relay       a relay that takes 20 ms to accept: 8 connections against one.
people      memory and time of import, open, mail and planning reminders, at
            2,000 people and at BENCH_PEOPLE (100,000; 1,500,000 in check-long).

Rounds take turns, and medians count.  Each line ends with what the issue of
this project asked for; the exit status is 1 if a line misses it.  Nothing
here runs in `make check`: a time is no test.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import glob
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
sys.dont_write_bytecode = True

import programs                             # noqa: E402
from organisation import Organisation       # noqa: E402
from post import PostOffice, free_port      # noqa: E402
from slowrelay import SlowRelay             # noqa: E402
from watch import watched                   # noqa: E402

PEOPLE = 20_000
SESSIONS = 8
ROUNDS = 3
# A roster ten times as large has left the processor's caches, which costs each
# person up to two thirds more.  n log n would be 1.2, n to the 1.5 3.2.
LINEAR = 2
WAVE = "staff-bench"
bad = 0


def say(words, ratio, least=None, aim=None, most=None):
    """One line: what, the ratio, what was asked."""
    global bad
    asked, ok = "", True
    if least is not None:
        asked, ok = f"at least {least}", ratio >= least
    elif most is not None:
        asked, ok = f"at most {most}", ratio <= most
    elif aim is not None:
        asked = f"the aim is {aim}"
    bad += not ok
    print(f"{words:58} {ratio:8.2f}   {asked}{'' if ok else '   MISSED'}",
          flush=True)


def servers_root():
    given = os.environ.get("SERVERS_ROOT")
    for root in [given] if given else [programs.BUILD / "tools/root",
                                       programs.SOURCE / "tools/root"]:
        if (pathlib.Path(root) / "usr/sbin/smtp-sink").exists():
            return pathlib.Path(root)
    sys.exit("bench.py: no smtp-sink: run ./bootstrap bench")


def postfix(name, *args, etc):
    """A program of Postfix, with an empty main.cf in the folder etc."""
    root = servers_root()
    (etc / "main.cf").touch()
    env = dict(os.environ, LD_LIBRARY_PATH=str(root / "usr/lib/postfix"),
               MAIL_CONFIG=str(etc))
    return [str(root / "usr/sbin" / name), *args], env


class Sink:
    """Postfix's smtp-sink on a free port."""

    def __init__(self, etc):
        self.port = free_port()
        who = ["-u", "nobody"] if os.getuid() == 0 else []
        argv, env = postfix("smtp-sink", *who, f"127.0.0.1:{self.port}",
                            "1000", etc=etc)
        self.process = subprocess.Popen(argv, env=env)
        time.sleep(0.5)

    def close(self):
        self.process.kill()
        self.process.wait()


def make_org(directory, people, **how):
    how.setdefault("mail", "")
    org = Organisation(directory, survey="staff_copy = false;", **how)
    org.program = programs.Programs(org.conf)       # the machine's own time
    org.add_unit("ORG")
    for u in range(max(1, people // 50)):
        org.add_unit(f"U{u}", "ORG", leaders=[("", "")])
    org.people = (
        {"id": f"p{i}", "unit": f"U{i % max(1, people // 50)}",
         "language": "en", "name": f"Person {i}",
         "email": f"p{i}@taf.example"} for i in range(people))
    return org


def ready(org):
    org.import_now()
    org.open(WAVE)
    return org


def timed(argv, **how):
    began = time.monotonic()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **how)
    return time.monotonic() - began


def one_message(top):
    """A mail of ours: its bytes, text and HTML, as files."""
    office = PostOffice(top / "Maildir")
    org = ready(make_org(top / "one", 3, smtp_port=office.port))
    org.program.ok("sensed", "--once")
    mail = office.take()[0]
    office.close()
    out = [top / x for x in ("message.eml", "message.txt", "message.html")]
    out[0].write_bytes(mail.wire)
    out[1].write_text(mail.text, encoding="utf-8")
    out[2].write_text(mail.html, encoding="utf-8")
    return out


def ours(org, saved):
    """Mails the whole wave from a copy of the state as it was opened."""
    shutil.rmtree(org.state)
    shutil.copytree(saved, org.state, symlinks=True)
    os.sync()
    seconds = timed(org.program.argv("sensed", "--once"),
                    env=org.program.environment())
    totals = org.program.ok("sensectl", "status")
    assert f"mailed: {PEOPLE} " in totals, totals
    return seconds


def throughput(top):
    message, text, html = one_message(top)
    sink = Sink(top)
    org = ready(make_org(top / "org", PEOPLE, smtp_port=sink.port,
                         connections=SESSIONS))
    shutil.copytree(org.state, top / "saved", symlinks=True)
    bare, src = top / "barecurl", programs.SOURCE / "src"
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", str(bare),
                    "-I", str(programs.BUILD), "-I", str(src),
                    str(HERE / "barecurl.c"), str(src / "base/num.c"),
                    "-lcurl", "-lpthread"],
                   check=True)
    source, env = postfix(
        "smtp-source", "-d", "-c", "-s", str(SESSIONS), "-m", str(PEOPLE),
        "-l", str(message.stat().st_size), "-f", "pulse@taf.example", "-t",
        "p@taf.example", f"127.0.0.1:{sink.port}", etc=top)
    npm = next((p for p in (programs.BUILD, programs.SOURCE)
                if (p / "tools/bench/node_modules").exists()), None)
    if npm is None:
        sys.exit("bench.py: no nodemailer: run ./bootstrap bench")
    node = ["node", str(HERE / "pooled.js"), str(sink.port), str(SESSIONS),
            str(PEOPLE), str(text), str(html)]
    modules = dict(os.environ,
                   NODE_PATH=str(npm / "tools/bench/node_modules"))
    took = {"ours": [], "bare": [], "source": [], "node": []}
    for _ in range(ROUNDS):
        took["ours"].append(ours(org, top / "saved"))
        took["bare"].append(timed([str(bare), str(sink.port), str(SESSIONS),
                                   str(PEOPLE), str(message)]))
        took["source"].append(timed(source, env=env))
        took["node"].append(timed(node, env=modules))
    sink.close()
    rate = {k: PEOPLE / statistics.median(v) for k, v in took.items()}
    print(f"{PEOPLE} mails of {message.stat().st_size} octets, {SESSIONS} "
          f"connections, median of {ROUNDS}; a second: " + ", ".join(
              f"{k} {v:.0f}" for k, v in rate.items()))
    say("sensed --once / bare libcurl loop", rate["ours"] / rate["bare"],
        least=0.6)
    say("sensed --once / Postfix smtp-source", rate["ours"] / rate["source"],
        aim=0.5)
    say("sensed --once / Nodemailer, pooled", rate["ours"] / rate["node"],
        least=4)


def relay(top):
    """The same wave through one connection, then through eight."""
    slow, took = SlowRelay(0.020), {}
    for n in (1, SESSIONS):
        org = ready(make_org(top / f"relay{n}", 800, smtp_port=slow.port,
                             connections=n))
        took[n] = timed(org.program.argv("sensed", "--once"),
                        env=org.program.environment())
    slow.close()
    print(f"800 mails, 20 ms to accept each: {took[1]:.1f} s by one "
          f"connection, {took[SESSIONS]:.1f} s by {SESSIONS}")
    say(f"{SESSIONS} connections / 1 connection, 20 ms relay",
        took[1] / took[SESSIONS], least=6)


STEPS = ("import", "open", "mail", "plan reminders")


def steps(top, people, port):
    """Seconds and KiB of each step; the state directory goes at the end."""
    org = make_org(top / f"people{people}", people, smtp_port=port,
                   connections=SESSIONS)
    units, roster = org.write_csv()
    run = org.program
    later = {**run.environment(), "FAKETIME": "+6d", "LD_PRELOAD": glob.glob(
        "/usr/lib/*/faketime/libfaketimeMT.so.1")[0],
        "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    out = [watched(run.argv("sensectl", "import", "staff", "--units",
                            str(units), "--people", str(roster)),
                   run.environment()),
           watched(run.argv("sensectl", "open", "staff", "--wave", WAVE),
                   run.environment()),
           watched(run.argv("sensed", "--once"), run.environment()),
           watched(run.argv("sensed", "--once"), later)]
    shutil.rmtree(org.dir)
    return out


def people(top):
    many = int(os.environ.get("BENCH_PEOPLE", "100000"))
    sink = Sink(top)
    table = {n: steps(top, n, sink.port) for n in (2_000, many // 10, many)}
    sink.close()
    for n, row in table.items():
        print(f"{n} people: " + "; ".join(
            f"{name} {took:.2f} s, {cpu:.2f} s of processors, {own // 1024} "
            f"MiB own, {rss // 1024} MiB with mapped files"
            for name, (took, cpu, own, rss) in zip(STEPS, row)))
    for i, name in enumerate(STEPS):
        for k, what in ((2, "own"), (3, "with mapped files")):
            say(f"{name}: MiB more, {what}, {many} people than 2,000",
                (table[many][i][k] - table[2_000][i][k]) / 1024, most=64)
    for i, name in enumerate(STEPS):
        say(f"{name}: processor time a person, {many} / {many // 10}",
            table[many][i][1] / table[many // 10][i][1] / 10,
            most=LINEAR)


def main():
    parts = {"throughput": throughput, "relay": relay, "people": people}
    wanted = sys.argv[1:] or list(parts)
    if any(w not in parts for w in wanted):
        sys.exit(__doc__.split("\n\n")[1])
    where = os.environ.get("BENCH_TMP")
    with tempfile.TemporaryDirectory(dir=where) as top:
        os.chmod(top, 0o755)
        for w in wanted:
            parts[w](pathlib.Path(top))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
