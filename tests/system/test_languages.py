"""Welsh and English, equal: mails, pages, digests; CONTENT 12, H12.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import html.parser
import re

import pytest

import scorer
from post import visible
from web import snapshot

WISH = ("cy", "en", "both", "")
ANSWERS = {s: 4 for s in scorer.SENSES}
CY = "Mae eich atebion yn gyfrinachol."
EN = "Your answers are confidential."


class Nesting(html.parser.HTMLParser):
    """Insists that every element is closed, innermost first."""

    VOID = {"meta", "br", "input"}

    def __init__(self):
        super().__init__()
        self.open, self.roots = [], 0

    def handle_starttag(self, tag, attrs):
        self.roots += not self.open
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag


def check_document(page):
    n = Nesting()
    n.feed(page)
    n.close()
    assert n.open == [] and n.roots == 1
    assert page.count("<!DOCTYPE html>") == 1
    assert page.count("<title>") == page.count("</html>") == 1


@pytest.fixture
def org(make_org):
    """Twelve people; a third each Welsh, English, both or without a wish."""
    org = make_org(languages='"cy", "en"')
    org.add_unit("ORG", "", "Taf Community Trust", language="cy")
    org.add_unit("T1", "ORG", "North", language="en")
    org.add_unit("T2", "ORG", "South")
    for i in range(24):
        org.add_person(f"p{i}", ("T1", "T2")[i % 2], language=WISH[i // 2 % 4])
    org.import_now()
    return org


@pytest.fixture
def mails(org, post):
    org.open()
    org.mail()
    wish = {p["email"]: p["language"] for p in org.people}
    return [(wish[m.to[0]], m) for m in post.take()]


def of(mails, language):
    return next(m for wish, m in mails if wish == language)


def flat(text):
    return " ".join(text.split())


def test_each_mail_is_in_the_persons_language(mails):
    """Both: in full, Welsh first, one document; no wish is both."""
    assert len(mails) == 24
    for wish, m in mails:
        words = {"cy": CY in flat(m.text), "en": EN in flat(m.text)}
        seen = flat(visible(m.html))
        assert words == {"cy": CY in seen, "en": EN in seen}
        check_document(m.html)
        assert len(m.html.encode()) < 12 * 1024
        if wish in ("cy", "en"):
            assert words == {"cy": wish == "cy", "en": wish == "en"}
            assert m.message["Content-Language"] == wish
            assert m.html.count(f'lang="{wish}"') == m.html.count("lang=")
            continue
        assert words == {"cy": True, "en": True}
        assert m.message["Content-Language"] == "cy, en"
        assert m.header("Subject") == (
            "Chwe chwestiwn am waith, Taf Community Trust / "
            "Six questions about work, from Taf Community Trust")
        assert '<html lang="cy">' in m.html
        for part in (m.text, m.html):
            assert part.index("gyfrinachol") < part.index("confidential")
        cy, en = m.html.index('<td lang="cy"'), m.html.index('<td lang="en"')
        assert cy < m.html.index("gyfrinachol") < en
        assert en < m.html.index("confidential")
        for part in (m.text, m.html):
            assert part.count("/a/" + m.link) == 2
        lines = [x for x in m.text.split("\n") if "/a/" in x]
        assert all(re.fullmatch(r"https?://\S+/a/[a-z2-7]{31}", x)
                   for x in lines)


def test_reminders_too(org, mails, post):
    org.clock.forward(days=4, minutes=5)
    org.mail()
    wish = {p["email"]: p["language"] for p in org.people}
    got = post.take()
    assert len(got) == 24
    for m in got:
        both = wish[m.to[0]] in ("both", "")
        assert (CY in flat(m.text) and EN in flat(m.text)) == both
        check_document(m.html)
        assert (" / " in m.header("Subject")) == both
        if wish[m.to[0]] != "en":
            assert "19 Hydref" in m.header("Subject")
        if wish[m.to[0]] != "cy":
            assert "19 October" in m.header("Subject")


def test_the_form_opens_in_the_persons_language(org, mails, serve, browser):
    serve(org, "fastcgi")
    web = browser(org)
    for wish, lang in (("cy", "cy"), ("en", "en"), ("both", "cy"),
                       ("", "cy")):
        page = web.get("a/" + of(mails, wish).link)
        assert f'<html lang="{lang}">' in page.text
        assert (CY in flat(page.seen)) == (lang == "cy")
        assert (EN in flat(page.seen)) == (lang == "en")
        check_document(page.text)
        for url in re.findall(r'(?:href|action)="([^"#]+)"', page.text):
            assert url.endswith(f"?lang={lang}"), url
        for url in ("help", "privacy", "c"):    # no person: the first
            assert '<html lang="cy">' in web.get(url).text
            assert '<html lang="en">' in web.get(url + "?lang=en").text


def test_h12_the_switch_keeps_answers_code_and_language(
        org, mails, serve, browser):
    serve(org, "fastcgi")
    web, m = browser(org), of(mails, "both")
    form = web.get("a/" + m.link).form()
    assert ("lang", "en") in form.buttons
    before = snapshot(org.state)
    r = web.submit(form, security=4, purpose=2, lang="en")
    assert r.status == 200 and '<html lang="en">' in r.text
    assert r.form().hidden["code"] == form.hidden["code"]
    assert r.form().chosen == {"security": "4", "purpose": "2"}
    back = web.submit(r.form(), lang="cy")
    assert '<html lang="cy">' in back.text
    assert back.form().chosen == {"security": "4", "purpose": "2"}
    assert snapshot(org.state) == before
    thanks = web.submit(r.form())       # sent from the English form
    assert thanks.status == 200
    assert "Your answers have been saved" in thanks.seen
    used = web.submit(web.get("a/" + m.link).form(), **ANSWERS)
    assert used.status == 409 and "Mae ateb wedi'i anfon" in used.seen


def test_h13_replies_have_one_length_in_each_language(
        org, mails, serve, browser):
    serve(org, "fastcgi")
    web = browser(org)
    for lang in ("cy", "en"):
        form = web.get(f"a/{of(mails, lang).link}?lang={lang}").form()
        seen = set()
        for some in ({}, {"security": 5}, {"purpose": 1, "belonging": 3}):
            kept = web.submit(form, lang=lang, **some)
            seen.add((kept.status, len(kept.body)))
        assert len(seen) == 1 and kept.status == 200
        seen = {web.submit(form, significance=v).body for v in range(1, 6)}
        assert len(seen) == 1


def test_digests_in_the_leaders_language(org, mails, post, serve, browser):
    """No language is both; the numbers are equal in each of them."""
    serve(org, "fastcgi")
    web = browser(org)
    for _, m in mails:
        assert web.answer(m.link, **ANSWERS).status == 200
    org.close("staff-2026q4")
    org.program.ok("sensed-digest")
    got = {m.to[0]: m for m in post.take()}
    assert len(got) == 3
    for to, langs in (("leader.org", "cy"), ("leader.t1", "en"),
                      ("leader.t2", "cy, en")):
        m = got[to + "@taf.example"]
        assert m.message["Content-Language"] == langs
        check_document(m.html)
        assert len(m.html.encode()) < 12 * 1024 * (1 + ("," in langs))
        assert ("Y chwe synnwyr" in m.text) == ("cy" in langs)
        assert ("The six senses" in m.text) == ("en" in langs)
        assert ("The six senses" in m.html) == ("en" in langs)
    both = got["leader.t2@taf.example"]
    assert both.header("Subject").startswith("South, sut mae pethau: ")
    assert " / How South is doing: October 2026" in both.header("Subject")
    cy, en = both.text.split("\n* * *\n")
    digits = r"\d+(?:\.\d+)?"
    assert sorted(re.findall(digits, cy)) == sorted(re.findall(digits, en))


# ------------------------------------------------- a language whole, or not

def test_check_warns_of_the_review_marker(org):
    """Once a folder or file; whatever the shipped words say of themselves."""
    files = [*org.templates.rglob("*.mustache"), *org.dir.glob("*-staff.conf")]
    for path in files:
        path.write_text(path.read_text().replace("NEEDS REVIEW", "is fine"))
    assert "in need of" not in org.program.ok("sensectl", "check")
    marker = "NEEDS REVIEW BY A WELSH SPEAKER BEFORE ANY USE"
    for name, line in (("words/cy/promise.mustache", "{{! %s }}\n"),
                       ("words/cy/digest_sense.mustache", "{{! %s }}\n"),
                       ("questions-staff.conf", "# cy: %s\n"),
                       ("prompts-staff.conf", "# cy: %s\n")):
        path = org.dir / name
        path.write_text(line % marker + path.read_text())
    said = org.program.ok("sensectl", "check")
    for name in ("words/cy", "questions-staff.conf",
                 "prompts-staff.conf"):
        assert f"warning: {org.dir / name}: marked as in need of" in said
    assert said.count("in need of") == 3 and "review (2)" in said


@pytest.mark.parametrize("name", ("help", "below", "masked_words",
                                  "digest.html", "style"))
def test_a_wave_never_opens_in_half_of_its_languages(org, name):
    """Pages, partials that few people see, digests: found before any mail."""
    path = org.templates / "cy" / f"{name}.mustache"
    text = path.read_text()
    path.unlink()
    before = snapshot(org.state)
    for command in (("check",), ("open", "staff")):
        r = org.program.sensectl(*command)
        assert r.returncode == 65, (command, r.stdout, r.stderr)
        assert f"cy/{name}.mustache" in r.stderr
    assert snapshot(org.state) == before
    path.write_text(text)
    org.open()


@pytest.mark.parametrize("name,old", (
    ("questions", "Rwy'n teimlo'n ddiogel yn y gwaith."),
    ("questions", "Er enghraifft: yn ddiogel"),
    ("prompts", "Pan fydd cydweithiwr yn codi problem")))
def test_a_text_in_one_language_only_is_refused(org, name, old):
    path = org.dir / f"{name}-staff.conf"
    text, n = re.subn(rf'\n *cy = "{re.escape(old)}[^"]*";', "",
                      path.read_text())
    assert n == 1
    path.write_text(text)
    for command in (("check",), ("open", "staff")):
        r = org.program.sensectl(*command)
        assert r.returncode == 78 and f"{name}-staff.conf:" in r.stderr
