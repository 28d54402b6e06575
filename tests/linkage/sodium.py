"""sodium.py - what an attacker needs of libsodium and of sensed's own code.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import ctypes
import hashlib

LIB = ctypes.CDLL("libsodium.so.23")
if LIB.sodium_init() < 0:
    raise RuntimeError("libsodium does not start")
SEAL = 48


def public_of(secret):
    out = ctypes.create_string_buffer(32)
    LIB.crypto_scalarmult_base(out, secret)
    return out.raw


def unseal(sealed, public, secret):
    """The plain text of crypto_box_seal, or None."""
    out = ctypes.create_string_buffer(max(1, len(sealed) - SEAL))
    if LIB.crypto_box_seal_open(out, sealed, ctypes.c_ulonglong(len(sealed)),
                                public, secret):
        return None
    return out.raw[:len(sealed) - SEAL]


def unlock(sealed, key):
    """The plain text of crypto_secretbox with the nonce zero, or None."""
    out = ctypes.create_string_buffer(len(sealed))
    if LIB.crypto_secretbox_open_easy(out, sealed,
                                      ctypes.c_ulonglong(len(sealed)),
                                      bytes(24), key):
        return None
    return out.raw[:len(sealed) - 16]


def hashed(secret, key=b"", size=32):
    return hashlib.blake2b(secret, digest_size=size, key=key).digest()


def secret_of(link):
    """The 16 bytes in a link or a change code; tag and box are 5 letters."""
    return base64.b32decode(link[5:].upper() + "======")


def box_of(link):
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    n = 0
    for c in link[2:5]:
        n = n * 32 + letters.index(c)
    return n
