"""conftest.py - fixtures: a clock, a post office, an organisation, a web.

A test that cannot run fails; nothing here skips.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

import clock as clocks                      # noqa: E402
import programs                             # noqa: E402
from organisation import Organisation       # noqa: E402
from post import PostOffice, free_port      # noqa: E402
from web import MODES, Browser, WebServer   # noqa: E402


def pytest_terminal_summary(terminalreporter):
    """One line that a person can look for."""
    of = terminalreporter.stats
    bad = len(of.get("failed", [])) + len(of.get("error", []))
    terminalreporter.write_line(
        f"{bad + len(of.get('passed', []))} cases, {bad} bad")


@pytest.fixture
def vectors():
    return programs.SOURCE / "tests" / "vectors"


@pytest.fixture
def program():
    """The programs, without a configuration or a moved clock."""
    return programs.Programs()


@pytest.fixture
def post(tmp_path):
    office = PostOffice(tmp_path / "Maildir")
    yield office
    office.close()


@pytest.fixture
def make_org(tmp_path, post):
    """Makes organisations that mail through the post office."""
    def make(**how):
        how.setdefault("base", f"http://127.0.0.1:{free_port()}/")
        return Organisation(tmp_path / "org", smtp_port=post.port, **how)
    yield make
    clocks.sweep()


@pytest.fixture
def serve(tmp_path):
    """Starts web servers for an organisation; all stop at the end."""
    running = []

    def start(org, mode):
        port = int(org.base.rsplit(":", 1)[1].strip("/"))
        server = WebServer(tmp_path / "web", port, mode, org.conf, org.clock)
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()
    clocks.sweep()


@pytest.fixture(params=MODES)
def mode(request):
    return request.param


@pytest.fixture
def browser():
    made = []

    def make(org):
        made.append(Browser(org.base))
        return made[-1]

    yield make
    for b in made:
        b.close()
