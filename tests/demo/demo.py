#!/usr/bin/python3
"""demo.py - a whole quarter of a fictional organisation, on real parts.

Started by `./bootstrap demo [--keep]`.  The tree and the answers are those of
worked example 2 of doc/spec/SCORING.md; the people are invented.  Two quarters
before it went the same way, so that there is something to compare, and the
people whom some of the teams serve are asked beside the staff.  Everything
lives below one directory, which is printed: a mail server that fills a
Maildir, lighttpd with sensed.cgi, the state directory.  The programs' clock
is moved, the machine's is not.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import csv
import io
import os
import pathlib
import re
import signal
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM = HERE.parent / "system"
VECTORS = HERE.parent / "vectors"
WAVE, NEXT = "staff-2026q4", "staff-2027q1"
BEFORE = (("staff-2026q2", "2026-04-13 09:00"),
          ("staff-2026q3", "2026-07-13 09:00"))
SERVED = "served-2026q4"
SERVED_BY = {"T1": 16, "T2": 14, "T4": 17, "T5": 12, "T6": 9}


class Steps:
    """One line a step on the terminal, with the time it took."""

    def __init__(self):
        self.began = time.monotonic()
        self.live = sys.stdout.isatty()
        self.text = ""

    def start(self, text):
        self.text, self.then = text, time.monotonic()
        if self.live:
            print(f"  {text} ...", end="", flush=True)

    def progress(self, done, of):
        if self.live:
            print(f"\r  {self.text} ... {done} of {of}\x1b[K", end="",
                  flush=True)

    def done(self, result):
        took = time.monotonic() - self.then
        back = "\r" if self.live else ""
        clear = "\x1b[K" if self.live else ""
        print(f"{back}  {self.text + ':':<24} {result} ({took:.1f} s){clear}",
              flush=True)


def file_name(*words):
    return re.sub(r"[^a-z0-9.-]+", "-", "-".join(words).lower()).strip("-")


def keep_mail(folder, name, mail):
    """A mail as .eml, and its two parts to open by themselves."""
    folder.mkdir(exist_ok=True)
    (folder / (name + ".eml")).write_bytes(mail.raw)
    (folder / (name + ".html")).write_text(mail.html, encoding="utf-8")
    (folder / (name + ".txt")).write_text(mail.text, encoding="utf-8")


def earlier(ballots, number):
    """Answers of an earlier quarter: near those of now, but that T4's work
    had more purpose then; in the second one only some of T7 answer, so that it
    is hidden in between."""
    out = []
    for i, (unit, answers) in enumerate(ballots):
        if number == 1 and unit == "T7" and i % 2:
            continue
        out.append((unit, {
            s: v and max(1, min(5, v - ((i + 2 * k + number) % 4 == 0)
                                + ((i + k) % 5 == number)
                                + 2 * ((unit, s) == ("T4", "purpose"))))
            for k, (s, v) in enumerate(answers.items())}))
    return out


def answers_of_served():
    """Most answer; they feel safe, and have too little to do."""
    import scorer
    usual = dict(zip(scorer.SENSES, (5, 4, 3, 2, 3, 4)))
    out = []
    for unit, n in SERVED_BY.items():
        for i in range(n - n // 5):
            out.append((unit, {
                s: max(1, min(5, v - (i + k) % 3 + (unit == "T1")))
                for k, (s, v) in enumerate(usual.items())}))
    return out


class Demo:
    def __init__(self, directory):
        from organisation import Organisation
        from post import PostOffice, free_port
        self.dir = directory
        self.steps = Steps()
        self.post = PostOffice(directory / "Maildir")
        self.web = None
        self.org = Organisation(
            directory / "organisation", smtp_port=self.post.port,
            base=f"http://127.0.0.1:{free_port()}/",
            start=BEFORE[0][1], survey="staff_copy = true;", served="")
        self.org.units = self.rows("units.csv")
        self.org.people = self.rows("people.csv")
        self.served = self.people_served()

    @staticmethod
    def rows(name):
        with open(HERE / name, encoding="utf-8", newline="") as f:
            return list(csv.DictReader(f))

    def people_served(self):
        """A roster of its own: the units of the same leaders, other people."""
        from organisation import person_name
        served = self.org.those_served()
        lead = {u["unit"]: (u["leader_name"], u["leader_email"])
                for u in self.org.units}
        names = {u["unit"]: u["name"] for u in self.org.units}
        served.add_unit("ORG", "", names["ORG"], [lead["ORG"]])
        for unit, n in SERVED_BY.items():
            served.add_unit(unit, "ORG", names[unit], [lead[unit]])
            for i in range(n):
                served.add_person(f"{unit}-{i}", unit,
                                  person_name(100 + len(served.people)),
                                  f"{unit.lower()}.{i}@home.example")
        return served

    def stop(self):
        if self.web:
            self.web.stop()
        self.post.close()

    def run(self):
        import scorer
        from web import WebServer
        steps, org = self.steps, self.org
        steps.start("Roster")
        org.import_now()
        self.served.import_now()
        units = len({u["unit"] for u in org.units})
        steps.done(f"{units} units, {len(org.people)} staff and "
                   f"{len(self.served.people)} people served imported")

        steps.start("Web server")
        port = int(org.base.rsplit(":", 1)[1].strip("/"))
        self.web = WebServer(self.dir / "web", port, "cgi", org.conf,
                             org.clock)
        steps.done(org.base)

        ballots, _ = scorer.read_answers(VECTORS / "ex2_answers.csv")
        self.quarters_before(ballots)
        org.clock.set("2026-10-05 09:00")
        invitations = self.invite(WAVE)
        keep_mail(self.dir / "mails", "invitation", invitations[0])
        self.ask_those_served()

        third = len(ballots) // 3
        self.answer(invitations, ballots, "First answers", third)

        steps.start("Four days later")
        org.clock.forward(days=4, minutes=5)
        org.mail()
        staff = {p["email"] for p in org.people}
        reminders = [m for m in self.post.take() if m.to[0] in staff]
        keep_mail(self.dir / "mails", "reminder", reminders[0])
        steps.done(f"{len(reminders)} reminders, only to links not used")
        self.answer(invitations, ballots, "More answers", None)

        steps.start("Two weeks later")
        org.clock.set("2026-10-19 09:05")
        org.mail()
        steps.done("closed")
        steps.start("Publish")
        org.program.ok("sensed-digest", "--publish-only")
        steps.done("figures kept; keys, links and ballots destroyed")
        steps.start("Digests")
        org.program.ok("sensed-digest", "--send-only")
        digests, copies = self.digests()
        steps.done(f"{digests} mailed, one for each leader's unit, and "
                   f"{copies} staff copies")
        return self.account()

    def quarters_before(self, ballots):
        """Two quarters in short, so that digests have something to compare."""
        for number, (wave, start) in enumerate(BEFORE):
            self.org.clock.set(start)
            invitations = self.invite(wave)
            self.answer(invitations, earlier(ballots, number), "Answers",
                        None, 0)
            self.org.close(wave)
            self.org.program.ok("sensed-digest")
            self.post.take()

    def ask_those_served(self):
        from people import answer_all, assign
        steps, served = self.steps, self.served
        steps.start("People served")
        served.open(SERVED)
        served.mail()
        mails = self.post.take()
        keep_mail(self.dir / "mails", "invitation-people-served", mails[0])
        given = assign(served, answers_of_served())
        answer_all(self.org.base, mails, given, threads=2)
        steps.done(f"{SERVED}, {len(mails)} mails, {len(given)} answers")

    def invite(self, wave):
        steps, org = self.steps, self.org
        steps.start("Open and invite")
        self.post.take()
        org.open(wave)
        org.mail()
        mails = self.post.take()
        steps.done(f"{wave} open, {len(mails)} mails sent")
        return mails

    def answer(self, mails, ballots, text, some, done=None):
        """The first `some` people answer, or those who have not yet."""
        from people import answer_all, assign
        given = sorted(assign(self.org, ballots).items())
        third = len(ballots) // 3 if done is None else done
        given = dict(given[:some] if some else given[third:])
        self.steps.start(text)
        answer_all(self.org.base, mails, given, threads=2,
                   then=lambda n: self.steps.progress(n, len(given)))
        self.steps.done(f"{len(given)} people, through the links in "
                        "their mails")

    def digests(self):
        unit_of = {u["leader_email"]: u for u in self.org.units}
        out = self.post.take()
        digests = [m for m in out if not m.optout]
        copies = [m for m in out if m.optout]
        for m in digests:
            u = unit_of[m.to[0]]
            keep_mail(self.dir / "digests", file_name(u["unit"], u["name"]),
                      m)
        keep_mail(self.dir / "mails", "staff-copy",
                  min(copies, key=lambda m: m.to[0]))
        return len(digests), len(copies)

    def account(self):
        """What came out, and whether it is worked example 2."""
        text = self.org.program.ok("sensectl", "export", WAVE)
        (self.dir / "figures.csv").write_text(text, encoding="utf-8")
        rows = list(csv.DictReader(io.StringIO(text)))
        print("\n  unit                    answered  rate  belonging"
              "   range       favourable")
        for r in rows:
            if r["status"] == "hidden":
                where = (f"counted in {r['shown_instead']}"
                         if r["shown_instead"] else "not counted")
                print(f"  {r['unit']:<4} {r['name']:<19} not shown, {where}")
            elif r["sense"] == "belonging":
                print(f"  {r['unit']:<4} {r['name']:<19}"
                      f"{r['n']:>5} of {int(r['invited']):<4}"
                      f"{r['rate'] + '%':>4} {r['score']:>8}"
                      f"     {r['lo']} to {r['hi']}  {r['fav']:>6}")
        return self.compare(rows)

    def compare(self, rows):
        """The export against the worked figures, column by column; the
        example has no earlier wave to compare with."""
        with open(VECTORS / "expected_2S.csv", encoding="utf-8") as f:
            want = list(csv.DictReader(f))
        for r in want:
            if r["status"] != "published":
                r["status"] = "hidden"
        same = len(rows) == len(want) and all(
            r[c] == w[c] for r, w in zip(rows, want) for c in w
            if not c.startswith("change"))
        print("\n  The figures are "
              + ("those of worked example 2." if same else
                 "NOT those of worked example 2: this is a fault."))
        return same

    def paths(self):
        names = (("mails", "invitations, a reminder, a staff copy"),
                 ("digests", "every leader's digest (.eml .html .txt)"),
                 ("Maildir", "every mail, for a mail program"),
                 ("figures.csv", "what `sensectl export' gives"),
                 ("organisation", "configuration, roster, state directory"))
        print(f"\n  Below {self.dir}:")
        for name, text in names:
            print(f"    {name:<14} {text}")

    def keep(self):
        """The next quarter's wave, open, to click through."""
        print()
        self.org.clock.forward(days=90)
        mails = self.invite(NEXT)
        print("\n  The pages are up.  Three people's links:")
        names = {p["email"]: p["name"] for p in self.org.people}
        for m in mails[:3]:
            print(f"    {self.org.base}a/{m.link}  {names[m.to[0]]}")
        print(f"    {self.org.base}o/{mails[0].optout}       opt out")
        for page, text in (("c", "change an answer with the code"),
                           ("privacy", "privacy"), ("help", "help")):
            print(f"    {self.org.base + page:<47} {text}")
        print("\n  Ctrl-C ends the demo.", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print()


def main():
    p = argparse.ArgumentParser(description="a quarter of sensed")
    p.add_argument("--build", default=".", help="where the programs are")
    p.add_argument("--keep", action="store_true",
                   help="leave the pages up to click through")
    p.add_argument("--dir", help="where to work (default: a new directory)")
    a = p.parse_args()
    os.environ["SENSED_BUILD"] = a.build
    sys.path.insert(0, str(SYSTEM))
    directory = pathlib.Path(a.dir or tempfile.mkdtemp(prefix="sensed-demo."))
    directory.mkdir(exist_ok=True)
    print(f"\nTaf Community Trust, October 2026, in {directory}\n", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    demo = Demo(directory.resolve())
    try:
        same = demo.run()
        demo.paths()
        print(f"\n  All of it took "
              f"{time.monotonic() - demo.steps.began:.0f} seconds.",
              flush=True)
        if a.keep:
            demo.keep()
    finally:
        demo.stop()
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
