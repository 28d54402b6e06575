"""mta.py - real mail servers: Postfix and OpenSMTPD, as Debian has them.

They are unpacked, never installed (SERVERS_ROOT, or tools/root of the build).
Each runs in a mount namespace of its own, in which it finds its users, its
spool and its programs where it looks for them; nothing of the system changes.
That needs root, or sudo without a password.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import email
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from clock import library
from post import free_port
from programs import BUILD, SOURCE, Programs

USER, PASSWORD = "pulse", "correct horse, ŵ battery"
UID = 64001                     # the first of those that the servers want
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
RETURNS = "returns.example"     # whose mail the server takes for the pipe
GONE = "gone.example"


def root(program):
    r = pathlib.Path(os.environ.get("SERVERS_ROOT", BUILD / "tools/root"))
    if not (r / program).exists():
        raise RuntimeError(f"no {program} below {r} (./bootstrap tools)")
    return r.resolve()


def libraries(below):
    return ":".join(sorted({str(p.parent) for p in below.rglob("lib*.so*")}))


def command(*argv, **how):
    subprocess.run([str(a) for a in argv], check=True, capture_output=True,
                   **how)


def openssl(*argv):
    """In the time of the organisation, whose certificates it makes."""
    command("openssl", *argv, env={
        "PATH": "/usr/bin:/bin", "LD_PRELOAD": library(), "TZ": "UTC",
        "FAKETIME": "2026-10-01 00:00:00", "DONT_FAKE_MONOTONIC": "1"})


class Authority:
    """A certificate authority, and what it signs for a host."""

    def __init__(self, directory):
        self.dir = pathlib.Path(directory)
        self.dir.mkdir(mode=0o755)
        self.cert = self.dir / "ca.pem"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes",
                "-days", 60, "-subj", "/CN=Test authority", "-keyout",
                self.dir / "ca.key", "-out", self.cert)

    def issue(self, host):
        """Paths of a key and a certificate for this name."""
        key, cert = self.dir / f"{host}.key", self.dir / f"{host}.pem"
        request = self.dir / "request"
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj",
                f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
                "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-days", 60, "-CA",
                self.cert, "-CAkey", self.dir / "ca.key", "-CAcreateserial",
                "-copy_extensions", "copy", "-out", cert)
        key.chmod(0o600)
        return key, cert


def namespace(binds, argv):
    """argv, in a mount namespace where each path shows another file."""
    mounts = "".join(f"mount --bind '{a}' '{b}' && " for a, b in binds)
    return ["unshare", *([] if os.getuid() == 0 else ["--map-root-user"]),
            "--mount", "--propagation", "private", "sh", "-c",
            mounts + 'exec "$@"', "sh", *map(str, argv)]


class Trusting(Programs):
    """The programs of an organisation on a machine that trusts these
    authorities and no others, with a systemd credential or without."""

    def __init__(self, org, *trusted, credential=None):
        super().__init__(org.conf, org.clock)
        self.credential = credential
        self.bundle = org.dir / "trusted.pem"
        self.bundle.write_text("".join(a.cert.read_text() for a in trusted))

    def argv(self, name, *args, conf=True):
        return namespace([(self.bundle, BUNDLE)],
                         super().argv(name, *args, conf=conf))

    def environment(self):
        env = super().environment()
        if self.credential:
            env["CREDENTIALS_DIRECTORY"] = str(self.credential)
        return env


def shipped(name, mta):
    """A file of etc/, as an administrator would take it over: with their own
    names for the return path, the directory and the program.  By section,
    "" for one without; without the comments."""
    text = (SOURCE / "etc" / name).read_text().replace(
        "taf\\.example", RETURNS.replace(".", "\\.")).replace(
        "taf.example", RETURNS).replace("/etc/postfix", str(mta.dir / "etc")
        ).replace("/usr/sbin/sensed-bounce", str(mta.pipe))
    parts = re.split(r"(?m)^# ---- .*/(\S+?)(?:,.*)?$", text)
    return {k: re.sub(r"(?m)^#.*\n", "", v) for k, v in
            zip(["", *parts[1::2]], parts[0::2])}


class Mta:
    """What both servers have in common.  `ports` is by what is spoken.

    Mail to GONE goes on to the next host, `next`, which a test plays.  What
    comes back for RETURNS goes to sensed-bounce, as the user sensed: `pipes`
    says of which organisation.
    """

    sudo = [] if os.getuid() == 0 else ["sudo", "-n"]
    users = ()

    def __init__(self, cert, other):
        # where a server that gives root away can still read it
        self.dir = pathlib.Path(tempfile.mkdtemp())
        self.dir.chmod(0o755)
        self.maildir = self.dir / "mail"
        self.key, self.cert = (self.take(p) for p in cert)
        self.other_key, self.other_cert = (self.take(p) for p in other)
        self.ports = {name: free_port() for name in self.names}
        self.next = free_port()
        self.pipe = self.dir / "sensed-bounce"
        self.process = None
        for name in ("passwd", "group"):
            shutil.copy("/etc/" + name, self.dir / name)
        for name in self.users:
            with open(self.dir / "passwd", "a", encoding="utf-8") as f:
                f.write(f"{name}:x:{self.uid(name)}:{self.uid(name)}::"
                        "/nonexistent:/usr/sbin/nologin\n")
            with open(self.dir / "group", "a", encoding="utf-8") as f:
                f.write(f"{name}:x:{self.uid(name)}:\n")
        self.configure()

    def take(self, path):
        shutil.copy(path, self.dir)
        return self.dir / path.name

    def uid(self, user):
        """No server runs a pipe as root; whoever is not root has no other
        user's files to give to sensed."""
        if user == "sensed" and os.getuid() != 0:
            return os.getuid()
        return UID + self.users.index(user)

    def pipes(self, org):
        """From now on sensed-bounce is run for this organisation, as sensed,
        whose files its state then is.  They lie below self.dir: pytest's own
        folders are closed to others."""
        program = self.dir / "sensed-bounce.real"
        shutil.copy(BUILD / "sensed-bounce", program)
        env = " ".join(f"{k}='{v}'" for k, v in
                       org.program.environment().items())
        self.pipe.write_text(f"#!/bin/sh\nexec env -i {env} {program} "
                             f"-c {org.conf} \"$@\"\n")
        self.pipe.chmod(0o755)
        uid = self.uid("sensed")
        command(*self.sudo, "chown", "-R", f"{uid}:{uid}", org.dir)

    def own(self, path, user, group=None, mode=0o700):
        path.mkdir(parents=True, exist_ok=True)
        uid, gid = self.uid(user), self.uid(group or user)
        command(*self.sudo, "chown", f"{uid}:{gid}", path)
        command(*self.sudo, "chmod", f"{mode:o}", path)

    def inside(self, argv):
        """argv, where the server finds its users and files."""
        binds = [(self.dir / "passwd", "/etc/passwd"),
                 (self.dir / "group", "/etc/group"), *self.binds()]
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **self.environment()}
        return self.sudo + namespace(
            binds, ["env", *(f"{k}={v}" for k, v in env.items()), *argv])

    def start(self):
        with open(self.dir / "stderr", "ab") as out:
            self.process = subprocess.Popen(
                self.inside(self.argv()), stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, start_new_session=True)
        for port in self.ports.values():
            self.wait(port)
        if self.process.poll() is not None:
            raise RuntimeError("it did not start: " + self.log())

    def wait(self, port):
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        raise RuntimeError("it did not start: " + self.log())

    def stop(self):
        if self.process is None:
            return
        group = str(-self.process.pid)
        for sig in (signal.SIGTERM, signal.SIGKILL):
            subprocess.run([*self.sudo, "kill", f"-{int(sig)}", "--", group],
                           stderr=subprocess.DEVNULL, check=False)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                pass
        self.process.wait()
        self.process = None

    def close(self):
        self.stop()
        command(*self.sudo, "rm", "-rf", self.dir)

    def log(self):
        """All that the server wrote."""
        return "".join((self.dir / name).read_text(errors="replace")
                       for name in ("stderr", "maillog")
                       if (self.dir / name).exists())

    def mails(self):
        """What was delivered: parsed, with the recipient it was for."""
        out = []
        r = subprocess.run([*self.sudo, "find", self.maildir, "-path",
                            "*/new/*", "-type", "f"], check=True,
                           capture_output=True, text=True)
        for path in r.stdout.split():
            raw = subprocess.run([*self.sudo, "cat", path], check=True,
                                 capture_output=True).stdout
            out.append(email.message_from_bytes(raw))
        return out

    def await_mails(self, n, seconds=60):
        """Accepting and delivering are two things: waits for n."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            r = subprocess.run([*self.sudo, "find", self.maildir, "-path",
                                "*/new/*", "-type", "f"],
                               capture_output=True, text=True, check=False)
            if len(r.stdout.split()) >= n:
                return self.mails()
            time.sleep(0.05)
        raise AssertionError(f"not {n} mails: " + self.log()[-3000:])


POSTFIX = """
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
daemon_directory = {root}/usr/lib/postfix/sbin
command_directory = {root}/usr/sbin
shlib_directory = {root}/usr/lib/postfix
meta_directory = {dir}/etc
mail_owner = postfix
setgid_group = postdrop
import_environment = MAIL_CONFIG LD_LIBRARY_PATH SASL_PATH PATH
maillog_file = {dir}/maillog
maillog_file_prefixes = {dir}
myhostname = localhost
mydestination = {returns}
alias_maps = hash:{dir}/etc/aliases
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.2/32
smtpd_client_connection_rate_limit = 0
virtual_mailbox_domains = static:all
virtual_mailbox_base = {dir}
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
virtual_minimum_uid = 1000
virtual_destination_recipient_limit = 1
virtual_destination_concurrency_limit = 20
smtpd_tls_chain_files = {key}, {cert}
smtpd_tls_auth_only = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = localhost
smtpd_client_restrictions = permit_sasl_authenticated, reject
"""
MASTER = """
{starttls} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
{plain} inet n - n - - smtpd
  -o smtpd_tls_auth_only=no -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit
{wrong_name} inet n - n - - smtpd
  -o smtpd_tls_security_level=may -o smtpd_sasl_auth_enable=yes
  -o {{ smtpd_tls_chain_files = {other_key}, {other_cert} }}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
local unix - n n - - local
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
SASL = """
pwcheck_method: auxprop
auxprop_plugin: sasldb
mech_list: plain login
sasldb_path: {dir}/sasldb
"""


class Postfix(Mta):
    """Submission with STARTTLS and with TLS from the start, both with AUTH."""

    names = ("starttls", "smtps", "plain", "wrong_name")
    users = ("postfix", "postdrop", "sensed")
    utf8 = True

    def configure(self):
        self.root = root("usr/lib/postfix/sbin/master")
        etc, queue = self.dir / "etc", self.dir / "queue"
        etc.mkdir()
        queue.mkdir()
        (queue / "pid").mkdir()
        for name in ("incoming", "active", "deferred", "defer", "bounce",
                     "corrupt", "flush", "hold", "private", "saved", "trace"):
            self.own(queue / name, "postfix")
        self.own(queue / "public", "postfix", "postdrop", 0o710)
        self.own(queue / "maildrop", "postfix", "postdrop", 0o730)
        self.own(self.dir / "data", "postfix")
        self.own(self.maildir, "postfix", mode=0o755)
        # a listener has to be named by address, or it is everybody's
        ports = {k: f"127.0.0.1:{v}" for k, v in self.ports.items()}
        ours = shipped("postfix-sensed.conf", self)
        (etc / "main.cf").write_text(POSTFIX.format(
            dir=self.dir, root=self.root, uid=UID, key=self.key,
            cert=self.cert, returns=RETURNS) + ours["main.cf"])
        (etc / "master.cf").write_text(MASTER.format(
            other_key=self.other_key, other_cert=self.other_cert, **ports)
            + ours["master.cf"])
        (etc / "transport").write_text(
            f"{GONE} smtp:[127.0.0.1]:{self.next}\n" + ours["transport"])
        (etc / "aliases").write_text("pulse-bounce: postmaster\n")
        sasl = etc / "sasl"     # where Debian's looks for its settings
        sasl.mkdir()
        for plugin in (*self.root.glob("usr/lib/*/sasl2/lib*.so"),
                       *pathlib.Path("/").glob("usr/lib/*/sasl2/libsasldb.so")):
            (sasl / plugin.name).symlink_to(plugin.resolve())
        (sasl / "smtpd.conf").write_text(SASL.format(dir=self.dir))
        command(self.root / "usr/sbin/saslpasswd2", "-p", "-c", "-f",
                self.dir / "sasldb", "-u", "localhost", USER,
                input=PASSWORD.encode(), env=self.environment())
        command(*self.sudo, "chown", UID, self.dir / "sasldb")
        for program, map in (("postmap", "transport"),
                             ("postalias", "aliases")):
            command(*self.inside([self.root / "usr/sbin" / program,
                                  etc / map]))

    def environment(self):
        return {"MAIL_CONFIG": str(self.dir / "etc"),
                "SASL_PATH": str(self.dir / "etc/sasl"),
                "LD_LIBRARY_PATH": libraries(self.root / "usr/lib/postfix")}

    def binds(self):
        return []

    def argv(self):
        return [self.root / "usr/lib/postfix/sbin/master", "-c",
                self.dir / "etc", "-d"]


OPENSMTPD = """
pki good cert "{cert}"
pki good key "{key}"
pki other cert "{other_cert}"
pki other key "{other_key}"
table users file:{dir}/users
listen on 127.0.0.1 port {starttls} tls-require pki good auth <users>
listen on 127.0.0.1 port {smtps} smtps pki good auth <users>
listen on 127.0.0.1 port {plain}
listen on 127.0.0.1 port {wrong_name} tls-require pki other auth <users>
table everybody {{ "@" = vmail }}
{ours}
action "on" relay host smtp://127.0.0.1:{next}
match from any for domain "{gone}" action "on"
action "keep" maildir "{dir}/mail" virtual <everybody>
match auth from any for any action "keep"
"""


class OpenSmtpd(Mta):
    """The same, with its own credentials table."""

    names = ("starttls", "smtps", "plain", "wrong_name")
    users = ("opensmtpd", "opensmtpq", "vmail", "sensed")
    utf8 = False

    def configure(self):
        self.root = root("usr/sbin/smtpd")
        self.own(self.maildir, "vmail")
        (self.dir / "spool" / "smtpd").mkdir(parents=True)
        (self.dir / "spool" / "smtpd").chmod(0o711)
        (self.dir / "lib/opensmtpd/empty").mkdir(parents=True)
        (self.dir / "run").mkdir()
        word = subprocess.run(["openssl", "passwd", "-6", "-stdin"],
                              input=PASSWORD, capture_output=True, text=True,
                              check=True).stdout.strip()
        (self.dir / "users").write_text(f"{USER} {word}\n")
        (self.dir / "smtpd.conf").write_text(OPENSMTPD.format(
            dir=self.dir, key=self.key, cert=self.cert,
            other_key=self.other_key, other_cert=self.other_cert,
            ours=shipped("opensmtpd-sensed.conf", self)[""],
            next=self.next, gone=GONE, **self.ports))
        (self.dir / "smtpd.conf").chmod(0o600)
        command(*self.sudo, "chown", "0:0", self.dir / "smtpd.conf",
                self.key, self.other_key, self.dir / "spool/smtpd")
        self.shim = self.dir / "shim.so"
        command("cc", "-shared", "-fPIC", "-O1", "-o", self.shim,
                SOURCE / "tests/system/opensmtpd_shim.c", "-ldl")

    def environment(self):
        return {"LD_PRELOAD": str(self.shim),
                "LD_LIBRARY_PATH": libraries(self.root / "usr/lib")}

    def binds(self):
        return [(self.dir / "spool", "/var/spool"),
                (self.dir / "lib", "/var/lib"), (self.dir / "run", "/run"),
                (self.root / "usr/libexec", "/usr/libexec")]

    def argv(self):
        return [self.root / "usr/sbin/smtpd", "-d", "-f",
                self.dir / "smtpd.conf"]
