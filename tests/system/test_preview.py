"""sensectl preview and test-mail: looking before sending; issue 5, item 7.

The previews are opened in a real browser too; pictures are left in
tools/shots, to be looked at.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import email
import email.policy
import re

import pytest

from chromium import Chromium
from organisation import Organisation

PAGES = {"form", "thanks", "change", "change-form", "optout", "optout-done",
         "privacy", "help", "error-form", "error-code", "error-used",
         "error-link", "error-request", "error-busy", "report",
         "report-team"}
MAILS = {"heads-up", "invitation", "reminder", "digest", "digest-team", "digest-hidden",
         "digest-none", "staff-copy"}
NAMES = {f"sample-{p}-{lang}.html" for p in PAGES for lang in ("cy", "en")} \
    | {f"sample-{m}-{lang}.{e}" for m in MAILS
       for lang in ("cy", "en", "both") for e in ("html", "txt", "eml")} \
    | {"index.html", ".sensed-preview"}
SECRET = re.compile(r"/[ao]/([a-z2-7]{26,31})")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """An organisation that has nothing yet but a configuration."""
    org = Organisation(tmp_path_factory.mktemp("preview"), smtp_port=9,
                       languages='"cy", "en"')
    org.out = org.dir / "out"
    org.said = org.program.ok("sensectl", "preview", "all", "--out",
                              str(org.out))
    return org


def text(org, name):
    return (org.out / name).read_text(encoding="utf-8")


def test_everything_is_there_before_any_wave(shown):
    assert {p.name for p in shown.out.iterdir()} == NAMES
    assert "56 previews, with sample data" in shown.said
    assert not shown.state.exists()
    index = text(shown, "index.html")
    for name in NAMES - {"index.html", ".sensed-preview"}:
        assert f'href="{name}"' in index
    listed = text(shown, ".sensed-preview").split("\n")
    assert set(listed) == NAMES - {".sensed-preview"} | {""}


def test_no_link_is_anybodys_and_nothing_is_called_sample(shown):
    for path in shown.out.glob("sample-*"):
        body = path.read_text(encoding="utf-8").replace("=\n", "")
        assert all("samplesample" in t for t in SECRET.findall(body)), path
        words = SECRET.sub("", body).lower()
        words = re.sub(r"aaaaasample[a-z]*|aaaa asam[a-z ]*", "", words)
        assert "sample" not in words, path


def test_a_mail_is_the_same_three_times(shown):
    for lang in ("cy", "en", "both"):
        m = email.message_from_bytes(
            (shown.out / f"sample-digest-{lang}.eml").read_bytes(),
            policy=email.policy.default)
        assert m["From"] == "Carys Morgan <pulse@taf.example>"
        assert m["To"] == "Alex Morgan <alex.morgan@example.org>"
        parts = [p.get_content().replace("\r\n", "\n").strip()
                 for p in m.iter_parts()]
        assert parts == [text(shown, f"sample-digest-{lang}.{e}").strip()
                         for e in ("txt", "html")]


def test_both_languages_welsh_first(shown):
    both = text(shown, "sample-invitation-both.txt")
    assert 0 <= both.index("Helo Alex") < both.index("Hello Alex")


def test_it_is_the_live_wording_and_configuration(shown, tmp_path):
    org = Organisation(tmp_path, languages='"en"', k=20)
    path = org.templates / "en" / "hello.mustache"
    path.write_text("Bore da {{person_name}},\n")
    org.conf.write_text(org.conf.read_text().replace("Taf Community", "Elan"))
    org.program.ok("sensectl", "preview", "invitation", "--out",
                   str(tmp_path / "out"))
    said = (tmp_path / "out/sample-invitation-en.txt").read_text()
    assert said.startswith("Bore da Alex Morgan,")
    assert "Elan Trust" in said and "at least 20" in said
    assert not (tmp_path / "out/sample-invitation-both.txt").exists()


def test_answers_as_links_are_shown_where_they_are_configured(
        make_org, post):
    org = make_org(languages='"en"', mail='answer_links = "scale";')
    out = org.dir / "out"
    org.program.ok("sensectl", "preview", "all", "--out", str(out))
    assert "/5" in (out / "sample-invitation-en.txt").read_text()
    form = (out / "sample-form-picked-en.html").read_text()
    assert re.findall(r'value="(.)"[^>]* checked', form) == ["4"]
    assert (out / "sample-error-picked-en.html").exists()
    org.program.ok("sensectl", "test-mail", ADDRESS)
    mail, = post.take()
    assert f"{org.base}help/" not in mail.text + mail.html


def test_one_kind_in_one_language(tmp_path):
    org = Organisation(tmp_path, languages='"cy", "en"')
    out = tmp_path / "out"
    org.program.ok("sensectl", "preview", "change", "--lang", "cy", "--out",
                   str(out))
    org.program.ok("sensectl", "preview", "digest-none", "--lang", "both",
                   "--out", str(out))
    assert {p.name for p in out.glob("sample-*")} == {
        "sample-change-cy.html", "sample-change-form-cy.html",
        "sample-digest-none-both.html", "sample-digest-none-both.txt",
        "sample-digest-none-both.eml"}


def test_a_fault_in_a_template_has_file_and_line_and_writes_nothing(tmp_path):
    org = Organisation(tmp_path, languages='"en"')
    path = org.templates / "en" / "thanks.mustache"
    path.write_text("<p>\n{{#open}}\n")
    r = org.program.sensectl("preview", "all", "--out", str(tmp_path / "out"))
    assert r.returncode == 65
    assert f"{path}:2:" in r.stderr
    assert not (tmp_path / "out").exists()


def test_nothing_of_somebody_else_is_overwritten(tmp_path):
    org = Organisation(tmp_path, languages='"en"')
    out = tmp_path / "out"
    out.mkdir()
    (out / ".mine").write_text("mine")
    r = org.program.sensectl("preview", "help", "--out", str(out))
    assert r.returncode == 65 and "is not empty" in r.stderr
    assert [p.name for p in out.iterdir()] == [".mine"]

    (out / ".mine").unlink()
    org.program.ok("sensectl", "preview", "help", "--out", str(out))
    first = (out / "sample-help-en.html").read_text()
    (out / "sample-thanks-en.html").write_text("mine")
    (out / "sample-help-en.html").write_text("spoilt")
    r = org.program.sensectl("preview", "all", "--out", str(out))
    assert r.returncode == 65
    assert f"{out}/sample-thanks-en.html: was not made by" in r.stderr
    assert (out / "sample-thanks-en.html").read_text() == "mine"
    assert (out / "sample-help-en.html").read_text() == "spoilt"
    org.program.ok("sensectl", "preview", "help", "--out", str(out))
    assert (out / "sample-help-en.html").read_text() == first


@pytest.mark.parametrize("words, said", (
    (("nothing",), "nothing of that kind"),
    (("all", "--lang", "fr"), "expected one of `languages`"),
    (("form", "--lang", "both"), "nothing of that kind"),
))
def test_refusals(tmp_path, words, said):
    org = Organisation(tmp_path, languages='"cy", "en"')
    r = org.program.sensectl("preview", *words, "--out",
                             str(tmp_path / "out"))
    assert r.returncode == 65 and said in r.stderr
    assert not (tmp_path / "out").exists()


# -------------------------------------------------------------- a test mail

ADDRESS = "rhys.price@elsewhere.example"


@pytest.mark.parametrize("lang, word", (
    ("en", "Test: "), ("cy", "Prawf: "), ("both", "Prawf / Test: ")))
def test_a_test_mail_says_so_and_leads_to_help(make_org, post, lang, word):
    org = make_org(languages='"cy", "en"')
    r = org.program.sensectl("test-mail", ADDRESS, "--lang", lang)
    assert r.returncode == 0, r.stderr
    assert "the relay has taken the mail (250" in r.stdout
    assert ADDRESS not in r.stdout + r.stderr and not org.state.exists()
    mail, = post.take()
    assert mail.to == [ADDRESS]
    assert mail.header("Subject").startswith(word)
    assert f"{org.base}help" in mail.text and f"{org.base}help" in mail.html
    assert SECRET.findall(mail.text + mail.html) == []


def test_a_digest_can_be_the_test_mail(make_org, post):
    org = make_org()
    org.program.ok("sensectl", "test-mail", ADDRESS, "--kind", "digest")
    mail, = post.take()
    assert mail.header("Subject").startswith("Test: ") and "Community" in mail.header("Subject")


@pytest.mark.parametrize("reply, status, said", (
    ("550 5.1.1 no such user", 69, "does not know the address"),
    ("451 4.3.0 later", 75, "for the moment"),
    ("552 5.2.2 mailbox full", 69, "full"),
))
def test_a_refusal_has_its_class_and_status(make_org, post, reply, status,
                                            said):
    org = make_org()
    post.rcpt = lambda *_: reply
    r = org.program.sensectl("test-mail", ADDRESS)
    assert r.returncode == status
    assert said in r.stderr and reply[:3] in r.stderr
    assert "rhys" not in r.stderr and "elsewhere" not in r.stderr


def test_no_relay_is_a_temporary_failure(tmp_path):
    org = Organisation(tmp_path, smtp_port=9)
    assert org.program.sensectl("test-mail", ADDRESS).returncode == 75


def test_what_is_no_mail_is_refused(tmp_path):
    org = Organisation(tmp_path)
    for words in ((ADDRESS, "--kind", "form"), (ADDRESS, "--lang", "both"),
                  ("nobody",)):
        r = org.program.sensectl("test-mail", *words)
        assert r.returncode == 65
        assert "rhys" not in r.stderr and "nobody" not in r.stderr


# --------------------------------------------------------------- in a browser

@pytest.fixture(scope="module")
def browser():
    b = Chromium()
    yield b
    b.close()


@pytest.mark.parametrize("name", (
    "index", "sample-digest-both", "sample-digest-hidden-cy",
    "sample-staff-copy-en", "sample-reminder-both"))
def test_in_a_browser(shown, browser, name):
    browser.window(1024, 768)
    browser.media()
    browser.go(f"file://{shown.out}/{name}.html")
    assert browser.axe(runOnly=["wcag2a", "wcag2aa", "wcag21aa",
                                "wcag22aa"]) == []
    browser.shoot(f"preview-{name}-wide")
    browser.window(320, 568)
    assert browser.too_wide() <= 0
    browser.shoot(f"preview-{name}")
    browser.media("print")
    browser.window(700, 990)
    assert browser.too_wide() <= 0
    browser.media()


def test_the_list_in_the_dark(shown, browser):
    browser.window(1024, 768)
    browser.media(prefers_color_scheme="dark")
    browser.go(f"file://{shown.out}/index.html")
    assert browser.axe(runOnly=["wcag2a", "wcag2aa", "wcag22aa"]) == []
    browser.shoot("preview-index-dark")
    browser.media()


def test_comments_are_shown_where_a_survey_asks_for_them(tmp_path):
    org = Organisation(tmp_path, languages='"en"', survey="comments = 2;")
    org.conf.write_text(org.conf.read_text().replace(
        "min_group = 10;", "min_group = 10; "
        'comments_reader = "Ann Price <ann@taf.example>";'))
    org.program.ok("sensectl", "preview", "all", "--out",
                   str(tmp_path / "out"))
    review = (tmp_path / "out/sample-review-en.txt").read_text()
    assert "\n5. " in review and "wave staff that" in review
    shown = (tmp_path / "out/sample-comments-en.txt").read_text()
    assert "Ann Price has read them first" in shown
    assert not re.search(r"[0-9] %|[0-9]\.[0-9]", shown.split("listen:")[0])
