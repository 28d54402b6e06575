"""The shipped configurations of nginx, Apache and lighttpd, each in the real
server: pages work, and no link, token or code gets into any log.  STANDARDS
H14; issue 6, item 3.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

import pytest

import scorer
import servers
from web import Browser

ANSWERS = {s: 4 for s in scorer.SENSES}


@pytest.fixture(params=servers.KINDS)
def kind(request):
    return request.param


@pytest.fixture
def org(make_org, post):
    org = make_org(workers=2)
    org.add_unit("ORG")
    for i in range(12):
        org.add_person(f"p{i}", "ORG")
    org.import_now()
    org.open()
    org.mail()
    mails = post.take()
    org.links = [m.link for m in mails]
    org.optouts = [m.optout for m in mails]
    return org


@pytest.fixture
def start(org):
    running = []

    def start(kind, **how):
        running.append(servers.Server(kind, org, **how))
        return running[-1]

    yield start
    for s in running:
        s.stop()


def leaks(server, secrets):
    """The logs that name a secret, whole or its last twenty letters."""
    found = []
    for name, text in server.logs().items():
        flat = re.sub(r"[^a-z2-7]", "", text.lower())
        found += [name for s in secrets if s[-20:] in flat]
    return found


def visit(org, link, optout):
    """Everything that carries a secret; a Referer too, as proxies send it."""
    web = Browser(org.base)
    out = []
    refer = {"Referer": org.base + "a/" + link}
    for method, path in (("GET", "a/" + link), ("HEAD", "a/" + link),
                         ("GET", "a/" + link + "/x%2f?q=" + link),
                         ("PUT", "a/" + link), ("GET", "o/" + optout),
                         ("GET", "help"),
                         ("GET", "a/" + link + "%zz")):
        out.append(web.request(method, path, headers=refer).status)
    out.append(web.request("POST", "a/" + link, "x" * 40000, refer |
               {"Content-Type": "application/x-www-form-urlencoded"}).status)
    web.close()
    return out


def test_a_person_answers_and_changes(kind, org, start):
    server = start(kind)
    web = Browser(org.base)
    done = web.answer(org.links[0], **ANSWERS)
    assert done.status == 200
    assert "Your answers have been saved" in done.seen
    code = done.code()
    asked = web.submit(web.get("c").form(), code=code)
    assert asked.status == 200
    assert web.submit(asked.form(), **ANSWERS).status == 200
    for path, status in (("health", 200), ("privacy", 200), ("nothing", 404),
                         ("o/" + org.optouts[1], 200)):
        assert web.get(path).status == status, path
    if kind != "lighttpd-cgi":      # the server before it ends TLS
        assert web.get("help").headers["Strict-Transport-Security"]
    web.close()
    secret = code.replace(" ", "").replace("-", "")
    assert leaks(server, [org.links[0], org.optouts[1], secret]) == []


def test_no_log_names_a_link_whatever_happens(kind, org, start):
    """The handler up, dead, gone, and up again without a word to the server.
    """
    server = start(kind)
    secrets = [org.links[2], org.optouts[2]]
    assert visit(org, *secrets)[0] == 200
    server.down()
    assert visit(org, *secrets)[0] in (403, 500, 502, 503, 504)
    server.unlink()
    assert visit(org, *secrets)[0] in (404, 502, 503, 504)
    assert leaks(server, secrets) == []
    server.up()
    if kind != "lighttpd":      # it waits a second before it looks again
        assert Browser(org.base).get("a/" + org.links[2]).status == 200
    assert leaks(server, secrets) == []


def test_the_search_finds_links_where_logs_are_left_on(kind, org, start):
    """Without the lines that switch them off, the same visit must leak."""
    server = start(kind, edit=servers.loud(kind))
    secrets = [org.links[3], org.optouts[3]]
    visit(org, *secrets)
    server.down()
    visit(org, *secrets)
    server.end()
    assert leaks(server, secrets)
