"""mutants.py - faults that the harness must find.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import re
import shlex
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[3]


def without_sync(events):
    """The disk was never asked to sync a file."""
    return [e for e in events if e.kind != "F"]


def without_directory_sync(events):
    return [e for e in events if e.kind != "D"]


def renamed_first(events):
    """Files are synced after they have their name, not before."""
    out, late = [], {}
    for e in events:
        if e.kind == "F":
            late.setdefault(e.path, []).append(e)
            continue
        if e.kind != "R":
            for path in list(late):
                if e.path != path and e.kind in "COEBSU":
                    out += late.pop(path)
        out.append(e)
        if e.kind == "R":
            out += late.pop(e.path, [])
    return out + [e for held in late.values() for e in held]


def replied_first(events):
    """The reply goes out before the directory is synced."""
    out = []
    for i, e in enumerate(events):
        if e.kind == "D" and any(later.kind == "O" and later.pid == e.pid
                                 for later in events[i + 1:i + 40]):
            continue
        out.append(e)
        if e.kind == "O":
            out += [d for d in events[max(0, i - 40):i]
                    if d.kind == "D" and d.pid == e.pid]
    return out


# The same recording, as if the programs had done otherwise.
ON_RECORD = (
    ("no fsync", without_sync),
    ("no directory fsync", without_directory_sync),
    ("rename before sync", renamed_first),
    ("reply before the directory's sync", replied_first),
)


class InSource:
    """A program of which one line reads otherwise."""

    def __init__(self, name, slug, file, edits, program, steps, kills=0):
        self.name, self.slug, self.file = name, slug, file
        self.edits, self.program, self.steps = edits, program, steps
        self.kills = kills

    def build(self, build, where):
        """Links the program anew; its changed object comes first."""
        text = (SOURCE / self.file).read_text()
        for old, new in self.edits:
            changed = text.replace(old, new)
            if changed == text:
                raise RuntimeError(f"{self.name}: {old!r} is not there")
            text = changed
        source = where / (self.slug + ".c")
        source.write_text(text)
        flags, objects, libraries = self.ask_make(build)
        out = where / (self.slug + ".program")
        subprocess.run(flags + ["-w", "-I", str(build), "-I",
                                str(SOURCE / "src"), "-o", str(out),
                                str(source)] + objects + libraries,
                       cwd=build, check=True)
        return {self.program: out}

    def ask_make(self, build):
        """How the program is compiled and linked: makefile variables."""
        name = re.sub("[.-]", "_", self.program)
        rule = (f"include Makefile\nask:\n\t@echo '$(CC) $(CFLAGS)'\n"
                f"\t@echo '$({name}_OBJECTS)'\n\t@echo '$({name}_LDADD)'\n")
        r = subprocess.run(["make", "-s",
                            "--no-print-directory", "-f", "-", "ask"], input=rule,
                           cwd=build, text=True, capture_output=True,
                           check=True)
        return [shlex.split(line) for line in r.stdout.splitlines()[-3:]]


STORE = "src/io/store.c"
IN_SOURCE = (
    InSource("in-place write", "inplace", STORE,
             [('s->new = mem_fmt("%s.new", path);',
               's->new = small ? mem_str(path) : '
               'mem_fmt("%s.new", path);')],
             "sensed.cgi", "until_answers"),
    InSource("wave revealed before its boxes", "reveal", "src/io/opening.c",
             [("\t\trc = seating_make(", "\t\trc = reveal(w, e);\n"
               "\tif (rc == ERR_OK)\n\t\trc = seating_make("),
              ("\t\trc = reveal(w, e);\n\tif (rc == ERR_OK)\n"
               "\t\trc = last_settle", "\t\trc = last_settle")],
             "sensectl", "until_open"),
    InSource("mail before its attempt is synced", "attempt", "src/io/pool.c",
             [("\t\ta->mail.ready = pool_is_written;\n", "\t\t(void)pool_is_written;\n")],
             "sensed", "until_mail"),
    InSource("roster before the known opt-outs", "known",
             "src/io/importing.c",
             [("rc = store_commit(&(*im)->known, e);",
               "rc = store_commit(&(*im)->new, e);"),
              ("\tif (rc == ERR_OK)\n\t\trc = store_commit(&(*im)->new, e);",
               "\tif (rc == ERR_OK)\n\t\trc = store_commit(&(*im)->known, e);"
               )], "sensectl", "until_import"),
    InSource("answers destroyed before the publication", "destroy",
             "src/io/publishing.c",
             [("\trc = owe(w, STATE_DIGEST_LEDGER, e);",
               "\trc = remains_destroy(w->dir, w->wave.name, e);\n"
               "\tif (rc == ERR_OK)\n"
               "\t\trc = owe(w, STATE_DIGEST_LEDGER, e);")],
             "sensed-digest", "until_published"),
    InSource("answers destroyed for a publication of a run that died",
             "died", "src/io/publishing.c",
             [("\tif (rc == ERR_OK && there)\n"
               "\t\trc = file_sync_parent(path, e);\n", "")],
             "sensed-digest", "until_published", kills=2),
)
