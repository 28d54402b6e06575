"""quarter.py - runs the real programs through a quarter, and records it.

Each run of a program is a step; a mark in the recording tells where it began
and where it ended.  What must be true after any record (`Truth`) follows from
the marks, from the replies that the programs gave, and from what the relay
was sent.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import fcntl
import os
import pathlib
import secrets
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "system"))

import bounces                              # noqa: E402
import disk                                 # noqa: E402
import smtp_script                          # noqa: E402
from organisation import Organisation       # noqa: E402
from post import Mail                       # noqa: E402
from scorer import SENSES                   # noqa: E402

SURVEY = "staff"
START = 1791187200              # 2026-10-05 09:00 in London
DAY = 86400
KINDS = {"import": "import", "open": "opening", "mail": "ledger",
         "form": "recording", "change": "changing", "optout": "opting out",
         "keep": "opting out", "close": "closing", "publish": "publication",
         "deliver": "ledger", "bounce": "bouncing"}


# After which records a program is killed, one after the other: a rename, for
# example, that is done and not synced.  Twice as many in a long run.
KILLS = {
    "import": ("K1", "R1", "R2", "R3", "K5", "C2", "W3", "F2"),
    "open": ("R1", "R2", "K1", "R3", "R4", "F5", "R5", "R6", "C4", "K2", "U1",
             "W4", "U3", "R7", "R8", "R9", "R10"),
    "mail": ("W2", "S3", "F4", "W7"),
    "keep": ("R1", "U1", "C1"),
    "close": ("R1", "C1"),
    "publish": ("R1", "R2", "U1", "F3", "X1", "U3", "W2", "U5"),
    "deliver": ("W2", "S2", "F4"),
    "bounce": ("C1", "W1", "F1", "D1"),
    "form": ("R1", "C1", "W1", "F1", "D1"),
    "change": ("R1", "C1", "W1", "F1", "D1"),
}


def new_code(link):
    """A change code for the box of a link, as a form would carry it."""
    raw = base64.b32encode(secrets.token_bytes(16)).decode().lower()
    return link[:5] + raw[:26]


class Quarter:
    """`people`: how many in each unit; `answers`, `changes`: how many send
    one; `width`: so many at once.  With `kills`, programs are killed
    right after some calls (KILLS) before they may run to their end.
    `programs` names other builds of some programs (mutants)."""

    def __init__(self, where, build, recorder, checker, people=(10, 8),
                 answers=6, changes=3, width=3, outs=3, kills=0, programs=()):
        self.dir = pathlib.Path(where)
        self.root = self.dir / "disk"
        self.root.mkdir(parents=True)
        self.log = self.dir / "log"
        self.build, self.recorder = pathlib.Path(build), recorder
        self.programs = dict(programs)
        self.checker = checker
        self.sizes, self.answers, self.changes = people, answers, changes
        self.width, self.outs, self.kills = width, outs, kills
        self.now = START
        self.steps = []
        self.since = 0          # first step since the roster was looked at
        self.relay = smtp_script.Server(
            rcpt=lambda a: "550 5.1.1 No" if a.startswith("u1.2@") or
            a.startswith("U1.2@") else None).__enter__()
        self.taken = 0
        self.org = Organisation(self.dir / "org",
                                smtp_port=self.relay.port, k=5)
        text = self.org.conf.read_text().replace(
            str(self.org.state), str(self.root / "state"))
        self.org.conf.write_text(text)
        self.state = self.root / "state"

    # ------------------------------------------------------- one program

    def mark(self, kind, step):
        """A record of our own, under the recorder's lock."""
        raw = disk.EVENT.pack(kind.encode(), os.getpid(), step, 0, 0, 0, 0, 0)
        with open(self.log, "ab", buffering=0) as f:
            fcntl.lockf(f, fcntl.LOCK_EX)
            f.write(raw)

    def environment(self, step, kill=""):
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                "LD_PRELOAD": str(self.recorder), "FAULT_LOG": str(self.log),
                "FAULT_ROOT": str(self.root), "FAULT_TIME": str(self.now),
                "FAULT_NOTE": str(step), "FAULT_KILL": kill}

    def begin(self, kind, **what):
        step = len(self.steps)
        self.steps.append({"kind": kind, "now": self.now, **what})
        self.mark("B", step)
        return step

    def run(self, kind, program, *args, stdin=b"", **what):
        """Runs a step to its end, which is its acknowledgement; before that
        it may be killed and run again."""
        path = self.programs.get(program, self.build / program)
        for kill in KILLS[kind][:self.kills] + ("",):
            step = self.begin(kind, **what)
            r = subprocess.run([str(path), "-c", str(self.org.conf), *args],
                               env=self.environment(step, kill),
                               input=stdin, capture_output=True)
            if r.returncode == 0 or b"closed already" in r.stderr:
                self.mark("E", step)
                break
            if kill == "":
                raise RuntimeError(f"{program} {args}: {r.stdout}{r.stderr}")
            self.mark("A", step)
            if kind == "open" and \
                    list(self.state.glob(f"waves/??-{what['wave']}.gdbm")):
                break           # revealed: it cannot be opened again
        return self.steps[step]

    def ask(self, line):
        """Asks the checker about the real disk."""
        r = subprocess.run([self.checker], input=line + "\n", text=True,
                           capture_output=True, check=True)
        return r.stdout.strip()

    def post(self, step, path, body, kill=""):
        """Starts sensed.cgi on a request; wait() ends it."""
        env = self.environment(step, kill)
        env.update(SENSED_CONFIG=str(self.org.conf), REQUEST_METHOD="POST",
                   PATH_INFO=path, CONTENT_LENGTH=str(len(body)),
                   CONTENT_TYPE="application/x-www-form-urlencoded")
        p = subprocess.Popen(
            [str(self.programs.get("sensed.cgi", self.build / "sensed.cgi"))],
            env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        p.stdin.write(body.encode())
        p.stdin.close()
        p.stdin = None
        return p

    @staticmethod
    def wait(p):
        out, err = p.stdout.read(), p.stderr.read()
        p.wait()
        p.stdout.close()
        p.stderr.close()
        if not out.startswith(b"Status: 200"):
            raise RuntimeError(f"{out[:200]!r} {err!r}")

    # ------------------------------------------------------------- steps

    def import_people(self, skip=0):
        if not self.org.units:
            self.org.add_unit("ORG")
            for u, n in enumerate(self.sizes):
                unit = f"U{u}"
                self.org.add_unit(unit, "ORG")
                for i in range(n):
                    self.org.add_person(f"{unit}.{i + 1}", unit)
        else:           # some leave, one comes
            self.org.people = self.org.people[:-skip]
            self.org.add_person(f"new{skip}", "U0")
        units, people = self.org.write_csv()
        step = self.run("import", "sensectl", "import", SURVEY, "--units",
                        str(units), "--people", str(people))
        self.note_roster(step)

    def note_roster(self, step):
        """What it became is what it may be from the first try on."""
        step["roster"] = self.ask(f"roster {self.state}")
        for s in self.steps[self.since:]:
            if s["kind"] == step["kind"]:
                s["roster"] = step["roster"]
        self.since = len(self.steps)

    def open(self, wave):
        step = self.run("open", "sensectl", "open", SURVEY, "--wave", wave,
                        "--force", wave=wave)
        for kind in ("token", "ballot"):
            path = self.state / "keys" / kind / wave
            step[kind] = path.read_bytes().hex()
        step["links"] = {}
        step["people"] = [p["id"] for p in self.org.people]
        self.opening = step

    def new_mails(self):
        out = [Mail(m.sender, [m.recipient], m.raw, m.data, 0)
               for m in self.relay.mails[self.taken:]]
        self.taken += len(out)
        return out

    def mail(self, wave, kind):
        by = {p["email"]: p["id"] for p in self.org.people}
        step = self.run("mail", "sensed", "--once", wave=wave, mail=kind,
                        address=by)
        self.note_roster(step)
        self.optouts = getattr(self, "optouts", {})
        self.senders = []
        for m in self.new_mails():
            who = by[m.to[0]]
            self.opening["links"][who] = m.link
            self.optouts[who] = m.optout
            self.senders.append(m.sender)

    def form(self, wave, job, kill=""):
        who, link, code, old, digits = job
        step = self.begin("change" if old else "form", wave=wave, person=who,
                          code=code, old=old, digits=digits)
        items = "&".join(f"{s}={d}" for s, d in zip(SENSES, digits)
                         if d != "0")
        body = f"code={code}&{items}"
        if old:
            body += f"&from={old}&step=change"
        return self.post(step, "/c" if old else "/a/" + link, body, kill)

    def forms(self, wave, jobs):
        """jobs: (person, link, code, from or None, digits); `width` at once,
        never two of one person.  Some are killed, and sent again."""
        kind = "change" if jobs[0][3] else "form"
        for job, kill in zip(jobs, KILLS[kind][:self.kills]):
            step = len(self.steps)
            self.form(wave, job, kill).communicate()
            self.mark("A", step)
        for i in range(0, len(jobs), self.width):
            running = [self.form(wave, job)
                       for job in jobs[i:i + self.width]]
            for p in running:
                self.wait(p)

    def answer(self, wave):
        """Answers, the same form again, changes by code."""
        links = sorted(self.opening["links"].items())
        self.opening["spare"] = links.pop(0)[1]
        links = links[:self.answers]
        digits = ["123450", "555555", "044321", "313131", "222222"]
        code = {who: new_code(link) for who, link in links}
        first = [(who, link, code[who], None, digits[i % 5])
                 for i, (who, link) in enumerate(links)]
        self.forms(wave, first)
        self.forms(wave, first[:max(1, self.answers // 8)])
        change = []
        for i, (who, link) in enumerate(links[:self.changes]):
            change.append((who, link, new_code(link), code[who],
                           digits[(i + 1) % 5]))
        self.forms(wave, change)

    def opt_out(self):
        """Some opt out, one after the other; then the keeper takes it in."""
        folder = self.state / "answers/optout"
        for who, token in sorted(self.optouts.items())[-self.outs:]:
            was = set(os.listdir(folder))
            step = self.begin("optout")
            self.wait(self.post(step, "/o/" + token,
                                "List-Unsubscribe=One-Click"))
            self.steps[step]["hash"] = (set(os.listdir(folder)) - was).pop()
        self.note_roster(self.run("keep", "sensed", "--once"))

    def come_back(self):
        """Some mailboxes are full."""
        for sender in self.senders[:3]:
            self.run("bounce", "sensed-bounce",
                     stdin=bounces.message("exchange-full", sender))

    def publish(self, wave):
        step = self.run("publish", "sensed-digest", "--publish-only",
                        wave=wave)
        step["figures"] = self.ask(f"figures {self.state} {wave}")

    def until_import(self):
        self.import_people()
        self.import_people(skip=2)

    def until_open(self):
        self.import_people()
        self.open("staff-one")

    def until_mail(self):
        self.until_open()
        self.mail("staff-one", 0)

    def until_answers(self):
        self.until_mail()
        self.answer("staff-one")

    def until_published(self):
        self.until_answers()
        self.run("close", "sensectl", "close", "staff-one", wave="staff-one")
        self.publish("staff-one")

    def whole(self):
        """Everything, in the order of a quarter; then a second wave."""
        self.until_answers()
        self.come_back()
        self.opt_out()
        self.now += 4 * DAY
        self.mail("staff-one", 1)
        self.run("close", "sensectl", "close", "staff-one", wave="staff-one")
        self.publish("staff-one")
        self.run("deliver", "sensed-digest", "--send-only", wave="staff-one")
        self.new_mails()
        self.now += 60 * DAY
        self.import_people(skip=2)
        self.open("staff-two")
        self.mail("staff-two", 0)
        self.run("close", "sensectl", "close", "staff-two", wave="staff-two")
        self.publish("staff-two")

    def end(self):
        self.relay.__exit__()


class Truth:
    """What must be true after the records taken so far."""

    def __init__(self, quarter):
        self.q = quarter
        self.roster = ["none"]
        self.state, self.forms, self.optouts = {}, {}, []
        self.mailed, self.digests, self.gone = {}, {}, set()
        self.talking, self.running, self.now = {}, [], START
        self.version = self.bounced = 0
        self.opening = {s["wave"]: s for s in quarter.steps
                        if "token" in s}
        self.figures = {s["wave"]: s["figures"] for s in quarter.steps
                        if "figures" in s}

    @property
    def operation(self):
        """What is going on; the last thing that was, between two steps."""
        kinds = [KINDS[self.q.steps[s]["kind"]] for s in self.running]
        if kinds:
            self.was = kinds[-1]
        return self.was

    def take(self, e):
        how = getattr(self, "on_" + e.kind, None)
        if how:
            how(e)
            self.version += 1

    def on_B(self, e):
        step = self.q.steps[e.ino]
        self.running.append(e.ino)
        self.now = step["now"]
        self.operation
        if step["kind"] == "import":
            self.bounced = 0        # folded, if their wave is over
        {"form": self.form_begins, "change": self.form_begins,
         "open": lambda s: self.may(s["wave"], "no"),
         "close": lambda s: self.may(s["wave"], "oc"),
         "publish": lambda s: self.may(s["wave"], "cp")}.get(
             step["kind"], lambda s: None)(step)
        if "roster" in step:
            self.roster.append(step["roster"])

    def on_A(self, e):
        """Killed: it may have come to its end, or not."""
        if e.ino in self.running:
            self.running.remove(e.ino)

    def on_E(self, e):
        step = self.q.steps[e.ino]
        self.running.remove(e.ino)
        self.bounced += step["kind"] == "bounce"
        if step["kind"] in ("open", "close", "publish"):
            self.may(step["wave"], self.state[step["wave"]][-1])
        if "roster" in step:
            self.roster = [step["roster"]]

    def may(self, wave, states):
        self.state[wave] = states

    def form_begins(self, step):
        versions = self.forms.setdefault((step["wave"], step["person"]), [])
        new = {"code": step["code"], "old": step["old"],
               "digits": step["digits"], "sure": False}
        if not versions or versions[-1]["code"] != new["code"]:
            versions.append(new)

    def on_O(self, e):
        """A reply was written: 200 is an acknowledgement."""
        step = self.q.steps[int(e.path)]
        if int(e.path) in self.running:
            self.running.remove(int(e.path))
        if not e.data.startswith(b"Status: 200"):
            return
        if step["kind"] == "optout":
            self.optouts.append(step["hash"])
            return
        for v in self.forms[(step["wave"], step["person"])]:
            if v["code"] == step["code"]:
                v["sure"] = True

    def on_S(self, e):
        """The relay is told of a recipient, then the mail begins."""
        line = e.data.decode()
        if line.startswith("RCPT"):
            self.talking[(e.pid, e.ino)] = line[line.index("<") + 1:
                                                line.index(">")]
            return
        step = self.q.steps[self.running[-1]]
        if step["kind"] == "deliver":
            self.digests[step["wave"]] = self.digests.get(step["wave"], 0) + 1
            return
        who = step["address"][self.talking[(e.pid, e.ino)]]
        self.may(step["wave"], "o")     # a link is out in the world
        key = (step["wave"], who, step["mail"])
        self.mailed[key] = self.mailed.get(key, 0) + 1

    def on_U(self, e):
        if e.path.endswith(".digest"):
            self.gone.add(pathlib.Path(e.path).stem)

    def secrets(self):
        """Lines for the checker that stay."""
        return [f"wave {w} {s['token']} {s['ballot']}"
                for w, s in self.opening.items()]

    def lines(self):
        out = ["clear", f"now {self.now}"]
        out += [f"roster {r}" for r in sorted(set(self.roster))]
        out += [f"optout {h}" for h in self.optouts]
        out.append(f"bounced {self.bounced}")
        for wave, states in self.state.items():
            out.append(f"state {wave} {states}")
            if wave in self.figures and "o" not in states:
                out.append(f"figures {wave} {self.figures[wave]}")
            out.append(f"digests {wave} {self.digests.get(wave, 0)} "
                       f"{int(wave in self.gone)}")
            out += self.voters(wave)
        out += [f"mailed {w} {who} {kind} {n}"
                for (w, who, kind), n in self.mailed.items()]
        return out

    def voters(self, wave):
        out = []
        opening = self.opening[wave]
        for who, link in opening["links"].items():
            if link == opening.get("spare"):
                out.append(f"spare {wave} {link}")
                continue
            versions = self.forms.get((wave, who), [])
            sure = [i for i, v in enumerate(versions) if v["sure"]]
            first = sure[-1] if sure else 0
            out.append(f"voter {wave} {link} {'must' if sure else 'may'}")
            out += [f"form {v['code']} {v['old'] or '-'} {v['digits']}"
                    for v in versions[first:]]
        return out
