"""disk.py - reads a state directory without the product's own code.

By libgdbm and libsodium alone, from the layouts in the headers (state.h,
box.h, ballot.h, wavefile.h, roster.h): a fault that the product's reader would
overlook is seen here.  `Bad` says what is wrong.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import ctypes
import ctypes.util
import hashlib
import pathlib

OPEN, CLOSED = 1, 2
B32 = "abcdefghijklmnopqrstuvwxyz234567"


class Bad(Exception):
    """A state that must never be."""


class Datum(ctypes.Structure):
    _fields_ = [("p", ctypes.c_void_p), ("n", ctypes.c_int)]


gdbm = ctypes.CDLL("libgdbm.so.6")
gdbm.gdbm_open.restype = ctypes.c_void_p
gdbm.gdbm_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_int,
                           ctypes.c_int, ctypes.c_void_p]
for name in ("gdbm_firstkey", "gdbm_nextkey", "gdbm_fetch"):
    f = getattr(gdbm, name)
    f.restype = Datum
    f.argtypes = [ctypes.c_void_p] + [Datum] * (name != "gdbm_firstkey")
gdbm.gdbm_close.argtypes = [ctypes.c_void_p]
gdbm.gdbm_needs_recovery.argtypes = [ctypes.c_void_p]
libc = ctypes.CDLL(None)
libc.free.argtypes = [ctypes.c_void_p]
sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
sodium.sodium_init()

NOLOCK = 0x40


def records(path):
    """All records of a GDBM file but `format`, or Bad."""
    db = gdbm.gdbm_open(str(path).encode(), 0, NOLOCK, 0, None)
    if not db:
        raise Bad(f"{path}: does not open")
    out = {}
    try:
        if gdbm.gdbm_needs_recovery(db):
            raise Bad(f"{path}: damaged")
        key = gdbm.gdbm_firstkey(db)
        while key.p:
            value = gdbm.gdbm_fetch(db, key)
            if not value.p:
                raise Bad(f"{path}: a key without a value")
            out[ctypes.string_at(key.p, key.n)] = \
                ctypes.string_at(value.p, value.n)
            libc.free(value.p)
            after = gdbm.gdbm_nextkey(db, key)
            libc.free(key.p)
            key = after
    finally:
        gdbm.gdbm_close(db)
    if out.pop(b"format", None) != b"1":
        raise Bad(f"{path}: no format record")
    return out


def blake(msg, size=32, key=b""):
    return hashlib.blake2b(msg, digest_size=size, key=key).digest()


def b32(data):
    bits = "".join(f"{x:08b}" for x in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(B32[int(bits[i:i + 5], 2)]
                   for i in range(0, len(bits), 5))


def unb32(text):
    bits = "".join(f"{B32.index(c):05b}" for c in text)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits) - 7, 8))


def number(n, digits):
    return "".join(B32[n >> 5 * i & 31] for i in reversed(range(digits)))


def secret_of(link):
    """The 16 bytes of a link or change code of 31 characters."""
    return unb32(link[5:])[:16]


def optout_token(state, address):
    """For an address that is canonical as it stands."""
    key = (pathlib.Path(state) / "keys/organisation").read_bytes()
    return b32(blake(address.encode(), 16, blake(b"opt-out", 32, key)))


def return_path(state, wave, survey, person, address):
    """M9, for an address that is canonical as it stands."""
    key = (pathlib.Path(state) / "keys/organisation").read_bytes()
    who = blake(f"{survey}\n{person}\n{address}".encode(), 16,
                blake(b"return-path who", 32, key))[:10]
    own = blake(wave.encode(), 32, blake(b"return-path check", 32, key))
    return "pulse-bounce+" + b32(who + blake(who, 16, own)[:6]) + \
        "@taf.example"


def optout_name(token):
    return b32(blake(unb32(token)[:16]))


class Wave:
    """A wave file, and what lies elsewhere under the same name."""

    def __init__(self, state, path):
        self.state = pathlib.Path(state)
        self.tag, self.name = path.stem[:2], path.stem[3:]
        r = records(path)
        f = r[b"wave"].split(b"\0")
        self.is_open = int(f[3]) == OPEN
        self.boxes, self.people = int(f[8]), int(f[9])
        self.units = [r[k].split(b"\0")[0].decode()
                      for k in sorted(r) if k.startswith(b"unit/")]
        self.pub = r[b"ballot"]

    def key(self, kind):
        path = self.state / "keys" / kind / self.name
        return path.read_bytes() if path.exists() else None

    def box(self, n):
        return Box(self, self.state / "answers" / f"{self.tag}-{self.name}"
                   / "boxes" / f"{n:04}.gdbm")

    def link(self, person):
        """The link of a person: the box is the one that has the token."""
        token = blake(person.encode(), 16, self.key("token"))
        for n in range(self.boxes):
            if self.box(n).token(token) is not None:
                return f"{self.tag}{number(n, 3)}{b32(token)}"
        raise Bad(f"{self.name}: no box has the token of {person}")

    def ballots(self):
        """(unit, answers of the six senses) of every ballot, sorted."""
        out = []
        for n in range(self.boxes):
            out += self.box(n).ballots.values()
        return sorted(out, key=str)

    def check(self):
        """Every box whole, nobody missing, marks and ballots in step."""
        tokens = 0
        for n in range(self.boxes):
            b = self.box(n)
            tokens += len(b.tokens)
            used = sum(b.tokens.values())
            if used != len(b.ballots):
                raise Bad(f"{b.path}: {used} used links and "
                          f"{len(b.ballots)} ballots")
        if tokens != self.people:
            raise Bad(f"{self.name}: {tokens} tokens of {self.people}")


class Box:
    def __init__(self, wave, path):
        self.path = path
        self.tokens, self.ballots = {}, {}
        secret = wave.key("ballot")
        for k, v in records(path).items():
            if k[:1] == b"T" and len(v) == 25:
                self.tokens[k[1:]] = v[0]
            elif k[:1] == b"B" and len(v) == 104:
                self.ballots[k[1:]] = self._open(v[24:], wave, secret)
            else:
                raise Bad(f"{path}: a record of another kind")

    def _open(self, sealed, wave, secret):
        if secret is None:
            return None
        out = ctypes.create_string_buffer(32)
        if sodium.crypto_box_seal_open(out, sealed,
                                       ctypes.c_ulonglong(len(sealed)),
                                       wave.pub, secret):
            raise Bad(f"{self.path}: a ballot that does not open")
        return (wave.units[int.from_bytes(out.raw[1:5], "big")],
                tuple(out.raw[5:11]))

    def token(self, secret):
        """Used or not; None: not here."""
        return self.tokens.get(blake(secret))

    def ballot(self, code):
        """The ballot under a change code of 31 characters, or None."""
        return self.ballots.get(blake(secret_of(code)))


class State:
    """A state directory as it lies there now."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def waves(self):
        """Open and closed ones; what is published is only destroyed."""
        return [Wave(self.path, p)
                for p in sorted((self.path / "waves").glob("*.gdbm"))
                if not (self.path / "published" / p.name[3:]).exists()]

    def wave(self, name):
        found = [w for w in self.waves() if w.name == name]
        return found[0] if found else None

    def roster(self):
        path = self.path / "roster/roster.gdbm"
        return records(path) if path.exists() else {}

    def published(self, name):
        path = self.path / "published" / f"{name}.gdbm"
        return records(path) if path.exists() else None

    def remains(self, name):
        """Files that a published wave must not leave."""
        return [p for p in self.files()
                if name in p and not p.startswith(("published/", "locks/"))
                and not p.endswith(".digest")]

    def files(self):
        return sorted(str(p.relative_to(self.path))
                      for p in self.path.rglob("*") if not p.is_dir())

    def shape(self):
        """The files there are, whatever tag a wave drew."""
        out = []
        for p in self.files():
            parts = p.split("/")
            if parts[0] in ("waves", "answers") and len(parts) > 1:
                if parts[1][2:3] == "-":
                    parts[1] = "TT" + parts[1][2:]
            out.append("/".join(parts))
        return sorted(out, key=str)

    def check(self):
        """What holds of every state, whatever came before."""
        for w in self.waves():
            w.check()
        self.roster()
        for p in (self.path / "published").glob("*.gdbm"):
            records(p)
