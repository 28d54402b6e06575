"""The answer handler as a bare CGI program, without a web server between.

What a web server would straighten out before it gets here: lengths that are
not met, strange methods, an environment that lies.  STANDARDS H1, H2; RFC
3875.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import subprocess
import urllib.parse

import pytest

import programs
from organisation import ballot
from web import forms, snapshot

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def org(make_org, post):
    org = make_org()
    org.add_one_unit(12)
    org.import_now()
    org.open()
    org.mail()
    org.link = post.take()[0].link
    return org


def call(org, method, path, body=b"", **env):
    """Status, headers and body of one run; env may hold None: not set."""
    full = {"SENSED_CONFIG": str(org.conf), "REQUEST_METHOD": method,
            "PATH_INFO": "/" + path, "SCRIPT_NAME": "",
            "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1",
            "TZ": "UTC"} | org.clock.environment() | env
    if method == "POST":
        full.setdefault("CONTENT_LENGTH", str(len(body)))
        full.setdefault("CONTENT_TYPE", FORM)
    r = subprocess.run([str(programs.BUILD / "sensed.cgi")], input=body,
                       env={k: v for k, v in full.items() if v is not None},
                       capture_output=True, timeout=30)
    assert r.returncode == 0, r.stderr
    head, _, text = r.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1)
                   for line in head.decode().split("\r\n"))
    status = int(headers.pop("Status", "200 OK").split()[0])
    return status, headers, text.decode()


def form(org):
    status, _, text = call(org, "GET", "a/" + org.link)
    assert status == 200
    return forms(text)[0]


LENGTHS = ((None, 411), ("", 411), ("x", 400), ("-1", 400), ("+9", 400),
           (" 9", 400), ("1e2", 400), ("99999", 413), ("00009", 413),
           ("1025", 400), ("4097", 413), ("18446744073709551625", 413), ("0x10", 400))


@pytest.mark.parametrize("length,want", LENGTHS)
def test_h2_content_length(org, length, want):
    """H2: present, digits only, at most 4 of them, at most 4096."""
    before = snapshot(org.state)
    body = urllib.parse.urlencode(form(org).fields(**ballot(4))).encode()
    status, headers, _ = call(org, "POST", "a/" + org.link, body,
                              CONTENT_LENGTH=length)
    assert status == want
    assert headers["Cache-Control"] == "no-store"
    assert snapshot(org.state) == before


def test_h2_fewer_bytes_than_promised(org):
    before = snapshot(org.state)
    body = urllib.parse.urlencode(form(org).fields(**ballot(4))).encode()
    for cut in (0, 1, 40, len(body) - 1):
        status, _, _ = call(org, "POST", "a/" + org.link, body[:cut],
                            CONTENT_LENGTH=str(len(body)))
        assert status == 400, cut
    assert snapshot(org.state) == before


def test_h2_exactly_that_many_bytes_are_read(org):
    """What stands behind the promised length is nobody's."""
    body = urllib.parse.urlencode(form(org).fields(**ballot(4))).encode()
    status, _, _ = call(org, "POST", "a/" + org.link, body + b"&unknown=1",
                        CONTENT_LENGTH=str(len(body)))
    assert status == 200


@pytest.mark.parametrize("kind", (
    FORM + "; charset=UTF-8", FORM.upper(), FORM + ";charset=utf-8"))
def test_h2_content_type_with_a_parameter(org, kind):
    body = urllib.parse.urlencode(form(org).fields(**ballot(4))).encode()
    status, _, _ = call(org, "POST", "a/" + org.link, body,
                        CONTENT_TYPE=kind)
    assert status == 200


def test_h1_methods(org):
    before = snapshot(org.state)
    for method in ("TRACE", "CONNECT", "get", "POSTX", "", "G" * 5000):
        status, headers, _ = call(org, method, "a/" + org.link)
        assert status == 405, method[:9]
        assert headers["Allow"] == "GET, HEAD, POST"
    status, headers, text = call(org, "HEAD", "a/" + org.link)
    assert (status, text) == (200, "")
    assert snapshot(org.state) == before


def test_the_query_is_not_read(org):
    """An answer in a URL means nothing; STANDARDS 4, hole 9."""
    status, _, text = call(org, "GET", "a/" + org.link,
                           QUERY_STRING="security=5&purpose=1")
    assert status == 200 and " checked" not in text


def test_httpoxy_and_hostile_environment(org):
    """H2: no variable but the few that are needed is read."""
    one = call(org, "GET", "privacy")
    two = call(org, "GET", "privacy", HTTP_PROXY="http://evil.example/",
               HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example",
               HTTP_COOKIE="a=b", REQUEST_URI="/evil", SCRIPT_NAME="/evil",
               SERVER_NAME="evil.example", HTTPS="on", LANGUAGE="cy")
    assert one == two


@pytest.mark.parametrize("path", (
    "../../etc/passwd", "a/" + "a" * 5000, "\u00e9", "a/\u0175",
    "\x01", "c/", "privacy/", "A/x"))
def test_strange_paths_are_the_one_page(org, path):
    status, _, text = call(org, "GET", path)
    assert status == 404
    assert "This link does not work" in text


def test_no_path_at_all(org):
    status, _, _ = call(org, "GET", "x", PATH_INFO=None)
    assert status == 404


def test_without_a_configuration_it_is_503(org):
    for conf in (None, "", "/nonexistent/sensed.conf"):
        r = subprocess.run([str(programs.BUILD / "sensed.cgi")],
                           env={"REQUEST_METHOD": "GET", "PATH_INFO": "/c"}
                           | ({"SENSED_CONFIG": conf} if conf is not None
                              else {}),
                           capture_output=True, timeout=30)
        assert r.stdout.startswith(b"Status: 503") or r.returncode == 78
