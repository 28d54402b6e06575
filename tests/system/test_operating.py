"""doc/operating.md: backup and restore, moving in the middle of a wave, web
servers on other hosts, a new configuration for the pages.

The page's commands are run as they stand there.  A machine is a folder; it is
lost by being moved away.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import shutil
import socket
import subprocess
import threading

import pytest

import docrun
import old_store
import programs
import servers
from old_store import BEFORE, WAVE
from post import free_port
from web import Browser, WebServer

PAGE = programs.SOURCE / "doc" / "operating.md"


class Machine:
    """A root folder with etc/sensed and var/lib/sensed in it."""

    def __init__(self, tmp_path, post):
        self.root, self.post = tmp_path / "root", post
        self.tmp, self.lost = tmp_path, 0
        self.base = f"http://127.0.0.1:{free_port()}/"
        self.hooks = {name[3:]: getattr(self, name)
                      for name in dir(self) if name.startswith("do_")}
        self.bin = tmp_path / "bin"
        self.bin.mkdir()
        docrun.program(self.bin, "runuser", 'shift 3\nexec "$@"\n')
        docrun.program(self.bin, "systemctl", ":\n")

    def do_machine(self, _):
        """With the old store on it: a wave open, one published."""
        if self.root.exists():
            self.away()
        self.org = org = old_store.organisation(
            self.root / "etc/sensed", smtp_port=self.post.port,
            base=self.base, workers=1)
        state = self.root / "var/lib/sensed"
        state.parent.mkdir(parents=True)
        org.conf.write_text(org.conf.read_text().replace(
            str(org.state), str(state)))
        org.state = state
        org.known = old_store.load(org)
        shutil.move(org.write_csv()[0], self.tmp / "home/units.csv")
        shutil.move(org.dir / "people.csv", self.tmp / "home/people.csv")
        docrun.program(self.bin, "sensectl", "exec env " + " ".join(
            f"'{k}={v}'" for k, v in org.program.environment().items()) +
            f' {programs.BUILD}/sensectl -c {org.conf} "$@"\n')

    def away(self):
        self.root.rename(self.tmp / f"lost-{self.lost}")
        self.lost += 1

    def do_relay(self, _):
        """The drop-in is in both units, and in what is backed up."""
        for unit in ("sensed.service", "sensed-digest.service"):
            text = (self.root / f"etc/systemd/system/{unit}.d/relay.conf"
                    ).read_text()
            assert "\nIPAddressAllow=" in text
        (self.root / "etc/sensed/relay.conf").write_text("mine\n")

    def do_lost(self, _):
        """Another machine, with the package just installed."""
        self.away()
        state = self.root / "var/lib/sensed"
        state.mkdir(parents=True)
        state.chmod(0o711)

    def serve(self):
        return WebServer(self.tmp / f"web-{self.lost}",
                         int(self.base.rsplit(":", 1)[1].strip("/")),
                         "fastcgi", self.org.conf, self.org.clock)

    def do_restored(self, _):
        """What was published is there, and opt-outs; the next wave works."""
        org, known = self.org, self.org.known
        ok = org.program.ok
        assert (self.root / "etc/sensed/relay.conf").read_text() == "mine\n"
        assert WAVE not in ok("sensectl", "status")
        before = org.expected([(u, a) for u, a in known["before"]])
        assert ok("sensectl", "export", BEFORE) == before.export_csv(BEFORE)
        assert ok("sensectl", "audit", WAVE).endswith(", 0 bad\n")
        org.mail()
        assert self.post.take() == []
        org.open("staff-2026q4b", "--force")
        org.mail()
        mails = self.post.take()
        assert {m.to[0] for m in mails} == \
            set(known["links"]) - {known["opted_out"]}
        assert not {m.link for m in mails} & set(known["links"].values())
        server = self.serve()
        try:
            web = Browser(self.base)
            assert web.get("a/" + known["links"]["A.5@taf.example"]
                           ).status == 404
            page = web.get("o/" + known["optouts"]["A.5@taf.example"])
            assert web.submit(page.form()).status == 200
            web.close()
        finally:
            server.stop()

    def do_moved(self, _):
        server = self.serve()
        try:
            old_store.go_on(self.org, self.post)
        finally:
            server.stop()


def test_the_page_is_true(tmp_path, post):
    home = tmp_path / "home"
    home.mkdir()
    machine = Machine(tmp_path, post)
    reader = docrun.Reader(home, (
        ("-C / ", f"-C {machine.root} "),
        ("/usr/share/sensed/", f"{programs.SOURCE}/etc/"),
        ("/etc/sensed/", f"{machine.root}/etc/sensed/"),
        ("/etc/systemd/", f"{machine.root}/etc/systemd/")),
        machine.bin, {})
    wrong, n = reader.follow(PAGE.read_text(encoding="utf-8"), machine.hooks)
    assert wrong == "", "\n" + wrong
    assert n > 10 and machine.lost == 3


def test_an_open_wave_from_a_backup_is_never_mailed(tmp_path, post):
    """Before anybody ran check: no mail, no figures, words that say why."""
    (tmp_path / "home").mkdir()
    machine = Machine(tmp_path, post)
    machine.do_machine("")
    org = machine.org
    for d in ("keys/token", "keys/ballot", "ledgers", "answers", "locks"):
        shutil.rmtree(org.state / d)
    org.clock.set("2026-10-09 10:00")
    r = org.program.sensed("--once")
    assert r.returncode != 0 and WAVE in r.stdout + r.stderr
    org.clock.set("2026-10-20 10:00")
    org.program.sensed("--once")
    r = org.program.digest()
    assert r.returncode == 70 and WAVE in r.stderr
    assert post.take() == []


# ----------------------------------------------------------- other hosts

@pytest.mark.parametrize("address, taken", (
    (("127.0.0.1", 0), True), (("0.0.0.0", 0), False)))
def test_a_socket_that_other_machines_reach_is_refused(
        make_org, address, taken):
    org = make_org(workers=1)
    with socket.create_server(address) as s:
        handler = subprocess.Popen(
            [programs.BUILD / "sensed.cgi"], stdin=s,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
            env=org.program.environment() | {"SENSED_CONFIG": str(org.conf)})
        try:
            if taken:
                with pytest.raises(subprocess.TimeoutExpired):
                    handler.wait(0.5)
            else:
                assert handler.wait(30) == 64
                assert "other machines" in handler.stderr.read()
        finally:
            programs.kill(handler) if handler.poll() is None else None
            handler.stderr.close()


def certificate(directory, name):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj",
         f"/CN={name}", "-keyout", f"{name}.pem", "-out", f"{name}.crt"],
        cwd=directory, check=True, stdin=subprocess.DEVNULL,
        capture_output=True)
    with open(directory / f"{name}.pem", "a", encoding="ascii") as f:
        f.write((directory / f"{name}.crt").read_text())


class Tunnel:
    """The two ends as shipped; `own` is the certificate of the web host."""

    def __init__(self, directory, answer_socket, own="web"):
        self.dir, self.running = pathlib.Path(directory), []
        store, web = free_port(), free_port()
        self.port, self.store = web, store
        root = servers.root("stunnel")
        for end, places in (
                ("store", (("accept = 9075", f"accept = 127.0.0.1:{store}"),
                           ("/run/sensed/answer.sock", str(answer_socket)))),
                ("web", (("127.0.0.1:9075", f"127.0.0.1:{web}"),
                         ("store.example.org:9075", f"127.0.0.1:{store}"),
                         ("stunnel/web.pem", f"stunnel/{own}.pem")))):
            text = (programs.SOURCE / f"etc/stunnel-sensed-{end}.conf"
                    ).read_text()
            for theirs, ours in places:
                assert theirs in text
                text = text.replace(theirs, ours)
            lines = [x for x in text.replace("/etc/stunnel", str(self.dir))
                     .splitlines() if not x.startswith(("setuid", "setgid"))]
            conf = self.dir / f"{end}-{own}.conf"
            conf.write_text("\n".join([
                "foreground = yes", "pid =", *lines, ""]))
            self.running.append(subprocess.Popen(
                [root / "usr/bin/stunnel4", conf], stdin=subprocess.DEVNULL,
                stdout=open(self.dir / "stunnel.log", "ab"),
                stderr=subprocess.STDOUT, start_new_session=True,
                env={"PATH": "/usr/bin:/bin",
                     "LD_LIBRARY_PATH": servers.libraries(root)}))
            servers.wait_for(store if end == "store" else web,
                             self.running[-1], self.dir / "stunnel.log")

    def stop(self):
        for p in self.running:
            programs.kill(p)


@pytest.fixture
def away(make_org, tmp_path):
    """nginx on one host, the store on another; tunnels between them."""
    org = make_org(workers=1)
    org.add_tree(old_store.TREE)
    org.known = old_store.load(org)
    for name in ("store", "web", "stranger"):
        certificate(tmp_path, name)
    made = []

    def start(own="web"):
        port = []
        server = servers.Server("nginx", org, edit=lambda text: text.replace(
            "unix:{dir}/s", f"127.0.0.1:{port[0].port}"),
            before=lambda s: port.append(
                Tunnel(tmp_path, s.dir / "s", own)))
        made.extend((server, port[0]))
        return server, port[0]

    yield org, start
    for thing in made:
        thing.stop()


def test_pages_through_a_tunnel_and_no_trace_of_them(away, post, tmp_path):
    org, start = away
    server, tunnel = start()
    old_store.go_on(org, post)
    seen = (tmp_path / "stunnel.log").read_text() + "".join(
        server.logs().values())
    for link in org.known["links"].values():
        assert link not in seen
    assert (tmp_path / "stunnel.log").read_text() == ""
    with socket.create_connection(("127.0.0.1", tunnel.store)) as s:
        s.sendall(b"\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0")
        s.settimeout(30)
        try:
            assert b"Status" not in s.recv(4096)    # TLS or nothing
        except ConnectionResetError:
            pass


def test_a_web_server_that_the_store_does_not_know_gets_nothing(away):
    org, start = away
    start("stranger")
    web = Browser(org.base)
    assert web.get("health").status == 502
    web.close()


# --------------------------------------------------- a new configuration

def test_the_pages_are_restarted_and_nobody_notices(make_org, tmp_path):
    """The socket outlives the handler, as with systemd; DESIGN 5, P5."""
    org = make_org(workers=2)
    org.add_tree(old_store.TREE)
    org.known = old_store.load(org)
    server = WebServer(tmp_path / "web", int(
        org.base.rsplit(":", 1)[1].strip("/")), "fastcgi", org.conf,
        org.clock, keep=True)
    statuses, stop = [], threading.Event()

    def ask():
        web = Browser(org.base)
        while not stop.is_set():
            statuses.append(web.get("health").status)
        web.close()

    crew = [threading.Thread(target=ask) for _ in range(3)]
    try:
        for t in crew:
            t.start()
        org.conf.write_text(org.conf.read_text().replace(
            "Taf Community", "Teifi Community"))
        for _ in range(3):
            server.restart_answer()
            web = Browser(org.base)
            assert "Teifi Community Trust" in web.get("help").text
            web.close()
    finally:
        stop.set()
        for t in crew:
            t.join()
        server.stop()
    assert set(statuses) == {200}
