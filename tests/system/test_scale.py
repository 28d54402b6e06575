"""mail.answer_links = "scale": five more links, which only pre-select.

STANDARDS H1, H7, H12, H13, M6, M15, M16; hole 9.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import re

import pytest

import scorer
from post import visible
from web import snapshot

PEOPLE = {"en": 12, "cy": 2, "both": 2}
SCALE = re.compile(r"https?://\S+/a/([a-z2-7]{31})/([0-9a-z]+)")
ANSWERS = {
    "en": ["Strongly agree", "Agree", "Neither agree nor disagree",
           "Disagree", "Strongly disagree"],
    "cy": ["Cytuno'n gryf", "Cytuno", "Ddim yn cytuno nac yn anghytuno",
           "Anghytuno", "Anghytuno'n gryf"],
}
UNSENT = {"en": "Nothing has been sent yet",
          "cy": "Nid oes dim wedi'i anfon eto"}
AGAIN = {"en": "does not count on its own",
         "cy": "cyfrif ar ei ben ei hun"}


@pytest.fixture
def scene(make_org, post, serve, browser):
    org = make_org(mail='answer_links = "scale";', languages='"cy", "en"')
    org.add_unit("ORG")
    for lang, n in PEOPLE.items():
        for i in range(n):
            org.add_person(f"{lang}-{i}", "ORG", language=lang)
    org.import_now()
    org.open()
    org.mail()
    org.mails = {m.to[0].split("@")[0]: m for m in post.take()}
    org.server = serve(org, "fastcgi")
    org.web = browser(org)
    return org


def links_of(mail, lang):
    """The five links of a mail's text, by answer."""
    lines = mail.text.split("\n")
    out = {}
    for words, url in zip(lines, lines[1:]):
        found = SCALE.fullmatch(url)
        if found and words.rstrip(":") in ANSWERS[lang]:
            assert found[1] == mail.link
            out[words.rstrip(":")] = found[2]
    return out


@pytest.mark.parametrize("who", ("en-0", "cy-0", "both-0"))
def test_the_mail_has_the_scale_in_each_of_its_languages(scene, who):
    mail = scene.mails[who]
    langs = ("cy", "en") if who.startswith("both") else (who[:2],)
    for lang in langs:
        assert links_of(mail, lang) == dict(zip(ANSWERS[lang], "54321"))
        for words, n in zip(ANSWERS[lang], "54321"):
            shown = words.replace("'", "&#39;")
            found = re.findall(
                r'<a href="([^"]*/%s)" aria-label="(%s|%s): ([^"]+)"[^>]*>'
                r'(?:%s|%s)</a>' % ((n,) + (words, re.escape(shown)) * 2),
                mail.html)
            assert len(found) == 1, (words, mail.html)
            assert len(found[0][0]) <= 100
            assert found[0][2].replace("&#39;", "'") in visible(mail.html)
    # the neutral link is there as ever, on a line of its own (M6)
    assert [x for x in mail.text.split("\n")
            if x.endswith("/a/" + mail.link)]
    assert len(mail.html.encode()) < 12 * 1024 * len(langs)


@pytest.mark.parametrize("lang", ("en", "cy"))
def test_a_link_only_marks_and_writes_nothing(scene, lang):
    """H1, H13: five pages of one length; nothing on the disk moves."""
    link = scene.mails[f"{lang}-0"].link
    before = snapshot(scene.state)
    sizes = set()
    for n in "12345":
        for method in ("HEAD", "GET"):
            page = scene.web.request(method, f"a/{link}/{n}")
            assert page.status == 200
        form = page.form()
        assert form.chosen == {"security": n}
        assert form.hidden["picked"] == n
        assert form.action.endswith(f"/a/{link}?lang={lang}")
        assert UNSENT[lang] in " ".join(page.seen.split())
        described = re.search(r'aria-describedby="([^"]*)"', page.text)[1]
        assert "security-picked" in described.split()
        assert page.text.count('id="security-picked"') == 1
        sizes.add(len(page.body))
    assert len(sizes) == 1
    assert snapshot(scene.state) == before


@pytest.mark.parametrize("end", ("/0", "/6", "/55", "/x", "/4/", "/-1",
                                 "/+4", "/%34x", "/"))
def test_what_is_not_on_the_scale_is_an_unknown_link(scene, end):
    """H5: and answered as one."""
    wrong = scene.web.get("a/" + "a" * 31)
    page = scene.web.get("a/" + scene.mails["en-0"].link + end)
    assert page.status == 404 and page.body == wrong.body


def test_punctuation_that_was_glued_on_is_cut_off(scene):
    for glued in (".", ")", ">", "),"):
        page = scene.web.get(f"a/{scene.mails['en-0'].link}/4{glued}")
        assert page.status == 200
        assert page.form().chosen == {"security": "4"}


@pytest.mark.parametrize("lang", ("en", "cy"))
def test_h7_a_scanner_that_posts_what_it_got_records_nothing(scene, lang):
    """Then the person answers, with that very answer."""
    link = scene.mails[f"{lang}-1"].link
    before = snapshot(scene.state)
    page = scene.web.get(f"a/{link}/4")
    for _ in range(3):      # and what comes of it, unchanged, again
        page = scene.web.submit(page.form())
        assert page.status == 422
        assert page.form().chosen == {}
        assert "picked" not in page.form().hidden
    assert snapshot(scene.state) == before
    page = scene.web.get(f"a/{link}/4")
    page = scene.web.submit(page.form())
    assert AGAIN[lang] in " ".join(page.seen.split())
    assert scene.web.submit(page.form(), security=4).status == 200
    assert snapshot(scene.state) != before


def test_an_answer_beside_it_makes_it_count(scene):
    for i, m in enumerate(scene.mails.values()):
        page = scene.web.get(f"a/{m.link}/{1 + i % 5}")
        r = scene.web.submit(page.form(), **{
            s: 1 + (i + k) % 5 for k, s in enumerate(scorer.SENSES) if k})
        assert r.status == 200, r.text
    scene.close("staff-2026q4")
    scene.program.ok("sensed-digest", "--publish-only")
    out = scene.program.ok("sensectl", "export", "staff-2026q4", "--format",
                           "json")
    unit, = json.loads(out)["units"]
    assert unit["n"] == 16
    # four said 1, three each 2 to 5: 10 * (46 / 16 - 1) / 4
    security = unit["senses"]["security"]
    assert (security["n"], security["score"]) == (16, "4.7")


def test_h12_the_language_button_keeps_the_mark(scene):
    link = scene.mails["en-2"].link
    before = snapshot(scene.state)
    page = scene.web.get(f"a/{link}/5")
    code = page.form().hidden["code"]
    page = scene.web.submit(page.form(), lang="cy")
    assert page.status == 200
    assert page.form().chosen == {"security": "5"}
    assert page.form().hidden["picked"] == "5"
    assert page.form().hidden["code"] == code
    assert UNSENT["cy"] in " ".join(page.seen.split())
    assert scene.web.submit(page.form()).status == 422
    assert snapshot(scene.state) == before


def test_a_used_link_of_the_scale_shows_the_same_form(scene):
    """H5: whoever reads the mailbox does not learn."""
    m = scene.mails["en-3"]
    fresh = scene.web.get(f"a/{m.link}/3")
    assert scene.web.answer(m.link, belonging=1).status == 200
    used = scene.web.get(f"a/{m.link}/3")
    blank = re.compile(r'name="code" value="[a-z2-7]{31}"')
    assert blank.sub("", used.text) == blank.sub("", fresh.text)


def test_links_outlive_the_setting(scene, serve):
    """Set back to one: mailed links open the plain form."""
    text = scene.conf.read_text()
    scene.conf.write_text(text.replace('"scale"', '"one"'))
    scene.server.stop()
    scene.server = serve(scene, "fastcgi")
    scene.web.close()
    page = scene.web.get(f"a/{scene.mails['en-0'].link}/4")
    assert page.status == 200 and page.form().chosen == {}
    assert "picked" not in page.form().hidden


def test_the_privacy_page_and_check_say_what_it_shows(scene):
    said = scene.web.get("privacy?lang=en").seen
    assert "one link for each answer" in said
    assert "None of this shows an answer" not in said
    r = scene.program.run("sensectl", "check")
    assert "answer_links" in r.stdout + r.stderr


@pytest.mark.parametrize("length", (65, 66))
def test_m15_no_link_gets_longer_than_100(make_org, length):
    """base_url is one character shorter than it may be, or longer."""
    url = "https://" + "p" * 40 + ".taf.example/"
    url += "x" * (length - 1 - len(url)) + "/"
    assert len(url) == length
    org = make_org(base=url, mail='answer_links = "scale";')
    org.add_unit("ORG")
    org.import_files(*org.write_csv())
    r = org.program.run("sensectl", "check")
    said = r.stdout + r.stderr
    if length == 65:
        assert "mail.answer_links is" not in said
    else:
        assert r.returncode == 78
        line = 1 + org.conf.read_text().split("answer_links")[0].count("\n")
        assert f"sensed.conf:{line}: mail.answer_links is" in said, said
