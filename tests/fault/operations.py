"""operations.py - what each program does, and how to tell that it is done.

An Operation knows the state before it and the state after it, and nothing in
between is allowed.  The expectations are this file's own; the state is read by
disk.py, not by the product.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import shutil

import ground
import bounces
from disk import Bad
from ground import Ground, Snapshot, WAVE, answers, body_of
from smtp_script import Server

OLD, NEW = "as before", "done"
GIVEN = (1, 2, 3, 4, 5, 1)
OTHER = (5, 5, 4, 4, 3, 3)


class Operation:
    """Runs from one state, again and again."""
    name = ""
    secrets = ()
    litter = ()         # leftovers of a death, TT for the tag of the wave
    slow = False
    needs_room = True   # it writes to the state directory
    already = None      # words with which a second run may say: it is done
    how = {}

    def __init__(self, directory, library, build=None):
        self.ground = Ground(directory, library, **self.how)
        self.ground.prepare()
        self.set_up()
        if build:
            self.ground.build = build
        self.snapshot = Snapshot(self.ground.org.state)
        self.offset = self.ground.page.offset
        r = self.run()
        assert self.acknowledged(r), f"{self.name}: {r}"
        self.reference(r)
        self.shape = self.ground.state.shape()

    def close(self):
        self.ground.close()

    def set_up(self):
        """From the imported roster to the state before."""

    def reference(self, r):
        """Remembers what the unharmed run left."""

    def before(self):
        self.ground.page.offset = self.offset
        self.ground.page.calm()
        self.snapshot.restore()

    def count(self):
        """How often the unharmed run calls each function."""
        self.before()
        r = self.run()
        counts = self.ground.page.counts
        self.ground.page.calm()
        assert self.acknowledged(r), f"{self.name}: {r}"
        return counts

    def run(self):
        raise NotImplementedError

    def again(self):
        return self.run()

    def acknowledged(self, r):
        return r.code == 0

    def allowed(self, r, s, hit):
        """Ends that need no word."""
        return False

    def may_lose_a_child(self, r, s):
        """May a part of it die of a signal, and it live to say so?"""
        return False

    def wrong_end(self, r):
        """Why this refusal is none that a fault may end in."""
        return None if r.code in (69, 70, 71, 74, 75, 78) else \
            f"the wrong exit status {r.code}"

    def where(self):
        """OLD or NEW; anything else is Bad."""
        raise NotImplementedError

    def tag(self):
        return self.ground.state.wave(WAVE).tag

    def tidy(self):
        """Nothing is left but what an unharmed run leaves."""
        now, then = set(self.ground.state.shape()), set(self.shape)
        now -= {"locks/wave-old",
                "attention/disk.space"}     # where the trial's disk is full
        if now != then:
            raise Bad(f"left over {sorted(now - then)}, "
                      f"missing {sorted(then - now)}")

    def after(self, r, fired):
        """The state, now and after the same again without a fault."""
        state = self.ground.state
        ground.reap()
        state.check()
        at = self.where()
        if self.acknowledged(r) and at != NEW:
            raise Bad(f"acknowledged, but the state is {at}")
        if not fired:
            return
        r = self.again()
        if not self.acknowledged(r) and not (
                at == NEW and self.already and self.already in r.err):
            raise Bad(f"again, without a fault: {r}")
        state.check()
        if self.where() != NEW:
            raise Bad("done again, but not done")
        self.tidy()


class Web(Operation):
    """One request to sensed.cgi; a 200 is the acknowledgement."""

    def acknowledged(self, r):
        return r.status == 200

    def allowed(self, r, s, hit):
        """Where the web server's own pipe fails, so may the page."""
        pipe = hit[1].startswith("pipe:")
        if s.call == "read":
            return pipe and r.status in (400, 503)
        return (s.call == "write" or s.call.endswith(" disk")) and \
            (pipe or s.on) and r.status == 0

    def wrong_end(self, r):
        if r.status == 503 or (r.status == 0 and r.code == 71):
            return None
        return f"the wrong reply {r.status}"

    def open_wave(self):
        self.wave = self.ground.open()
        self.link = self.wave.link("a0")
        self.code = self.ground.form("a/" + self.link)["code"]
        self.secrets = (self.link[5:], self.code[5:], "taf.example")

    def box(self):
        return self.ground.state.wave(WAVE).box(0)

    def post(self, link, code, given):
        return self.ground.cgi("POST", "a/" + link,
                               body_of(code=code, **answers(*given)))


class Form(Web):
    """GET: H1, not a byte changes."""
    name = "form"
    needs_room = False

    def set_up(self):
        self.open_wave()

    def run(self):
        return self.ground.cgi("GET", "a/" + self.link)

    def where(self):
        if not self.snapshot.same():
            raise Bad("a GET changed the state")
        return NEW


class Record(Web):
    """POST of a form: H10."""
    name = "record"
    litter = (f"answers/TT-{WAVE}/boxes/0000.gdbm.new",)

    def set_up(self):
        self.open_wave()
        self.other = self.wave.link("b3")
        r = self.post(self.other, self.ground.form("a/" + self.other)["code"],
                      OTHER)
        assert r.status == 200

    def run(self):
        return self.post(self.link, self.code, GIVEN)

    def where(self):
        w = self.ground.state.wave(WAVE)
        used = self.box().token(ground.secret_of(self.link))
        mine = self.box().ballot(self.code)
        if (used, mine, w.ballots()) == (0, None, [("B", OTHER)]):
            return OLD
        if (used, mine, w.ballots()) == (1, ("A", GIVEN), [
                ("A", GIVEN), ("B", OTHER)]):
            return NEW
        raise Bad(f"token {used}, ballot {mine}, all {w.ballots()}")


class Change(Web):
    """POST of a changed form: one ballot, before and after."""
    name = "change"

    def set_up(self):
        self.open_wave()
        assert self.post(self.link, self.code, GIVEN).status == 200
        fields = self.ground.form("c", body_of(step="ask", code=self.code))
        self.next = fields["code"]
        self.fields = fields
        self.secrets += (self.next[5:],)

    def run(self):
        return self.ground.cgi("POST", "c",
                               body_of(**self.fields, **answers(*OTHER)))

    def where(self):
        both = self.box().ballot(self.code), self.box().ballot(self.next)
        if len(self.box().ballots) != 1 or \
                self.box().token(ground.secret_of(self.link)) != 1:
            raise Bad(f"{len(self.box().ballots)} ballots")
        if both == (("A", GIVEN), None):
            return OLD
        if both == (None, ("A", OTHER)):
            return NEW
        raise Bad(f"ballots {both}")


class OptOut(Web):
    name = "opt-out"

    def set_up(self):
        self.page = self.ground.optout_path("a0")
        self.file = ("answers/optout/"
                     + ground.optout_name(self.page.split("/")[1]))
        self.secrets = (self.page[2:], self.file[15:])

    def run(self):
        return self.ground.cgi("POST", self.page,
                               b"List-Unsubscribe=One-Click")

    def where(self):
        return NEW if self.file in self.ground.state.files() else OLD


class Import(Operation):
    """A new roster over an old one."""
    name = "import"
    litter = ("roster/roster.gdbm.new", "answers/optout/known.new")
    secrets = ("taf.example",)

    def set_up(self):
        self.old = self.ground.state.roster()
        people = self.ground.org.people
        people[2]["name"] = "Somebody Else"
        del people[5]
        self.ground.org.write_csv()

    def reference(self, r):
        self.new = self.ground.state.roster()
        assert self.new != self.old

    def run(self):
        return self.ground.import_now()

    def where(self):
        now = self.ground.state.roster()
        if now == self.old:
            return OLD
        if now == self.new:
            return NEW
        raise Bad(f"a roster of {len(now)} records")


class FirstImport(Import):
    """Into an empty state directory, which it makes."""
    name = "first-import"

    def set_up(self):
        for p in self.ground.org.state.iterdir():
            shutil.rmtree(p)
        self.old = {}


# Another wave's opening died: nothing of it but its lock may stay.
LITTER = ("keys/ballot/old", "keys/ballot/old.new", "keys/token/old",
          "keys/token/old.new", "ledgers/old.list", "waves/aa-old.opening",
          "waves/aa-old.opening.new", "answers/aa-old/boxes/0000.gdbm",
          "answers/aa-old/boxes/0000.gdbm.new",
          "answers/aa-old/boxes/0000.lock", "answers/aa-old/boxes/0001.lock")


class Open(Operation):
    name = "open"
    litter = LITTER
    already = "is there already"
    wave = WAVE

    def run(self):
        return self.ground.ctl("sensectl", "open", "staff", "--wave", WAVE)

    def where(self):
        state = self.ground.state
        w = state.wave(WAVE)
        if w is None:
            return OLD
        if not w.is_open or w.people != 12:
            raise Bad(f"{w.people} people")
        for person in ("a0", "b5"):
            w.link(person)
        for kind in ("token", "ballot"):
            if w.key(kind) is None:
                raise Bad(f"open without its {kind} key")
        if f"ledgers/{WAVE}.list" not in state.files():
            raise Bad("open without its list")
        return NEW

    def tidy(self):
        """Who was in a wave that did open is settled by the next start; that
        it did, by the wave itself until it is noted (io/opened.h)."""
        roster = self.ground.org.state / "roster"
        new = roster / "last-staff.new"
        if new.exists():
            new.rename(new.with_suffix(""))
        if (roster / "opened-staff.new").exists():
            (roster / "opened-staff.new").unlink()
        (roster / "opened-staff").touch()
        super().tidy()


class OpenOther(Open):
    """After an opening that came to nothing, another wave opens."""
    name = "open-another"

    def again(self):
        if self.ground.state.wave(WAVE):
            return self.run()
        r = self.ground.ctl("sensectl", "open", "staff", "--wave",
                            "staff-other")
        left = self.ground.state.remains(WAVE)
        if left:
            raise Bad(f"left over: {left}")
        if not self.acknowledged(r):
            return r
        self.ground.ok("sensectl", "discard", "staff-other", "--force")
        self.ground.org.state.joinpath("locks/wave-staff-other").unlink()
        return self.run()


class Close(Operation):
    name = "close"
    litter = (f"waves/TT-{WAVE}.gdbm.new",)
    already = "closed already"

    def set_up(self):
        self.wave = self.ground.open()
        w = Web.__new__(Web)
        w.ground = self.ground
        self.link = self.wave.link("b1")
        code = self.ground.form("a/" + self.link)["code"]
        assert Web.post(w, self.link, code, GIVEN).status == 200

    def run(self):
        return self.ground.ctl("sensectl", "close", WAVE)

    def where(self):
        w = self.ground.state.wave(WAVE)
        if w is None or w.ballots() != [("B", GIVEN)]:
            raise Bad("the ballots are not what they were")
        return OLD if w.is_open else NEW


class Keep(Close):
    """The daemon's round: closes in time, and applies an opt-out."""
    name = "keep"
    litter = LITTER
    already = None

    def set_up(self):
        super().set_up()
        page = self.ground.optout_path("a0")
        assert self.ground.cgi("POST", page, b"x=1").status == 200
        self.hash = ground.optout_name(page[2:])
        self.roster = self.ground.state.roster()
        self.ground.clock.forward(days=15)

    def run(self):
        return self.ground.ctl("sensed", "--once")

    def where(self):
        closed = super().where()
        left = f"answers/optout/{self.hash}" in self.ground.state.files()
        now = self.ground.state.roster()
        out = now.pop(b"o/" + self.hash.encode(), None) is not None
        if now != self.roster:
            raise Bad("the roster is not what it was")
        if not left and not out:
            raise Bad("an opt-out is lost")
        return NEW if closed == NEW and out and not left else OLD


class Publish(Operation):
    """Figures appear whole, once; then all else goes."""
    name = "publish"
    litter = (f"answers/TT-{WAVE}/boxes/0000.gdbm.new",
              f"published/{WAVE}.gdbm.new", f"keys/ballot/{WAVE}.new",
              f"waves/TT-{WAVE}.gdbm.new", f"ledgers/{WAVE}.digest.new")

    def set_up(self):
        w = self.ground.open()
        web = Web.__new__(Web)
        web.ground = self.ground
        for i, unit in enumerate("aaaaaabbbbb"):
            link = w.link(f"{unit}{i % 6}")
            code = self.ground.form("a/" + link)["code"]
            assert Web.post(web, link, code, (1 + i % 5,) * 6).status == 200
        self.ground.ok("sensectl", "close", WAVE)
        self.ballots = w.ballots()

    def reference(self, r):
        self.figures = self.ground.state.published(WAVE)

    def run(self):
        return self.ground.ctl("sensed-digest", "--publish-only", WAVE)

    def where(self):
        state = self.ground.state
        now = state.published(WAVE)
        if now is None:
            w = state.wave(WAVE)
            if w is None or w.ballots() != self.ballots:
                raise Bad("neither ballots nor figures")
            return OLD
        if now != self.figures:
            raise Bad("other figures than those of an unharmed run")
        return NEW

    def after(self, r, fired):
        if self.acknowledged(r) and self.ground.state.remains(WAVE):
            raise Bad(f"success, and {self.ground.state.remains(WAVE)}")
        super().after(r, fired)
        if self.ground.state.remains(WAVE):
            raise Bad(f"left over: {self.ground.state.remains(WAVE)}")


class Discard(Publish):
    """A wave that can be published is refused, whatever fails meanwhile."""
    name = "discard"
    litter = ()
    needs_room = False

    def reference(self, r):
        pass

    def run(self):
        return self.ground.ctl("sensectl", "discard", WAVE)

    def acknowledged(self, r):
        if r.code == 0:
            raise Bad("a good wave was discarded")
        return r.code == 69 and "can still be published" in r.err

    def where(self):
        if not self.snapshot.same():
            raise Bad("a refused discard changed the state")
        return NEW

    def after(self, r, fired):
        Operation.after(self, r, fired)


class Export(Publish):
    """Prints the whole table or says that it could not."""
    name = "export"
    litter = ()
    needs_room = False

    def set_up(self):
        super().set_up()
        Publish.run(self)

    def reference(self, r):
        self.whole = r.out

    def run(self):
        return self.ground.ctl("sensectl", "export", WAVE)

    def where(self):
        if not self.snapshot.same():
            raise Bad("an export changed the state")
        return NEW

    def after(self, r, fired):
        if self.acknowledged(r) and r.out != self.whole:
            raise Bad("success, but not the whole table")
        Operation.after(self, r, fired)


class Mail(Operation):
    """Nobody unmailed; repeats at most one a connection a fault."""
    connections = 2
    slow = True
    program = ()
    patience = 14

    def __init__(self, directory, library, build=None):
        self.server = Server()
        self.server.__enter__()
        self.how = {"smtp_port": self.server.port,
                    "connections": self.connections}
        super().__init__(directory, library, build)

    def close(self):
        self.server.__exit__()
        super().close()

    def before(self):
        super().before()
        self.server.mails.clear()

    def run(self):
        return self.ground.ctl(*self.program)

    def taken(self):
        return collections.Counter(m.recipient for m in self.server.mails)

    def look(self, m):
        """One mail that arrived."""
        if m.sender != "pulse-bounce@taf.example" and \
                not m.sender.startswith("pulse-bounce+"):
            raise Bad(f"the return path is <{m.sender}>")
        if b"\r\nMessage-ID: <" not in m.data or \
                not m.data.endswith(b"--\r\n"):
            raise Bad("a mail that is not whole")

    def go_on(self):
        """Runs on later and later, until nothing more goes out."""
        for i in range(self.patience):
            self.ground.clock.forward(hours=1 + i)
            before = len(self.server.mails)
            r = self.run()
            if "paused" in r.err:
                self.ground.ctl("sensectl", "resume", WAVE)
            elif r.code != 0 and "run again" not in r.err:
                raise Bad(f"again, without a fault: {r}")
            if len(self.server.mails) == before and \
                    set(self.taken()) >= self.everyone:
                return
        raise Bad(f"never mailed: {self.everyone - set(self.taken())}")

    def where(self):
        return NEW

    def after(self, r, fired):
        state = self.ground.state
        ground.reap()
        state.check()
        if not fired and set(self.taken()) != self.everyone:
            raise Bad("not everybody was mailed, and there was no fault")
        if not fired:
            return
        self.go_on()
        for m in self.server.mails:
            self.look(m)
        n = self.taken()
        if set(n) != self.everyone:
            raise Bad(f"mailed, and should not be: {set(n) - self.everyone}")
        more = sum(n.values()) - len(n)
        if more > self.connections:
            raise Bad(f"{more} repeats with {self.connections} connections")
        state.check()
        self.tidy()


class Send(Mail):
    """Invitations; one person has opted out and must never hear of it."""
    name = "send"
    program = ("sensed", "--once")

    def set_up(self):
        w = self.ground.open()
        self.links = {}
        people = [p["id"] for p in self.ground.org.people]
        for p in people:
            self.links[f"{p}@taf.example"] = w.link(p).encode()
        r = self.ground.cgi("POST", self.ground.optout_path("b5"), b"x=1")
        assert r.status == 200
        self.everyone = set(self.links) - {"b5@taf.example"}
        self.secrets = ("@taf.example", *(x.decode()[5:]
                                          for x in self.links.values()))

    def look(self, m):
        super().look(m)
        if self.links[m.recipient] not in m.data.replace(b"=\r\n", b""):
            raise Bad("a mail with another link")


class Order(Mail):
    """One record more in the ledger of a wave that was mailed, or none."""
    slow = False
    RECORD = 64

    def set_up(self):
        self.ground.open()
        self.ground.ok("sensed", "--once")
        self.path = self.ground.org.state / f"ledgers/{WAVE}.log"
        self.first = self.records()
        self.secrets = ("@taf.example",)

    def records(self):
        data = self.path.read_bytes()
        return sum(any(data[i:i + self.RECORD]) for i in range(
            0, len(data) - self.RECORD + 1, self.RECORD))

    def where(self):
        more = self.records() - self.first
        if more not in (0, 1):
            raise Bad(f"{more} records more")
        return NEW if more else OLD

    def after(self, r, fired):
        Operation.after(self, r, fired)


class Pause(Order):
    name = "pause"
    program = ("sensectl", "pause", WAVE)
    already = "already paused"


class Resend(Order):
    name = "resend"
    program = ("sensectl", "resend", "a0@taf.example")
    already = "asked already"


class Digest(Mail):
    """Digests: the leaders' mails, and the ledger goes at the end."""
    name = "digest"
    program = ("sensed-digest", "--send-only", WAVE)
    set_up_publish = Publish.set_up

    def set_up(self):
        self.set_up_publish()
        Publish.run(self)
        self.everyone = {f"leader.{u}@taf.example" for u in ("org", "a", "b")}
        self.secrets = ("@taf.example",)


class Bounce(Operation):
    """A message that comes back: noted, or the mail system keeps it."""
    name = "bounce"

    def set_up(self):
        self.ground.open()
        self.path = self.ground.org.state / "roster/health.log"
        self.path.touch(0o600)
        sender = ground.return_path(self.ground.org.state, WAVE, "staff",
                                    "a0", "a0@taf.example")
        self.message = bounces.message("postfix-hard", sender)
        self.secrets = ("@taf.example", sender[13:39])

    def run(self):
        return self.ground.ctl("sensed-bounce", stdin=self.message)

    def may_lose_a_child(self, r, s):
        """glib without any memory logs that, for which it wants memory, until
        its stack is full; the mail system keeps the message all the same."""
        return s.on and s.call in ("malloc", "calloc", "realloc") and \
            r.code == 75

    def wrong_end(self, r):
        return None if r.code == 75 else f"the wrong exit status {r.code}"

    def where(self):
        data = self.path.read_bytes()
        good = [data[i:i + 64] for i in range(0, len(data), 64)
                if len(data) >= i + 64 and any(data[i:i + 64])]
        if not good:
            return OLD
        if len(good) != 1 or good[0][1] != bounces.EVENTS["hard"] or \
                good[0][14:54].rstrip(b"\0") != WAVE.encode():
            raise Bad(f"a health log of {len(data)} bytes")
        return NEW


OPERATIONS = (Form, Record, Change, OptOut, Bounce, Import, FirstImport, Open,
              OpenOther, Close, Keep, Discard, Publish, Export, Send,
              Pause, Resend, Digest)
