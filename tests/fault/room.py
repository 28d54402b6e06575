"""room.py - real file systems that are full, or cannot be written.

A tmpfs of our own, mounted where nobody else sees it, takes the place of the
state directory.  Only root can; otherwise `possible` says no, and failing.py
has the same errors from the interposer alone.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import ctypes
import os

PAGE = 4096
NEWNS, PRIVATE, REC = 0x20000, 1 << 18, 1 << 14
RDONLY, REMOUNT = 1, 32

libc = ctypes.CDLL(None, use_errno=True)


def mount(target, flags=0, data=None):
    return libc.mount(b"none", str(target).encode(), b"tmpfs",
                      ctypes.c_ulong(flags), data) == 0


def possible():
    """Cuts this process off from the mounts of others; False: it may not."""
    return libc.unshare(NEWNS) == 0 and mount("/", PRIVATE | REC)


class Room:
    """A state directory with as much room as a test gives it."""

    def __init__(self, op, pages=2048):
        self.op, self.path = op, op.ground.org.state
        self.filler = self.path / ".filler"
        data = f"size={pages * PAGE},mode=711".encode()
        if not mount(self.path, 0, data):
            raise OSError(ctypes.get_errno(), "mount")
        op.before()

    def close(self):
        libc.umount2(str(self.path).encode(), 2)

    def leave(self, pages):
        """Fills all but so many pages."""
        st = os.statvfs(self.path)
        with open(self.filler, "wb") as f:
            os.posix_fallocate(f.fileno(), 0,
                               max(1, (st.f_bavail - pages) * PAGE))

    def empty(self):
        self.filler.unlink(missing_ok=True)

    def read_only(self, on):
        assert mount(self.path, REMOUNT | (RDONLY if on else 0))
