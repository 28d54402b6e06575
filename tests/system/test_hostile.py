"""A roster and a configuration written by somebody who means harm.

Issue 3, item 6; STANDARDS M3, M4, H4.  What the rules refuse is refused whole,
with file and line.  What they take is shown as the text that it is: a quarter
with hostile words has, page by page and mail by mail, the very elements that
the same quarter has with plain ones.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import html.parser
import re

import pytest

import programs
from organisation import Organisation
from post import decode_header, free_port
from web import Browser, WebServer

# ------------------------------------------------------------- what is refused

BREAKS = {                      # M4: in no field that can reach a header
    "CR": "\r", "LF": "\n", "CR LF": "\r\n", "NUL": "\0", "ESC": "\x1b",
    "DEL": "\x7f", "NEL": "\x85", "U+2028": "\u2028", "U+2029": "\u2029",
}
UNITS = """unit,parent,name,leader_name,leader_email,language
ORG,,Trust,Ann Rees,ann@taf.example,
T1,ORG,North,Ben Lloyd,ben@taf.example,en
"""
PEOPLE = """id,email,name,unit,language
p1,p1@taf.example,Aled Price,T1,
p2,p2@taf.example,Bethan Rees,T1,en
"""
PLACES = (                      # file, the word that is replaced, its line
    ("units", "North", 3),
    ("units", "Ben Lloyd", 3),
    ("units", "ben@taf.example", 3),
    ("units", "T1,ORG", 3),
    ("people", "Bethan Rees", 3),
    ("people", "p2@taf.example", 3),
    ("people", "p2,", 3),
)
UNSEEN_IN_ADDRESS = ("\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\u00ad",
                     " ", "\u00a0", "\u3000", "<", ">", ",", ";", "(", '""')


def refused(org, units, people, fault, line):
    """Status 65, FILE:LINE, nothing changed; the text is not repeated."""
    def roster():
        return {p.name: p.read_bytes()
                for p in (org.state / "roster").glob("*")}

    before = roster()
    (org.dir / "units.csv").write_bytes(units.encode())
    (org.dir / "people.csv").write_bytes(people.encode())
    r = org.import_files(org.dir / "units.csv", org.dir / "people.csv")
    assert r.returncode == 65, (r.returncode, r.stdout, r.stderr)
    where = f"{org.dir}/{fault}.csv:{line}: "
    assert where in r.stderr, (where, r.stderr)
    assert len(r.stderr) < 700 and "\x1b" not in r.stderr
    assert roster() == before


@pytest.mark.parametrize("fault,word,line", PLACES,
                         ids=[p[1].replace(" ", "-") for p in PLACES])
def test_header_injection_is_refused_at_import(make_org, fault, word, line):
    """M4: CR, LF, NUL, any other control, the separators; 10,000 letters."""
    org = make_org()
    (org.dir / "units.csv").write_text(UNITS)
    (org.dir / "people.csv").write_text(PEOPLE)
    org.import_files(org.dir / "units.csv", org.dir / "people.csv")
    bad = [f'"{word[:2]}{b}Bcc: x@y.example"' for b in BREAKS.values()]
    bad.append("x" * 10000)
    if "@" in word:
        bad += [f'"b{c}n@taf.example"' for c in UNSEEN_IN_ADDRESS]
        bad += [f'"ben@t{c}f.example"' for c in UNSEEN_IN_ADDRESS]
    for text in bad:
        files = {"units": UNITS, "people": PEOPLE}
        rest = word[word.index(","):] if "," in word else ""
        files[fault] = files[fault].replace(word, text + rest)
        assert files[fault].count(text) == 1
        refused(org, files["units"], files["people"], fault, line)


CONF_PLACES = (                 # file, a text of it that is replaced
    ("sensed.conf", '"Taf Community Trust"'),
    ("sensed.conf", '"Carys Morgan <pulse@taf.example>"'),
    ("sensed.conf", '"pulse-bounce@taf.example"'),
    ("sensed.conf", '"Samaritans"'),
    ("sensed.conf", '"116 123"'),
    ("questions-staff.conf", '"I feel safe at work."'),
    ("prompts-staff.conf", '"In your next team meeting, name one mistake of '
                           'your own and what you changed. Then ask: '
                           '\\"What are we not saying?\\""'),
)
ESCAPED = {"\r": "\\r", "\n": "\\n", "\r\n": "\\r\\n", "\0": "\\x00",
           "\x1b": "\\x1b", "\x7f": "\\x7f"}


@pytest.mark.parametrize("name,text", CONF_PLACES, ids=[
    p[1].strip('"').split()[0] + "-" + p[0].split(".")[0]
    for p in CONF_PLACES])
def test_header_injection_is_refused_at_start(make_org, name, text):
    """M4: the same in the configuration, as bytes and as escapes."""
    org = make_org()
    path = org.dir / name
    good = path.read_text()
    assert good.count(text) == 1
    line = good[:good.index(text)].count("\n") + 1
    inner = text[1:-1]
    bad = [inner[:3] + b + inner[3:] for b in BREAKS.values()]
    bad += [inner[:3] + ESCAPED[b] + inner[3:] for b in BREAKS.values()
            if b in ESCAPED]
    bad.append(inner + "x" * 10000)
    for wrong in bad:
        path.write_bytes(good.replace(text, f'"{wrong}"').encode())
        for program in (("sensectl", "check"), ("sensed", "--once")):
            r = org.program.run(*program)
            assert r.returncode in (65, 78), (wrong[:40], r)
            # libconfig tells a text that goes on by its last line
            assert re.search(re.escape(f"{path}:") + f"({line}|{line + 1}): ",
                             r.stderr), (line, r.stderr)
            assert "Bcc" not in r.stderr and len(r.stderr) < 900


# --------------------------------------------------------- what is taken, shown

NAMES = (
    "</title><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)' x='",
    "<!-- <table> <a href=\"https://evil.example/\">x</a>",
    "{{name}} {{{name}}} {{> head}} {{#a}}",
    "&lt;b&gt; &amp;#60; &#x3c;i&#62;",
    "\u202egro.live//:sptth\u202c \u2066x\u2069",   # right to left override
    "A\u200b\u200c\u200d\u2060\ufeffB\u00ad",       # of no width
    "\"',;:\\<>()[]@`$%^*=~|",
    "Bcc: x@evil.example",
    "=?utf-8?q?=0D=0ABcc:_x@evil.example?=",
    "%0d%0aBcc: x%00 \\r\\nBcc: y \\u2028",
    "\U0001f469\u200d\u2695\ufe0f\U0001f600" * 10,  # 170 bytes
    "\u0645\u062d\u0645\u062f \u0639\u0644\u064a, \"x\"",
    "=3D=0A.\u00a0..",
)
PLAIN = tuple(f"Name {i}" for i in range(len(NAMES)))
HEADERS = {
    "auto-submitted", "content-language", "content-type", "date", "from",
    "list-id", "list-unsubscribe", "list-unsubscribe-post", "message-id",
    "mime-version", "precedence", "reply-to", "subject", "to",
    "x-auto-response-suppress",
}


class Skeleton(html.parser.HTMLParser):
    """Elements with the names of their attributes, and nothing else."""

    def __init__(self, page):
        super().__init__()
        self.all, self.urls, self.data = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, tuple(k for k, v in attrs)))
        self.urls += [v for k, v in attrs if k in ("href", "src", "action")]

    def handle_endtag(self, tag):
        self.all.append("/" + tag)

    def handle_comment(self, data):
        self.all.append("comment")

    def handle_decl(self, decl):
        self.all.append("!" + decl)

    def handle_pi(self, data):
        self.all.append("pi")

    def unknown_decl(self, data):
        self.all.append("?")

    def handle_data(self, data):
        self.data.append(data)

    @property
    def text(self):
        return " ".join("".join(self.data).split())


def spaced(text):
    return " ".join(text.split())


def quoted(text):
    """As libconfig reads it."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def make(directory, post, names):
    org = Organisation(
        directory, smtp_port=post.port, k=5,
        base=f"http://127.0.0.1:{free_port()}/", survey="staff_copy = true;")
    org.add_unit("ORG", "", names[0], [(names[1], "ann@taf.example")])
    for i in range(3):
        org.add_unit(f"T{i}", "ORG", names[2 + i],
                     [(names[5 + i], f"lead{i}@taf.example")])
        for j in range(15):
            org.add_person(f"p{i}-{j:02}", f"T{i}", names[j])
    conf = org.conf.read_text()
    for word, name in (("Samaritans", names[0]), ("116 123", names[2]),
                       ("Taf Community Trust", names[8])):
        conf = conf.replace(f'"{word}"', f'"{quoted(name)}"')
    boss = names[1].replace("\\", "\\\\").replace('"', '\\"')
    org.conf.write_text(conf.replace(
        '"Carys Morgan <pulse@taf.example>"',
        '"' + quoted(f'"{boss}" <pulse@taf.example>') + '"'))
    path = org.dir / "questions-staff.conf"
    text = path.read_text()
    texts = re.findall(r'text = { en = "([^"]*)";', text)
    assert len(texts) >= 6
    for i, old in enumerate(texts[-6:]):
        text = text.replace(f'"{old}"', f'"{quoted(names[i])}"')
    text = re.sub(r'hint = { en = "For[^"]*"',
                  lambda m: f'hint = {{ en = "{quoted(names[9])}"', text)
    path.write_text(text)
    path = org.dir / "prompts-staff.conf"
    path.write_text(re.sub(r'{ en = "(?:\\.|[^"\\])*"',
                           lambda m: f'{{ en = "{quoted(names[3])}"',
                           path.read_text()))
    return org


def every_page(web, link, optout):
    """Every page that there is, by name; the first person answers."""
    out = {}
    out["form"] = web.get("a/" + link)
    form = out["form"].form()
    out["nothing answered"] = web.submit(form)
    out["thanks"] = web.submit(form, security=2, purpose=5)
    code = out["thanks"].code()
    out["answered"] = web.answer(link, security=1)
    out["change"] = web.get("c")
    out["change form"] = web.submit(out["change"].form(), code=code)
    out["unknown code"] = web.submit(out["change"].form(),
                                     code="abcd " * 7 + "abc")
    out["optout"] = web.get("o/" + optout)
    out["optout done"] = web.post("o/" + optout, "x=1")
    for name in ("privacy", "help", "nothing"):
        out[name] = web.get(name)
    return out


def quarter(org, post, directory):
    """Mails and pages of a whole quarter: {name: (Skeleton, base, text)}."""
    shown = {}
    org.import_now()
    port = int(org.base.rsplit(":", 1)[1].strip("/"))
    server = WebServer(directory, port, "fastcgi", org.conf, org.clock)
    web = Browser(org.base)
    try:
        org.open()
        org.mail()
        mails = {m.to[0]: m for m in post.take()}
        assert len(mails) == 45
        first, *others = sorted(mails)
        for name, r in every_page(web, mails[first].link,
                                  mails[first].optout).items():
            shown[name] = r.text
        for i, who in enumerate(others):
            if i % 5:
                r = web.answer(mails[who].link, security=i % 2 + 4,
                               continuity=3, belonging=1 + i % 3, purpose=5,
                               fulfilment=4, significance=2)
                assert r.status == 200
    finally:
        web.close()
        server.stop()
    sent = [("invitation", m) for m in mails.values()]
    org.clock.forward(days=4, hours=1)  # a Friday: no weekend
    org.mail()
    sent += [("reminder", m) for m in post.take()]
    org.close("staff-2026q4")
    org.program.ok("sensed-digest")
    sent += [("digest", m) for m in post.take()]
    assert {kind for kind, m in sent} == {"invitation", "reminder", "digest"}
    for kind, m in sent:
        shown[f"{kind} {m.to[0]}"] = m.html
    return shown, sent


@pytest.fixture
def both(tmp_path, post):
    """The same quarter, once with plain words and once with hostile ones."""
    out = []
    for kind, names in (("plain", PLAIN), ("hostile", NAMES)):
        org = make(tmp_path / kind, post, names)
        out.append((org, *quarter(org, post, tmp_path / f"web-{kind}")))
    return out


def urls(page, org):
    """Where a page points, without the secrets."""
    return [re.sub("[a-z2-7]{26,31}", "SECRET", u.replace(org.base, "BASE/"))
            for u in page.urls]


def no_header_is_raw(org, m):
    """M1 to M4: our headers, each once, in ASCII; names decode to the same."""
    head = m.raw.split(b"\r\n\r\n", 1)[0]
    assert all(32 <= c < 127 or c in b"\r\n\t" for c in head), head
    names = [line.split(b":", 1)[0].decode().lower()
             for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert len(names) == len(set(names)) and set(names) <= HEADERS, names
    assert not re.search(rb"(?mi)^bcc", m.raw)
    assert m.to == [m.message["To"].rsplit("<", 1)[-1].strip("<> \r\n")]


def test_a_hostile_quarter_is_shown_as_text(both):
    """M3, H4: no element, attribute or URL that plain words do not have."""
    (plain_org, plain, _), (org, hostile, sent) = both
    assert set(plain) == set(hostile)
    for name in plain:
        want, got = Skeleton(plain[name]), Skeleton(hostile[name])
        assert want.all == got.all, name
        assert urls(want, plain_org) == urls(got, org), name
        assert "Name " in want.text or name == "nothing", name
    # and it is all there, to be read
    form = Skeleton(hostile["form"]).text
    for text in NAMES[:6]:
        assert spaced(text) in form
    assert spaced(NAMES[8]) in form
    assert spaced(NAMES[0]) in Skeleton(hostile["help"]).text
    for i in range(3):
        digest = Skeleton(hostile[f"digest lead{i}@taf.example"]).text
        assert spaced(NAMES[2 + i]) in digest       # the unit
        assert spaced(NAMES[5 + i]) in digest       # who reads it
    for kind, m in sent:
        no_header_is_raw(org, m)
        assert "\r" not in m.text and "\0" not in m.text
    for kind, m in sent:
        if kind != "invitation":
            continue
        name = org.by_address()[m.to[0]]["name"]
        assert spaced(name) in spaced(m.text), name
        assert spaced(name) in Skeleton(m.html).text, name
        assert NAMES[1] in decoded_name(m.message["From"])
        to = decoded_name(m.message["To"])
        assert to == name, (to, name)


def decoded_name(value):
    """The display name of a mailbox, RFC 5322 quoting and RFC 2047 undone."""
    value = re.sub(r"\r?\n(?=[ \t])", "", str(value)).strip()
    name = value.rsplit("<", 1)[0].strip()
    if name.startswith('"'):
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return decode_header(re.sub(r"\?=\s+=\?", "?==?", name)).strip()
