"""bounces.py - messages that come back, for the pipe.

The corpus of the fuzz target, tests/fuzz/corpus/bounce, holds them with an ID
of letters a; here it becomes one that was issued.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import subprocess

import programs

CORPUS = programs.SOURCE / "tests" / "fuzz" / "corpus" / "bounce"
NOBODY = b"a" * 26

# What each is, worked out by hand from STANDARDS 7.2; None: nothing.
CLASSES = {
    "postfix-hard": "hard", "postfix-gave-up": "soft",
    "postfix-delayed": None, "exim-hard": "hard", "exim-unknown": "unknown",
    "exchange-full": "soft", "exchange-policy": "policy",
    "gmail-policy": "policy", "gmail-hard": "hard", "opensmtpd-hard": "hard",
    "opensmtpd-unclear": "unknown", "no-report-type": "hard", "arf-abuse": "complaint",
    "arf-to-abuse-desk": "complaint", "arf-not-spam": None,
    "out-of-office": None, "out-of-office-plain": None,
    "read-receipt": None, "forwarded-bounce": None, "footer-added": "hard",
    "status-in-base64": "hard", "utf8-global": "hard",
    "eight-bit-headers": "hard", "two-recipients": None,
    "truncated-before-status": None, "truncated-after-status": "hard",
    "no-address-of-ours": None, "nested-ten": "hard", "nested-eleven": None,
    "nested-deep": None, "empty": None, "no-mime": None, "mbox-from": "hard",
    "empty-status": None, "many-addresses": "hard", "long-fields": "hard",
}
EVENTS = {"soft": 1, "policy": 2, "unknown": 3, "hard": 4, "complaint": 5}


def message(name, sender, **change):
    """A message of the corpus that came back to this return path."""
    data = (CORPUS / name).read_bytes()
    local = sender.split("@")[0].encode()
    data = data.replace(b"pulse-bounce+" + NOBODY, local)
    for old, new in change.get("replace", {}).items():
        assert old in data
        data = data.replace(old, new)
    return data


def pipe(org, data, *args):
    """What the mail system does with it: the finished program."""
    return subprocess.run(
        org.program.argv("sensed-bounce", *args), input=data,
        env=org.program.environment(), capture_output=True, timeout=60)


def bounce(org, name, sender, **change):
    r = pipe(org, message(name, sender, **change))
    assert r.returncode == 0 and r.stdout == b"" and r.stderr == b"", r


def log(org):
    """The events and waves of the health log, in order; the records."""
    path = org.state / "roster" / "health.log"
    data = path.read_bytes() if path.exists() else b""
    assert len(data) % 64 == 0
    records = [data[i:i + 64] for i in range(0, len(data), 64)]
    names = {v: k for k, v in EVENTS.items()}
    return [(names[r[1]], r[14:54].rstrip(b"\0").decode(), bool(r[2]))
            for r in records]
