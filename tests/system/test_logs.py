"""sensectl check-logs: the administrator's own proof that no log keeps links.

STANDARDS C7 and H14; issue 6, item 3.  Real web servers, as shipped and with
their own log formats put back.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import gzip
import http.server
import lzma
import re
import ssl
import subprocess
import threading

import pytest

import servers
from mta import Authority, Trusting
from post import free_port
from web import Browser

CANARY = "thisisbutacanaryanditisnotalink"
LINK = "acabbaaaaaaaaaaaaaaaaaaaaaaaaae"
OPTOUT = LINK[5:]


@pytest.fixture(params=servers.KINDS)
def kind(request):
    return request.param


@pytest.fixture
def org(make_org):
    org = make_org(workers=1)
    org.add_one_unit(12)
    org.import_now()
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


@pytest.fixture
def search(org):
    """Status, what was said, and what is bad or was left out."""
    def search(directory, *more):
        r = org.program.sensectl("check-logs", str(directory), *more)
        bad = re.findall(r"^(?:BAD|NOT SEARCHED) (.*)", r.stdout, re.M)
        return r.returncode, r.stdout + r.stderr, bad
    return search


def canaries(said):
    """The addresses that it says are to be opened."""
    return re.findall(r"^  (http\S+)(?: \(POST\))?$", said, re.M)


def requests(said):
    """What it says that it asked for: method, address, status, by whom."""
    return re.findall(r"^(GET|POST) (http\S+): (\d+), (.*)$", said, re.M)


def open_all(addresses):
    """As a browser does, or a proxy that tells where it came from."""
    out = []
    for url in addresses:
        base, path = re.fullmatch(r"(http://[^/]+/)(.*)", url).groups()
        web = Browser(base)
        for method in ("GET", "HEAD", "POST"):
            out.append(web.request(method, path, headers={
                "Referer": url, "Content-Length": "0"}).status)
        web.close()
    return out


def visit(server, addresses, meanwhile):
    """With the pages up, with them dead, and with their socket gone."""
    up = open_all(addresses)
    assert 404 in up and not {200, 502, 503} & set(up)
    server.down()
    meanwhile()
    assert not {200} & set(open_all(addresses))
    server.unlink()
    assert not {200} & set(open_all(addresses))
    server.end()


def test_the_shipped_configuration_keeps_nothing(kind, org, start, search):
    """It asks itself, with the pages up and down; then a browser does."""
    server = start(kind)
    status, said, bad = search(server.dir)
    assert (status, bad) == (0, []), said
    asked = requests(said)
    assert [x[0] for x in asked] == ["GET", "GET", "POST", "GET", "POST",
                                     "POST"]
    assert all(CANARY[5:] in x[1] for x in asked[:5])
    assert asked[5][1] == org.base + "c"
    assert {x[3] for x in asked} == {"by our pages"}
    assert not {"200", "502"} & {x[2] for x in asked[:3]}
    assert "systemctl stop sensed-answer.socket" in said
    assert f"sensectl check-logs {server.dir}" in said
    assert "journalctl -o export" in said

    def with_the_pages_down():
        status, said, bad = search(server.dir)
        assert (status, bad) == (0, []), said
        assert {x[3] for x in requests(said)} == {"not by our pages"}
        assert "Our pages did not answer" in said

    opened = {x for x in canaries(search(server.dir, "--offline")[1])
              if CANARY[5:] in x}
    assert len(opened) == 3
    visit(server, opened, with_the_pages_down)
    status, said, bad = search(server.dir, "--offline")
    assert (status, bad) == (0, []), said
    files = int(re.search(r"^(\d+) files", said, re.M)[1])
    assert files >= len(server.logs())


def test_the_servers_own_log_format_is_caught(kind, org, start, search):
    """By its own requests: nobody has opened anything."""
    server = start(kind, edit=servers.loud(kind))
    status, said, bad = search(server.dir)
    assert status == 65, said
    where = [re.fullmatch(r"(\S+):(\d+): (?:the canary|a change code)", b)
             for b in bad]
    assert where and all(where)
    for found in where:     # each names a line that holds it
        with open(found[1], encoding="utf-8", errors="replace") as f:
            line = f.read().split("\n")[int(found[2]) - 1]
        assert CANARY[-20:] in line
    server.end()


def test_nothing_is_proved_if_nobody_was_asked(org, search, tmp_path):
    log = tmp_path / "access.log"
    log.write_text("nothing\n")
    status, said, bad = search(log)
    assert status == 75 and bad == [], said
    assert "reached nobody" in said and "nothing is proved" in said
    assert "0 bad, 0 not searched; nothing was requested" in said
    status, said, bad = search(log, "--offline")
    assert status == 0 and "nothing was requested" in said
    assert len(canaries(said)) == 6 and not requests(said)
    assert said.startswith("Nothing is requested.")
    log.write_text(f"GET /a/{LINK}\n")
    assert search(log)[0] == 65     # what is there is worse


class Recorder(http.server.BaseHTTPRequestHandler):
    """Keeps what it is asked; answers like somebody else's server."""

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, body.decode(),
                                  self.headers["Referer"]))
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def recorder(tmp_path):
    """A server with a certificate for localhost."""
    authority = Authority(tmp_path / "ca")
    key, cert = authority.issue("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = http.server.HTTPServer(("127.0.0.1", free_port()), Recorder)
    server.asked, server.authority = [], authority
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_https_and_then_http(org, recorder, tmp_path):
    """Links are typed, too: whoever listens at port 80 logs them as well."""
    port = recorder.server_port
    org.conf.write_text(org.conf.read_text().replace(
        org.base, f"https://localhost:{port}/pulse/"))
    org.program = Trusting(org, recorder.authority)
    log = tmp_path / "access.log"
    log.write_text("nothing\n")
    r = org.program.run("sensectl", "check-logs", str(log))
    assert r.returncode == 0, r.stderr
    form = f"code={CANARY}&security=3"
    paths = [(m, f"/pulse/{p}", b) for m, p, b in (
        ("GET", f"a/{CANARY}", ""), ("GET", f"a/{CANARY}/x", ""),
        ("POST", f"a/{CANARY}", form), ("GET", f"o/{CANARY[5:]}", ""),
        ("POST", f"o/{CANARY[5:]}", "List-Unsubscribe=One-Click"),
        ("POST", "c", form))]
    assert [x[:3] for x in recorder.asked] == paths
    assert {x[3] for x in recorder.asked} == {
        f"https://localhost:{port}{p}" for _, p, _ in paths}
    asked = requests(r.stdout)
    assert [x[:2] for x in asked[:6]] == [
        (m, f"https://localhost:{port}{p}") for m, p, _ in paths]
    plain = f"GET http://localhost/pulse/a/{CANARY}: "
    assert plain in r.stdout        # whoever is there, or nobody
    org.program = Trusting(org)     # a certificate that nobody trusts
    r = org.program.run("sensectl", "check-logs", str(log))
    assert r.returncode == 75 and "certificate" in r.stderr
    assert len(recorder.asked) == 6


def test_the_journal_comes_through_a_pipe(org):
    def pipe(text, *more):
        return subprocess.run(
            org.program.argv("sensectl", "check-logs", "-", *more),
            env=org.program.environment(), input=text, capture_output=True,
            text=True, timeout=60)
    r = pipe(f"MESSAGE=fine\nMESSAGE=GET /a/{LINK}\n")
    assert r.returncode == 65 and "BAD -:2: a link" in r.stdout
    assert LINK not in r.stdout + r.stderr and not requests(r.stdout)
    r = pipe("MESSAGE=fine\n")
    assert r.returncode == 0 and "; nothing was requested" in r.stdout
    assert pipe("").returncode == 66


def test_real_links_and_codes_are_found_and_never_shown(search, tmp_path):
    logs = tmp_path / "logs"
    (logs / "old").mkdir(parents=True)
    (logs / "access.log").write_text(
        f'GET / 200\n"GET /a/{LINK} HTTP/1.1"\n"GET /o/{OPTOUT}"\n')
    (logs / "old" / "error.log").write_text(f"x\n\nbody: code={LINK}\n")
    status, said, bad = search(logs, "--offline")
    assert status == 65
    assert bad == [f"{logs}/access.log:2: a link",
                   f"{logs}/access.log:3: an opt-out link",
                   f"{logs}/old/error.log:3: a change code"]
    assert LINK[5:] not in said


def test_one_file_and_many_lines(search, tmp_path):
    log = tmp_path / "access.log"
    log.write_text(f"/a/{LINK}\n" * 5000)
    status, said, bad = search(log, "--offline")
    assert status == 65 and len(bad) == 10
    assert f"{log}: and 4990 more" in said and "5000 bad" in said


def test_rotated_logs_are_read_and_what_cannot_be_read_is_named(
        search, tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    text = ("x" * 70000 + f"\nGET /a/{CANARY}\n").encode()
    (logs / "a.log.2.gz").write_bytes(gzip.compress(text, mtime=0))
    assert search(logs, "--offline")[2] == [f"{logs}/a.log.2.gz:2: the canary"]
    (logs / "a.log.2.gz").write_bytes(gzip.compress(b"fine\n") +
                                      gzip.compress(text))     # zcat's way
    assert search(logs, "--offline")[2] == [f"{logs}/a.log.2.gz:3: the canary"]
    (logs / "a.log.2.gz").write_bytes(gzip.compress(b"fine\n", mtime=0))
    assert search(logs, "--offline")[0] == 0
    for name, make in (
            ("a.log.3.xz", lambda p: p.write_bytes(lzma.compress(text))),
            ("cut.gz", lambda p: p.write_bytes(gzip.compress(text)[:60])),
            ("end.gz", lambda p: p.write_bytes(gzip.compress(b"fine")[:-1])),
            ("bad.gz", lambda p: p.write_bytes(b"\x1f\x8bnot at all")),
            ("gone.log", lambda p: p.symlink_to("/nonexistent")),
            ("out.log", lambda p: p.symlink_to("/dev/null"))):
        make(logs / name)
        status, said, bad = search(logs, "--offline")
        assert status == 65, name
        assert len(bad) == 1 and name in bad[0], said
        (logs / name).unlink()
    assert search(logs, "--offline")[0] == 0


def test_nothing_to_search_proves_nothing(search, tmp_path):
    assert search(tmp_path / "nowhere", "--offline")[0] == 66
    (tmp_path / "empty").mkdir()
    assert search(tmp_path / "empty", "--offline")[0] == 66
