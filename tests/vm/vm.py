#!/usr/bin/python3
"""vm.py - boots a machine with the package, and looks at it from outside.

Issue 6: a Debian image with the installed package boots under qemu, without
KVM.  guest.sh inside takes a wave from import to digests through nginx and
Postfix, reloads, upgrades and stops the daemon, cuts the power while people
answer, and lets a calendar open the next wave; this builds the image, starts
the machine, keeps what the guest told on a serial line, and judges what only
the outside can know: every answer that was acknowledged before the cut is
there after it, and is in the figures.

What is lost at the cut is the guest's memory with its page cache.  What the
guest had handed to its disk is the host's, and stays: a disk that lies about
having written is not shown here, but by the states of `make check-crash'.

usage: vm.py [--faults] [--keep] FILE.deb          as root

--faults plants faults instead (no watchdog, a store that is open, a link in
the journal, answers in memory) and insists that each is seen.  --keep leaves
the image.  The base system is made once, below tools/vm.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import csv
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = """curl dbus initramfs-tools linux-image-cloud-amd64 nginx-light
openssl postfix systemd systemd-sysv udev""".split()
MASKED = """apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer
e2scrub_all.timer fstrim.timer getty@tty1.service
serial-getty@ttyS0.service""".split()

NEEDED = {"mmdebstrap": "mmdebstrap", "qemu-system-x86_64": "qemu-system-x86",
          "mke2fs": "e2fsprogs", "faketime": "faketime",
          "openssl": "openssl"}

PATIENCE = 30 * 60          # seconds a boot may take: a loaded machine
PEOPLE = {"T1": range(1, 25), "T2": range(25, 49)}
ANSWER = [*range(1, 21), *range(25, 45)]    # what guest.sh is told to send
WHEN = {"first": "2026-10-05T08:00:00", "second": "2026-10-05T12:00:00"}

# Everybody in T1 says 5, in T2 1: 10, 0, and between; SCORING clips both ends.
FIGURES = {"ORG": ("40", "5.0"), "T1": ("20", "9.5 or more"),
           "T2": ("20", "0.5 or less")}

CHECKS = 47                 # of a whole run, this number's own with them

# The checks that a run with planted faults must find bad, and no other.
PLANTED = {
    "first: store closed to www-data", "first: no link in a log",
    "first: keys and lists closed to the answer pages",
    "first: a hang is restarted", "second: acknowledged answers are there",
    "second: everybody answers once"}


def run(*argv, **more):
    subprocess.run(argv, check=True, **more)


def output(*argv):
    return subprocess.run(argv, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


# --------------------------------------------------------------- the image

def sources():
    """What this system's apt takes Debian from, as lines of sources.list."""
    lines = output(
        "apt-get", "indextargets", "--format",
        "$(ORIGIN)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)",
        "Created-By: Packages")
    return sorted({line.partition("|")[2] for line in lines.splitlines()
                   if line.startswith("Debian|")})


def base(top, deb):
    """The archive of a system without the package, but all it depends on."""
    depends = [d.split()[0] for d in
               output("dpkg-deb", "-f", deb, "Depends").split(",")]
    packages = sorted(PACKAGES + depends)
    wanted = " ".join(packages + sources())
    name = hashlib.sha256(wanted.encode()).hexdigest()[:12]
    archive = top / f"base-{name}.tar"
    if not archive.exists():
        say("making the base system (once)")
        new = top / "new.tar"
        suite = output("sh", "-c", ". /etc/os-release && "
                       "printf %s $VERSION_CODENAME")
        with open(top / "mmdebstrap.log", "wb") as log:
            run("mmdebstrap", "--mode=root", "--variant=minbase",
                '--aptopt=Acquire::Languages "none"',
                "--include=" + ",".join(packages), suite, str(new),
                *sources(), stdout=log, stderr=log)
        new.rename(archive)
    return archive


def people_files(root):
    with open(root / "srv/units.csv", "w", encoding="utf-8") as f:
        f.write("unit,parent,name,leader_name,leader_email,language\n")
        for unit, parent in (("ORG", ""), ("T1", "ORG"), ("T2", "ORG")):
            f.write(f"{unit},{parent},Unit {unit},Lee {unit},"
                    f"lee-{unit.lower()}@taf.example,\n")
    boxes = [f"lee-{u.lower()}" for u in FIGURES]
    with open(root / "srv/people.csv", "w", encoding="utf-8") as f:
        f.write("id,email,name,unit,language\n")
        for unit, numbers in PEOPLE.items():
            for i in numbers:
                f.write(f"{i},p{i}@taf.example,Pat {i},{unit},\n")
                boxes.append(f"p{i}")
    with open(root / "etc/postfix/mailboxes", "w", encoding="utf-8") as f:
        for b in boxes:
            f.write(f"{b}@taf.example {b}/\n")
    for b in boxes:
        (root / "var/mail/virtual" / b / "new").mkdir(parents=True)
    run("chown", "-R", "65534:65534", str(root / "var/mail/virtual"))


def install(root, deb):
    """As dpkg does it, in a namespace whose mounts go with it."""
    shutil.copy(deb, root / "root/sensed.deb")
    run("unshare", "-m", "--propagation", "private", "sh", "-ec",
        'mount -t proc proc "$1/proc"; mount -t tmpfs tmpfs "$1/run"; '
        'exec chroot "$1" dpkg -i /root/sensed.deb', "sh", str(root),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def furnish(root):
    files = HERE / "files"
    for source, target in (
            (HERE / "guest.sh", "root/guest.sh"),
            (files / "vm-test.service", "etc/systemd/system/vm-test.service"),
            (files / "sensed.conf", "etc/sensed/sensed.conf"),
            (files / "main.cf", "etc/postfix/main.cf"),
            (files / "nginx.conf", "etc/nginx/sites-enabled/default")):
        (root / target).unlink(missing_ok=True)
        shutil.copyfile(source, root / target)
    (root / "etc/hostname").write_text("pulse\n")
    (root / "etc/hosts").write_text(
        "127.0.0.1 localhost pulse mail.taf.example pulse.taf.example\n")
    (root / "etc/resolv.conf").write_text("nameserver 127.0.0.1\n")
    (root / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n")
    # The clock inside may be behind this one's: a certificate of before it.
    run("faketime", "2026-01-01", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "36500",
        "-subj", "/CN=pulse.taf.example", "-addext",
        "subjectAltName=DNS:pulse.taf.example", "-keyout",
        str(root / "etc/ssl/private/pulse.key"), "-out",
        str(root / "etc/ssl/pulse.pem"), stderr=subprocess.DEVNULL)
    people_files(root)
    run("systemctl", "--root", str(root), "-q", "mask", *MASKED)
    run("systemctl", "--root", str(root), "-q", "enable", "vm-test.service")


def build(top, deb):
    """image, kernel and initrd below top."""
    root, image = top / "root", top / "image"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    run("tar", "-xf", str(base(top, deb)), "-C", str(root),
        "--numeric-owner", "--xattrs", "--xattrs-include=*")
    say("installing the package into the image")
    install(root, deb)
    furnish(root)
    for name in ("vmlinuz", "initrd.img"):
        newest = sorted((root / "boot").glob(name + "-*"))[-1]
        shutil.copyfile(newest, top / name)
    image.unlink(missing_ok=True)
    run("mke2fs", "-q", "-t", "ext4", "-d", str(root), str(image), "2G",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    shutil.rmtree(root)


# ------------------------------------------------------------- the machine

class Machine:
    """Boots the image; what it told, by word."""

    def __init__(self, top, faults):
        self.top, self.faults = top, faults
        self.good, self.bad, self.told = [], [], {}

    def boot(self, stage):
        self.told = {"ended": False}
        self.stage = stage
        append = (f"root=/dev/vda rw console=ttyS0 quiet panic=-1 "
                  f"vm.stage={stage}{' vm.faults' if self.faults else ''}")
        argv = [
            "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu",
            "max,la57=off", "-smp", "2", "-m", "1024", "-no-reboot",
            "-display", "none", "-monitor", "none", "-nic", "none",
            "-rtc", "clock=host,base=" + WHEN[stage], "-drive",
            f"file={self.top}/image,format=raw,if=virtio,cache=unsafe",
            "-device", "virtio-rng-pci", "-kernel", f"{self.top}/vmlinuz",
            "-initrd", f"{self.top}/initrd.img", "-append", append,
            "-serial", f"file:{self.top}/{stage}.console",
            "-serial", "stdio"]
        with subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE) as qemu:
            limit = threading.Timer(PATIENCE, qemu.kill)
            limit.start()
            for line in qemu.stdout:
                if line.endswith(b"\n"):    # the cut may tear the last one
                    self.hear(line.decode(errors="replace").strip())
            limit.cancel()

    def hear(self, line):
        word, _, rest = line.partition(" ")
        if word == "ok":
            self.check(True, rest)
        elif word == "bad":
            name, _, why = rest.partition(" | ")
            self.check(False, name, why)
        elif word == "note":
            say(rest)
        elif word == "end":
            self.told["ended"] = True
        else:
            self.told.setdefault(word, []).append(rest)

    def check(self, good, name, why=""):
        name = f"{self.stage}: {name}"
        (self.good if good else self.bad).append(name)
        print("ok  " if good else "BAD ", name, "" if good else f": {why}",
              flush=True)

    def numbers(self, word):
        """The people told of with a word, a number each."""
        return sorted(int(p) for p in self.told.get(word, []))


def judge_answers(machine, acked):
    """acked: those told before the cut, by a line that came out whole."""
    saved, already = machine.numbers("saved"), machine.numbers("already")
    lost = sorted(set(acked) - set(already))
    machine.check(len(acked) >= 18 and not lost,
                  "acknowledged answers are there",
                  f"{len(acked)} acknowledged, lost: {lost}")
    say(f"{len(acked)} answers acknowledged before the cut, "
        f"{len(set(already) - set(acked))} in doubt and there, "
        f"{len(saved)} sent after it")
    return sorted(saved + already) == ANSWER


def judge_figures(machine):
    rows = list(csv.DictReader(machine.told.get("figure", [])))
    for unit, want in FIGURES.items():
        got = {(r["n"], r["score"]) for r in rows if r["unit"] == unit}
        machine.check(got == {want}, f"figures of {unit} count each answer",
                      str(got))
    machine.check(len(rows) == 6 * len(FIGURES), "figures of six senses",
                  f"{len(rows)} rows")


def judge_disk(machine):
    r = subprocess.run(["e2fsck", "-fn", f"{machine.top}/image"],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True, check=False)
    machine.check(r.returncode == 0, "the file system is sound", r.stdout)


def whole(machine):
    """Both boots, with the cut between them."""
    machine.boot("first")
    machine.check(not machine.told["ended"], "ends with a power cut",
                  "it was shut down")
    if machine.told["ended"]:
        return
    acked = machine.numbers("acked")
    machine.boot("second")
    everybody = judge_answers(machine, acked)
    machine.check(everybody, "everybody answers once", str(machine.told))
    if not machine.faults:
        judge_figures(machine)
        judge_disk(machine)
    machine.check(machine.told["ended"], "ends by itself", "it hung")


def verdict(machine):
    count = len(machine.good) + len(machine.bad)
    if machine.faults:
        missed = sorted(PLANTED - set(machine.bad))
        other = sorted(set(machine.bad) - PLANTED)
        for name in missed:
            say(f"planted, and not seen: {name}")
        for name in other:
            say(f"not planted, but bad: {name}")
        print(f"{len(PLANTED)} planted faults, {len(PLANTED) - len(missed)}"
              f" caught; {count} checks, {len(other)} bad")
        return not missed and not other
    print(f"{count} checks, {len(machine.bad)} bad")
    return not machine.bad


def say(text):
    print("vm:", text, flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--faults", action="store_true")
    p.add_argument("--keep", action="store_true")
    p.add_argument("--top", default="tools/vm")
    p.add_argument("deb")
    a = p.parse_args()
    if not os.path.exists(a.deb):
        sys.exit(f"vm.py: {a.deb} is not there: ./bootstrap vm makes it, "
                 "and installs all that is needed")
    missing = sorted(package for program, package in NEEDED.items()
                     if not shutil.which(program))
    if missing:
        sys.exit("vm.py: install these packages, or run ./bootstrap vm: "
                 + " ".join(missing))
    if os.geteuid() != 0:
        sys.exit("vm.py: needs root, to build the image as the owner of "
                 "its files")
    os.nice(5)
    began = time.monotonic()
    top = pathlib.Path(a.top).resolve()
    top.mkdir(parents=True, exist_ok=True)
    build(top, a.deb)
    say(f"image: {time.monotonic() - began:.0f} s")
    machine = Machine(top, a.faults)
    whole(machine)
    if not a.faults:
        machine.check(len(machine.good + machine.bad) == CHECKS - 1,
                      f"all of {CHECKS} checks were made", "some are missing")
    if not a.keep:
        (top / "image").unlink()
    good = verdict(machine)
    say(f"{time.monotonic() - began:.0f} s in all; the consoles are in {top}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
