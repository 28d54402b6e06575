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

LIBS = ("libsensed.a -lfcgi -lcurl -lcsv -lgdbm -lconfig -lsodium "
        "-lsystemd -lpthread -lm")


class Mutant:
    def __init__(self, name, source, *changes, **how):
        """A change is (old, new) in source, or names its own source first."""
        self.name, self.how = name, how
        self.changes = [c if len(c) == 3 else (source, *c) for c in changes]

    def compile(self, out, source, run):
        """The object of one source file, with its faults."""
        path = programs.SOURCE / "src" / source
        text = path.read_text()
        for _, old, new in (c for c in self.changes if c[0] == source):
            assert text.count(old) == 1, f"{self.name}: {source}: {old}"
            text = text.replace(old, new)
        mutant = out / path.name
        mutant.write_text(text)
        obj = mutant.with_suffix(".o")
        cc = os.environ.get("CC", "cc").split()
        flags = os.environ.get("CFLAGS", "-O2").split()
        subprocess.run([*cc, f"-I{programs.BUILD}",
                        f"-I{programs.SOURCE / 'src'}", *flags, "-w", "-c",
                        "-o", obj, mutant], **run)
        return obj

    def build(self, directory):
        """All programs, with the fault; gives their folder."""
        out = pathlib.Path(directory) / self.name.replace(" ", "-")
        out.mkdir()
        cc = os.environ.get("CC", "cc").split()
        flags = os.environ.get("CFLAGS", "-O2").split()
        run = {"cwd": programs.BUILD, "check": True}
        mutated = [self.compile(out, source, run)
                   for source in dict.fromkeys(c[0] for c in self.changes)]
        objects = (programs.BUILD / "src/prog").glob("*.o")
        mains = ("sensed", "sensed-cgi", "sensed-digest", "sensectl",
                 "sensed-bounce")
        rest = [str(o) for o in objects if o.stem not in mains]
        subprocess.run(["ar", "rcs", out / "prog.a", *rest], **run)
        for name in ("sensed", "sensed.cgi", "sensed-digest"):
            main = f"src/prog/{name.replace('.', '-')}.o"
            subprocess.run(
                [*cc, *flags, *os.environ.get("LDFLAGS", "").split(), "-w",
                 "-Wl,--as-needed", "-o", out / name, main, *mutated,
                 out / "prog.a",
                 *os.environ.get("FAULT_LIBS", LIBS).split()], **run)
        shutil.copy2(programs.BUILD / "sensectl", out)
        return out


KEYS_FIRST = (
    "\trc = reveal(w, &p, e);",
    "\tif ((rc = remains_destroy(w->dir, w->wave.name, e)) == ERR_OK)\n"
    "\t\trc = reveal(w, &p, e);")

# Of file_copy, which carries a box from memory to the disk.
COPY_SYNC = (
    "\tif (rc == ERR_OK && fdatasync(fd) == -1)\n"
    "\t\trc = err_sys(e, \"%s: sync\", path);\n"
    "\tif (close(fd) == -1")

FAILING = (
    Mutant("a reply before the rename is known", "io/store.c",
           ("rename(s->new, s->path) == -1",
            "rename(s->new, s->path) == -2"),
           only=["record"], calls=["rename"]),
    Mutant("a sync that nobody looks at", "io/file.c",
           (COPY_SYNC, COPY_SYNC.replace("== -1", "== -2")),
           only=["record"], calls=["fdatasync"]),
    Mutant("a short copy taken for whole, unchecked", "io/file.c",
           ("while (rc == ERR_OK && at < st.st_size)", "if (rc == ERR_OK)"),
           ("io/store.c",
            "return rc == ERR_OK ? store_verify(s->new, s->count, e) : rc;",
            "return rc;"),
           only=["record"], calls=["sendfile"]),
    Mutant("keys destroyed before the figures are there", "io/publishing.c",
           KEYS_FIRST,
           only=["publish"], calls=["rename", "fsync"]),
)

KILLS = (
    Mutant("a reply before the commit, which waits", "io/submit.c",
           ("\treturn boxfile_commit(path, b, e);",
            "\tstatic struct box later;\n\tstatic char *at;\n"
            "\trc = at == NULL ? ERR_OK : boxfile_commit(at, &later, e);\n"
            "\tlater = *b;\n\tbox_init(b);\n\tat = strdup(path);\n"
            "\treturn rc;"),
           part="answers"),
    Mutant("keys destroyed before the figures are there", "io/publishing.c",
           KEYS_FIRST, part="publication"),
    Mutant("what was sent is not remembered", "io/pool_ledger.c",
           ("\trc = ledger_begin(r->p->ledger, &rec, &mark, &e);\n",
            "\trc = ERR_OK;\n"), part="sender"),
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
