"""docrun.py - runs the commands of a page of doc/, as a reader would.

A block that begins with ```console is run: a line that begins with "# " is a
command, lines behind it that begin with "> " go on with it, and all others
are what it prints.  There "..." stands for any text, on a line of its own for
any lines.  <!-- test: WORD ARGUMENT --> between blocks calls a function of the
test, which does what the reader cannot see: time passes, people answer.

Commands run in one folder under bash.  What the page names and the test has
elsewhere is replaced in commands, and put back in what they print.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import subprocess

STEP = re.compile(r"^```console\n(.*?)^```$|^<!-- test: (.*?) -->$",
                  re.M | re.S)


def steps(text):
    """("run", command, output) and ("test", word, argument), in order."""
    out = []
    for block, hook in STEP.findall(text):
        if hook:
            out.append(("test", *hook.partition(" ")[::2]))
            continue
        for line in block.splitlines():
            if line.startswith("# "):
                out.append(["run", line[2:], ""])
            elif line.startswith("> "):
                out[-1][1] += "\n" + line[2:]
            elif line == ">":
                out[-1][1] += "\n"
            else:
                out[-1][2] += line + "\n"
    return out


def matches(shown, real):
    """Whether real output is what the page shows."""
    pattern = ""
    for line in shown.splitlines():
        if line == "...":
            pattern += r"(?:.*\n)*"
        else:
            pattern += ".*".join(map(re.escape, line.split("..."))) + r"\n"
    return re.fullmatch(pattern, real) is not None


class Reader:
    """Follows a page; places are (what it names, what the test has)."""

    def __init__(self, directory, places, path, environment):
        self.dir, self.places = directory, places
        self.environment = environment | {
            "PATH": f"{path}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(directory)}

    def here(self, text):
        for theirs, ours in self.places:
            text = text.replace(theirs, ours)
        return text

    def there(self, text):
        for theirs, ours in self.places:
            text = text.replace(ours, theirs)
        return text

    def run(self, command):
        r = subprocess.run(["bash", "-c", self.here(command)], cwd=self.dir,
                           env=self.environment, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, timeout=120)
        return r.returncode, self.there(r.stdout)

    def follow(self, page, hooks):
        """Returns what differs, as text, and how many commands ran."""
        wrong, n = [], 0
        for kind, what, more in steps(page):
            if kind == "test":
                hooks[what](more)
                continue
            n += 1
            status, said = self.run(what)
            if status != 0 or not matches(more, said):
                wrong.append(f"# {what}\nstatus {status}, printed:\n{said}"
                             f"instead of:\n{more}")
        return "\n".join(wrong), n


def program(directory, name, text):
    """A stand-in for a command that would touch the whole machine."""
    path = directory / name
    path.write_text("#!/bin/sh\n" + text)
    os.chmod(path, 0o755)
