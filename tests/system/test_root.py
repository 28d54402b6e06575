"""The programs as root types them: they work as the owner of the store.

STANDARDS P9; issue 6, item 4.  Nothing that root starts may leave a file in
the state directory that the service cannot read.  Needs root, or sudo without
a password, as the mail servers of mta.py do.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import http.server
import pathlib
import pwd
import re
import subprocess
import tempfile
import threading

import pytest

import programs
from bounces import message
from mta import Mta, command
from organisation import Organisation
from post import free_port

NOBODY = pwd.getpwnam("nobody")
NAMELESS = 64017
WAVE = "staff-2026q4"


class AsRoot(programs.Programs):
    """Runs the programs as root, behind a command or not."""

    behind = ()

    def argv(self, name, *args, conf=True):
        env = self.environment()
        return [*Mta.sudo, "env", *(f"{k}={v}" for k, v in env.items()),
                *self.behind, *super().argv(name, *args, conf=conf)]


def chown(path, uid, gid):
    command(*Mta.sudo, "chown", "-R", f"{uid}:{gid}", path)


@pytest.fixture(params=[NOBODY.pw_uid, NAMELESS], ids=["named", "nameless"])
def uid(request):
    return request.param


@pytest.fixture
def org(post, uid):
    """A state directory that is not root's, where its owner can reach it."""
    top = pathlib.Path(tempfile.mkdtemp())
    top.chmod(0o755)
    org = Organisation(top / "org", smtp_port=post.port,
                       base=f"http://127.0.0.1:{free_port()}/")
    org.program = AsRoot(org.conf, org.clock)
    org.add_one_unit(12)
    org.state.mkdir(mode=0o711)
    chown(org.state, uid, uid if uid == NAMELESS else NOBODY.pw_gid)
    yield org
    command(*Mta.sudo, "rm", "-rf", top)


def below(org, *test):
    """What find(1) says of the store: root may look everywhere."""
    r = subprocess.run([*Mta.sudo, "find", org.state, *test],
                       capture_output=True, text=True, check=True)
    return r.stdout.split()


def is_the_owners(org, uid):
    assert below(org, "!", "-uid", str(uid)) == []
    assert below(org, "-uid", str(uid))


def closed_to_the_owner(org):
    """A folder that only root can enter and write."""
    own = org.dir / "root"
    own.mkdir()
    chown(own, 0, 0)
    command(*Mta.sudo, "chmod", "700", own)
    return own


def test_nothing_is_left_that_is_roots(org, post, uid):
    org.import_now()
    is_the_owners(org, uid)
    assert below(org, "-name", "roster.gdbm")
    assert "ok: survey staff: 12 people" in org.program.ok("sensectl",
                                                          "check")
    org.open(WAVE)
    is_the_owners(org, uid)
    post.take()
    org.mail()
    mails = post.take()
    assert len(mails) == 12
    is_the_owners(org, uid)
    r = subprocess.run(org.program.argv("sensed-bounce"), check=True,
                       input=message("mbox-from", mails[0].sender),
                       capture_output=True)
    assert r.stderr == b"" and below(org, "-name", "health.log", "-size",
                                     "+0")
    is_the_owners(org, uid)
    org.program.ok("sensectl", "audit", WAVE)
    org.close(WAVE)
    org.program.ok("sensed-digest")
    assert below(org, "-name", f"{WAVE}.gdbm", "-path", "*/published/*")
    assert WAVE in org.program.ok("sensectl", "status")
    is_the_owners(org, uid)


def test_the_daemon_keeps_nothing_of_root(org, uid):
    org.program.behind = ("setpriv", "--groups", "0,4")
    daemon = org.program.start("sensed")
    try:
        for line in daemon.stdout:
            if "started" in line:
                break
        # the parent: a keeper may be gone before one looks
        r = subprocess.run(["pgrep", "-g", str(daemon.pid), "-o", "-x",
                            "sensed"], capture_output=True, text=True,
                           check=True)
        status = pathlib.Path(f"/proc/{r.stdout.strip()}/status").read_text()
        of = dict(x.split(":\t", 1) for x in status.splitlines())
        assert of["Uid"].split() == [str(uid)] * 4
        groups = of["Gid"].split() + of["Groups"].split()
        assert not {"0", "4"} & set(groups)
        assert int(of["CapPrm"], 16) == int(of["CapEff"], 16) == 0
    finally:
        command(*Mta.sudo, "kill", "-9", "--", f"-{daemon.pid}")
        programs.kill(daemon)


def test_files_of_root(org, uid):
    """What the owner cannot reach is named, before any work."""
    name = "nobody" if uid == NOBODY.pw_uid else str(uid)
    own = closed_to_the_owner(org)
    for path in org.write_csv():
        command(*Mta.sudo, "mv", path, own)
    r = org.program.run("sensectl", "import", "staff", "--units",
                        own / "units.csv", "--people", own / "people.csv")
    assert r.returncode == 71
    assert f"{own}/units.csv: sensectl works as user {name}" in r.stderr
    assert below(org, "-type", "f") == []
    r = org.program.run("sensectl", "report", WAVE, "--unit", "ORG", "--out",
                        own / "x.html")
    assert r.returncode == 71 and "'--out - >FILE'" in r.stderr
    # what needs nothing of the store is the caller's, and writes where it may
    org.program.ok("sensectl", "preview", "form", "--out", own / "preview")
    r = subprocess.run([*Mta.sudo, "stat", "-c", "%u", own / "preview"],
                       capture_output=True, text=True, check=True)
    assert r.stdout == "0\n"
    log = org.dir / "access.log"
    log.write_text("nothing\n")
    command(*Mta.sudo, "mv", log, own)
    org.program.ok("sensectl", "check-logs", own / "access.log", "--offline")
    units = programs.SOURCE / "tests/vectors/ex2_tree.csv"
    answers = programs.SOURCE / "tests/vectors/ex2_answers.csv"
    for path in (units, answers):
        command(*Mta.sudo, "cp", path, own)
    r = org.program.run("sensectl", "score", "--units", own / units.name,
                        "--answers", own / answers.name, conf=False)
    assert r.returncode == 0, r.stderr


def mending(out):
    """The commands that check prints, as the administrator types them."""
    return [re.search(r"'(ch(?:own|mod) [^']*)'$", x)[1].split()
            for x in out.splitlines() if "'ch" in x]


def test_check_names_what_the_service_cannot_read(org, uid):
    """STANDARDS C5, P1: the file, and the command that mends it."""
    org.import_now()
    org.open(WAVE)
    assert "ok: owners and modes of " in org.program.ok("sensectl", "check")
    roster, keys = org.state / "roster/roster.gdbm", org.state / "keys"
    box = org.state / "answers" / "*" / "boxes" / "0000.gdbm"
    chown(roster, 0, 0)
    chown(keys, 0, 0)
    command(*Mta.sudo, "sh", "-c", f"chmod 0060 {box}")
    command(*Mta.sudo, "chmod", "0644", org.state / "ledgers/.nobackup")
    r = org.program.run("sensectl", "check")
    assert r.returncode == 71, r.stdout
    assert f"{org.state}: 3 files and folders that their" in r.stderr
    lines = [x for x in r.stdout.splitlines() if "'ch" in x]
    first, = below(org, "-name", "0000.gdbm")
    assert [x.split(": ")[1] for x in lines] == [
        first[len(str(org.state)) + 1:], "keys", "roster/roster.gdbm"]
    assert "warning: keys: belongs to user root, not to " in r.stdout
    assert "ok: relay " in r.stdout     # all else is looked at
    for argv in mending(r.stdout):
        command(*Mta.sudo, argv[0], *(["-R"] if argv[0] == "chown" else []),
                *argv[1:])
    assert "ok: owners and modes of " in org.program.ok("sensectl", "check")


def test_check_names_what_too_many_may_read(org, uid):
    org.import_now()
    command(*Mta.sudo, "chmod", "0644", org.state / "roster/roster.gdbm")
    out = org.program.ok("sensectl", "check")
    line, = (x for x in out.splitlines() if "'ch" in x)
    assert line.startswith("warning: roster/roster.gdbm: mode 0644, at most "
                           "0600 is right: ")
    command(*Mta.sudo, *mending(out)[0])
    assert "'ch" not in org.program.ok("sensectl", "check")


def test_check_names_what_its_group_hides(org, uid):
    """answers/ is another user's, whose group the owner needs."""
    org.import_now()
    org.open(WAVE)
    chown(org.state / "answers", NAMELESS + 1, NAMELESS + 1)
    r = org.program.run("sensectl", "check")
    assert r.returncode == 71
    assert "warning: answers: user " in r.stdout
    assert "its group must be that of answers" in r.stdout


class Asker(http.server.BaseHTTPRequestHandler):
    """Notes whose socket asks: the client's port stands in /proc."""

    def do_GET(self):
        ends = [f":{p:04X}" for p in (self.client_address[1],
                                      self.server.server_port)]
        rows = (x.split() for x in
                pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:])
        self.server.users |= {
            int(r[7]) for r in rows     # of this connection alone, and open
            if r[1].endswith(ends[0]) and r[2].endswith(ends[1]) and
            r[3] == "01"}
        self.send_error(404)

    do_POST = do_GET

    def log_message(self, *_):
        pass


def test_root_asks_the_web_server_as_nobody_in_particular(org, uid):
    """check-logs reads as root what only root may, and requests as another."""
    port = int(org.base.rsplit(":", 1)[1].strip("/"))
    server = http.server.HTTPServer(("127.0.0.1", port), Asker)
    server.users = set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        own = closed_to_the_owner(org)
        log = org.dir / "access.log"
        log.write_text("nothing\n")
        command(*Mta.sudo, "mv", log, own)
        org.program.ok("sensectl", "check-logs", own)
        assert server.users == {uid}
    finally:
        server.shutdown()
        server.server_close()


def test_root_that_cannot_become_the_owner_does_nothing(org, uid):
    org.program.behind = ("setpriv", "--inh-caps=-setuid",
                          "--bounding-set=-setuid")
    units, people = org.write_csv()
    for argv in (("sensectl", "import", "staff", "--units", units,
                  "--people", people), ("sensed", "--once"),
                 ("sensed-digest",)):
        r = org.program.run(*argv)
        assert r.returncode == 71, r.stdout + r.stderr
        assert f"{org.state} belongs to user " in r.stderr
    r = org.program.run("sensed-bounce")
    assert r.returncode == 75
    assert below(org, "-mindepth", "1") == []


def test_a_store_of_root_stays_roots(org):
    chown(org.state, 0, 0)
    org.import_now()
    assert below(org, "!", "-uid", "0") == []


def test_a_folder_of_root_with_a_store_of_another_is_told(org, uid):
    """As after a disk was put there: nothing is done, and no wrong advice."""
    org.import_now()
    command(*Mta.sudo, "chown", "0", org.state)
    for argv in (("sensectl", "check", "--offline"), ("sensed", "--once")):
        r = org.program.run(*argv)
        assert r.returncode == 71, r.stdout + r.stderr
        assert f"'chown {uid} {org.state}'" in r.stderr
    assert below(org, "-mindepth", "1", "-uid", "0") == []
