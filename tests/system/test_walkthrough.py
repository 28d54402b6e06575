"""doc/walkthrough.md, followed to the letter, with real servers.

What the page leaves to the machine is stood in for: runuser runs, systemctl
starts what the unit would.  The figures are the second scorer's.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import shutil

import pytest

import docrun
import programs
import scorer
import servers
from clock import Frozen
from organisation import Organisation
from people import answer_all, assign
from post import free_port
from web import Browser

PAGE = programs.SOURCE / "doc" / "walkthrough.md"
DEMO = programs.SOURCE / "tests" / "demo"


def rows(name):
    with open(DEMO / name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


class Quarter:
    """What the page's test comments do."""

    def __init__(self, tmp_path, post, vectors):
        self.post = post
        self.base = f"http://127.0.0.1:{free_port()}/"
        self.org = Organisation(tmp_path / "org", smtp_port=post.port,
                                base=self.base)
        self.org.clock = self.org.program.clock = Frozen(
            self.org.templates, "2026-10-05 09:00")
        self.org.units, self.org.people = rows("units.csv"), rows("people.csv")
        self.logs = tmp_path / "log"
        self.server = None
        self.ballots = scorer.read_answers(vectors / "ex2_answers.csv")[0]
        self.hooks = {name.replace("_", "-")[3:]: getattr(self, name)
                      for name in dir(self) if name.startswith("do_")}

    def do_places(self, _):
        """The folders of this test, and only then the clock's file."""
        with open(self.org.conf, "a", encoding="utf-8") as f:
            f.write(f'state_dir = "{self.org.state}";\n'
                    f'templates = "{self.org.templates}";\n')

    def do_web(self, _):
        self.server = servers.Server("nginx", self.org)
        self.logs.symlink_to(self.server.dir)
        assert Browser(self.base).get("health").status == 200

    def do_pages_down(self, _):
        self.server.down()

    def do_pages_up(self, _):
        self.server.unlink()
        self.server.up()

    def do_clock(self, when):
        self.org.clock.set(when)
        if self.server:         # the handler's clock is of its start
            self.server.down()
            self.server.unlink()
            self.server.up()

    def do_hours(self, _):
        """What the daemon and the timer do by themselves."""
        self.org.program.ok("sensed", "--once")
        self.org.program.ok("sensed-digest")

    def do_test_mail(self, to):
        assert [m.to for m in self.post.take()] == [[to]]

    def do_mail(self, n):
        self.org.program.ok("sensed", "--once")
        self.mails = self.post.take()
        assert len(self.mails) == int(n)

    def do_first_third(self, _):
        self.given = sorted(assign(self.org, self.ballots).items())
        third = len(self.given) // 3
        answer_all(self.base, self.mails, dict(self.given[:third]))
        self.left = dict(self.given[third:])

    def do_everybody_else(self, _):
        reminded = {m.to[0] for m in self.post.take()}
        assert set(self.left) <= reminded
        assert len(reminded) == len(self.mails) - len(self.given) + \
            len(self.left)
        answer_all(self.base, self.mails, self.left)

    def do_digests(self, _):
        to = [m.to[0] for m in self.post.take() if not m.link]
        leaders = [u["leader_email"] for u in self.org.units]
        assert not set(leaders) - set(to)

    def do_second_wave(self, _):
        """The same answers, but for two units in which things got better."""
        self.org.program.ok("sensed", "--once")
        self.second = [(u, {s: v and min(5, v + 1) for s, v in a.items()}
                        if u in ("T1", "T2") else a)
                       for u, a in self.ballots]
        answer_all(self.base, self.post.take(),
                   assign(self.org, self.second))

    def check(self):
        """Both exports are the second scorer's."""
        stayed = dict.fromkeys((u["unit"] for u in self.org.units))
        tree = scorer.Tree(self.org.scorer_rows())
        for unit in stayed:
            stayed[unit] = sum(p["unit"] in tree.sub[unit]
                               for p in self.org.people)
        first = self.org.expected(self.ballots)
        second = self.org.expected(self.second, first, stayed)
        for wave, want in (("staff-2026q4", first), ("staff-2027q1", second)):
            assert self.org.program.ok("sensectl", "export", wave) == \
                want.export_csv(wave)


@pytest.fixture
def quarter(tmp_path, post, vectors):
    q = Quarter(tmp_path, post, vectors)
    yield q
    if q.server:
        q.server.stop()


def test_the_page_is_true(quarter, tmp_path):
    org, stand_ins = quarter.org, tmp_path / "bin"
    stand_ins.mkdir()
    docrun.program(stand_ins, "runuser", 'shift 3\nexec "$@"\n')
    docrun.program(stand_ins, "systemctl", ":\n")
    docrun.program(stand_ins, "journalctl", "echo MESSAGE=started\n")
    home = tmp_path / "home"
    home.mkdir()
    def sensectl():
        env = org.program.environment()
        docrun.program(stand_ins, "sensectl", "exec env " + " ".join(
            f"'{k}={v}'" for k, v in env.items()) +
            f" {programs.BUILD}/sensectl -c {org.conf} \"$@\"\n")

    sensectl()
    set_clock = quarter.hooks["clock"]
    quarter.hooks["clock"] = lambda when: (set_clock(when), sensectl())
    reader = docrun.Reader(home, (
        ("/etc/sensed/", f"{org.dir}/"),
        ("https://pulse.taf.example/", quarter.base),
        ("smtp://127.0.0.1:25", f"smtp://127.0.0.1:{quarter.post.port}"),
        ("/usr/share/doc/sensed/examples", str(DEMO)),
        ("/usr/share/sensed/templates", str(org.templates)),
        ("/var/log/nginx", str(quarter.logs))), stand_ins, {})
    wrong, n = reader.follow(PAGE.read_text(encoding="utf-8"), quarter.hooks)
    assert wrong == "", "\n" + wrong
    assert n > 15
    quarter.check()
