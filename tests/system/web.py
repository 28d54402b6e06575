"""web.py - a real lighttpd before sensed.cgi, and a person's browser.

lighttpd is unpacked, never installed: LIGHTTPD_ROOT, or tools/root of the
build.  Mode "cgi" starts the program for each request; mode "fastcgi" starts
it once with the listening socket on descriptor 0, as systemd would.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import hashlib
import html.parser
import http.client
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
import urllib.parse

from post import free_port, visible
from programs import BUILD, kill

MODES = ("cgi", "fastcgi")
CODE = re.compile(r"(?<![a-z2-7])((?:[a-z2-7]{4}[ -]){7}[a-z2-7]{3})"
                  r"(?![a-z2-7])")

COMMON = """
server.document-root = "{root}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{root}/error.log"
server.upload-dirs = ( "{root}" )
server.max-keep-alive-requests = 100000
server.max-connections = 512
server.modules = ( "mod_alias", "mod_setenv", "{module}" )
"""
CGI = """
alias.url = ( "/" => "{program}/" )
cgi.assign = ( "sensed.cgi" => "" )
setenv.set-environment = ( {environment} )
"""
FASTCGI = """
fastcgi.server = ( "/" => (( "socket" => "{socket}",
    "check-local" => "disable", "fix-root-scriptname" => "enable" )) )
"""


def lighttpd_root():
    root = os.environ.get("LIGHTTPD_ROOT")
    roots = [pathlib.Path(root)] if root else [BUILD / "tools/root"]
    for r in roots:
        if (r / "usr/sbin/lighttpd").exists():
            return r
    raise RuntimeError(f"no lighttpd below {roots[0]} (./bootstrap tools)")


class WebServer:
    """Serves one configuration; `base` is its URL, ending in '/'."""

    def __init__(self, directory, port, mode, conf, clock, keep=False,
                 more=None):
        self.root = pathlib.Path(directory)
        self.root.mkdir(exist_ok=True)
        self.port, self.mode, self.conf = port, mode, conf
        self.clock = clock
        self.keep = keep        # the listening socket, as systemd does
        self.more = more or {}  # of the handler's environment
        self.base = f"http://127.0.0.1:{port}/"
        self.answer = self.server = None
        self.start()

    def environment(self):
        env = dict(self.clock.environment()) if self.clock else {}
        env["SENSED_CONFIG"] = str(self.conf)
        env["TZ"] = "UTC"
        return env | self.more

    def start(self):
        text = COMMON.format(root=self.root, port=self.port,
                             module="mod_" + self.mode)
        program = BUILD / "sensed.cgi"
        if not program.exists():
            raise RuntimeError(f"{program} is not built (SENSED_BUILD)")
        if self.mode == "cgi":
            env = ", ".join(f'"{k}" => "{v}"'
                            for k, v in self.environment().items())
            text += CGI.format(program=program, environment=env)
        else:
            path = self.root / "s"
            text += FASTCGI.format(socket=path)
            self._start_fastcgi(program, path)
        (self.root / "lighttpd.conf").write_text(text)
        r = lighttpd_root()
        libs = sorted({str(p.parent) for p in r.rglob("lib*.so*")})
        env = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": ":".join(libs)}
        self.server = subprocess.Popen(
            [str(r / "usr/sbin/lighttpd"), "-D", "-m",
             str(r / "usr/lib/lighttpd"), "-f",
             str(self.root / "lighttpd.conf")], env=env,
            stdin=subprocess.DEVNULL, start_new_session=True,
            stderr=open(self.root / "stderr", "ab"))
        self._wait()

    def _start_fastcgi(self, program, path):
        if path.exists():
            path.unlink()
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen(1024)
        self._start_answer(program)
        if not self.keep:
            self.socket.close()

    def _start_answer(self, program):
        self.answer = subprocess.Popen(
            [str(program)], stdin=self.socket, start_new_session=True,
            env={"PATH": "/usr/bin:/bin"} | self.environment(),
            stdout=open(self.root / "answer.log", "ab"),
            stderr=subprocess.STDOUT)

    def restart_answer(self):
        """SIGTERM, and when it has ended, another one on the same socket."""
        self.answer.terminate()
        assert self.answer.wait(30) == 0
        self._start_answer(BUILD / "sensed.cgi")

    def _wait(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if self.server.poll() is not None:
                    break
                time.sleep(0.02)
        raise RuntimeError("lighttpd did not start: "
                           + (self.root / "stderr").read_text())

    def stop(self):
        for p in (self.server, self.answer):
            if p:
                kill(p)
        self.server = self.answer = None
        if self.keep:
            self.socket.close()

    def logs(self):
        return "".join(p.read_text(errors="replace")
                       for p in self.root.iterdir()
                       if p.is_file() and p.suffix in (".log", "")
                       and p.name != "s")


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def seen(self):
        return visible(self.text)

    def form(self, index=0):
        return forms(self.text)[index]

    def code(self):
        """The change code of a thanks page, as it is shown."""
        found = CODE.search(self.seen)
        assert found, self.seen
        return found.group(1)


class Browser:
    """Keeps one connection, as browsers do; no cookies, no scripts."""

    def __init__(self, base):
        self.url = urllib.parse.urlsplit(base)
        self.connection = None

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def request(self, method, path, body=None, headers=()):
        """path: below base, or a whole URL of it."""
        if "://" in path:
            url = urllib.parse.urlsplit(path)
            path = url.path + ("?" + url.query if url.query else "")
        elif not path.startswith("/"):
            path = self.url.path + path
        for last in (False, True):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    self.url.hostname, self.url.port, timeout=60)
            try:
                self.connection.request(method, path, body, dict(headers))
                r = self.connection.getresponse()
                out = Reply(r.status, r.headers, r.read())
                if r.will_close:
                    self.close()
                return out
            except (http.client.BadStatusLine, ConnectionError,
                    http.client.CannotSendRequest):
                self.close()    # an idle connection that the server ended
                if last or method == "POST" and body is None:
                    raise

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, fields, kind="application/x-www-form-urlencoded"):
        body = fields if isinstance(fields, (bytes, str)) else \
            urllib.parse.urlencode(fields)
        return self.request("POST", path, body, {"Content-Type": kind})

    def submit(self, form, **answers):
        """Posts a form as served, with the answers a person chose."""
        return self.post(form.action, form.fields(**answers))

    def answer(self, link, **answers):
        """What a person does: opens the link, chooses, sends."""
        page = self.get("a/" + link)
        assert page.status == 200, page.text
        return self.submit(page.form(), **answers)


class Form:
    def __init__(self, action, method):
        self.action, self.method = action, method
        self.hidden, self.radios, self.chosen = {}, {}, {}
        self.texts, self.buttons = [], []

    def fields(self, **answers):
        """What a browser would send: hidden fields, choices, typed text."""
        out = dict(self.hidden) | self.chosen
        for name, value in answers.items():
            assert name in self.radios or name in self.texts or \
                name in self.hidden or name == "lang", name
            out[name] = "" if value is None else str(value)
        return out


class FormReader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.now, self.button = [], None, None

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.now = Form(a.get("action", ""), a.get("method", "get"))
            self.forms.append(self.now)
        if self.now is None:
            return
        kind = a.get("type", "text")
        if tag == "button":
            self.now.buttons.append((a.get("name"), a.get("value")))
        elif tag == "input" and kind == "submit":
            self.now.buttons.append((a.get("name"), a.get("value")))
        elif tag == "input" and kind == "hidden":
            self.now.hidden[a["name"]] = a.get("value", "")
        elif tag == "input" and kind == "radio":
            self.now.radios.setdefault(a["name"], []).append(
                a.get("value", "on"))
            if "checked" in a:
                self.now.chosen[a["name"]] = a.get("value", "on")
        elif tag in ("input", "textarea"):
            self.now.texts.append(a.get("name"))

    def handle_endtag(self, tag):
        if tag == "form":
            self.now = None


def forms(page):
    reader = FormReader()
    reader.feed(page)
    reader.close()
    return reader.forms


def snapshot(directory):
    """Every file below: size, time of last change, hash of its bytes."""
    out = {}
    for path in sorted(pathlib.Path(directory).rglob("*")):
        if path.is_file():
            st = path.stat()
            out[str(path.relative_to(directory))] = (
                st.st_size, st.st_mtime_ns,
                hashlib.sha256(path.read_bytes()).hexdigest())
    return out


def contents(directory):
    """Every file below, by name, with its bytes."""
    return {str(p.relative_to(directory)): p.read_bytes()
            for p in sorted(pathlib.Path(directory).rglob("*"))
            if p.is_file()}


def copy_tree(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=shutil.copy2)
