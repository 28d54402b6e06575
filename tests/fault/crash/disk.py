"""disk.py - what a power cut may leave of the calls that were recorded.

The model, which is weaker than any file system we know: more states, not
fewer.

* A file's content is safe from its fsync or fdatasync on, as it was then, and
  not before.  Since that sync any part of it (in units of 4096 or of 512
  bytes) may be as after any of the later writes, whatever the others are; so
  may its size.  What was never written reads as zeros.
* A name is safe from the fsync of its directory on.  Of the changes to a
  directory since then any may be missing, as long as each that is there still
  makes sense: a file must have its name before it can be renamed or unlinked.
* Syncing a file does not make its name safe, nor syncing a directory the
  content of its files, nor making a directory its own name.
* A rename is one step: never neither name, never both.  No unit of 512 bytes
  is ever half written, and no unit holds what was never there.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import hashlib
import os
import random
import struct

EVENT = struct.Struct("<c3xIQQIIII")
UNITS = (4096, 512)
KEPT = 24                       # versions of a file since its last sync

Event = collections.namedtuple("Event", "kind pid ino off path path2 data")


def read_log(path):
    """Every record of a recording, in order."""
    raw = open(path, "rb").read()
    at, out = 0, []
    while at < len(raw):
        kind, pid, ino, off, n1, n2, n3, _ = EVENT.unpack_from(raw, at)
        at += EVENT.size
        parts = []
        for n in (n1, n2, n3):
            parts.append(raw[at:at + n])
            at += n
        out.append(Event(kind.decode(), pid, ino, off, parts[0].decode(),
                         parts[1].decode(), parts[2]))
    return out


class File:
    """Content: the versions since the last sync, the safe one first."""

    def __init__(self):
        self.versions = [b""]

    @property
    def now(self):
        return self.versions[-1]

    def change(self, content):
        if content == self.now:
            return
        self.versions.append(content)
        if len(self.versions) > KEPT:
            del self.versions[1]

    def write(self, off, data):
        old = self.now.ljust(off, b"\0")
        self.change(old[:off] + data + old[off + len(data):])

    def cut(self, size):
        self.change(self.now[:size].ljust(size, b"\0"))

    def sync(self):
        self.versions = [self.now]

    @property
    def pending(self):
        return len(self.versions) > 1

    def mixed(self, unit, choose, size):
        """Unit i as in version choose(i), cut to the size of a version."""
        n = len(self.versions[size])
        out = bytearray()
        for i in range(0, n, unit):
            part = self.versions[choose(i // unit)][i:i + unit]
            out += part.ljust(min(unit, n - i), b"\0")
        return bytes(out)


class Directory:
    def __init__(self):
        self.safe = {}          # name -> File or Directory
        self.now = {}
        self.pending = []       # ("add", name, node), ("move", from, to),
                                # ("drop", name)

    def change(self, op):
        self.apply(self.now, op)
        self.pending.append(op)

    @staticmethod
    def apply(names, op):
        """False: it makes no sense here, since an earlier one is missing."""
        kind, name = op[0], op[1]
        if kind == "add":
            names[name] = op[2]
        elif name not in names or names[name] is not op[-1]:
            return False
        elif kind == "move":
            names[op[2]] = names.pop(name)
        else:
            del names[name]
        return True

    def sync(self):
        self.safe = dict(self.now)
        self.pending = []

    def after(self, chosen):
        """The names if only these of the pending changes are there."""
        if not self.pending:
            return self.safe
        names = dict(self.safe)
        for i, op in enumerate(self.pending):
            if i in chosen:
                self.apply(names, op)
        return names


class Disk:
    """Replays a recording below `root`."""

    def __init__(self, root):
        self.root = root
        self.top = Directory()
        self.inodes = {}

    def find(self, path):
        """(directory, name) of a path."""
        parts = os.path.relpath(path, self.root).split("/")
        node = self.top
        for p in parts[:-1]:
            node = node.now[p]
        return node, parts[-1]

    def take(self, e):
        getattr(self, "on_" + e.kind, lambda e: None)(e)

    def on_C(self, e):
        d, name = self.find(e.path)
        self.inodes[e.ino] = File()
        d.change(("add", name, self.inodes[e.ino]))

    def on_K(self, e):
        d, name = self.find(e.path)
        d.change(("add", name, Directory()))

    def on_W(self, e):
        self.inodes[e.ino].write(e.off, e.data)

    def on_T(self, e):
        self.inodes[e.ino].cut(e.off)

    def on_M(self, e):
        self.inodes[e.ino].change(e.data)

    def on_F(self, e):
        self.inodes[e.ino].sync()

    def on_D(self, e):
        if e.path == self.root:
            self.top.sync()
            return
        d, name = self.find(e.path)
        d.now[name].sync()

    def on_R(self, e):
        d, name = self.find(e.path)
        to, new = self.find(e.path2)
        assert d is to, "a rename across directories is not modelled"
        d.change(("move", name, new, d.now[name]))

    def on_U(self, e):
        d, name = self.find(e.path)
        d.change(("drop", name, d.now[name]))

    on_X = on_U

    # ------------------------------------------------------------- states

    def parts(self):
        """All directories and files that could matter, in a fixed order."""
        dirs, files, seen, todo = [], [], set(), [self.top]
        while todo:
            d = todo.pop()
            if id(d) in seen:
                continue
            seen.add(id(d))
            if isinstance(d, File):
                if d.pending:
                    files.append(d)
                continue
            if d.pending:
                dirs.append(d)
            todo += list(d.safe.values()) + list(d.now.values())
            todo += [op[-1] for op in d.pending]
        return dirs, files

    def tree(self, names, content, d=None, at=""):
        """{path: bytes, or None for a directory} of one state."""
        out = {}
        d = d or self.top
        for name, node in names(d).items():
            path = at + name
            if isinstance(node, Directory):
                out[path] = None
                out.update(self.tree(names, content, node, path + "/"))
            else:
                out[path] = content(node)
        return out

    def states(self, rng, most):
        """Yields up to about `most` trees that a cut at this moment leaves."""
        dirs, files = self.parts()
        everything = {id(d): set(range(len(d.pending))) for d in dirs}
        newest = {}                         # every file as it is now

        def make(chosen, contents):
            return self.tree(
                lambda d: d.after(chosen.get(id(d), ())) if d.pending
                else d.safe,
                lambda f: contents.get(id(f), f.now) if contents is newest
                else contents.get(id(f), f.versions[0]))

        yield make(everything, newest)
        if not dirs and not files:
            return
        yield make({}, {})
        yield make(everything, {})
        yield make({}, newest)
        plans = [(c, newest) for c in self.some_names(dirs, everything)]
        plans += [(c, {}) for c in self.some_names(dirs, everything)]
        plans += [(everything, {id(f): v}) for f in files
                  for v in self.some_contents(f, rng, most)]
        if len(plans) > most:
            plans = rng.sample(plans, most)
        for chosen, contents in plans:
            yield make(chosen, contents)
        for _ in range(most // 4):
            yield make(*self.at_random(dirs, files, rng))

    @staticmethod
    def some_names(dirs, everything):
        """Prefixes, and all but one, of the changes to each directory."""
        for d in dirs:
            n = len(d.pending)
            for chosen in [set(range(i)) for i in range(n)] + \
                    [set(range(n)) - {i} for i in range(n)] + \
                    [{i} for i in range(n)]:
                yield {**everything, id(d): chosen}
                yield {id(d): chosen}

    @staticmethod
    def some_contents(f, rng, most):
        """Torn, short and mixed contents of a file that is not safe."""
        last = len(f.versions) - 1
        longest = max(range(last + 1), key=lambda v: len(f.versions[v]))
        shortest = min(len(v) for v in f.versions)
        for v in range(last):
            yield f.versions[v]
        for unit in UNITS:
            n = -(-len(f.versions[longest]) // unit)
            cuts = range(n) if n <= most else sorted(rng.sample(range(n),
                                                                most))
            for i in cuts:
                yield f.mixed(unit, lambda u: last if u < i else 0, last)
                yield f.mixed(unit, lambda u: last if u != i else 0, last)
                yield f.mixed(unit, lambda u: last if u == i else 0, last)
                yield f.versions[last][:max(i * unit, shortest)]
            for _ in range(4):
                pick = [rng.randint(0, last) for _ in range(n + 1)]
                yield f.mixed(unit, lambda u: pick[u], rng.randint(0, last))

    @staticmethod
    def at_random(dirs, files, rng):
        chosen = {id(d): {i for i in range(len(d.pending))
                          if rng.random() < 0.7} for d in dirs}
        contents = {}
        for f in files:
            last = len(f.versions) - 1
            unit, p = rng.choice(UNITS), rng.random()
            n = max(len(v) for v in f.versions) // unit + 1
            pick = [last if rng.random() < p else rng.randint(0, last)
                    for _ in range(n)]
            contents[id(f)] = f.mixed(unit, lambda u: pick[u],
                                      rng.choice((last, rng.randint(0,
                                                                    last))))
        return chosen, contents


seen = {None: b"/"}             # content -> its hash


def hash_of(content):
    if content not in seen:
        if len(seen) > 20000:
            seen.clear()
            seen[None] = b"/"
        seen[content] = hashlib.blake2b(content, digest_size=16).digest()
    return seen[content]


def digest(tree):
    """A name for a state: two are the same if every byte is."""
    h = hashlib.blake2b(digest_size=16)
    for path in sorted(tree):
        h.update(path.encode() + b"\0" + hash_of(tree[path]))
    return h.digest()


def on_disk(root):
    """The same of a real directory."""
    out = {}
    for at, names, files in os.walk(root):
        for n in names:
            out[os.path.relpath(os.path.join(at, n), root)] = None
        for n in files:
            with open(os.path.join(at, n), "rb") as f:
                out[os.path.relpath(os.path.join(at, n), root)] = f.read()
    return out


def write_tree(tree, root):
    os.mkdir(root)
    for path in sorted(tree):
        full = root + "/" + path
        if tree[path] is None:
            os.mkdir(full)
            continue
        fd = os.open(full, os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(fd, tree[path])
        os.close(fd)


def generator(seed, *where):
    return random.Random(repr((seed,) + where))
