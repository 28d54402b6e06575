"""Every statement about a mail, for every mail, in every language.

STANDARDS M1 to M7, M15 to M17, on the raw octets.  The mails come from
`sensectl preview`, which builds them as the senders do; test_mail.py,
test_scale.py and test_staff_copy.py look at what was sent.  The operator's
has no preview: it is sent.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import email
import email.policy
import os
import pathlib
import re
import shutil
import subprocess

import pytest

import mail_html
from organisation import Organisation
from post import decode_header, visible
from programs import BUILD, SOURCE
from smtp_script import Server

BASE = "https://pulse.taf.example/"
LANGS = ("en", "cy", "both")
# kind: the link of a wave, one-click opt-out
KINDS = {
    "invitation": (True, True), "reminder": (True, True),
    "scale-invitation": (True, True), "scale-reminder": (True, True),
    "digest": (False, False), "digest-team": (False, False),
    "digest-hidden": (False, False), "digest-none": (False, False),
    "staff-copy": (False, True), "heads-up": (False, False),
    "review": (False, False), "comments": (False, False),
    "operator": (False, False),
}
# Every template of a mail, but digest and invitation more than once.
TEMPLATES = {"invitation", "reminder", "digest", "heads_up", "review",
             "comments", "operator"}
OPERATOR = "ops@taf.example"
NAMED = {"en": ("Carys Morgan", "I am Carys Morgan"),
         "cy": ("Carys Morgan", "Carys Morgan ydw i")}


class Mail:
    def __init__(self, kind, lang, raw):
        self.kind, self.lang, self.raw = kind, lang, raw
        self.langs = ("cy", "en") if lang == "both" else (lang,)
        self.wave, self.optout = KINDS[kind]
        self.head, _, self.body = raw.partition(b"\r\n\r\n")
        self.message = email.message_from_bytes(
            raw, policy=email.policy.compat32)

    def all(self, name):
        return self.message.get_all(name, [])

    def part(self, kind):
        for p in self.message.walk():
            if p.get_content_type() == kind:
                return p.get_payload(decode=True).decode().replace(
                    "\r\n", "\n")
        raise AssertionError("no " + kind)

    @property
    def text(self):
        return self.part("text/plain")

    @property
    def html(self):
        return self.part("text/html")


def langs_of(kind):
    """The operator's is in the language that is configured first, alone."""
    return ("en", "cy") if kind == "operator" else LANGS


def to_operator(folder, first, second):
    """A wave pauses: the mail that the operator gets, as it was sent."""
    org = Organisation(folder, base=BASE, languages=f'"{first}", "{second}"',
                       connections=1)
    text = org.conf.read_text()
    org.conf.write_text(text.replace('Trust"; }', 'Trust"; operator = "%s"; }'
                                     % OPERATOR, 1))
    org.add_unit("ORG")
    org.add_person("p1", "ORG")
    org.import_now()
    org.open()
    with Server([{"RCPT": "550 5.1.8 Sender unknown"}]) as server:
        org.conf.write_text(org.conf.read_text().replace(
            "127.0.0.1:25", f"127.0.0.1:{server.port}"))
        for _ in range(2):
            org.program.run("sensed", "--once")
    mails = [m for m in server.mails if m.recipient == OPERATOR]
    assert len(mails) == 1
    return mails[0].data


@pytest.fixture(scope="module")
def mails(tmp_path_factory):
    """All of them; Welsh first where there are two languages.  Those of the
    plain links ask for comments."""
    out = {}
    for first, second in (("en", "cy"), ("cy", "en")):
        out["operator", first] = Mail("operator", first, to_operator(
            tmp_path_factory.mktemp("operator"), first, second))
    for prefix, links in (("", "one"), ("scale-", "scale")):
        org = Organisation(
            tmp_path_factory.mktemp(links), smtp_port=9, base=BASE,
            languages='"cy", "en"', mail=f'answer_links = "{links}";',
            survey="" if prefix else "comments = 1;",
            privacy="" if prefix else f'comments_reader = "Nia <{OPERATOR}>";')
        folder = org.dir / "out"
        org.program.ok("sensectl", "preview", "all", "--out", str(folder))
        for kind in set(KINDS) - {"operator"}:
            if kind.startswith("scale-") == bool(prefix):
                for lang in LANGS:
                    name = kind.removeprefix("scale-")
                    path = folder / f"sample-{name}-{lang}.eml"
                    out[kind, lang] = Mail(kind, lang, path.read_bytes())
    return out


# ------------------------------------------------------------ the statements
# Each gives the faults of one mail.

def m1(m):
    rest = m.raw.replace(b"\r\n", b"")
    if b"\r" in rest or b"\n" in rest or not m.raw.endswith(b"\r\n"):
        yield "a line that does not end CRLF"
    if max(map(len, m.raw.split(b"\r\n"))) > 998:
        yield "a line over 998 octets"
    if not m.raw.isascii() or b"\0" in m.raw:
        yield "octets that not every relay takes"


def m2(m):
    for name in ("Date", "From", "To", "Subject", "Message-ID",
                 "MIME-Version"):
        if len(m.all(name)) != 1:
            yield f"{len(m.all(name))} times {name}"
    if not re.fullmatch(r"<[a-z2-7]{26}@taf\.example>",
                        m.message["Message-ID"]):
        yield "Message-ID is no hash at our domain"
    if email.utils.parsedate_to_datetime(m.message["Date"]).tzinfo is None:
        yield "Date without a zone"


def m3(m):
    for word in re.findall(rb"=\?.*?\?=", m.head):
        if len(word) > 75:
            yield "an encoded-word over 75"
        decode_header(word.decode())        # each decodes on its own
    for p in m.message.walk():
        if p.is_multipart():
            continue
        if p.get_content_charset() != "utf-8":
            yield "a part that is not UTF-8"
        if p["Content-Transfer-Encoding"] not in ("quoted-printable",
                                                  "base64"):
            yield "a part in " + str(p["Content-Transfer-Encoding"])
        lines = p.get_payload().replace("\r\n", "\n").split("\n")
        if max(map(len, lines)) > 76:
            yield "an encoded line over 76"


def m4(m):
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", m.head)
    for line in unfolded.split(b"\r\n"):
        if not re.fullmatch(rb"[A-Za-z-]+: [\x20-\x7e\t]+", line):
            yield f"a header that is none: {line[:40]}"


def m6(m):
    if m.message.get_content_type() != "multipart/alternative":
        yield m.message.get_content_type()
    kinds = [p.get_content_type() for p in m.message.get_payload()]
    if kinds != ["text/plain", "text/html"]:
        yield " ".join(kinds)
        return
    shown = visible(m.html)
    for word in set(re.findall(r"\w{4,}", re.sub(r"\S*://\S*", "", m.text))):
        if word not in shown:
            yield f"only in the text: {word}"
    for url in re.findall(r"https?://\S+", m.text):
        if f'href="{url}"' not in m.html:
            yield "a link that is only in the text"
    links = [x for x in m.text.split("\n") if "/a/" in x]
    if m.wave and not all(re.fullmatch(r"https://\S+", x) for x in links):
        yield "a link that is not on a line of its own"
    own = len({x for x in links if not re.search(r"/[1-5]$", x)})
    if own != m.wave:
        yield f"{own} links of a wave"


def m7(m):
    h = m.message
    want = {"Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "Precedence": "bulk",
            "Content-Language": ", ".join(m.langs),
            "List-Unsubscribe-Post":
                "List-Unsubscribe=One-Click" if m.optout else None}
    for name, value in want.items():
        if h[name] != value:
            yield f"{name}: {h[name]}"
    of = "operator" if m.kind == "operator" else "staff"
    if not re.search(rf"<{of}\.taf\.example>$", h["List-Id"]):
        yield "List-Id"
    if m.optout != bool(re.fullmatch(
            r"<https://\S+/o/[a-z2-7]{26}>", h["List-Unsubscribe"] or "")):
        yield "List-Unsubscribe"
    if m.optout != ("/o/" in m.text):
        yield "opt-out in the text"
    for name in ("Reply-To", "X-Mailer", "User-Agent", "Sender", "Bcc", "Cc",
                 "Received", "Return-Path"):
        if h[name] is not None:
            yield name
    if len(h["To"].split("@")) != 2:
        yield "more than one recipient"
    if b"sensed" in m.raw.lower():
        yield "the name of the program"


def m15(m):
    if len(m.html.encode()) >= 12 * 1024 * len(m.langs):
        yield f"{len(m.html.encode())} bytes of HTML"
    for url in re.findall(r"https?://[^\s\"'<>]+", m.text + m.html):
        if len(url) > 100:
            yield f"a link of {len(url)}"
        if not re.fullmatch(r"https://[A-Za-z0-9._~/-]+", url):
            yield "a link with characters that get lost"


def m16(m):
    yield from mail_html.faults(m.html, BASE)
    if m.html.count("<h1") != len(m.langs):
        yield "not one heading a language"
    if m.html.count("padding:14px 28px") != m.wave * len(m.langs):
        yield "not one button a language"


def content(m):
    """CONTENT 9 and 12: who asks, in the language; nothing left open."""
    if "{{" in m.text + m.html:
        yield "a tag"
    for lang in m.langs:
        for part in (m.text, visible(m.html)):
            flat = " ".join(part.split())
            if m.kind == "operator":        # a program writes, not a person
                if "Taf Community Trust" not in flat:
                    yield "not said: whose it is"
                continue
            for words in NAMED[lang][0 if not m.wave else 1:][:1]:
                if words not in flat:
                    yield f"not said: {words}"
            if "Samaritans: 116 123" not in flat:
                yield "no contact for a person in distress"
    if f'<html lang="{m.langs[0]}">' not in m.html:
        yield "the language of the HTML"


STATEMENTS = {"M1": m1, "M2": m2, "M3": m3, "M4": m4, "M6": m6, "M7": m7,
              "M15": m15, "M16": m16, "CONTENT": content}


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_statement_of_every_mail(mails, kind, statement):
    faults = {(lang, f) for lang in langs_of(kind)
              for f in STATEMENTS[statement](mails[kind, lang])}
    assert not faults


def test_no_mail_is_left_out():
    """A template with a subject is a mail: each is in the table."""
    assert {p.name.split(".")[0] for p in
            (SOURCE / "templates/en").glob("*.subject.mustache")} == TEMPLATES


def test_message_ids_are_each_their_own(mails):
    """M2: of each kind; the preview of a person's mails."""
    ids = {k: m.message["Message-ID"] for k, m in mails.items()
           if not k[0].startswith("scale-") and k[0] != "operator"}
    assert len(set(ids.values())) == len({k[0] for k in ids})


# What each statement must find, planted into a good mail.
BROKEN = {
    "M1": (b"\r\nPrecedence", b"\nPrecedence"),
    "M2": (b"Precedence: bulk", b"Subject: once more"),
    "M3": (b"quoted-printable", b"8bit"),
    "M4": (b"Precedence: bulk", b"Precedence: bu\x07lk"),
    "M6": (b"Thank you,", b"Thankfully,"),
    "M7": (b"OOF, AutoReply", b"All"),
    "M15": (b"/privacy", b"/privacy?from=mail"),
    "M16": (b"<h1 style=3D\"margin:0 0", b"<h1 style=3D\"display:flex;gap:0"),
    "CONTENT": (b"Samaritans", b"Nobody"),
}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_each_statement_finds_its_fault(mails, statement):
    good = mails["invitation", "en"]
    assert not list(STATEMENTS[statement](good))
    old, new = BROKEN[statement]
    assert old in good.raw
    bad = Mail("invitation", "en", good.raw.replace(old, new, 1))
    assert list(STATEMENTS[statement](bad))


@pytest.mark.parametrize("bad", (
    '<div>x</div>', '<img src="https://pulse.taf.example/x.png">',
    '<p style="position:absolute">x</p>', '<p style="padding:4px">x</p>',
    '<td style="background-image:url(x)">x</td>', '<p class="x">x</p>',
    '<p style="margin:-4px">x</p>', '<p style="margin:0 auto">x</p>',
    '<td style="border-radius:4px">x</td>', '<style>p{}</style>',
    '<table><tr><td>x</td></tr></table>', '<form></form>', '<p>x</span>',
    '<a href="https://elsewhere.example/">x</a>', '<p>x', '<!-- x -->',
    '<td style="max-width:600px">x</td>', '<p onclick="x">x</p>'))
def test_the_html_check_finds(bad):
    assert mail_html.faults("<p>good</p>", BASE) == []
    assert mail_html.faults(bad, BASE)


# --------------------------------------------------------------- SpamAssassin

def spamassassin(tmp_path, messages):
    """Score and rules by Message-ID: local tests only, in one process."""
    root = pathlib.Path(os.environ.get("SERVERS_ROOT", BUILD / "tools/root"))
    program = root / "usr/bin/spamassassin"
    if not program.exists():
        raise RuntimeError(f"no {program} (./bootstrap tools)")
    site = tmp_path / "site"
    site.mkdir()
    for path in (root / "etc/spamassassin").glob("*.pre"):
        shutil.copy(path, site)
    (tmp_path / "prefs").write_text("")
    box = b"".join(
        b"From x@taf.example Mon Oct  5 09:00:00 2026\n"
        + re.sub(rb"(?m)^From ", b">From ", m.replace(b"\r\n", b"\n"))
        + b"\n" for m in messages)
    out = subprocess.run(
        ["/usr/bin/perl", "-T", f"-I{root}/usr/share/perl5", str(program),
         "-L", "-t", "--mbox", "-C", str(root / "usr/share/spamassassin"),
         f"--siteconfigpath={site}", "-p", str(tmp_path / "prefs")],
        input=box, capture_output=True, timeout=300,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, check=True)
    found = {}
    for part in re.split(rb"(?m)^From x@taf\.example .*$", out.stdout)[1:]:
        m = email.message_from_bytes(part.lstrip(b"\n"))
        status = re.sub(r"\s+", " ", str(m["X-Spam-Status"]))
        score = re.search(r"score=(-?[\d.]+)", status).group(1)
        found[m["Message-ID"]] = float(score), status
    return found


def test_m17_spamassassin(mails, tmp_path):
    """At most 0.0 for every kind in every language; spam is found."""
    spam = (b"Subject: MAKE MONEY FAST\r\nFrom: a@b.example\r\n"
            b"Message-ID: <spam@b.example>\r\n\r\n"
            b"XJS*C4JDBQADN1.NSBN3*2IDNEN*"
            b"GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n")
    raw, names = [spam], {}
    for i, (key, m) in enumerate(mails.items()):
        if key[0] in ("digest-team", "digest-hidden"):
            continue        # the same templates as digest
        own = f"<{i}.{m.message['Message-ID'][1:]}"
        names[own] = key
        raw.append(m.raw.replace(m.message["Message-ID"].encode(),
                                 own.encode()))
    found = spamassassin(tmp_path, raw)
    assert found.pop("<spam@b.example>")[0] > 900
    assert set(found) == set(names)
    assert {names[i]: s for i, s in found.items() if s[0] > 0.0} == {}
