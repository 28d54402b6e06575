"""sensectl check-logs: the administrator's own proof that no log keeps links.

STANDARDS C7 and H14; issue 6, item 3.  Real web servers, as shipped and with
their own log formats put back.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import gzip
import lzma
import re

import pytest

import servers
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
    org.add_unit("ORG")
    for i in range(12):
        org.add_person(f"p{i}", "ORG")
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
    def search(directory):
        r = org.program.sensectl("check-logs", str(directory))
        bad = re.findall(r"^(?:BAD|NOT SEARCHED) (.*)", r.stdout, re.M)
        return r.returncode, r.stdout + r.stderr, bad
    return search


def canaries(said):
    """The addresses that it says are to be opened."""
    return re.findall(r"^  (http\S+)$", said, re.M)


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


def visit(server, addresses):
    """With the pages up, with them dead, and with their socket gone."""
    up = open_all(addresses)
    assert 404 in up and not {200, 502, 503} & set(up)
    server.down()
    assert not {200} & set(open_all(addresses))
    server.unlink()
    assert not {200} & set(open_all(addresses))
    server.end()


def test_the_shipped_configuration_keeps_nothing(kind, org, start, search):
    server = start(kind)
    status, said, bad = search(server.dir)
    assert status == 0, said
    assert CANARY in "".join(canaries(said)) and len(canaries(said)) == 3
    visit(server, canaries(said))
    status, said, bad = search(server.dir)
    assert (status, bad) == (0, []), said
    files = int(re.search(r"^(\d+) files", said, re.M)[1])
    assert files >= len(server.logs())


def test_the_servers_own_log_format_is_caught(kind, org, start, search):
    server = start(kind, edit=servers.loud(kind))
    visit(server, canaries(search(server.dir)[1]))
    status, said, bad = search(server.dir)
    assert status == 65, said
    where = [re.fullmatch(r"(\S+):(\d+): the canary", b) for b in bad]
    assert where and all(where)
    assert "65" not in said.splitlines()[-1]
    for found in where:     # each names a line that holds it
        with open(found[1], encoding="utf-8", errors="replace") as f:
            line = f.read().split("\n")[int(found[2]) - 1]
        assert CANARY[-20:] in line


def test_real_links_and_codes_are_found_and_never_shown(search, tmp_path):
    logs = tmp_path / "logs"
    (logs / "old").mkdir(parents=True)
    (logs / "access.log").write_text(
        f'GET / 200\n"GET /a/{LINK} HTTP/1.1"\n"GET /o/{OPTOUT}"\n')
    (logs / "old" / "error.log").write_text(f"x\n\nbody: code={LINK}\n")
    status, said, bad = search(logs)
    assert status == 65
    assert bad == [f"{logs}/access.log:2: a link",
                   f"{logs}/access.log:3: an opt-out link",
                   f"{logs}/old/error.log:3: a change code"]
    assert LINK[5:] not in said


def test_one_file_and_many_lines(search, tmp_path):
    log = tmp_path / "access.log"
    log.write_text(f"/a/{LINK}\n" * 5000)
    status, said, bad = search(log)
    assert status == 65 and len(bad) == 10
    assert f"{log}: and 4990 more" in said and "5000 bad" in said


def test_rotated_logs_are_read_and_what_cannot_be_read_is_named(
        search, tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    text = ("x" * 70000 + f"\nGET /a/{CANARY}\n").encode()
    (logs / "a.log.2.gz").write_bytes(gzip.compress(text, mtime=0))
    assert search(logs)[2] == [f"{logs}/a.log.2.gz:2: the canary"]
    (logs / "a.log.2.gz").write_bytes(gzip.compress(b"fine\n") +
                                      gzip.compress(text))     # zcat's way
    assert search(logs)[2] == [f"{logs}/a.log.2.gz:3: the canary"]
    (logs / "a.log.2.gz").write_bytes(gzip.compress(b"fine\n", mtime=0))
    assert search(logs)[0] == 0
    for name, make in (
            ("a.log.3.xz", lambda p: p.write_bytes(lzma.compress(text))),
            ("cut.gz", lambda p: p.write_bytes(gzip.compress(text)[:60])),
            ("end.gz", lambda p: p.write_bytes(gzip.compress(b"fine")[:-1])),
            ("bad.gz", lambda p: p.write_bytes(b"\x1f\x8bnot at all")),
            ("gone.log", lambda p: p.symlink_to("/nonexistent")),
            ("out.log", lambda p: p.symlink_to("/dev/null"))):
        make(logs / name)
        status, said, bad = search(logs)
        assert status == 65, name
        assert len(bad) == 1 and name in bad[0], said
        (logs / name).unlink()
    assert search(logs)[0] == 0


def test_nothing_to_search_proves_nothing(search, tmp_path):
    assert search(tmp_path / "nowhere")[0] == 66
    (tmp_path / "empty").mkdir()
    assert search(tmp_path / "empty")[0] == 66
