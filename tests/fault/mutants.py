"""mutants.py - broken programs that failing.py and kills.py must catch.

A check that has never failed proves nothing.  One line of the source is
changed, compiled, and linked before the library, so that it wins over the
member of the archive.

Environment: SRCDIR, SENSED_BUILD, CC, CFLAGS, LDFLAGS, FAULT_LIBS.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import copy
import os
import pathlib
import shutil
import subprocess

import ground
import programs

LIBS = ("libsensed.a -lfcgi -lcurl -lcsv -lgdbm -lconfig -lsodium -lpthread "
        "-lm")


class Mutant:
    def __init__(self, name, source, *changes, **how):
        self.name, self.source, self.changes = name, source, changes
        self.how = how

    def build(self, directory):
        """All programs, with the fault; gives their folder."""
        out = pathlib.Path(directory) / self.name.replace(" ", "-")
        out.mkdir()
        path = programs.SOURCE / "src" / self.source
        text = path.read_text()
        for old, new in self.changes:
            assert text.count(old) == 1, f"{self.name}: {self.source}"
            text = text.replace(old, new)
        mutant = out / path.name
        mutant.write_text(text)
        cc = os.environ.get("CC", "cc").split()
        flags = os.environ.get("CFLAGS", "-O2").split()
        obj = out / "mutant.o"
        run = {"cwd": programs.BUILD, "check": True}
        subprocess.run([*cc, f"-I{programs.BUILD}",
                        f"-I{programs.SOURCE / 'src'}", *flags, "-w", "-c",
                        "-o", obj, mutant], **run)
        objects = (programs.BUILD / "src/prog").glob("*.o")
        mains = ("sensed", "sensed-cgi", "sensed-digest", "sensectl",
                 "sensed-bounce")
        rest = [str(o) for o in objects if o.stem not in mains]
        subprocess.run(["ar", "rcs", out / "prog.a", *rest], **run)
        for name in ("sensed", "sensed.cgi", "sensed-digest"):
            main = f"src/prog/{name.replace('.', '-')}.o"
            subprocess.run(
                [*cc, *flags, *os.environ.get("LDFLAGS", "").split(), "-w",
                 "-Wl,--as-needed", "-o", out / name, main, obj,
                 out / "prog.a",
                 *os.environ.get("FAULT_LIBS", LIBS).split()], **run)
        shutil.copy2(programs.BUILD / "sensectl", out)
        return out


KEYS_FIRST = (
    "\trc = reveal(w, &p, e);",
    "\tif ((rc = remains_destroy(w->dir, w->wave.name, e)) == ERR_OK)\n"
    "\t\trc = reveal(w, &p, e);")

FAILING = (
    Mutant("a reply before the rename is known", "io/store.c",
           ("rename(s->new, s->path) == -1",
            "rename(s->new, s->path) == -2"),
           only=["record"], calls=["rename"]),
    Mutant("a sync that nobody looks at", "io/store.c",
           ("fdatasync(fd) == -1", "fdatasync(fd) == -2"),
           only=["record"], calls=["fdatasync"]),
    Mutant("a short copy taken for whole, unchecked", "io/store.c",
           ("while (rc == ERR_OK && at < st.st_size)", "if (rc == ERR_OK)"),
           ("return rc == ERR_OK ? check_new(s, e) : rc;",
            "return check_new == NULL ? ERR_SYS : rc;"),
           only=["record"], calls=["sendfile"]),
    Mutant("keys destroyed before the figures are there", "io/publishing.c",
           KEYS_FIRST,
           only=["publish"], calls=["rename", "fsync"]),
)

KILLS = (
    Mutant("a reply before the commit", "io/submit.c",
           ("\treturn boxfile_commit(path, b, e);",
            "\tif (fork() != 0)\n\t\treturn ERR_OK;\n\tusleep(3000);\n"
            "\t(void)!boxfile_commit(path, b, e);\n\t_exit(0);"),
           part="answers"),
    Mutant("keys destroyed before the figures are there", "io/publishing.c",
           KEYS_FIRST, part="publication"),
    Mutant("what was sent is not remembered", "io/pool.c",
           ("\tput(r, &rec, false);\n", ""), part="sender"),
)


def each(table, try_one):
    """Builds and tries every mutant; how many survived."""
    top = ground.scratch()
    survived = 0
    try:
        for m in table:
            caught = try_one(m, m.build(top))
            print(f"planted: {m.name}: "
                  f"{'caught' if caught else 'NOT CAUGHT'}", flush=True)
            survived += not caught
    finally:
        shutil.rmtree(top, ignore_errors=True)
    return survived


def caught_by_failing(options, run):
    def try_one(m, build):
        o = copy.copy(options)
        o.quiet, o.all, o.only, o.calls = True, False, m.how["only"], \
            m.how["calls"]
        return run(o, build)[1] > 0
    return each(FAILING, try_one)
