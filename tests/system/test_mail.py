"""Mails, octet by octet, and who gets one; STANDARDS 1 and 7.1.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import collections
import email.utils
import random
import re
import time

import pytest

import programs
from post import decode_header, visible

DIFFICULT = (
    "Siân Ŵyn Llŷr",                            # Welsh circumflexes
    "Ame\u0301lie O\u0308",                     # combining marks
    "محمد علي",                                  # right to left
    "שרה לוי",
    "Zoë 👩‍⚕️ Wright",                           # emoji with joiners
    'Bob "the Builder" Jones',
    "Price, Aled (nights)",
    "O'Neill; <b>x</b> & sons",
    "back\\slash @ sign",
    "ŵ" * 95 + "x" * 10,                        # 200 bytes
    "a" * 200,
    "=?utf-8?q?not_encoded?=",
    "日本語の名前がとても長い場合に分割される文字列です",
    "...leading dots",
    "Dr. J. R. Hartley",
)


@pytest.fixture
def org(make_org):
    org = make_org()
    org.add_unit("ORG", "", "Taf Community Trust")
    for unit, name in (("T1", "North"), ("T2", "South")):
        org.add_unit(unit, "ORG", name)
        for i in range(12):
            org.add_person(f"{unit.lower()}-{i}", unit)
    for i, name in enumerate(DIFFICULT):
        org.add_person(f"d{i}", "T1", name)
    org.import_now()
    return org


def everyone(org):
    return {p["email"] for p in org.people}


def to(mails):
    return collections.Counter(m.to[0] for m in mails)


@pytest.fixture
def mails(org, post):
    org.open()
    org.mail()
    return post.take()


# ------------------------------------------------------------ each message

def test_m1_every_octet(mails):
    """M1: CRLF only, no bare CR or LF, no line over 998, dot-stuffed."""
    for m in mails:
        assert m.wire.endswith(b"\r\n")
        rest = m.wire.replace(b"\r\n", b"")
        assert b"\r" not in rest and b"\n" not in rest
        for line in m.wire.split(b"\r\n"):
            assert len(line) <= 998
            assert not re.match(rb"\.[^.]", line) and line != b"."
        assert b"\0" not in m.wire
        assert all(c < 128 for c in m.wire)     # 7 bit, wherever it goes


def test_m1_lone_line_ends_and_dots_in_templates(org, post):
    """M1: nothing in a template can break the conversation."""
    path = org.templates / "en" / "invitation.text.mustache"
    path.write_bytes(path.read_bytes() + b"\n.\n..two\n.\nMAIL FROM:<x@y>\n"
                     + b"long " * 400 + b"\n")
    org.open()
    org.mail()
    mails = post.take()
    assert to(mails) == to_all(org)
    test_m1_every_octet(mails)
    for m in mails:
        assert "\n.\n..two\n.\nMAIL FROM:<x@y>\n" in m.text


def to_all(org):
    return collections.Counter(everyone(org))


def test_m1_a_lone_cr_in_a_template_never_goes_out(org, post):
    """M1: refused, or sent with proper line ends; never a bare CR."""
    path = org.templates / "en" / "invitation.text.mustache"
    path.write_bytes(path.read_bytes() + b"one\rtwo\n")
    org.open()
    org.program.sensed("--once")
    test_m1_every_octet(post.take())


ONCE = ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version")


def test_m2_headers_once(mails, org):
    """M2: exactly one of each; Message-ID unique, not from the token."""
    ids = set()
    for m in mails:
        for name in ONCE:
            assert len(m.message.get_all(name, [])) == 1, name
        ids.add(m.id)
        assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", m.id)
        assert m.link not in m.id and m.link[5:15] not in m.id
        when = email.utils.parsedate_to_datetime(m.message["Date"])
        assert abs((when - org.clock.when).total_seconds()) < 120
    assert len(ids) == len(mails)


def test_m3_difficult_names_decode_to_the_same_text(mails, org):
    """M3: encoded-words of at most 75, split at character borders."""
    people = org.by_address()
    for m in mails:
        raw = m.raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
        for word in re.findall(r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=", raw):
            assert len(word) <= 75
            charset, kind, data = word[2:-2].split("?")
            if kind in "bB":
                base64.b64decode(data, validate=True).decode(charset)
            else:
                decode_header(word).encode(charset)
        value = re.sub(r"\r?\n(?=[ \t])", "", str(m.message["To"]))
        name, address = re.fullmatch(r"(.*?)\s*<([^<>]*)>", value).groups()
        assert address == m.to[0]       # never inside an address
        if name.startswith('"') and name.endswith('"'):
            name = re.sub(r"\\(.)", r"\1", name[1:-1])
        else:
            name = decode_header(name)
        assert name == people[address]["name"]


def test_m3_bodies(mails, org):
    """M3: quoted-printable lines of at most 76, or base64; UTF-8."""
    for m in mails:
        for p in m.message.walk():
            if p.is_multipart():
                continue
            assert p.get_content_charset() == "utf-8"
            kind = p["Content-Transfer-Encoding"].lower()
            assert kind in ("quoted-printable", "base64", "7bit")
            if kind != "7bit":
                lines = p.get_payload().replace("\r\n", "\n").split("\n")
                assert max(map(len, lines)) <= 76
        name = org.by_address()[m.to[0]]["name"]
        assert name in m.text       # not escaped in the text part
        assert name in visible(m.html)


def test_m6_alternative(mails):
    """M6: text first and whole, link on its own line; one recipient."""
    for m in mails:
        assert m.message.get_content_type() == "multipart/alternative"
        kinds = [p.get_content_type() for p in m.message.get_payload()]
        assert kinds == ["text/plain", "text/html"]
        assert len(m.to) == 1
        line = [x for x in m.text.split("\n") if "/a/" in x]
        assert len(line) == 1
        assert re.fullmatch(r"https?://\S+/a/[a-z2-7]{31}", line[0].strip())
        assert line[0].strip() in m.html
        words = set(re.findall(r"\w{4,}", re.sub(r"http\S+", "", m.text)))
        shown = visible(m.html)
        assert {w for w in words if w not in shown} == set()
        for url in re.findall(r"https?://\S+", m.text):
            assert f'href="{url}"' in m.html


def test_m7_headers(mails):
    """M7: and nothing that tracks or loads."""
    for m in mails:
        h = m.message
        assert h["Auto-Submitted"] == "auto-generated"
        assert [x.strip() for x in h["X-Auto-Response-Suppress"].split(",")] \
            == ["OOF", "AutoReply"]
        assert h["Precedence"] == "bulk"
        assert re.search(r"<staff\.[^<>\s]+>", h["List-Id"])
        unsubscribe = re.sub(r"\s", "", h["List-Unsubscribe"])
        assert re.fullmatch(r"<https?://[^<>]+/o/[a-z2-7]{26}>", unsubscribe)
        assert h["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert h["Reply-To"] is None and h["X-Mailer"] is None
        assert "sensed" not in str(h).lower()
        assert not re.search(r"(?i)<img|<link|<script|<form|src=|@import|"
                             r"url\(", m.html)
        base = re.match(r"https?://[^/]+/", m.text[m.text.index("http"):])
        for url in re.findall(r'(?i)href="([^"]*)"', m.html):
            assert url.startswith((base.group(), "mailto:", "tel:"))
        assert m.optout not in m.link


def test_m9_envelope_sender(mails):
    """M9: return_path+ID; an ID of each person's own, no token in it."""
    ids = set()
    for m in mails:
        found = re.fullmatch(r"pulse-bounce\+([a-z2-7]+)@taf\.example",
                             m.sender)
        assert found, m.sender
        ids.add(found.group(1))
        assert found.group(1) not in m.link and m.link not in m.sender
        assert m.optout not in m.sender
    assert len(ids) == len(mails)


def test_m15_size_and_links(mails):
    """M15: HTML under 12 KiB, links at most 100 characters."""
    for m in mails:
        assert len(m.html.encode()) < 12 * 1024
        for url in re.findall(r"https?://[^\s\"'<>]+", m.text + m.html):
            assert len(url) <= 100
            assert re.fullmatch(r"[A-Za-z0-9._~:/-]+", url)


def test_links_and_tokens_differ(mails):
    assert len({m.link for m in mails}) == len(mails)
    assert len({m.optout for m in mails}) == len(mails)


def test_content_9_promise_with_the_frozen_k(mails):
    """CONTENT 5 and 9: at most 150 words beside the promise; k filled in."""
    for m in mails[:3]:
        assert "at least 10 people" in m.text.replace("\n", " ")
        assert "confidential" in m.text and "anonymous" not in m.text.lower()
        assert "19 October" in m.text
        for part in (m.text, visible(m.html)):      # CONTENT 7: in every mail
            assert "Samaritans: 116 123" in part
            assert "help" in part and "privacy" in part.lower()
            assert "do not want these surveys" in part
        assert "{{" not in m.text + m.html


# ------------------------------------------------------------- who and when

def test_everyone_once_and_nobody_twice(org, post):
    org.open()
    org.mail()
    assert to(post.take()) == to_all(org)
    org.mail()
    org.clock.forward(hours=2)
    org.mail()
    assert post.take() == []


def test_no_mail_before_opening(org, post):
    org.mail()
    assert post.take() == [] and post.attempts == []


def test_temporary_refusal_is_retried_after_half_an_hour(org, post):
    """M12, 7.1: 4xx at RCPT and after the final dot."""
    first = sorted(everyone(org))[:3]
    late = sorted(everyone(org))[3:6]
    post.rcpt = lambda a: "451 4.2.0 later" if a in first else None
    post.data = lambda a: "452 4.3.1 later" if a in late else None
    org.open()
    org.mail()
    got = post.take()
    assert set(to(got)) == everyone(org) - set(first) - set(late)
    post.rcpt = post.data = None
    org.clock.forward(minutes=5)
    org.mail()
    assert post.take() == []            # too early
    org.clock.forward(minutes=60)       # 30 minutes and their jitter
    org.mail()
    again = post.take()
    assert to(again) == collections.Counter(first + late)
    org.clock.forward(hours=6)
    org.mail()
    assert post.take() == []


def test_permanent_refusal_is_never_tried_again(org, post):
    """7.1: 550 5.1.1 at RCPT."""
    gone = sorted(everyone(org))[4]
    post.rcpt = lambda a: "550 5.1.1 no such person" if a == gone else None
    org.open()
    for hours in (0, 1, 24):
        org.clock.forward(hours=hours)
        org.mail()
    got = post.take()
    assert to(got) == to_all(org) - collections.Counter([gone])
    assert post.attempts.count(gone) == 1


def test_storm_of_refusals_pauses_the_wave(org, post):
    """R3: 20 permanent refusals in a row are ours; nobody is blamed."""
    post.rcpt = lambda a: "554 5.7.1 relaying denied"
    org.open()
    org.program.sensed("--once")
    assert len(set(post.attempts)) < len(org.people)
    post.rcpt = None
    post.attempts.clear()
    org.clock.forward(hours=2)
    org.program.sensed("--once")
    assert post.attempts == []          # paused until the operator resumes
    status = org.program.ok("sensectl", "status")
    assert "paus" in status.lower()
    org.program.ok("sensectl", "resume", "staff-2026q4")
    org.mail()
    assert len(post.take()) >= len(org.people) - 20


def test_dropped_after_the_final_dot_is_sent_once_more(org, post):
    """M13: uncertain; once more, the same Message-ID and link."""
    some = sorted(everyone(org))[:5]
    cut = collections.Counter()

    def drop(address):
        if address in some and not cut[address]:
            cut[address] += 1
            return True
    post.drop = drop
    org.open()
    org.mail()
    for minutes in (31, 61, 600):
        org.clock.forward(minutes=minutes)
        org.mail()
    got = post.take()
    assert to(got) == to_all(org)
    lost = {m.to[0]: m for m in post.dropped}
    assert sorted(lost) == some
    for m in got:
        if m.to[0] in lost:
            assert (m.id, m.link) == (lost[m.to[0]].id, lost[m.to[0]].link)


def test_always_dropped_is_tried_twice_at_most(org, post):
    """M13: at most once more."""
    one = sorted(everyone(org))[0]
    post.drop = lambda a: a == one
    org.open()
    for minutes in (0, 31, 61, 300, 1440):
        org.clock.forward(minutes=minutes)
        org.mail()
    assert len(post.dropped) == 2
    assert one not in to(post.take())


def test_no_relay_at_all_loses_nobody(org, post):
    port, text = post.port, org.conf.read_text()
    org.conf.write_text(text.replace(f":{port}", ":9"))
    org.open()
    r = org.program.sensed("--once")
    assert r.returncode == 0, r.stderr      # temporary: a later run retries
    org.conf.write_text(text)
    org.clock.forward(minutes=61)
    org.mail()
    assert to(post.take()) == to_all(org)


@pytest.mark.parametrize("seed", (1, 2))
def test_kill_9_while_mailing_misses_nobody(make_org, post, seed):
    """M13: nobody lost; repeats at most `connections` a kill."""
    rng = random.Random(seed)
    org = make_org(connections=3)
    org.add_one_unit(150)
    org.import_now()
    org.open()
    post.delay = 0.02
    kills, got = 0, []
    for _ in range(5):
        p = org.program.start("sensed", "--once")
        time.sleep(rng.uniform(0.15, 0.6))
        kills += p.poll() is None
        programs.kill(p)
        time.sleep(0.1)
        org.clock.forward(minutes=rng.choice((0, 31)))
    post.delay = 0
    for minutes in (0, 31, 61):
        org.clock.forward(minutes=minutes)
        org.mail()
    got = post.take()
    count = to(got)
    assert kills >= 3
    assert set(count) == everyone(org)
    assert sum(count.values()) - len(count) <= kills * 3
    assert max(count.values()) <= 2
    ids = collections.defaultdict(set)
    for m in got:
        ids[m.to[0]].add((m.id, m.link))
    assert all(len(x) == 1 for x in ids.values())


# --------------------------------------------------------------- reminders

def test_reminders_only_to_those_who_have_not_answered(
        org, post, serve, browser):
    """M18, CONTENT 9: days 4 and 9; none after an answer or an opt-out."""
    serve(org, "cgi")
    web = browser(org)
    org.open()
    org.mail()
    first = {m.to[0]: m for m in post.take()}
    names = sorted(first)
    answered, out = names[:3], names[3:5]
    for a in answered:
        assert web.answer(first[a].link, security=4).status == 200
    for a in out:
        r = web.post("o/" + first[a].optout, "List-Unsubscribe=One-Click")
        assert r.status == 200
    org.clock.forward(days=3, hours=23)
    org.mail()
    assert post.take() == []
    org.clock.forward(hours=1, minutes=5)
    org.mail()
    second = {m.to[0]: m for m in post.take()}
    assert sorted(second) == names[5:]
    for a, m in second.items():
        assert m.link == first[a].link and m.id != first[a].id
        assert m.header("Subject") != first[a].header("Subject")
        assert "not answered" not in m.text
    org.mail()
    assert post.take() == []
    assert web.answer(second[names[5]].link, purpose=2).status == 200
    org.clock.forward(days=5)
    org.mail()
    third = to(post.take())
    assert sorted(third) == names[6:] and max(third.values()) == 1
    org.clock.forward(days=3, hours=12)     # inside the last 24 hours: none
    org.mail()
    assert post.take() == []


def test_no_mail_after_closing(org, post):
    """M12, M14: what was not sent in time is not sent."""
    post.rcpt = lambda a: "451 4.2.0 later"
    org.open()
    org.mail()
    post.rcpt = None
    org.clock.forward(days=14, hours=1)
    org.program.sensed("--once")
    assert post.take() == []


def test_opt_out_holds_for_the_next_wave(org, post, serve, browser):
    """DESIGN 4: it stops all surveys."""
    serve(org, "cgi")
    org.open()
    org.mail()
    gone = post.take()[0]
    assert browser(org).post("o/" + gone.optout,
                             "List-Unsubscribe=One-Click").status == 200
    org.close("staff-2026q4")
    org.program.digest("--publish-only")
    org.clock.forward(days=30)
    org.open("staff-2027q1")
    org.mail()
    second = to(post.take())
    assert set(second) == everyone(org) - set(gone.to)


def test_the_daemon_mails_and_ends_on_sigterm(org, post):
    org.open()
    p = org.program.start("sensed")
    try:
        for _ in range(200):
            if len(post.mails) >= len(org.people):
                break
            time.sleep(0.05)
        assert to(post.take()) == to_all(org)
        p.terminate()
        assert p.wait(10) == 0
    finally:
        programs.kill(p)


def test_m19_no_secret_in_any_output(org, post):
    """M19: what the programs print holds no token, address or name."""
    said = org.import_now()
    org.open()
    said += org.program.run("sensed", "-v", "--once").stderr
    said += org.program.ok("sensectl", "status")
    for m in post.take():
        assert m.link not in said and m.optout not in said
        assert m.to[0] not in said
    for p in org.people:
        if len(p["name"]) > 5:
            assert p["name"] not in said
