"""Every page in a real browser, in both languages; CONTENT 11, H8, H12.

One Chromium for all.  Pictures of every page are left in tools/shots of the
build, to be looked at.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import itertools

import pytest
from selenium.webdriver.common.keys import Keys

import clock as clocks
import scorer
from chromium import Chromium
from organisation import Organisation
from post import PostOffice, free_port
from web import WebServer, snapshot

LANGS = ("cy", "en")
PEOPLE = 60
SAVED = {"cy": "Mae eich atebion wedi'u cadw",
         "en": "Your answers have been saved"}
TITLE_ERROR = {"cy": "Gwall: ", "en": "Error: "}


class Site:
    """An open wave in both languages, its pages and a browser before them."""

    def __init__(self, directory):
        self.post = PostOffice(directory / "Maildir")
        self.org = Organisation(
            directory / "org", smtp_port=self.post.port,
            base=f"http://127.0.0.1:{free_port()}/", languages='"cy", "en"',
            survey="comments = 1; staff_copy = false;",
            privacy='comments_reader = "Eleri Rees <e.rees@taf.example>";')
        self.base = self.org.base
        self.org.add_unit("ORG", "", "Taf Community Trust")
        for i in range(PEOPLE):
            self.org.add_person(f"p{i}", "ORG", language=LANGS[i % 2])
        self.org.add_person("both", "ORG", "Siân Ŵyn Llŷr", language="both")
        self.org.import_now()
        self.org.open()
        self.org.mail()
        mails = self.post.take()
        self.both = next(m for m in mails if m.to[0] == "both@taf.example")
        self.mails = (m for m in mails if m is not self.both)
        port = int(self.base.rsplit(":", 1)[1].strip("/"))
        self.server = WebServer(directory / "web", port, "fastcgi",
                                self.org.conf, self.org.clock)
        self.browser = Chromium()

    def close(self):
        self.browser.close()
        self.server.stop()
        self.post.close()
        clocks.sweep()

    def link(self):
        """A link that nobody has used."""
        return "a/" + next(self.mails).link

    def go(self, path, lang):
        self.browser.go(f"{self.base}{path}?lang={lang}")

    # Each brings the browser to one page.

    def form(self, lang):
        self.go(self.link(), lang)

    def form_error(self, lang):
        self.form(lang)
        self.browser.send(".send button")

    def comment_error(self, lang):
        """350 characters of three bytes: a browser lets them pass."""
        self.form(lang)
        self.answer()
        self.browser.js("document.querySelector('#comment').value = "
                        "'\u0e01'.repeat(350)")
        self.browser.send(".send button")

    def thanks(self, lang):
        self.form(lang)
        self.answer()
        self.browser.send(".send button")

    def answer(self):
        self.browser.press("#security-5")
        self.browser.press("#purpose-0")

    def answered(self, lang):
        link = self.link()
        for _ in range(2):
            self.go(link, lang)
            self.answer()
            self.browser.send(".send button")

    def change(self, lang):
        self.go("c", lang)

    def change_error(self, lang):
        self.change(lang)
        self.browser.find("#code").send_keys("aaaa bbbb")
        self.browser.send("main form button")

    def form_change(self, lang):
        self.thanks(lang)
        code = self.browser.find(".code").text
        self.change(lang)
        self.browser.find("#code").send_keys(code.upper())
        self.browser.send("main form button")

    def gone(self, lang):
        self.go("a/" + "a" * 31, lang)

    def optout(self, lang):
        self.go("o/" + next(self.mails).optout, lang)

    def optout_done(self, lang):
        self.optout(lang)
        self.browser.send("main form button")

    def privacy(self, lang):
        self.go("privacy", lang)

    def help(self, lang):
        self.go("help", lang)

    def health(self, lang):
        self.go("health", lang)

    def wrong(self, lang):
        self.change(lang)
        self.browser.js("document.querySelector('[name=step]').value = 'x'")
        self.browser.send("main form button")

    def busy(self, lang):
        link = self.link()
        with self.broken():
            self.go(link, lang)

    def busy_again(self, lang):
        self.form(lang)
        self.answer()
        with self.broken():
            self.browser.send(".send button")

    def broken(self):
        """The store fails for a while."""
        return Broken(next(self.org.state.glob("answers/*/boxes/0000.gdbm")))


class Broken:
    def __init__(self, path):
        self.path, self.bytes = path, path.read_bytes()

    def __enter__(self):
        self.path.write_bytes(b"not a box")

    def __exit__(self, *_):
        self.path.write_bytes(self.bytes)


SUPPORT = "Samaritans: 116 123"

STATUS = {"form": 200, "form_error": 422, "comment_error": 422, "form_change": 200, "thanks": 200,
          "answered": 409, "change": 200, "change_error": 422, "gone": 404,
          "optout": 200, "optout_done": 200, "privacy": 200, "help": 200,
          "health": 200, "busy": 503, "busy_again": 503, "wrong": 400}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    s = Site(tmp_path_factory.mktemp("browser"))
    yield s
    s.close()


@pytest.fixture
def browser(site):
    """Fresh wishes; and whatever was done, nothing came from elsewhere."""
    b = site.browser
    b.window(1024, 768)
    b.media()
    b.scripts(True)
    b.requests()
    yield b
    b.scripts(True)
    urls = b.requests()
    assert [u for u in urls if not u.startswith((site.base, "data:"))] == []
    assert b.driver.get_cookies() == []


@pytest.mark.parametrize("name,lang", itertools.product(STATUS, LANGS))
def test_page(site, browser, name, lang):
    getattr(site, name)(lang)
    assert browser.status() == STATUS[name]
    assert browser.find("html").get_attribute("lang") == lang
    assert browser.bytes() < 30000
    assert (SUPPORT in browser.text()) == (name != "health")
    if name.endswith("_error"):
        assert browser.driver.title.startswith(TITLE_ERROR[lang])
    assert browser.axe() == []
    browser.shoot(f"{name}-{lang}-wide")
    check_focus(browser)
    check_narrow(browser)
    browser.shoot(f"{name}-{lang}")
    check_colours(browser, name, lang)


def check_focus(browser):
    """2.4.7, 2.4.11, 2.4.13: an outline of 3 px that stands out, in view."""
    found = browser.focus()
    assert found
    for f in found:
        assert f["focused"] and f["inView"], str(f)
        assert f["style"] != "none" and f["width"] >= 3, f
        assert f["contrast"] >= 3, f


def check_narrow(browser):
    """1.4.10: 1280 px at 400 % are 320; 1.4.12: the person's own spacing."""
    browser.window(320, 256, 4)
    assert browser.too_wide() <= 0
    check_focus(browser)
    browser.spaced(True)
    assert browser.too_wide() <= 0
    browser.spaced(False)
    browser.window(390, 844)
    assert browser.too_wide() <= 0


def check_colours(browser, name, lang):
    """Dark and forced colours: contrast and focus stay."""
    contrast = {"runOnly": ["color-contrast"], "rules": {}}
    browser.media(prefers_color_scheme="dark")
    assert browser.axe(**contrast) == []
    check_focus(browser)
    browser.shoot(f"{name}-{lang}-dark")
    browser.media(forced_colors="active", prefers_color_scheme="dark")
    check_focus(browser)
    for button in browser.find_all("main button"):
        if button.is_displayed():
            assert button.value_of_css_property("border-top-style") == "solid"
    browser.media()


# ------------------------------------------------------------ by keyboard

def tab_to(browser, css, most=40):
    """Presses Tab until the focus is there; gives how often."""
    for n in range(1, most):
        browser.key(Keys.TAB)
        if browser.js("return document.activeElement.matches(arguments[0])",
                      css):
            return n
    raise AssertionError(f"Tab never reaches {css}")


@pytest.mark.parametrize("lang", LANGS)
def test_a_person_answers_by_keyboard_alone(site, browser, lang):
    """One stop a question; space and arrows choose; Enter sends."""
    site.form(lang)
    tab_to(browser, "#security-5")
    browser.key(Keys.SPACE)
    for sense in scorer.SENSES[1:]:
        assert tab_to(browser, f"[name={sense}]") == 1
        browser.key(Keys.SPACE, Keys.ARROW_DOWN)
    chosen = [e.get_attribute("id") for e in browser.find_all(":checked")]
    assert chosen == ["security-5"] + [f"{s}-4" for s in scorer.SENSES[1:]]
    assert tab_to(browser, "#comment") == 1
    browser.key("More hands.")
    assert tab_to(browser, ".send button") == 1
    browser.send()
    assert SAVED[lang] in browser.text()


def test_enter_in_a_question_sends_and_does_not_switch(site, browser):
    site.form("en")
    tab_to(browser, "#security-5")
    browser.key(Keys.SPACE)
    browser.send()
    assert SAVED["en"] in browser.text()


@pytest.mark.parametrize("lang", LANGS)
def test_the_error_is_met_and_mended_by_keyboard(site, browser, lang):
    """The summary has the focus; its link leads to the first answer."""
    site.form(lang)
    tab_to(browser, ".send button")
    browser.send()
    assert browser.status() == 422
    assert browser.js("return document.activeElement.matches('.summary')")
    assert tab_to(browser, ".summary a") == 1
    browser.key(Keys.ENTER)
    assert browser.focused().get_attribute("id") == "security-5"
    browser.key(Keys.SPACE)
    tab_to(browser, ".send button")
    browser.send()
    assert SAVED[lang] in browser.text()


# ------------------------------------------------- without scripts or style

def test_everything_works_with_scripts_off(site, browser):
    """Form, error, switch, answer, change, opt-out."""
    browser.scripts(False)
    site.form_error("en")
    assert browser.driver.title.startswith("Error: ")
    browser.press("#purpose-4")
    browser.send(".switch button")
    assert browser.find("html").get_attribute("lang") == "cy"
    assert browser.find("#purpose-4").is_selected()
    browser.send(".send button")
    assert SAVED["cy"] in browser.text()
    code = browser.find(".code").text
    browser.send("main a[href*='/c?']")
    browser.find("#code").send_keys(code)
    browser.send("main form button")
    assert browser.find_all(":checked") == []
    browser.press("#purpose-1")
    browser.send(".send button")
    assert SAVED["cy"] in browser.text()
    site.optout_done("en")
    assert "You have stopped all surveys" in browser.text()


@pytest.mark.parametrize("lang", LANGS)
def test_without_style_the_order_makes_sense(site, browser, lang):
    site.form(lang)
    browser.styled(False)
    parts = ["header", ".switch", "h1", "#promise", ".stem",
             *(f"#{s}-5" for s in scorer.SENSES), "#comment", ".send button",
             "#support", "footer"]
    tops = [browser.find(css).rect["y"] for css in parts]
    assert tops == sorted(tops) and len(set(tops)) == len(tops)
    shown = [e for e in browser.find_all("button") if e.is_displayed()]
    assert len(shown) == 2      # the switch and the one that sends
    browser.shoot(f"form-{lang}-bare")


# ------------------------------------------------------------- the choices

@pytest.mark.parametrize("lang", LANGS)
def test_targets_are_large_and_nothing_is_chosen(site, browser, lang):
    """CONTENT 11.2, 11.3: 44 px, the label part of the target."""
    browser.window(390, 844)
    site.form(lang)
    assert browser.find_all(":checked") == []
    for css in (".choice", "button", "footer a", ".switch button"):
        for e in browser.find_all(css):
            assert not e.is_displayed() or e.rect["height"] >= 44, css
    label = browser.find("label:has(#belonging-3) span")
    label.click()
    assert browser.find("#belonging-3").is_selected()


def test_h12_the_switch_writes_nothing(site, browser):
    site.form("en")
    before = snapshot(site.org.state)
    code = browser.find("[name=code]").get_attribute("value")
    browser.press("#belonging-0")
    browser.press("#significance-5")
    browser.send(".switch button")
    assert browser.find("html").get_attribute("lang") == "cy"
    assert [e.get_attribute("id") for e in browser.find_all(":checked")] == \
        ["belonging-0", "significance-5"]
    assert browser.find("[name=code]").get_attribute("value") == code
    assert "?lang=cy" in browser.find("main form").get_attribute("action")
    assert snapshot(site.org.state) == before


def test_the_busy_page_sends_the_same_answers_again(site, browser):
    site.busy_again("cy")
    browser.send("main form button")
    assert SAVED["cy"] in browser.text()


def test_print(site, browser):
    """Black on white, without the switch, nothing cut off."""
    site.form("cy")
    browser.media("print")
    assert not browser.find(".switch").is_displayed()
    assert browser.find("body").value_of_css_property(
        "background-color") == "rgba(255, 255, 255, 1)"
    browser.window(700, 990)
    assert browser.too_wide() <= 0
    browser.shoot("form-cy-print")


def test_a_mail_in_both_languages(site, browser):
    """M16, 11.6: as a mail program shows it, narrow and wide."""
    page = base64.b64encode(site.both.html.encode()).decode()
    browser.go("data:text/html;charset=utf-8;base64," + page)
    assert browser.axe(runOnly=["wcag2a", "wcag2aa", "wcag21aa",
                                "wcag22aa"]) == []
    browser.shoot("mail-both-wide")
    browser.window(320, 568)
    assert browser.too_wide() <= 0
    browser.shoot("mail-both")
    for lang, word in (("cy", "gyfrinachol"), ("en", "confidential")):
        passage = browser.find(f"td[lang={lang}]")
        assert word in passage.text
        assert len(passage.find_elements("css selector", "h1")) == 1
