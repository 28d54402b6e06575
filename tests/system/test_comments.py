"""Comments: from the box on the form to the leaders; CONTENT 6.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import urllib.parse

import pytest

import gdbmfile
from organisation import ballot
from post import visible
from web import Browser, contents, snapshot

WAVE = "staff-2026q4"
READER = "Eleri Rees"
ADDRESS = "e.rees@taf.example"
COMMENTS = 'comments = 2; staff_copy = false;'
KEEP = f'comments_reader = "{READER} <{ADDRESS}>";'

# id, parent, name, people, answers, comments; level 2 is shown
TREE = (("ORG", "", "Taf Community Trust", 3, 3, 3),
        ("D1", "ORG", "Care at home", 2, 2, 1),
        ("D1a", "D1", "North", 14, 12, 3),
        ("D1b", "D1", "South", 14, 11, 3),      # 25 answers, 7 comments
        ("D2", "ORG", "Day services", 25, 20, 5),
        ("D3", "ORG", "Kitchen", 25, 19, 12),   # one answer too few
        ("D4", "ORG", "Garden", 25, 22, 4))     # one comment too few
SHOWN = {"D1": 7, "D2": 5}


def canary(unit, i):
    return f"Canary {unit} number {i} sings \u0175."


@pytest.fixture
def org(make_org):
    org = make_org(survey=COMMENTS, languages='"en", "cy"', privacy=KEEP)
    for unit, parent, name, people, _, _ in TREE:
        org.add_unit(unit, parent, name)
        for i in range(people):
            org.add_person(f"{unit}.{i + 1}", unit)
    return org


def opened(org, post):
    org.import_now()
    org.open(WAVE)
    org.mail()
    return {m.to[0]: m.link for m in post.take()}


def answered(org, post):
    """A wave whose people have answered; every comment is a canary."""
    links = opened(org, post)
    web = Browser(org.base)
    for unit, _, _, _, answers, comments in TREE:
        for i in range(answers):
            said = {"comment": canary(unit, i)} if i < comments else {}
            r = web.answer(links[f"{unit}.{i + 1}@taf.example"],
                           **ballot(1 + i % 5), **said)
            assert r.status == 200, r.text
    web.close()


def texts(org):
    """What a stranger reads in the publication: {unit number: texts}."""
    out = {}
    records = gdbmfile.read(org.state / "published" / f"{WAVE}.gdbm")
    for key, value in records.items():
        found = re.fullmatch(rb"comment/(\d{6})/(\d{6})", key)
        if found:
            unit, place = (int(x) for x in found.groups())
            out.setdefault(unit, {})[place] = value.decode()
    return {u: [of[i] for i in range(len(of))] for u, of in out.items()}


def test_only_what_may_be_shown_is_on_the_disk(org, post, serve):
    """CONTENT 6: 20 responses, 5 comments, one level; all others are
    destroyed.  SCORING 9.3: random order, and nothing beside a comment."""
    serve(org, "cgi")
    answered(org, post)
    for data in contents(org.state).values():
        assert b"Canary" not in data        # sealed
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    found = texts(org)
    # pre-order, children by id: ORG D1 D1a D1b D2 D3 D4
    assert {u: len(t) for u, t in found.items()} == {1: 7, 4: 5}
    own = [canary(u, i) for u, n in (("D1", 1), ("D1a", 3), ("D1b", 3))
           for i in range(n)]
    assert sorted(found[1]) == sorted(own)
    assert sorted(found[4]) == [canary("D2", i) for i in range(5)]
    allowed = {t for some in found.values() for t in some}
    everything = b"".join(contents(org.state).values())
    for unit, _, _, _, _, comments in TREE:
        for i in range(comments):
            text = canary(unit, i)
            assert (text.encode() in everything) == (text in allowed), text
    assert org.program.sensectl("audit", WAVE).returncode == 0


def test_figures_are_those_of_a_wave_without_comments(org, make_org, post,
                                                      serve):
    """Nothing in the figures changes."""
    serve(org, "fastcgi")
    answered(org, post)
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    ballots = [(u, ballot(1 + i % 5)) for u, _, _, _, n, _ in TREE
               for i in range(n)]
    assert org.program.ok("sensectl", "export", WAVE) == \
        org.expected(ballots).export_csv(WAVE)


HOSTILE = (
    ("<script>alert(1)</script>&\"'", "<script>alert(1)</script>&\"'"),
    ("a\r\nBcc: x@y.example\r\n\r\n.\r\n", "a Bcc: x@y.example ."),
    ("\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd",
     "right to left \u05e9\u05dc\u05d5\u05dd"),
    ("tab\tbell\a  two  spaces ", "tab bell two spaces"),
    ("{{organisation}} {{> help}}", "{{organisation}} {{> help}}"),
    ("\U0001f600" * 250, "\U0001f600" * 250),
)


def test_hostile_comments_are_text(org, post, serve):
    serve(org, "cgi")
    links = list(opened(org, post).items())
    d2 = [link for a, link in links if a.startswith("D2.")]
    web = Browser(org.base)
    for i, link in enumerate(d2):
        said = {"comment": HOSTILE[i][0]} if i < len(HOSTILE) else {}
        page = web.get("a/" + link)
        if said:
            r = web.submit(page.form(), lang="cy", **said)
            assert r.status == 200
            assert "<script" not in r.text and "Bcc: x@y.example ." in r.text \
                or "Bcc" not in r.text
            page = r
        assert web.submit(page.form(), **ballot(4), **said).status == 200
    web.close()
    org.close(WAVE)
    org.program.ok("sensed-digest", "--publish-only")
    (kept,) = texts(org).values()
    assert sorted(kept) == sorted(text for _, text in HOSTILE)


def raw(org, web, link, comment):
    """A form whose comment stands there percent-encoded already."""
    form = web.get("a/" + link).form()
    body = urllib.parse.urlencode(form.fields(**ballot(4), comment="x"))
    return web.post(form.action, body.replace("comment=x",
                                              "comment=" + comment))


def test_what_is_no_comment_is_refused(org, post, serve):
    """H2: NUL, bad UTF-8, too long a body; CONTENT 6: a comment alone."""
    serve(org, "cgi")
    links = list(opened(org, post).values())
    web = Browser(org.base)
    before = snapshot(org.state)
    assert raw(org, web, links[0], "a%00b").status == 400
    assert raw(org, web, links[0], "a%ff").status == 400
    assert raw(org, web, links[0], "%ed%a0%80").status == 400
    assert raw(org, web, links[0], "a&comment=b").status == 400
    form = web.get("a/" + links[0]).form()
    empty = urllib.parse.urlencode(form.fields(**ballot(4), comment=""))
    room = 4096 - len(empty)
    assert raw(org, web, links[0], "x" * (room + 1)).status == 413
    r = raw(org, web, links[0], "x" * room)     # 4,096 bytes: told kindly
    assert r.status == 422 and "too long" in r.seen
    assert "x" * room in r.text                 # nothing of it is lost
    assert r.text.count("Error:") >= 2
    assert raw(org, web, links[0], "x" * 501).status == 422
    r = web.submit(form, comment="A comment alone.")
    assert r.status == 422 and "too long" not in r.seen
    assert "A comment alone." in r.text
    assert snapshot(org.state) == before
    assert raw(org, web, links[0], "x" * 500).status == 200
    web.close()


def test_without_comments_there_is_no_box(make_org, post, serve):
    """Off by default, and then the body may have 1,024 bytes."""
    org = make_org()
    org.add_unit("ORG")
    org.add_person("p1", "ORG")
    serve(org, "cgi")
    links = list(opened(org, post).values())
    web = Browser(org.base)
    page = web.get("a/" + links[0])
    assert "<textarea" not in page.text and "comment" not in page.seen
    body = urllib.parse.urlencode(page.form().fields(**ballot(4)))
    for more, status in (("&comment=x", 400), ("&comment=", 400),
                         ("&x=" + "x" * 1024, 413)):
        assert web.post("a/" + links[0], body + more).status == status
    assert web.submit(page.form(), **ballot(4)).status == 200
    assert "omment" not in web.get("privacy").seen
    web.close()


def test_the_box_and_the_privacy_page_say_what_happens(org, post, serve):
    serve(org, "cgi")
    links = list(opened(org, post).values())
    web = Browser(org.base)
    page = web.get("a/" + links[0])
    assert len(page.body) < 30 * 1024
    for words in ("Do not name people.", READER, "at least 20", "at least 5",
                  "not a line for emergencies"):
        assert words in " ".join(page.seen.split()), words
    assert 'maxlength="500"' in page.text
    for lang, words in (("en", READER + " reads the comments first"),
                        ("cy", READER + " sy'n darllen")):
        seen = " ".join(web.get("privacy?lang=" + lang).seen.split())
        assert words in seen
    # H12: kept over the switch; the page that changes shows nothing of it
    r = web.submit(page.form(), lang="cy", comment="Kept & <so>")
    assert ">Kept &amp; &lt;so&gt;</textarea>" in r.text
    r = web.submit(r.form(), **ballot(3), comment="Kept & <so>")
    assert r.status == 200 and "Kept" not in r.text
    code = r.code()
    r = web.submit(web.get("c").form(), code=code)
    assert r.status == 200 and "Kept" not in r.text
    assert "take the place" in r.seen or "takes its place" in r.seen
    web.close()


def test_h13_boxes_tell_nothing_of_comments(org, post, serve):
    """Files are as large whether people wrote comments or not."""
    serve(org, "cgi")
    links = opened(org, post)
    web = Browser(org.base)
    sizes, ballots = [], []
    for i, said in enumerate(("", "x", "x" * 500, "\U0001f600" * 250)):
        link = links[f"D4.{i + 1}@taf.example"]
        r = web.answer(link, **ballot(2), comment=said)
        assert r.status == 200
        sizes.append(len(r.body))
        for box in (org.state / "answers").glob("*/boxes/*.gdbm"):
            for key, value in gdbmfile.read(box).items():
                if key[:1] == b"B":
                    ballots.append(len(value))
    assert len(set(sizes)) == 1
    assert set(ballots) == {24 + 32 + 1000 + 48}
    web.close()


# --------------------------------------------------- read first, then shown

def published(org, post, serve):
    """A published wave with comments, its digests sent; what was mailed."""
    serve(org, "cgi")
    answered(org, post)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    return post.take()


def lines(text):
    """The numbered lines of a mail or of `sensectl comments`."""
    return re.findall(r"^(\d+)\. (.*)$", text, re.M)


def test_read_first_then_shown(org, post, serve, tmp_path):
    mails = published(org, post, serve)
    for m in mails:                         # nobody else has been sent any
        assert ("Canary" in m.text) == (m.to == [ADDRESS]), m.to
    (review,) = [m for m in mails if m.to == [ADDRESS]]
    assert sorted(t for _, t in lines(review.text)) == \
        sorted(t for some in texts(org).values() for t in some)
    assert lines(visible(review.html)) == lines(review.text)
    for word in ("# D1: Care at home", "# D2: Day services", WAVE, READER):
        assert word in review.text
    # no figure, no name of a team, nothing else beside a comment
    assert not re.search(r"North|South|%|10\.0|Answered", review.text)
    figures = org.program.ok("sensectl", "export", WAVE)
    printed = org.program.ok("sensectl", "comments", WAVE)
    assert lines(printed) == lines(review.text)
    # the reader takes a line of D1 out, masks a word, sends the rest back
    kept = lines(review.text)
    gone = kept.pop(0)
    masked = kept.pop(0)
    kept.insert(0, (masked[0], masked[1].replace("Canary", "[...]")))
    file = tmp_path / "kept.txt"
    file.write_text("".join(f"> {n}. {t}\n" for n, t in kept))
    bad = tmp_path / "bad.txt"
    bad.write_text(f"{kept[0][0]}. We are all happy.\n")
    before = snapshot(org.state)
    r = org.program.sensectl("release", WAVE, "--comments", str(bad))
    assert r.returncode == 65 and f"{bad}:1:" in r.stderr
    assert "happy" not in r.stderr and "Canary" not in r.stderr
    assert snapshot(org.state) == before
    assert "11 comments are released, 1 held back" in org.program.ok(
        "sensectl", "release", WAVE, "--comments", str(file))
    everything = b"".join(contents(org.state).values())
    assert gone[1].encode() not in everything
    assert masked[1].encode() not in everything
    assert org.program.ok("sensectl", "export", WAVE) == figures
    assert org.program.sensectl("audit", WAVE).returncode == 0
    org.program.ok("sensed-digest")
    sent = {m.to[0]: m for m in post.take()}
    assert set(sent) == {"leader.d1@taf.example", "leader.d2@taf.example"}
    for unit, m in (("d1", sent["leader.d1@taf.example"]),
                    ("d2", sent["leader.d2@taf.example"])):
        found = re.findall(r"^- (.*)$", m.text, re.M)
        own = [t for _, t in kept if unit.upper() in t]
        assert found == own
        seen = visible(m.html)
        assert all(t in seen for t in own)
        assert not re.search(r"%|Answered|Highest", m.text)
        assert m.message["List-Unsubscribe"] is None
        assert READER + " has read them first" in " ".join(m.text.split())
    assert not [n for n in contents(org.state / "ledgers")
                if n.startswith(WAVE)]
    org.program.ok("sensed-digest")
    assert post.take() == []
    r = org.program.sensectl("release", WAVE, "--comments", str(file))
    assert r.returncode != 0 and "released before" in r.stderr
    assert org.program.sensectl("audit", WAVE).returncode == 0


def test_nothing_is_released_by_an_empty_file(org, post, serve):
    published(org, post, serve)
    empty = org.dir / "empty"
    empty.write_text("")
    org.program.ok("sensectl", "release", WAVE, "--comments", str(empty))
    assert b"Canary" not in b"".join(contents(org.state).values())
    org.program.ok("sensed-digest")
    assert post.take() == []
    r = org.program.sensectl("comments", WAVE)
    assert r.returncode != 0 and "no comments" in r.stderr
    assert org.program.sensectl("audit", WAVE).returncode == 0


def test_only_whom_the_form_named_reads_first(org, post, serve):
    """Somebody else in the configuration is not sent what people wrote."""
    serve(org, "cgi")
    answered(org, post)
    org.close(WAVE)
    text = org.conf.read_text()
    org.conf.write_text(text.replace(READER, "Rhys Powell"))
    r = org.program.digest()
    assert r.returncode != 0 and READER in r.stderr
    mails = post.take()
    assert mails and not any("Canary" in m.text for m in mails)
    org.conf.write_text(text)
    org.program.ok("sensed-digest")
    (review,) = post.take()
    assert review.to == [ADDRESS] and "Canary" in review.text


def test_a_reader_in_the_line_or_no_large_unit(org, post):
    org.import_now()
    text = org.conf.read_text()
    org.conf.write_text(text.replace(ADDRESS, "Leader.D3@taf.example"))
    r = org.program.sensectl("open", "staff", "--wave", WAVE)
    assert r.returncode == 65 and "leads unit D3" in r.stderr
    org.conf.write_text(text.replace("comments = 2", "comments = 3"))
    r = org.program.sensectl("open", "staff", "--wave", WAVE)
    assert r.returncode == 65 and "no unit at level 3 has 20" in r.stderr
    org.conf.write_text(text.replace(KEEP, ""))
    r = org.program.sensectl("check")
    assert r.returncode == 78 and "privacy.comments_reader" in r.stderr
    org.conf.write_text(text)
    assert org.open(WAVE)


def test_many_comments_go_in_several_mails(make_org, post, serve):
    """M15: no HTML part over 90 KiB; every comment in one of them."""
    org = make_org(survey="comments = 1; staff_copy = false;",
                   privacy=KEEP)
    org.add_unit("ORG", "", "Taf")
    for i in range(60):
        org.add_person(f"p{i}", "ORG")
    serve(org, "fastcgi")
    links = list(opened(org, post).values())
    web = Browser(org.base)
    said = [f"{i} " + "\"" * 498 for i in range(60)]
    for link, words in zip(links, said):
        words = words[:500]
        assert web.answer(link, **ballot(3), comment=words).status == 200
    web.close()
    org.close(WAVE)
    org.program.ok("sensed-digest")
    mails = [m for m in post.take() if m.to == [ADDRESS]]
    assert len(mails) > 1
    assert all(len(m.html.encode()) < 90 * 1024 for m in mails)
    assert {m.header("Subject").split("(")[1].split(")")[0]
            for m in mails} == {f"{i + 1}/{len(mails)}"
                                for i in range(len(mails))}
    found = [t for m in mails for _, t in lines(m.text)]
    assert sorted(found) == sorted(w[:500] for w in said)
