"""The answer handler under lighttpd, as CGI and as FastCGI; STANDARDS 2.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import http.client
import itertools
import re
import threading
import urllib.parse

import pytest

import scorer
from clock import Frozen
from organisation import ballot
from web import Browser, snapshot

ANSWERS = {s: 4 for s in scorer.SENSES}


class Scene:
    """An open wave of 24 people, its mails, a web server."""

    def __init__(self, make_org, post, serve, mode):
        self.org = make_org()
        self.org.add_unit("ORG", "", "Taf Community Trust")
        for i in range(24):
            self.org.add_person(f"p{i}", "ORG")
        self.org.import_now()
        self.org.open()
        self.org.mail()
        self.mails = post.take()
        assert len(self.mails) == 24
        self.links = [m.link for m in self.mails]
        self.server = serve(self.org, mode)
        self.web = Browser(self.org.base)

    def snapshot(self):
        return snapshot(self.org.state)

    def publish(self):
        self.org.close("staff-2026q4")
        self.org.program.ok("sensed-digest", "--publish-only")


@pytest.fixture
def scene(make_org, post, serve, mode):
    s = Scene(make_org, post, serve, mode)
    yield s
    s.web.close()


def ballots_of(scene):
    """How many ballots the wave holds: what publication will count."""
    scene.publish()
    out = scene.org.program.ok("sensectl", "export", "staff-2026q4",
                               "--format", "json")
    import json
    return json.loads(out)["units"][0]


# --------------------------------------------------------- H1: nothing moves

def test_h1_get_head_options_change_nothing(scene):
    scene.web.answer(scene.links[0], **ANSWERS)
    before = scene.snapshot()
    paths = ["a/" + scene.links[0], "a/" + scene.links[1], "a/" + "a" * 31,
             "a/", "c", "o/" + scene.mails[0].optout, "o/" + "a" * 26,
             "privacy", "help", "health", "", "x", "a/../c"]
    turns = itertools.cycle(("GET", "HEAD", "OPTIONS"))
    for _ in range(26):
        for path, method in zip(paths * 3, turns):
            r = scene.web.request(method, path)
            assert r.status < 500
            if method == "HEAD":
                assert r.body == b""
    assert scene.snapshot() == before


def test_h1_other_methods(scene):
    """405 with Allow: GET, HEAD, POST, or GET, HEAD without a form."""
    before = scene.snapshot()
    for method in ("PUT", "DELETE", "PATCH"):
        for path, allow in (("a/" + scene.links[0], "GET, HEAD, POST"),
                            ("c", "GET, HEAD, POST"),
                            ("privacy", "GET, HEAD"), ("help", "GET, HEAD")):
            r = scene.web.request(method, path)
            assert (r.status, r.headers["Allow"]) == (405, allow), path
    for path in ("privacy", "help", "health"):
        r = scene.web.post(path, "x=1")
        assert (r.status, r.headers["Allow"]) == (405, "GET, HEAD")
    assert scene.snapshot() == before


# ------------------------------------------------------------ H2: statuses

def test_h2_statuses(scene):
    form = scene.web.get("a/" + scene.links[0]).form()
    good = urllib.parse.urlencode(form.fields(**ANSWERS))
    code = form.hidden["code"]
    before = scene.snapshot()
    bad = (
        (415, good, "text/plain"),
        (415, good, "multipart/form-data; boundary=x"),
        (415, good, "application/json"),
        (413, good + "&" + "x" * 1100, None),
        (413, "x" * 9999, None),
        (413, "x" * 99999, None),
        (400, good + "&security=5", None),
        (400, good + "&unknown=5", None),
        (400, good.replace("security=4", "security=6"), None),
        (400, good.replace("security=4", "security=0"), None),
        (400, good.replace("security=4", "security=44"), None),
        (400, good.replace("security=4", "security=four"), None),
        (400, good.replace("security=4", "security=%zz"), None),
        (400, good.replace("security=4", "security=%4"), None),
        (400, good.replace("security=4", "security=%00"), None),
        (400, good.replace("security=4", "security=4%00"), None),
        (400, good.replace(code, code[:-1]), None),
        (400, good.replace(code, "A" * 31), None),
        (400, good.replace("code=", "cod="), None),
        (400, "&".join(p for p in good.split("&") if "code=" not in p),
         None),
    )
    for status, body, kind in bad:
        r = scene.web.post("a/" + scene.links[0], body,
                           *([kind] if kind else []))
        assert r.status == status, (status, r.status, body, kind)
        assert "4" not in re.findall(r'checked', r.text)
    assert scene.snapshot() == before
    assert scene.web.post("a/" + scene.links[0], good).status == 200


def raw(scene, text):
    import socket
    port = scene.server.port
    with socket.create_connection(("127.0.0.1", port), timeout=30) as s:
        s.sendall(text)
        out = b""
        while True:
            data = s.recv(65536)
            if not data:
                return out
            out += data


def test_h2_content_length(scene):
    """411 without a length, 400 for one that is no number or not met."""
    head = (f"POST /a/{scene.links[0]} HTTP/1.1\r\nHost: x\r\n"
            "Connection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n")
    before = scene.snapshot()
    for line, status in (("", (411,)), ("Content-Length: x\r\n", (400,)),
                         ("Content-Length: -1\r\n", (400,))):
        out = raw(scene, (head + line + "\r\n").encode())
        assert int(out.split()[1]) in status, (line, out[:60])
    assert scene.snapshot() == before


# ------------------------------------------------------------- H3: headers

def every_page(scene):
    web, links = scene.web, scene.links
    form = web.get("a/" + links[0]).form()
    yield "form", web.get("a/" + links[0])
    yield "error", web.submit(form)
    yield "wrong", web.post("a/" + links[0], "x=1")
    yield "type", web.post("a/" + links[0], "x=1", "text/plain")
    yield "thanks", web.submit(form, **ANSWERS)
    yield "answered", web.answer(links[0], **ANSWERS)
    yield "change", web.get("c")
    yield "gone", web.get("a/" + "a" * 31)
    yield "optout", web.get("o/" + scene.mails[1].optout)
    yield "done", web.post("o/" + scene.mails[1].optout,
                           "List-Unsubscribe=One-Click")
    for name in ("privacy", "help", "health"):
        yield name, web.get(name)
    yield "method", web.request("PUT", "c")


EXACT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
         "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}
POLICY = re.compile(
    r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; "
    r"form-action 'self'; frame-ancestors 'none'; base-uri 'none'")


def test_h3_headers_of_every_response(scene):
    import base64
    import hashlib
    for name, r in every_page(scene):
        for key, value in EXACT.items():
            assert r.headers[key] == value, (name, key)
        policy = r.headers["Content-Security-Policy"]
        assert POLICY.fullmatch(policy), (name, policy)
        assert "Set-Cookie" not in r.headers
        assert r.headers["Content-Type"].lower().replace(" ", "") in (
            "text/html;charset=utf-8", "text/plain;charset=utf-8"), name
        assert "<script" not in r.text and "http-equiv" not in r.text
        assert not re.search(r"(src|href)=[\"']?(https?:)?//(?!127)", r.text)
        for style in re.findall(r"<style>(.*?)</style>", r.text, re.S):
            digest = base64.b64encode(
                hashlib.sha256(style.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy, name
        assert " style=" not in r.text, name    # the policy forbids it
        assert len(r.body) < 30 * 1024


def test_statuses_of_the_pages(scene):
    want = {"form": 200, "error": 422, "wrong": 400, "type": 415,
            "thanks": 200, "answered": 409, "change": 200, "gone": 404,
            "optout": 200, "done": 200, "privacy": 200, "help": 200,
            "health": 200, "method": 405}
    assert {n: r.status for n, r in every_page(scene)} == want


# -------------------------------------------------------- H5: one gone page

def test_h5_one_page_for_every_cause(scene):
    """Malformed, unknown, closed, published: equal to the byte."""
    web, link = scene.web, scene.links[0]
    form = web.get("a/" + link).form()
    body = form.fields(**ANSWERS)
    paths = ["a/" + "a" * 31, "a/x", "a/", "a/" + link[:-1],
             "a/" + link.upper() + "x", "a/" + link + "2", "nothing",
             "a/" + link[:5] + "b" * 26, "o/x", "o/" + "a" * 26]
    pages = [web.get(p) for p in paths]
    pages += [web.post("a/" + "a" * 31, body)]
    before = scene.snapshot()
    scene.org.clock.forward(days=14, hours=1)   # late, not yet closed
    pages += [web.get("a/" + link), web.post("a/" + link, body)]
    assert scene.snapshot() == before
    scene.org.mail()                            # the keeper closes it
    pages += [web.get("a/" + link), web.post("a/" + link, body)]
    scene.org.program.ok("sensed-digest", "--publish-only")
    before = scene.snapshot()
    pages += [web.get("a/" + link), web.post("a/" + link, body)]
    assert scene.snapshot() == before
    assert {p.status for p in pages} == {404}
    assert len({p.body for p in pages}) == 1
    names = {tuple(sorted(k.lower() for k in p.headers)) for p in pages}
    assert len(names) == 1
    assert "may have closed" in pages[0].seen


def test_h5_get_does_not_tell_used_from_unused(scene):
    page = scene.web.get("a/" + scene.links[0])
    scene.web.submit(page.form(), **ANSWERS)
    again = scene.web.get("a/" + scene.links[0])
    other = scene.web.get("a/" + scene.links[1])

    def bare(r, link):
        code = r.form().hidden["code"]
        return r.status, r.text.replace(code, "CODE").replace(link, "LINK")
    assert bare(again, scene.links[0]) == bare(page, scene.links[0])
    assert bare(other, scene.links[1]) == bare(page, scene.links[0])


def test_h5_a_failing_store_is_503(scene):
    boxes = next(scene.org.state.glob("answers/*/boxes"))
    form = scene.web.get("a/" + scene.links[0]).form()
    box = boxes / "0000.gdbm"
    good = box.read_bytes()
    box.write_bytes(b"not a box" * 100)
    r = scene.web.submit(form, **ANSWERS)
    assert r.status == 503 and "Nothing was lost" in r.seen
    assert scene.web.get("a/" + scene.links[0]).status in (200, 503)
    box.write_bytes(good)
    assert scene.web.submit(form, **ANSWERS).status == 200


def test_links_as_mail_programs_mangle_them(scene):
    """M15: a trailing dot, bracket or greater-than sign."""
    for tail in (".", ")", ">", ",", "%3E", ").", "%2E"):
        assert scene.web.get("a/" + scene.links[2] + tail).status == 200


# ------------------------------------------------------------ H7: no answer

def test_h7_nothing_chosen(scene):
    """422, the form again, nothing written, token still good."""
    before = scene.snapshot()
    form = scene.web.get("a/" + scene.links[0]).form()
    for fields in (form.fields(), form.fields(**ballot("")),
                   form.fields(security="")):
        r = scene.web.post(form.action, fields)
        assert r.status == 422
        title = re.search(r"<title>(.*?)</title>", r.text, re.S).group(1)
        assert title.strip().startswith("Error: ")
        assert "There is a problem" in r.seen
        assert 'role="alert"' in r.text and 'tabindex="-1"' in r.text
        assert r.form().hidden["code"]
        assert not any(r.form().chosen.values())    # "" is a choice kept
    assert scene.snapshot() == before
    assert scene.web.submit(r.form(), belonging=3).status == 200


def test_h7_a_scanner_that_submits_every_form_records_nothing(scene):
    scene.web.answer(scene.links[3], **ANSWERS)
    before = scene.snapshot()
    for m in scene.mails:
        page = scene.web.get("a/" + m.link)
        form = page.form()
        assert not form.chosen
        for extra in [{}] + [{n: v} for n, v in form.buttons if n]:
            r = scene.web.post(form.action, form.fields() | extra)
            assert r.status in (200, 409, 422)
    page = scene.web.get("c")
    for form in [f for f in [page.form()] if f.method.lower() == "post"]:
        scene.web.post(form.action, form.fields())
    assert scene.snapshot() == before
    for m in scene.mails:
        if m.link != scene.links[3]:
            assert scene.web.answer(m.link, **ANSWERS).status == 200
    assert ballots_of(scene)["n"] == 24


# --------------------------------------------------- H10, H11: exactly once

def test_h11_the_same_form_twice_is_one_ballot(scene):
    form = scene.web.get("a/" + scene.links[0]).form()
    one = scene.web.submit(form, **ANSWERS)
    two = scene.web.submit(form, **ANSWERS)
    assert (one.status, two.status) == (200, 200)
    assert one.body == two.body
    for link in scene.links[1:12]:
        assert scene.web.answer(link, **ANSWERS).status == 200
    assert ballots_of(scene)["n"] == 12


def test_h11_a_second_form_is_told_kindly(scene):
    first = scene.web.get("a/" + scene.links[0]).form()
    second = scene.web.get("a/" + scene.links[0]).form()
    assert first.hidden["code"] != second.hidden["code"]
    assert scene.web.submit(first, **ANSWERS).status == 200
    before = scene.snapshot()
    r = scene.web.submit(second, **ballot(1))
    assert r.status == 409
    assert "An answer has been sent with this link" in r.seen
    assert scene.snapshot() == before


def test_h11_fifty_forms_at_once_for_one_token(scene):
    """One ballot; 49 times 409."""
    forms = [scene.web.get("a/" + scene.links[0]).form() for _ in range(50)]
    statuses, barrier = [], threading.Barrier(50)

    def send(form):
        web = Browser(scene.org.base)
        barrier.wait()
        statuses.append(web.submit(form, **ANSWERS).status)
        web.close()
    threads = [threading.Thread(target=send, args=(f,)) for f in forms]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(statuses) == [200] + [409] * 49
    for link in scene.links[1:12]:
        scene.web.answer(link, **ANSWERS)
    assert ballots_of(scene)["n"] == 12


def test_h11_fifty_people_at_once_are_all_counted(scene):
    """Answers to one box wait for each other and none is lost."""
    pairs = [(scene.web.get("a/" + x).form(), x) for x in scene.links]
    statuses, barrier = [], threading.Barrier(len(pairs))

    def send(form):
        web = Browser(scene.org.base)
        barrier.wait()
        statuses.append(web.submit(form, **ANSWERS).status)
        web.close()
    threads = [threading.Thread(target=send, args=(f,)) for f, _ in pairs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert statuses == [200] * 24
    assert ballots_of(scene)["n"] == 24


def test_h11_an_unused_token_with_a_code_that_exists(scene):
    """409 and a fresh form."""
    form = scene.web.get("a/" + scene.links[0]).form()
    assert scene.web.submit(form, **ANSWERS).status == 200
    before = scene.snapshot()
    fields = form.fields(**ANSWERS)
    r = scene.web.post("a/" + scene.links[1], fields)
    assert r.status == 409
    assert r.form().hidden["code"] != form.hidden["code"]
    assert scene.snapshot() == before
    assert scene.web.submit(r.form(), **ANSWERS).status == 200


def change_form(web, code, **more):
    form = web.get("c").form()
    name = form.texts[0]
    return web.post(form.action, form.fields(**{name: code}) | more)


def test_h11_change_by_code(scene):
    """A change gives a new code and ends the old one; DESIGN 4."""
    thanks = scene.web.answer(scene.links[0], **ballot(1))
    old = thanks.code()
    page = change_form(scene.web, old)
    assert page.status == 200
    assert not page.form().chosen       # shows an empty form, ever
    r = scene.web.submit(page.form(), **ballot(5))
    assert r.status == 200
    new = r.code()
    assert new != old
    again = scene.web.submit(page.form(), **ballot(5))
    assert (again.status, again.body) == (200, r.body)
    before = scene.snapshot()
    assert change_form(scene.web, old).status == 422
    assert scene.snapshot() == before
    assert change_form(scene.web, new).status == 200
    for link in scene.links[1:12]:
        scene.web.answer(link, **ballot(5))
    unit = ballots_of(scene)
    assert unit["n"] == 12
    assert unit["senses"]["security"]["score"] == "9.5 or more"


def test_h11_an_old_page_cannot_bring_old_answers_back(scene):
    form = scene.web.get("a/" + scene.links[0]).form()
    thanks = scene.web.submit(form, **ballot(1))
    page = change_form(scene.web, thanks.code())
    assert scene.web.submit(page.form(), **ballot(5)).status == 200
    before = scene.snapshot()
    assert scene.web.submit(form, **ballot(1)).status == 409
    assert scene.snapshot() == before


def test_a_code_may_be_typed_with_spaces_and_capitals(scene):
    """CONTENT 11.8."""
    code = scene.web.answer(scene.links[0], **ANSWERS).code()
    for typed in (code.upper(), code.replace(" ", ""), f"  {code} ",
                  code.replace(" ", "-")):
        assert change_form(scene.web, typed).status == 200


def test_an_unknown_code_is_the_page_c_again(scene):
    """H5: 422, nothing written."""
    before = scene.snapshot()
    for typed in ("", "x", "a" * 31, scene.links[0]):
        r = change_form(scene.web, typed)
        assert r.status == 422 and r.form().texts, typed
    assert scene.snapshot() == before


def test_h11_a_late_post_changes_no_byte(scene):
    form = scene.web.get("a/" + scene.links[0]).form()
    code = scene.web.answer(scene.links[1], **ANSWERS).code()
    page = change_form(scene.web, code)
    scene.org.clock.set("2026-10-19 08:59:30")
    assert scene.web.answer(scene.links[2], **ANSWERS).status == 200
    scene.org.clock.set("2026-10-19 09:00:01")
    before = scene.snapshot()
    gone = scene.web.get("a/" + scene.links[3])
    assert gone.status == 404
    assert scene.web.submit(form, **ANSWERS).body == gone.body
    r = scene.web.submit(page.form(), **ballot(2))
    assert r.status in (404, 422)
    assert scene.snapshot() == before


def test_a_post_after_the_administrator_closed(scene):
    form = scene.web.get("a/" + scene.links[0]).form()
    scene.org.program.ok("sensectl", "close", "staff-2026q4")
    before = scene.snapshot()
    assert scene.web.submit(form, **ANSWERS).status == 404
    assert scene.snapshot() == before


# ---------------------------------------------------------------- H12, H13

def test_h12_the_language_button_keeps_answers_and_code(scene):
    """Writes nothing; with one language the field is taken all the same."""
    form = scene.web.get("a/" + scene.links[0]).form()
    before = scene.snapshot()
    r = scene.web.post(form.action,
                       form.fields(security=4, purpose=2) | {"lang": "en"})
    assert r.status == 200
    assert r.form().hidden["code"] == form.hidden["code"]
    assert r.form().chosen.get("security") == "4"
    assert r.form().chosen.get("purpose") == "2"
    assert scene.snapshot() == before


def test_h13_replies_to_all_answers_have_one_length(scene):
    """And boxes too: nothing tells what was chosen."""
    form = scene.web.get("a/" + scene.links[0]).form()
    seen = set()
    for some in ([{s: v} for s in scorer.SENSES for v in (1, 5)]
                 + [ballot(v) for v in range(1, 6)]
                 + [ballot(5, security=None)]):
        r = scene.web.submit(form, **some)
        assert r.status == 200
        boxes = sorted(p.stat().st_size for p in
                       scene.org.state.glob("answers/*/boxes/*.gdbm"))
        seen.add((len(r.body), len(str(r.headers)), r.body, tuple(boxes)))
    assert len(seen) == 1


def test_no_page_ever_shows_a_stored_answer(scene):
    """STANDARDS 4, hole 14."""
    code = scene.web.answer(scene.links[0], **ballot(5)).code()
    five = change_form(scene.web, code)
    other = scene.web.answer(scene.links[1], **ballot(1)).code()
    one = change_form(scene.web, other)

    def bare(page, typed):
        text = page.text
        for h in page.form().hidden.values():
            if len(h) > 20:
                text = text.replace(h, "CODE")
        return text
    assert bare(five, code) == bare(one, other)


# ------------------------------------------------------------------ opt out

def test_m8_opt_out_page_acts_on_post_only(scene):
    path = "o/" + scene.mails[0].optout
    before = scene.snapshot()
    page = scene.web.get(path)
    assert page.status == 200
    assert page.form().method.lower() == "post"
    assert scene.snapshot() == before
    r = scene.web.submit(page.form())
    assert r.status == 200 and "Location" not in r.headers
    assert scene.snapshot() != before
    assert scene.web.submit(page.form()).status == 200      # harmless


@pytest.mark.parametrize("kind,body", (
    ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
    ("application/x-www-form-urlencoded", ""),
    ("multipart/form-data; boundary=b",
     '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
     "One-Click\r\n--b--\r\n")))
def test_m8_one_click(scene, kind, body):
    """RFC 8058: either form type, no cookie, no redirect."""
    before = scene.snapshot()
    r = scene.web.post("o/" + scene.mails[0].optout, body, kind)
    assert r.status == 200
    new = set(scene.snapshot()) - set(before)
    assert len(new) == 1
    name = new.pop()
    assert name.startswith("answers/optout/")
    assert (scene.org.state / name).stat().st_size == 0
    assert scene.mails[0].optout not in name


def test_hole_23_strangers_write_nothing(scene):
    """A flood of random opt-out tokens changes no byte."""
    before = scene.snapshot()
    for i in range(60):
        token = scene.mails[0].optout[:-3] + "abc"[i % 3] * 3
        assert scene.web.post("o/" + token, "x=1").status in (404, 200)
    assert scene.snapshot() == before


# ----------------------------------------------------------------- the rest

def test_the_form_is_accessible(scene):
    """CONTENT 11: fieldset, legend, hint, six choices, none chosen."""
    page = scene.web.get("a/" + scene.links[0])
    text = page.text
    assert text.count("<fieldset") == 6 and text.count("<legend") == 6
    assert len(re.findall(r"aria-describedby=", text)) >= 6
    assert text.count("<h1") == 1 and 'lang="en"' in text
    for sense in scorer.SENSES:
        assert page.form().radios[sense] == ["5", "4", "3", "2", "1", ""]
    assert " checked" not in text
    assert "Prefer not to say" in page.seen
    for m in re.finditer(r'<input[^>]*type="radio"[^>]*>', text):
        id = re.search(r'id="([^"]+)"', m.group()).group(1)
        assert f'for="{id}"' in text or re.search(
            rf'<label[^>]*>\s*{re.escape(m.group())}', text)
    assert "at least 10 people" in " ".join(page.seen.split())
    assert "116 123" in page.seen


def test_the_code_never_stands_in_a_url(scene):
    """DESIGN 4: it travels in bodies only."""
    thanks = scene.web.answer(scene.links[0], **ANSWERS)
    code = thanks.code().replace(" ", "")
    for url in re.findall(r'(?:href|action|src)="([^"]*)"', thanks.text):
        assert code not in url
    page = change_form(scene.web, code)
    assert page.form().action.rstrip("/").endswith("c")
    assert "Location" not in page.headers


def test_h14_no_secret_in_the_web_servers_logs(scene):
    """The answer process prints nothing that names a token."""
    code = scene.web.answer(scene.links[0], **ANSWERS).code()
    scene.web.get("a/" + scene.links[1] + "zzz")
    scene.web.post("a/" + scene.links[1], "x=1")
    logs = scene.server.logs()
    assert scene.links[0] not in logs and scene.links[1] not in logs
    assert code.replace(" ", "") not in logs


def test_random_requests_never_end_in_a_server_error(scene):
    """Nothing the client does wrong is a 5xx."""
    import random
    rng = random.Random(5)
    form = scene.web.get("a/" + scene.links[5]).form()
    good = urllib.parse.urlencode(form.fields(**ANSWERS))
    parts = ["&", "=", "%", "%00", "%ff", "code", "security", "5", "lang",
             "en", "step", "from", "a" * 31, "\u0175", "<script>", good]
    paths = ["a/" + scene.links[5], "c", "o/" + scene.mails[5].optout,
             "a/%00", "a/%2e%2e/%2e%2e/etc/passwd", "a/" + "%41" * 31,
             "c/x", "privacy/x", "//", "a//" + scene.links[5], "health?x",
             "a/" + scene.links[5] + "?security=5"]
    for _ in range(250):
        method = rng.choice(("GET", "HEAD", "POST", "POST", "POST"))
        body = "".join(rng.choices(parts, k=rng.randint(0, 8)))
        try:
            r = scene.web.request(
                method, rng.choice(paths),
                body.encode()[:1024] if method == "POST" else None,
                {"Content-Type": "application/x-www-form-urlencoded"})
            assert r.status < 500, (method, body)
        except http.client.HTTPException as e:
            raise AssertionError((method, body)) from e


def test_reply_with_the_clock_standing_still(make_org, post, serve, browser,
                                             tmp_path):
    """A machine whose clock stands still answers all the same."""
    (tmp_path / "org").mkdir()
    org = make_org(clock=Frozen(tmp_path))
    org.add_one_unit(12)
    org.import_now()
    org.open()
    org.mail()
    serve(org, "fastcgi")
    for m in post.take():
        assert browser(org).answer(m.link, **ANSWERS).status == 200
