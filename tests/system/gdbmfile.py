"""gdbmfile.py - GDBM files as somebody else would write or search them.

`Db` is libgdbm itself, with its in-place writes; `places` and `free_space`
read the raw bytes of a file, as an attacker does who knows the format.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import ctypes
import struct

READER, WRITER, WRCREAT, NEWDB = range(4)
NOLOCK = 0x040
INSERT, REPLACE = 0, 1

BLOCK = 4096


class Datum(ctypes.Structure):
    _fields_ = [("dptr", ctypes.c_void_p), ("dsize", ctypes.c_int)]


def _library():
    lib = ctypes.CDLL("libgdbm.so.6")
    libc = ctypes.CDLL(None)
    lib.gdbm_open.restype = ctypes.c_void_p
    lib.gdbm_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_int,
                              ctypes.c_int, ctypes.c_void_p]
    lib.gdbm_close.argtypes = lib.gdbm_sync.argtypes = [ctypes.c_void_p]
    lib.gdbm_store.argtypes = [ctypes.c_void_p, Datum, Datum, ctypes.c_int]
    lib.gdbm_delete.argtypes = [ctypes.c_void_p, Datum]
    lib.gdbm_fetch.argtypes = lib.gdbm_nextkey.argtypes = [ctypes.c_void_p,
                                                           Datum]
    lib.gdbm_firstkey.argtypes = [ctypes.c_void_p]
    for f in (lib.gdbm_fetch, lib.gdbm_firstkey, lib.gdbm_nextkey):
        f.restype = Datum
    libc.free.argtypes = [ctypes.c_void_p]
    return lib, libc


LIB, LIBC = _library()


def _datum(data):
    buf = ctypes.create_string_buffer(data, len(data) or 1)
    d = Datum(ctypes.cast(buf, ctypes.c_void_p), len(data))
    d.keep = buf
    return d


def _take(d):
    if not d.dptr:
        return None
    out = ctypes.string_at(d.dptr, d.dsize)
    LIBC.free(d.dptr)
    return out


class Db:
    """An open GDBM file; a mapping of bytes to bytes, as far as needed."""

    def __init__(self, path, how=WRITER):
        self.db = LIB.gdbm_open(str(path).encode(), BLOCK, how | NOLOCK,
                                0o600, None)
        if not self.db:
            raise OSError(f"{path}: gdbm does not open it")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        LIB.gdbm_close(self.db)

    def __setitem__(self, key, value):
        if LIB.gdbm_store(self.db, _datum(key), _datum(value), REPLACE):
            raise OSError("gdbm_store")

    def __getitem__(self, key):
        value = _take(LIB.gdbm_fetch(self.db, _datum(key)))
        if value is None:
            raise KeyError(key)
        return value

    def __delitem__(self, key):
        if LIB.gdbm_delete(self.db, _datum(key)):
            raise KeyError(key)

    def sync(self):
        LIB.gdbm_sync(self.db)

    def items(self):
        out, key = [], _take(LIB.gdbm_firstkey(self.db))
        while key is not None:
            out.append((key, self[key]))
            key = _take(LIB.gdbm_nextkey(self.db, _datum(key)))
        return out


def read(path):
    with Db(path, READER) as db:
        return dict(db.items())


def write(path, records):
    """A fresh file with these (key, value) pairs, put in in this order."""
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o600
    with Db(path, NEWDB) as db:
        for key, value in records:
            db[key] = value
    path.chmod(mode)


# ------------------------------------------------------------- raw bytes

def _buckets(raw):
    """Addresses of the buckets, from header and directory."""
    _, _, at, size = struct.unpack_from("<iiqi", raw, 0)
    n, elements = struct.unpack_from("<ii", raw, 24)
    where = sorted(set(struct.unpack_from(f"<{size // 8}q", raw, at)))
    return at, size, n, elements, where


def places(raw):
    """{key: (address, length of key, length of value)} of all records."""
    _, _, _, elements, where = _buckets(raw)
    out = {}
    for bucket in where:
        for i in range(elements):
            value, _, at, key, data = struct.unpack_from(
                "<i4sqii", raw, bucket + 112 + 24 * i)
            if value != -1 and at + key + data <= len(raw):
                out[raw[at:at + key]] = (at, key, data)
    return out


def free_space(raw):
    """What no header, directory, bucket or live record owns, in pieces."""
    at, size, bucket, _, where = _buckets(raw)
    used = [(0, BLOCK), (at, at + size)]
    used += [(b, b + bucket) for b in where]
    used += [(a, a + k + v) for a, k, v in places(raw).values()]
    out, end = [], 0
    for a, b in sorted(used):
        if a > end:
            out.append(raw[end:a])
        end = max(end, b)
    out.append(raw[end:])
    return [piece for piece in out if piece.strip(b"\0")]
