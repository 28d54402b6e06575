"""servers.py - the shipped configurations, inside the real web servers.

Each server is set up as an administrator has it, with both of its logs on and
wordy; the shipped file is included as its head says.  Servers are unpacked,
never installed: SERVERS_ROOT, or tools/root of the build.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from programs import BUILD, SOURCE, kill

NGINX = """
daemon off;
worker_processes 1;
{user}
pid {dir}/pid;
error_log {dir}/error.log info;
events {{ }}
http {{
    access_log {dir}/access.log combined;
    client_body_temp_path {dir}/t1;
    proxy_temp_path {dir}/t2;
    fastcgi_temp_path {dir}/t3;
    uwsgi_temp_path {dir}/t4;
    scgi_temp_path {dir}/t5;
    server {{
        listen 127.0.0.1:{port};
        include {dir}/shipped.conf;
    }}
}}
"""
APACHE = """
ServerRoot "{dir}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {dir}/pid
Mutex file:{dir}
{user}
{modules}
ErrorLog {dir}/error.log
LogLevel info
LogFormat "%h %t \\"%r\\" %>s \\"%{{Referer}}i\\"" full
CustomLog {dir}/access.log full
<VirtualHost *:{port}>
    Include {dir}/shipped.conf
</VirtualHost>
"""
APACHE_MODULES = ("mpm_event", "authz_core", "proxy", "proxy_fcgi", "headers",
                  "buffer", "env", "reqtimeout", "alias")
LIGHTTPD = """
server.document-root = "{dir}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{dir}/error.log"
server.modules = ( "mod_accesslog" )
accesslog.filename = "{dir}/access.log"
include "{dir}/shipped.conf"
"""
KINDS = ("nginx", "apache", "lighttpd", "lighttpd-cgi")
PROGRAM = {"nginx": "nginx", "apache": "apache2", "lighttpd": "lighttpd",
           "lighttpd-cgi": "lighttpd", "stunnel": "../bin/stunnel4"}
SHIPPED = {kind: f"{kind}-sensed.conf" for kind in KINDS} | {
    "lighttpd-cgi": "lighttpd-sensed-cgi.conf"}
PORT_80 = {kind: f"{kind}-sensed-http.conf" for kind in KINDS[:3]}
# What an administrator may leave out, thinking that logs are harmless.
LOUD = {
    "nginx": (("access_log off;", ""), ("error_log /dev/null crit;", "")),
    "apache": (('CustomLog "/dev/null" "-"', ""), ('ErrorLog "/dev/null"', ""),
               ("LogLevel crit", "")),
    "lighttpd": (('accesslog.format = "%m %s"', ""),),
    "lighttpd-cgi": (('"mod_setenv" )', '"mod_setenv", "mod_accesslog" )\n'
                      'accesslog.filename = "{dir}/access.log"'),),
}


def loud(kind):
    """An edit of the shipped file: the server's own log formats are back."""
    def edit(text):
        for line, instead in LOUD[kind]:
            assert line in text
            text = text.replace(line, instead)
        return text
    return edit


def root(kind):
    r = pathlib.Path(os.environ.get("SERVERS_ROOT", BUILD / "tools/root"))
    if PROGRAM[kind] == "lighttpd" and "LIGHTTPD_ROOT" in os.environ:
        r = pathlib.Path(os.environ["LIGHTTPD_ROOT"])
    if not (r / "usr/sbin" / PROGRAM[kind]).exists():
        raise RuntimeError(f"no {kind} below {r} (./bootstrap tools)")
    return r


def libraries(r):
    return ":".join(sorted({str(p.parent) for p in r.rglob("lib*.so*")}))


def wait_for(port, process, log):
    """Until a server that was just started takes connections."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
    raise RuntimeError("did not start: " + log.read_text(errors="replace"))


class Server:
    """One server, with the answer handler behind a socket of ours."""

    def __init__(self, kind, org, edit=lambda text: text,
                 before=lambda server: None, shipped=None):
        self.kind, self.org = kind, org
        self.port = int(org.base.rsplit(":", 1)[1].strip("/"))
        # where a server that gives root away can still reach the socket
        self.dir = pathlib.Path(tempfile.mkdtemp())
        self.dir.chmod(0o755)
        self.root = root(kind)
        self.answer = None
        self.up()
        before(self)
        shipped = (SOURCE / "etc" / (shipped or SHIPPED[kind])).read_text()
        for line, ours in self.places():
            shipped = shipped.replace(line, ours)
        (self.dir / "shipped.conf").write_text(
            edit(shipped).replace("{dir}", str(self.dir)))
        self.server = subprocess.Popen(
            self.command(), env=self.environment(), start_new_session=True,
            stdin=subprocess.DEVNULL, stderr=open(self.dir / "stderr", "ab"))
        wait_for(self.port, self.server, self.dir / "stderr")

    def places(self):
        """What stands elsewhere than on an administrator's machine."""
        if self.kind != "lighttpd-cgi":
            return (("/run/sensed/answer.sock", "{dir}/s"),
                    ("pulse.example.org", f"127.0.0.1:{self.port}"))
        env = self.org.clock.environment() | {
            "TZ": "UTC", "SENSED_CONFIG": str(self.org.conf)}
        return (('server.username = "sensed-answer"\n', ""),
                ('server.groupname = "sensed-answer"\n', ""),
                ("server.port = 8075", f"server.port = {self.port}"),
                ("/usr/lib/sensed", "{dir}/lib"),
                ("/var/log/sensed-lighttpd-error.log", "{dir}/error.log"),
                ('"SENSED_CONFIG" => "/etc/sensed/sensed.conf"',
                 ", ".join(f'"{k}" => "{v}"' for k, v in env.items())))

    def environment(self):
        return {"PATH": "/usr/bin:/bin",
                "LD_LIBRARY_PATH": libraries(self.root)}

    def command(self):
        program = str(self.root / "usr/sbin" / PROGRAM[self.kind])
        conf = self.dir / "server.conf"
        if self.kind == "lighttpd-cgi":     # a whole configuration
            conf = self.dir / "shipped.conf"
        else:
            conf.write_text(getattr(self, "conf_" + self.kind)())
        return {"nginx": [program, "-p", str(self.dir), "-c", str(conf),
                          "-e", str(self.dir / "error.log")],
                "apache": [program, "-D", "FOREGROUND", "-f", str(conf)],
                "lighttpd": [program, "-D", "-f", str(conf), "-m",
                             str(self.root / "usr/lib/lighttpd")],
                }[self.kind.split("-")[0]]

    def conf_nginx(self):
        return NGINX.format(dir=self.dir, port=self.port, user=""
                            if os.getuid() else "user root;")

    def conf_apache(self):
        modules = self.root / "usr/lib/apache2/modules"
        return APACHE.format(
            dir=self.dir, port=self.port,
            user="" if os.getuid() else "User www-data\nGroup www-data",
            modules="\n".join(f"LoadModule {m}_module {modules}/mod_{m}.so"
                              for m in APACHE_MODULES))

    def conf_lighttpd(self):
        return LIGHTTPD.format(dir=self.dir, port=self.port)

    def up(self):
        if self.kind == "lighttpd-cgi":
            (self.dir / "lib").mkdir(exist_ok=True)
            shutil.copy(BUILD / "sensed.cgi", self.dir / "lib")
            return
        path = self.dir / "s"
        s = socket.socket(socket.AF_UNIX)
        s.bind(str(path))
        path.chmod(0o666)
        s.listen(64)
        self.answer = subprocess.Popen(
            [str(BUILD / "sensed.cgi")], stdin=s, start_new_session=True,
            env={"PATH": "/usr/bin:/bin", "TZ": "UTC",
                 "SENSED_CONFIG": str(self.org.conf)}
            | self.org.clock.environment(),
            stdout=open(self.dir / "answer.log", "ab"),
            stderr=subprocess.STDOUT)
        s.close()

    def down(self):
        """The handler is gone, then its socket too."""
        if self.answer:
            kill(self.answer)
        else:
            (self.dir / "lib/sensed.cgi").chmod(0o600)
        self.answer = None

    def unlink(self):
        program = self.dir / "lib/sensed.cgi"
        (program if program.exists() else self.dir / "s").unlink()

    def end(self):
        """The server alone, so that it writes what it still holds."""
        self.server.terminate()
        self.server.wait(30)

    def logs(self):
        return {p.name: p.read_text(errors="replace")
                for p in self.dir.iterdir()
                if p.suffix == ".log" or p.name == "stderr"}

    def stop(self):
        for p in (self.server, self.answer):
            if p:
                kill(p)
        shutil.rmtree(self.dir)
