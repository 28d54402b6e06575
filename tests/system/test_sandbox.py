"""Each program from inside: what it can no longer do; STANDARDS P2, P4, P7.

probe.c, preloaded, tries one forbidden thing in the real program once it is
in its sandbox.  Nothing here moves the clock, so the filters are met without
libfaketime too.  What every role may and may not do, one by one, is
tests/unit/test_sandbox.c.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import ctypes
import errno
import os
import pathlib
import platform
import re
import resource
import shutil
import signal
import struct
import subprocess
import time
import urllib.parse

import pytest

import programs
from organisation import ballot
from people import answer_all
from web import Browser, forms

HERE = pathlib.Path(__file__).parent
WAVE = "staff-2026q4"
DENIED, REFUSED = str(errno.EACCES), str(errno.EPERM)
KILLED = -signal.SIGSYS
WORKERS = 4


@pytest.fixture(scope="session")
def probe(tmp_path_factory):
    out = tmp_path_factory.mktemp("probe") / "probe.so"
    subprocess.run(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-O1", "-o",
                    str(out), str(HERE / "probe.c"), "-ldl"], check=True)
    return out


@pytest.fixture
def org(make_org, post):
    """An open wave at the real time of day."""
    org = make_org(workers=WORKERS)
    org.clock = org.program.clock = None
    org.add_one_unit(12)
    org.import_now()
    org.open(WAVE)
    org.mail()
    org.mails = post.take()
    assert len(org.mails) == 12
    org.link = org.mails[0].link
    return org


def cgi(org, method, path, body=b"", how=(), **env):
    """One run as CGI: the finished process."""
    env = {"SENSED_CONFIG": str(org.conf), "REQUEST_METHOD": method,
           "PATH_INFO": "/" + path, "TZ": "UTC"} | env
    if method == "POST":
        env |= {"CONTENT_LENGTH": str(len(body)),
                "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    return subprocess.run([str(programs.BUILD / "sensed.cgi")], env=env,
                          input=body, capture_output=True, timeout=30,
                          **dict(how))


def status(r):
    return int(re.match(rb"Status: (\d+)", r.stdout).group(1))


class Probed:
    """Runs programs with the probe; gives what it wrote, line by line."""

    def __init__(self, probe, directory, org):
        self.log, self.org = directory / "probe.log", org
        self.base = {"LD_PRELOAD": str(probe), "PROBE_LOG": str(self.log)}

    def lines(self):
        return self.log.read_text().split() if self.log.exists() else []

    def cgi(self, deed, **how):
        self.log.unlink(missing_ok=True)
        r = cgi(self.org, "GET", "health", **how, **self.base, PROBE=deed)
        return r.returncode, self.lines()

    def run(self, deed, name, *args, how=()):
        self.log.unlink(missing_ok=True)
        p = self.org.program
        r = subprocess.run(
            p.argv(name, *args), env=p.environment() | self.base |
            {"PROBE": deed}, capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL, **dict(how))
        return r, self.lines()


@pytest.fixture
def probed(probe, tmp_path, org):
    return Probed(probe, tmp_path, org)


# ------------------------------------------------ inside the real programs

CLOSED_TO_ANSWERS = (
    "read {state}/keys/ballot/" + WAVE, "read {state}/keys/token/" + WAVE,
    "read {state}/keys/organisation", "read {state}/keys/ballot",
    "read {state}/roster/roster.gdbm", "read {state}/ledgers/" + WAVE +
    ".list", "read {state}/ledgers/" + WAVE + ".log",
    "read {state}/published", "read {state}/locks/roster", "read {state}",
    "read {conf}", "read /etc/passwd", "read /proc/self/environ",
    "read /proc/self/mem", "read /dev/null", "read /", "write {state}/x",
    "write {state}/waves/x", "write {state}/keys/x",
    "write {state}/roster/x", "write {words}/x", "write {dir}/x",
    "write /tmp/sensed-probe", "write /dev/shm/sensed-probe")


def test_p2_the_answer_handler_reaches_no_other_file(org, probed):
    for deed in CLOSED_TO_ANSWERS:
        deed = deed.format(state=org.state, conf=org.conf, dir=org.dir,
                           words=org.templates)
        assert probed.cgi(deed) == (0, [DENIED]), deed
    for deed in ("write {}/answers/x", "read {}/waves"):
        assert probed.cgi(deed.format(org.state)) == (0, ["ok"]), deed


@pytest.mark.parametrize("deed", ("socket", "execute /bin/true", "trace",
                                  "dumpable"))
def test_p7_the_answer_handler_dies_at_any_other_call(probed, deed):
    assert probed.cgi(deed) == (KILLED, [])


def test_p2_the_keeper_has_no_socket_and_the_mailer_no_ballot_key(
        org, probed):
    """Three processes list folders: the keeper twice, then the mailer."""
    ballot_key = f"read {org.state}/keys/ballot/{WAVE}"
    for deed, keeper, mailer in (
            ("socket", REFUSED, "ok"), (ballot_key, "ok", DENIED),
            (f"read {org.state}/keys/token/{WAVE}", "ok", "ok"),
            (f"read {org.state}/published", "ok", DENIED),
            (f"write {org.state}/roster/x", "ok", DENIED),
            (f"read {org.conf}", DENIED, DENIED),
            ("write /tmp/sensed-probe", DENIED, DENIED),
            ("execute /bin/true", REFUSED, REFUSED),
            ("trace", REFUSED, REFUSED)):
        r, lines = probed.run(deed, "sensed", "--once")
        assert r.returncode == 0, r.stderr
        assert lines == [keeper, keeper, mailer], deed


def test_p4_publication_has_no_socket_and_digests_no_key(org, probed):
    """Two processes: the one that publishes, then the one that mails."""
    for deed, publisher, sender in (
            ("socket", REFUSED, "ok"),
            (f"read {org.state}/keys/ballot/{WAVE}", "ok", DENIED),
            (f"read {org.state}/keys/token/{WAVE}", "ok", DENIED),
            (f"read {org.state}/answers", "ok", DENIED),
            (f"read {org.state}/roster/roster.gdbm", "ok", "ok"),
            (f"read {org.conf}", DENIED, DENIED),
            ("execute /bin/true", REFUSED, REFUSED),
            ("trace", REFUSED, REFUSED)):
        r, lines = probed.run(deed, "sensed-digest")
        assert r.returncode == 0, r.stderr
        assert lines == [publisher, sender], deed
    for step, socket_says in (("--publish-only", REFUSED),
                              ("--send-only", "ok")):
        assert probed.run("socket", "sensed-digest", step)[1] == [socket_says]


def test_p2_no_program_dumps_core(tmp_path, probed):
    """Nor can anyone with the same rights attach to one: not dumpable."""
    how = {"cwd": tmp_path, "preexec_fn": lambda: resource.setrlimit(
        resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],)
        * 2)}
    for name, args, n in (("sensed", ["--once"], 3), ("sensed-digest", [], 2),
                          ("sensectl", ["status"], 1)):
        _, lines = probed.run("dumpable", name, *args)
        assert lines == [str(errno.ESRCH)] * n, name
        probed.run("crash", name, *args, how=how)
    code, _ = probed.cgi("crash", how=how)
    assert code == -signal.SIGSEGV
    assert not list(tmp_path.glob("core*"))


# --------------------------------------------- the kernel cannot, or will not

# Numbers of system calls; landlock_create_ruleset is the same everywhere.
CALLS = {"x86_64": {"seccomp": 317, "prctl": 157},
         "aarch64": {"seccomp": 277, "prctl": 167}}[platform.machine()]
NO_LANDLOCK = ((0x20, 0, 0, 0), (0x15, 0, 1, 444),
               (0x06, 0, 0, 0x00050000 | errno.ENOSYS),
               (0x06, 0, 0, 0x7fff0000))
# Neither by its own call nor by prctl(PR_SET_SECCOMP).
NO_SECCOMP = ((0x20, 0, 0, 0), (0x15, 3, 0, CALLS["seccomp"]),
              (0x15, 0, 3, CALLS["prctl"]), (0x20, 0, 0, 16),
              (0x15, 0, 1, 22), (0x06, 0, 0, 0x00050000 | errno.ENOSYS),
              (0x06, 0, 0, 0x7fff0000))
LACKS = (("Landlock", NO_LANDLOCK), ("seccomp", NO_SECCOMP))


def without(program):
    """For preexec_fn: a kernel that does not know something."""
    def apply():
        code = b"".join(struct.pack("HBBI", *f) for f in program)
        space = ctypes.create_string_buffer(code, len(code))
        prog = struct.pack("HxxxxxxP", len(program),
                           ctypes.addressof(space))
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.prctl(38, 1, 0, 0, 0) == 0
        assert libc.prctl(22, 2, ctypes.c_char_p(prog), 0, 0) == 0
    return apply


def test_p2_without_a_sandbox_it_answers_503(org):
    assert status(cgi(org, "GET", "a/" + org.link)) == 200
    for word, lack in LACKS:
        r = cgi(org, "GET", "a/" + org.link,
                how={"preexec_fn": without(lack)})
        assert status(r) == 503, word
        assert word.encode() in r.stderr and org.link.encode() not in r.stderr


def test_p2_without_a_sandbox_nothing_is_mailed_or_published(org, post):
    for name, args in (("sensed", ["--once"]), ("sensed-digest", [])):
        for word, lack in LACKS:
            r = subprocess.run(org.program.argv(name, *args), text=True,
                               env=org.program.environment(),
                               stdin=subprocess.DEVNULL, capture_output=True,
                               timeout=60, preexec_fn=without(lack))
            assert r.returncode == os.EX_OSERR, (name, word)
            assert word in r.stderr
    assert post.take() == []


def test_a_folder_that_is_made_later_is_found(org, serve):
    """A worker without its sandbox tries again, and knows 503 till then."""
    org.state.joinpath("waves").rename(org.dir / "away")
    serve(org, "fastcgi")
    web = Browser(org.base)
    for path in ("a/" + org.link, "privacy", "health"):
        assert web.get(path).status == 503
    (org.dir / "away").rename(org.state / "waves")
    assert web.get("a/" + org.link).status == 200
    web.close()


# ----------------------------------------------------- no way round by a link

def elsewhere(path, outside):
    """The same file, but where the handler must not look."""
    shutil.move(path, outside)
    path.symlink_to(outside)


def test_p2_a_symbolic_link_leads_nowhere(org, mode, serve, tmp_path):
    server = serve(org, mode)
    web = Browser(org.base)
    form = web.get("a/" + org.link).form()
    boxes = next(org.state.glob("answers/*/boxes"))
    moved = (next(org.state.glob("waves/*.gdbm")), boxes / "0000.gdbm",
             boxes / "0000.lock")
    for i, path in enumerate(moved):
        elsewhere(path, tmp_path / str(i))
        page = web.submit(form, **ballot(4))
        assert page.status == 503, path
        path.unlink()
        shutil.move(tmp_path / str(i), path)
    logs = server.logs() + (server.root / "stderr").read_text()
    for secret in (org.link, form.hidden["code"], "security"):
        assert secret not in logs
    assert web.submit(form, **ballot(4)).status == 200
    web.close()


# -------------------------------------------- every path, and the real clock

def test_p7_a_whole_wave_without_a_moved_clock(org, post, mode, serve):
    """Shipped filters, no libfaketime: mail, answers, changes, digests."""
    server = serve(org, mode)
    answer_all(org.base, org.mails, {
        m.to[0]: ballot(1 + i % 5) for i, m in enumerate(org.mails)})
    web = Browser(org.base)
    mail = org.mails[0]
    assert web.answer(mail.link, **ballot(2)).status == 409
    assert web.post("o/" + mail.optout, "List-Unsubscribe=One-Click"
                    ).status == 200
    for path, want in (("c", 200), ("privacy", 200), ("help", 200), ("", 404),
                       ("health", 200), ("a/" + "a" * 31, 404)):
        assert web.get(path).status == want
    org.mail()
    org.program.ok("sensectl", "close", WAVE)
    assert web.get("a/" + mail.link).status == 404
    org.program.ok("sensed-digest")
    web.close()
    digests = post.take()
    assert {m.to[0] for m in digests} == {"leader.org@taf.example"}
    text = org.program.ok("sensectl", "export", WAVE)
    assert "ORG" in text
    assert "SIGSYS" not in server.logs()


def workers(server):
    """Their process ids, as soon as all are there."""
    pid = server.answer.pid
    deadline, found = time.time() + 10, ()
    while len(found) < WORKERS:
        assert time.time() < deadline
        found = pathlib.Path(
            f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(p) for p in found]


def test_p7_each_worker_is_confined_and_stops_in_order(org, serve):
    server = serve(org, "fastcgi")
    web = Browser(org.base)
    assert web.get("privacy").status == 200
    pids = workers(server)
    deadline = time.time() + 10
    for pid in pids:        # a worker that has had no turn yet gets it
        text = ""
        while "Seccomp:\t2" not in text and time.time() < deadline:
            text = pathlib.Path(f"/proc/{pid}/status").read_text()
        assert "Seccomp:\t2" in text and "NoNewPrivs:\t1" in text
        os.kill(pid, signal.SIGSTOP)
        os.kill(pid, signal.SIGCONT)
    for _ in range(20):
        assert web.get("a/" + org.link).status == 200
    assert workers(server) == pids      # none has died
    server.answer.terminate()
    assert server.answer.wait(10) == 0
    assert not any(os.path.exists(f"/proc/{p}") for p in pids)
    web.close()


# ------------------------------------------------------------------ secrets

def memory(pid):
    """All that a process can write to, or why that cannot be read."""
    out = b""
    with open(f"/proc/{pid}/maps") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            span, mode = line.split()[:2]
            if "w" not in mode:
                continue
            low, high = (int(x, 16) for x in span.split("-"))
            mem.seek(low)
            out += mem.read(high - low)
    return out


def raw(link):
    """The 128 bits behind the last 26 characters of a link or code."""
    return base64.b32decode(link[-26:].upper() + "======")[:16]


def test_hole_13_a_worker_forgets_what_it_was_told(org, serve):
    """Links, codes and answers are gone when the reply is sent.

    Who is not root cannot even look: the workers are not dumpable."""
    server = serve(org, "fastcgi")
    web = Browser(org.base)
    secrets = []
    for m in org.mails:
        form = web.get("a/" + m.link).form()
        page = web.submit(form, **ballot(4))
        assert page.status == 200
        code = form.hidden["code"]
        secrets += [raw(m.link), raw(code)]
        secrets += [s.encode() for s in (m.link[5:], code[5:], page.code())]
    web.post("a/" + org.link, "security=4&canary=canarycanary")
    secrets += [b"security=4", b"canarycanary"]
    web.close()
    for pid in workers(server):
        left, deadline = secrets, time.time() + 10
        while left and time.time() < deadline:  # the reply comes first
            try:
                held = memory(pid)
            except PermissionError:
                assert os.geteuid() != 0
                break
            assert b"SENSED_CONFIG" in held     # it was its memory
            left = [s for s in secrets if s in held]
        else:
            assert left == []


def test_hole_13_answers_are_never_in_argv_or_environment(org):
    page = cgi(org, "GET", "a/" + org.link)
    form = forms(page.stdout.decode())[0]
    body = urllib.parse.urlencode(form.fields(**ballot(4))).encode()
    env = {"SENSED_CONFIG": str(org.conf), "REQUEST_METHOD": "POST",
           "PATH_INFO": "/a/" + org.link, "TZ": "UTC",
           "CONTENT_TYPE": "application/x-www-form-urlencoded",
           "CONTENT_LENGTH": str(len(body))}
    p = subprocess.Popen([str(programs.BUILD / "sensed.cgi")], env=env,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    p.stdin.write(body[:-1])
    p.stdin.flush()
    deadline = time.time() + 10
    while "Seccomp:\t2" not in pathlib.Path(
            f"/proc/{p.pid}/status").read_text():
        assert time.time() < deadline
    told = pathlib.Path(f"/proc/{p.pid}/cmdline").read_bytes()
    try:
        told += pathlib.Path(f"/proc/{p.pid}/environ").read_bytes()
    except PermissionError:
        assert os.geteuid() != 0        # it is not dumpable
    out, err = p.communicate(body[-1:])
    assert b"Status: 200" in out and err == b""
    for secret in (form.hidden["code"], "security", "purpose"):
        assert secret.encode() not in told + err
