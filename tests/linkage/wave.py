"""wave.py - one wave on the real programs, and all that anybody could keep.

Everybody is mailed over SMTP and answers over CGI; meanwhile the state
directory is copied every night, each box after every answer (so: every
generation that could survive in a free block), each request is logged with
its time, and all mails and the programs' words are kept.  The same people
answer in the same order into the naive stores.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import random

import naive
import scorer
import sodium
from web import Browser, contents

#: units and their people: small ones, usual ones, one larger than a box
UNITS = (5, 7, 9, 11, 12, 14, 15, 16, 18, 20, 22, 25, 30, 34, 140)
NIGHTS = 6
Hit = collections.namedtuple("Hit", "time person url status length request")


class Evidence:
    """What the attackers have, and what the judge alone knows."""

    def __init__(self, name):
        self.name = name
        self.links = {}         # person -> link, from the mail archive
        self.units = {}         # person -> number of the unit, from the roster
        self.mails, self.pages, self.words = [], [], []
        self.log = []           # Hit: a proxy that keeps every URL
        self.nights = []        # {path: bytes}, keys/ and all
        self.naive_nights = []
        self.generations = {}   # box -> [(bytes, mtime)] after every answer
        self.names = {}         # person -> name
        self.last = self.after = None
        self.naive_last, self.naive_after = [], []
        # the judge's
        self.truth = {}         # person -> 6 bytes of answers, 0: none
        self.when = {}          # person -> time of the last answer
        self.codes = []         # every change code
        self.ballot = {}        # person -> key of the ballot's record
        self.audits = []


class Town:
    """An organisation, its web server and post office, for many waves."""

    def __init__(self, org, post, shm, seed):
        """shm: a folder in memory, for the naive stores."""
        self.org, self.post, self.shm = org, post, shm
        self.rng = random.Random(seed)
        org.add_unit("ORG")
        for n, size in enumerate(UNITS):
            org.add_unit(f"T{n:02}", "ORG")
            for i in range(size):
                org.add_person(f"EMP-{n:02}{i:03}", f"T{n:02}")
        org.import_now()
        self.id = {p["email"]: p["id"] for p in org.people}
        self.names = {p["id"]: p["name"] for p in org.people}

    def answers(self):
        """Six answers, a tenth of them left out, never all."""
        while True:
            out = tuple(0 if self.rng.random() < 0.1 else
                        self.rng.randint(1, 5) for _ in scorer.SENSES)
            if any(out):
                return out

    def run(self, name):
        e = Evidence(name)
        self.post.take()
        e.words.append(self.org.program.ok("sensectl", "-v", "open", "staff",
                                           "--wave", name, "--force"))
        self.mail(e)
        e.mails = self.post.take()
        for m in e.mails:
            person = self.id[m.to[0]]
            e.links[person] = m.link
            e.units[person] = int(person[4:6])
            e.names[person] = self.names[person]
        stores = [s(self.shm, e.units, e.links)
                  for s in (naive.Rows, naive.Split)]
        self.days(e, stores)
        self.finish(e, stores)
        self.org.clock.forward(days=2)
        return e

    def mail(self, e):
        r = self.org.program.run("sensed", "-v", "--once")
        assert r.returncode == 0, r.stderr
        e.words.append(r.stdout + r.stderr)

    def days(self, e, stores):
        coming = [p for p in e.links if self.rng.random() < 0.85]
        self.rng.shuffle(coming)
        again = self.rng.sample(coming, len(coming) // 20)
        web = Browser(self.org.base)
        for day in range(NIGHTS):
            for person in coming[day::NIGHTS]:
                self.answer(e, web, stores, person, person in again)
            e.nights.append(contents(self.org.state))
            e.naive_nights.append([s.read() for s in stores])
            e.audits.append(self.audit(e))
            self.org.clock.forward(days=1)
            self.mail(e)                # on the fourth: reminders
            e.mails += self.post.take()
        web.close()

    def answer(self, e, web, stores, person, again):
        given = self.answers()
        link = e.links[person]
        page = self.kept(e, person, web.get("a/" + link), "a/" + link)
        reply = self.submit(e, web, person, page.form(), given, "a/" + link)
        code = reply.code().replace(" ", "")
        if again:
            given = self.answers()
            e.codes.append(code)
            form = self.kept(e, person, web.get("c"), "c").form()
            page = web.submit(form, code=reply.code())
            self.kept(e, person, page, "c")
            reply = self.submit(e, web, person, page.form(), given, "c")
            code = reply.code().replace(" ", "")
        e.codes.append(code)
        e.truth[person] = bytes(given)
        e.when[person] = len(e.log)
        e.ballot[person] = sodium.hashed(sodium.secret_of(code))
        for s in stores:
            s.answer(person, bytes(given))
        box = sodium.box_of(link)
        (path,) = self.org.state.glob(f"answers/*/boxes/{box:04}.gdbm")
        e.generations.setdefault(box, []).append(
            (path.read_bytes(), path.stat().st_mtime_ns))

    def submit(self, e, web, person, form, given, url):
        chosen = {s: v for s, v in zip(scorer.SENSES, given) if v}
        fields = form.fields(**chosen)
        reply = web.post(form.action, fields)
        assert reply.status == 200, reply.text
        size = sum(len(k) + len(v) + 2 for k, v in fields.items())
        return self.kept(e, person, reply, url, size)

    def kept(self, e, person, reply, url, request=0):
        e.pages.append((person, reply))
        length = len(reply.body) + len(str(reply.headers))
        e.log.append(Hit(len(e.log), person, url, reply.status, length,
                         request))
        return reply

    def audit(self, e):
        r = self.org.program.run("sensectl", "audit", e.name)
        e.words.append(r.stdout + r.stderr)
        return r.returncode, r.stdout

    def finish(self, e, stores):
        self.org.clock.forward(days=9)
        self.mail(e)
        e.last = contents(self.org.state)
        e.naive_last = [s.read() for s in stores]
        for args in (("--publish-only",), ("--send-only",)):
            r = self.org.program.run("sensed-digest", "-v", *args)
            assert r.returncode == 0, r.stderr
            e.words.append(r.stdout + r.stderr)
        e.digests = self.post.take()
        e.after = contents(self.org.state)
        e.naive_after = [s.close() for s in stores]
        e.audits.append(self.audit(e))
        e.export = self.org.program.ok("sensectl", "export", e.name)
