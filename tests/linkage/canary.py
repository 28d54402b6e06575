"""canary.py - searches all that was kept for what must be in none of it.

Tokens, change codes, addresses and answers have known values here, so each
can be looked for: in every mail, page, log and file.  STANDARDS 4 holes 1, 3,
4, 8, 9, 17, M19, H13, H14.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import html
import pathlib
import re
import tempfile

import attack
import gdbmfile
import scorer
import sodium

URL = re.compile(r"https?://[^\s\"'<>]+")
WORDS = re.compile(rb"\b(" + "|".join(scorer.SENSES).encode() +
                   rb")(_[ab])?=[1-5]\b")


class Search:
    def __init__(self, base):
        self.base, self.looked, self.bad = base, 0, []
        self.shm = tempfile.TemporaryDirectory(dir="/dev/shm")

    def check(self, good, where, what):
        self.looked += 1
        if not good:
            self.bad.append(f"{where}: {what}")

    def none_of(self, needles, raw, where, what):
        self.check(not any(n in raw for n in needles), where, what)

    # ---------------------------------------------------------- texts

    def urls(self, text, where):
        """Only the links of DESIGN 5, without a query: no answer, no code."""
        good = re.compile(re.escape(self.base) + r"(a/[a-z2-7]{31}|"
                          r"o/[a-z2-7]{26}|c|help|privacy)?[.,)]?")
        for url in URL.findall(html.unescape(text)):
            if url.startswith(self.base):
                self.check(good.fullmatch(url), where, "a strange URL")

    def mails(self, e):
        for m in (*e.mails, *e.digests):
            for text in (m.text, m.html, m.message["List-Unsubscribe"] or ""):
                self.urls(text, "mail")
            head = str(m.message.items()) + m.sender
            if m.link:
                self.check(m.link[5:] not in head, "mail", "token in a header")
                body = (m.text + m.html).replace(
                    self.base + "a/" + m.link, "")
                self.check(m.link[5:] not in body, "mail",
                           "token outside the link")
            else:
                self.check("/a/" not in m.text + m.html, "digest",
                           "a link of a wave")

    def pages(self, e):
        lengths = {}
        for person, reply in e.pages:
            text = reply.text
            self.urls(text, "page")
            token = e.links[person][5:]
            thanks = 'class="code"' in text
            if thanks:
                self.check(token not in text, "thanks page",
                           "token beside the code")
                for kind in (str(reply.headers), *URL.findall(text)):
                    self.none_of([c[5:] for c in e.codes[-1:]], kind, "page",
                                 "code in a header or URL")
                lengths.setdefault("thanks", set()).add(len(reply.body))
            self.check("Set-Cookie" not in reply.headers and
                       "Location" not in reply.headers, "page",
                       "cookie or redirect")
            self.check(not re.search(r"\bchecked\b(?![+])", text.split(
                "</style>")[-1]), "page", "an answer is shown")
        self.check(len(lengths["thanks"]) == 1, "pages",
                   f"lengths of thanks pages differ: {lengths['thanks']}")

    def words(self, e, logs):
        """What the programs and the web server said."""
        text = "\n".join((*e.words, logs)).encode()
        secrets = [x[5:].encode() for x in (*e.links.values(), *e.codes)]
        self.none_of(secrets, text, "log", "a token or a change code")
        self.none_of([f"{p.lower()}@".encode() for p in e.links],
                     text.lower(), "log", "an address")
        self.check(not WORDS.search(text), "log", "an answer")
        self.check(len(logs.splitlines()) < len(e.truth), "log",
                   "the web server's has as many lines as answers")

    # ---------------------------------------------------------- files

    def files(self, e):
        tokens = {p: sodium.secret_of(x) for p, x in e.links.items()}
        codes = [sodium.secret_of(x) for x in e.codes]
        texts = [x[5:].encode() for x in (*e.links.values(), *e.codes)]
        marks = [sodium.hashed(t) for t in tokens.values()]
        plain = [(e.units[p] + 1).to_bytes(4, "big") + a + bytes(12)
                 for p, a in e.truth.items()]
        for when, state in (("night", e.nights[-1]), ("closed", e.last),
                            ("after", e.after)):
            for path, raw in state.items():
                where = f"{when}, {path}"
                self.none_of(tokens.values(), raw, where, "a token")
                self.none_of(codes, raw, where, "a change code")
                self.none_of(texts, raw, where, "a token or code as text")
                self.none_of(plain, raw, where, "answers in the clear")
                self.check(not WORDS.search(raw), where, "a form's body")
                if when == "after" or "/boxes/" not in path:
                    self.none_of(marks, raw, where, "the hash of a token")
        self.after(e)

    def told(self, e):
        """Digests and export name units, never people."""
        people = [*e.links, *e.names.values()]
        for text in (e.export, *(m.text + m.html for m in e.digests)):
            self.none_of(people, text, "digest or export", "a person")

    def after(self, e):
        """Of ballots and boxes nothing is left, not even a sealed one."""
        sealed = []
        for raw in attack.boxes(e.last, e.name).values():
            _, ballots = attack.marks_and_ballots(raw)
            sealed += [v[24:] for _, v in ballots.values()]
            sealed += ballots
        keys = [raw for path, raw in e.last.items()
                if path.startswith(("keys/token", "keys/ballot"))]
        for path, raw in e.after.items():
            self.none_of(sealed, raw, f"after, {path}", "a sealed ballot")
            self.none_of(keys, raw, f"after, {path}", "a key of the wave")
            self.check(not re.match(r"keys/(token|ballot)/|answers/..-|"
                                    r"ledgers/.*\.(list|log)|waves/", path),
                       f"after, {path}", "should be gone")

    def generations(self, e):
        """Every fourth generation of every box is, byte for byte, what its
        records give when they are put into a fresh file in hash order: free
        space, buckets and places tell nothing that the records do not."""
        for number, copies in e.generations.items():
            for raw, _ in copies[::4] + copies[-1:]:
                records = [(key, raw[at + k:at + k + v]) for key, (at, k, v)
                           in gdbmfile.places(raw).items()]
                self.check({(len(k), len(v)) for k, v in records} <=
                           {(33, 25), (33, 104), (6, 1)}, f"box {number}",
                           "a record of another length")
                records.sort(key=lambda r: (r[0] != b"format", r[0]))
                again = pathlib.Path(self.shm.name, "box")
                gdbmfile.write(again, records)
                self.check(again.read_bytes() == raw, f"box {number}",
                           "not its records in hash order")

    def all(self, e, logs):
        self.mails(e)
        self.pages(e)
        self.words(e, logs)
        self.told(e)
        self.files(e)
        self.generations(e)
        for status, text in e.audits:
            named = [x for x in text.splitlines() if x.startswith("  BAD")]
            self.check(status == 0, "sensectl audit",
                       " ".join(named[:1]) or f"status {status}")
