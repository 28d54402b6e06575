"""The shipped configurations of nginx, Apache and lighttpd, each in the real
server: pages work, and no link, token or code gets into any log.  STANDARDS
H14; issue 6, item 3.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import socket
import time

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
    org.add_one_unit(12)
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


# ----------------------------------------------------------------- port 80

HTTP = {kind: servers.LOUD[kind] for kind in servers.PORT_80}


@pytest.mark.parametrize("kind", servers.PORT_80)
def test_port_80_sends_on_to_https_and_keeps_no_link(kind, org, start):
    server = start(kind, shipped=servers.PORT_80[kind])
    link = "a/" + org.links[4]
    web = Browser(org.base)
    for path in (link, link + "/x?q=" + org.links[4], "o/" + org.optouts[4]):
        r = web.request("GET", path, headers={"Referer": org.base + link})
        assert r.status == 301
        assert re.fullmatch(r"https://127\.0\.0\.1(:\d+)?/" + re.escape(path),
                            r.headers["Location"])
    web.close()
    server.end()
    assert leaks(server, [org.links[4], org.optouts[4]]) == []


@pytest.mark.parametrize("kind", servers.PORT_80)
def test_port_80_with_the_logs_left_on_leaks(kind, org, start):
    server = start(kind, edit=servers.loud(kind), shipped=servers.PORT_80[kind])
    Browser(org.base).get("a/" + org.links[4])
    server.end()
    assert leaks(server, [org.links[4]])


# ------------------------------------------------------- slow, and large

def dribble(org, n):
    """Connections that have sent the first byte of a form."""
    host = org.base.split("/")[2]
    out = []
    for _ in range(n):
        s = socket.create_connection(("127.0.0.1", int(host.split(":")[1])))
        s.sendall(f"POST /a/{org.links[5]} HTTP/1.1\r\nHost: {host}\r\n"
                  "Content-Type: application/x-www-form-urlencoded\r\n"
                  "Content-Length: 200\r\n\r\nc".encode())
        out.append(s)
    time.sleep(0.5)         # all are with the server
    return out


def seconds_for_an_answer(org, link):
    web, began = Browser(org.base), time.monotonic()
    try:
        assert web.answer(link, **ANSWERS).status == 200
    finally:
        web.close()
    return time.monotonic() - began


def test_h9_slow_clients_hold_no_worker(kind, org, start):
    """A hundred of them, two workers: whoever waits for one waits seconds."""
    start(kind)
    slow = dribble(org, 100)
    took = seconds_for_an_answer(org, org.links[6])
    for s in slow:
        s.close()
    assert took < 3


def test_h9_is_seen_where_apache_does_not_wait_for_the_form(org, start):
    start("apache", edit=lambda text: text.replace("SetInputFilter", "#"))
    slow = dribble(org, 100)
    took = seconds_for_an_answer(org, org.links[6])
    for s in slow:
        s.close()
    assert took > 3


def test_a_large_form_is_refused_by_the_server(kind, org, start):
    start(kind)
    web = Browser(org.base)
    r = web.request("POST", "a/" + org.links[7], "x" * 40000, {
        "Content-Type": "application/x-www-form-urlencoded"})
    web.close()
    assert r.status == 413 and "sensed" not in r.text


def test_lighttpd_leaves_other_sites_their_limits(org, start):
    """Its file is included in a server that others share."""
    server = start("lighttpd")
    with socket.create_connection(("127.0.0.1", server.port)) as s:
        s.settimeout(30)
        s.sendall(b"POST /other HTTP/1.1\r\nHost: other.example\r\n"
                  b"Connection: close\r\nContent-Length: 40000\r\n\r\n"
                  + b"x" * 40000)
        assert b" 413 " not in s.recv(4096)
