"""sensectl report: a published unit as a page; issue 5, item 8.

The figures are the second scorer's; the page is opened in a real browser, and
its pictures are left in tools/shots, to be looked at.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

import pytest

import scorer
from chromium import Chromium
from organisation import Organisation
from post import PostOffice, free_port, visible
from test_cycle import build, example_2, lower, run_wave
from web import WebServer

FIRST, SECOND = "staff-2026q3", "staff-2026q4"


class Published:
    """Example 2, two waves, nothing but what was published left."""

    def __init__(self, directory, vectors):
        self.post = PostOffice(directory / "Maildir")
        base = f"http://127.0.0.1:{free_port()}/"
        self.org = build(
            lambda **how: Organisation(directory / "org", base=base,
                                       smtp_port=self.post.port, **how),
            vectors, languages='"en", "cy"')
        port = int(base.rsplit(":", 1)[1].strip("/"))
        self.server = WebServer(directory / "web", port, "fastcgi",
                                self.org.conf, self.org.clock)
        ballots = example_2(vectors)
        first = self.publish(FIRST, lower(ballots, {"T4"}, 1), None)
        self.expected = self.publish(SECOND, ballots, first)

    def publish(self, wave, ballots, last):
        run_wave(self.org, self.post, wave, ballots)
        self.org.close(wave)
        self.org.program.ok("sensed-digest", "--publish-only")
        self.org.clock.forward(days=60)
        tree = scorer.Tree(self.org.scorer_rows())
        stayed = last and {u: tree.people(tree.sub[u]) for u in tree.units}
        return self.org.expected(ballots, last, stayed)

    def report(self, unit, *more):
        return self.org.program.sensectl("report", SECOND, "--unit", unit,
                                         "--out", "-", *more)

    def close(self):
        self.server.stop()
        self.post.close()


@pytest.fixture(scope="module")
def done(tmp_path_factory, request):
    vectors = request.config.rootpath.parents[0] / "vectors"
    p = Published(tmp_path_factory.mktemp("report"), vectors)
    yield p
    p.close()


@pytest.fixture(scope="module")
def browser():
    b = Chromium()
    yield b
    b.close()


def cells(page):
    """The rows of the first table, as words."""
    table = page[page.index("<tbody>"):page.index("</tbody>")]
    return [[" ".join(visible(c).split()) for c in
             re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]


@pytest.mark.parametrize("unit", ("ORG", "D1", "T1", "T4", "T7"))
def test_the_figures_are_those_published(done, unit):
    r = done.report(unit)
    assert r.returncode == 0, r.stderr
    u = done.expected.by_id[unit]
    org = done.expected.by_id["ORG"]["senses"]
    words = visible(r.stdout)
    assert f"Answered: {u['n']} of {u['invited']} ({u['rate']} %)" in \
        " ".join(words.split())
    for sense, row in zip(scorer.SENSES, cells(r.stdout), strict=True):
        f = u["senses"][sense]
        want = f["score"]
        want += " (range not shown)" if f["masked"] else \
            " (everyone answered)" if f["everyone"] else \
            f" [{f['lo']} to {f['hi']}]"
        assert row[:2] == [sense.capitalize(), want]
        assert row[-1].startswith(f["change_word"])
        fav = f["fav"].replace("%", " %")
        assert row[-2].startswith(f"{fav} favourable")
        if unit != "ORG":
            assert row[2] == org[sense]["score"]
            assert f"against the organisation: {f['vs_org']}" in words
        if not f["clipped"]:
            x = float(f["score"]) * 10
            assert f'<svg x="{x:.1f}%"><rect class="score"' in r.stdout


def test_it_is_one_page_without_anything_else(done):
    page = done.report("D1").stdout
    assert not re.search(r"<script|<link|<img|src=|url\(|@import", page)
    assert "http" not in page
    assert len(page.encode()) < 40000


@pytest.mark.parametrize("unit, said", (
    ("T3", "T3: Not shown, to protect people's answers. Your team's answers "
     "are counted in: "),
    ("T2", "T2: Not shown, to protect people's answers. Your team's answers "
     "are counted in: "),
))
def test_a_hidden_unit_is_refused_in_the_same_words(done, tmp_path, unit,
                                                    said):
    """SCORING 6: the same for every reason; T2 was hidden for T3's sake."""
    name = done.expected.by_id["D1"]["name"]
    assert done.expected.by_id[unit]["shown_instead"] == "D1"
    out = tmp_path / "r.html"
    r = done.org.program.sensectl("report", SECOND, "--unit", unit, "--out",
                                  str(out))
    assert r.returncode == 69 and r.stdout == ""
    assert r.stderr.strip().endswith(said + name)
    assert not out.exists()
    r = done.report(unit, "--lang", "cy")
    assert "Heb ei ddangos" in r.stderr and r.stderr.strip().endswith(name)


def test_it_goes_into_a_file_for_its_owner(done, tmp_path):
    out = tmp_path / "r.html"
    done.org.program.ok("sensectl", "report", SECOND, "--unit", "T1",
                        "--out", str(out))
    assert out.read_text() == done.report("T1").stdout
    assert out.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("words, status, said", (
    ((SECOND, "--unit", "T99"), 66, "has no unit T99"),
    (("staff-2027q1", "--unit", "T1"), 66, "is not published"),
    (("../x", "--unit", "T1"), 66, "no such wave"),
    ((SECOND, "--unit", "T1", "--lang", "fr"), 65, "expected one of"),
    ((SECOND,), 64, "usage: sensectl report"),
))
def test_refusals(done, words, status, said):
    r = done.org.program.sensectl("report", *words, "--out", "-")
    assert r.returncode == status and said in r.stderr and r.stdout == ""


@pytest.mark.parametrize("unit, lang", (
    ("ORG", "en"), ("T4", "cy"), ("T7", "en")))
def test_in_a_browser(done, browser, tmp_path, unit, lang):
    """No violation in light and dark; narrow; on paper."""
    path = tmp_path / "r.html"
    path.write_text(done.report(unit, "--lang", lang).stdout,
                    encoding="utf-8")
    browser.window(1100, 800)
    browser.media()
    browser.requests()
    browser.go(f"file://{path}")
    assert browser.find("html").get_attribute("lang") == lang
    assert browser.axe() == []
    browser.shoot(f"report-{unit}-{lang}-wide")
    bars = browser.find_all(".row svg[role=img]")
    assert len(bars) == 6
    for bar, row in zip(bars, browser.find_all(".row strong"), strict=True):
        mark = bar.find_element("css selector", ".score").rect
        if row.text.replace(".", "").isdigit():
            middle = mark["x"] + mark["width"] / 2 - bar.rect["x"]
            shown = middle / bar.rect["width"] * 10
            assert abs(shown - float(row.text)) < .05
    browser.media(prefers_color_scheme="dark")
    assert browser.axe(runOnly=["color-contrast"]) == []
    browser.shoot(f"report-{unit}-{lang}-dark")
    browser.media(forced_colors="active")
    browser.shoot(f"report-{unit}-{lang}-forced")
    browser.media()
    browser.window(320, 568)
    assert browser.too_wide() <= 0
    browser.shoot(f"report-{unit}-{lang}")
    browser.media("print", prefers_color_scheme="dark")
    browser.window(700, 990)
    assert browser.too_wide() <= 0
    assert browser.find("body").value_of_css_property("color") == \
        "rgba(27, 36, 40, 1)"
    browser.shoot(f"report-{unit}-{lang}-print")
    browser.media()
    assert {u for u in browser.requests() if not u.startswith("data:")} == \
        {f"file://{path}"}
