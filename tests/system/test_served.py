"""The people served: a second survey, and its words.

CONTENT 3, 5, 7, 9 and 12.  What a leader of both surveys is sent is
test_sides.py's.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pytest

from post import visible

OWN = """privacy = { lawful_basis = "task in the public interest"; };
    support = ( { name = "Age Cymru"; contact = "0300 303 44 98";
                  checked = "2026-09-01"; } );"""
WAVE = "served-2026q4"
NEVER = ("about work", "at work", "work is going", "employer", "your team",
         "staff", "colleague")


@pytest.fixture
def both(make_org):
    """Staff in two teams, and people served by one of them."""
    org = make_org(served=OWN, languages='"en", "cy"')
    org.add_unit("ORG")
    org.add_person("s1", "ORG", language="en")
    org.import_now()
    served = org.those_served()
    served.add_unit("ORG", name="Everyone we support")
    served.add_unit("T1", "ORG", "North")
    for lang in ("en", "cy", "both"):
        served.add_person(lang, "T1", language=lang, name=f"Mair {lang}")
    served.import_now()
    return org, served


def flat(text):
    return " ".join(text.split())


def test_invited_in_words_of_their_own(both, post, serve, browser):
    org, served = both
    serve(org, "cgi")
    served.open(WAVE)
    org.mail()
    mails = {m.to[0].split("@")[0]: m for m in post.take()}
    assert set(mails) == {"en", "cy", "both"}
    m = mails["en"]
    assert m.header("Subject") == \
        "Six questions about your support, from Taf Community Trust"
    for part in (flat(m.text), flat(visible(m.html))):
        assert "I ask the people we support the same six questions" in part
        assert "do not see who answered" in part
        assert "The people who lead our teams see results only for groups" \
            in part
        assert "Age Cymru: 0300 303 44 98" in part
        assert "Samaritans" not in part
        assert not [w for w in NEVER if w in part.lower()]
    assert f"{org.base}help/served" in m.text
    assert f"{org.base}privacy/served" in m.html
    both_languages = mails["both"].header("Subject")
    assert both_languages.startswith("Six questions about your support")
    assert "Chwe chwestiwn am eich cymorth" in both_languages
    assert "am eich cymorth" in mails["cy"].header("Subject")

    web = browser(org)
    page = web.get("a/" + m.link)
    seen = flat(page.seen)
    assert "Six questions about your support" in seen
    assert "I feel safe with the people who support me." in seen
    assert "Age Cymru" in seen and "Samaritans" not in seen
    assert not [w for w in NEVER if w in seen.lower()]
    assert "Think about the support you had from us" in seen
    r = web.submit(page.form(), security=5, belonging=2)
    assert r.status == 200 and "Age Cymru" in r.seen
    welsh = flat(web.get("a/" + mails["cy"].link).seen)
    assert "Rwy'n teimlo'n ddiogel gyda'r bobl sy'n fy nghefnogi." in welsh

    org.clock.forward(days=4, minutes=5)
    org.mail()
    reminded = {x.to[0].split("@")[0]: x for x in post.take()}
    assert set(reminded) == {"cy", "both"}
    assert "help us put right what is not good enough" in \
        flat(reminded["both"].text)


def test_a_privacy_page_and_help_of_their_own(both, serve, browser):
    """CONTENT 5: the lawful basis is theirs; they have no employer here."""
    org, _ = both
    serve(org, "cgi")
    web = browser(org)
    theirs = web.get("privacy/served")
    assert theirs.status == 200
    seen = flat(theirs.seen)
    assert "Lawful basis: task in the public interest" in seen
    assert "the team that supports you" in seen
    assert not [w for w in NEVER if w in seen.lower()]
    staff = flat(web.get("privacy").seen)
    assert "Lawful basis" not in staff and "your employer" in staff
    assert "Age Cymru" in web.get("help/served").seen
    assert "Samaritans" in web.get("help").seen
    welsh = web.get("privacy/served?lang=cy")
    assert "y tîm sy'n eich cefnogi" in welsh.seen
    assert f"{org.base}help/served?lang=cy" in welsh.text
    for nowhere in ("privacy/nobody", "help/nobody", "privacy/SERVED",
                    "help/served/x"):
        r = web.get(nowhere)
        assert r.status == 404 and "This link does not work" in r.seen
    assert web.get("privacy/nobody").text == web.get("nowhere").text


def test_check_asks_for_what_is_theirs(both):
    org, _ = both
    text = org.program.ok("sensectl", "check")
    assert "staff: privacy.lawful_basis is missing" in text
    assert "served: privacy.lawful_basis" not in text
    org.clock.forward(days=200)
    assert "Age Cymru: not checked" in org.program.ok("sensectl", "check")
