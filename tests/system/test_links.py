"""What each program loads at its start; DESIGN 2, FACTS 4.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import subprocess

import pytest

import programs


def libraries(name):
    r = subprocess.run(["ldd", str(programs.BUILD / name)],
                       capture_output=True, text=True, check=True)
    return {line.split()[0].split(".so")[0]
            for line in r.stdout.splitlines()}


@pytest.mark.parametrize("heavy", ("libcurl", "libcurl-gnutls", "libcrypto",
                                   "libssl", "libical", "libglib-2", "libcsv",
                                   "libgmime-3"))
def test_the_answer_handler_loads_nothing_heavy(heavy):
    found = libraries("sensed.cgi")
    assert heavy not in {x.split(".")[0] for x in found} | found
    assert any(x.startswith("libgdbm") for x in found)  # ldd did its work


def test_the_handler_has_few_libraries():
    own = {x for x in libraries("sensed.cgi")
           if x.startswith("lib") and x not in ("libc", "libm", "libpthread")}
    assert own <= {"libgdbm", "libconfig", "libsodium", "libfcgi"}, own


@pytest.mark.parametrize("name", ("sensed", "sensed-digest", "sensectl",
                                  "sensed.cgi", "sensed-bounce"))
def test_gmime_and_glib_are_sensed_bounce_s_alone(name):
    found = {x.split("-")[0] for x in libraries(name)}
    own = {"libgmime", "libglib", "libgobject"}
    assert (own <= found) if name == "sensed-bounce" else not own & found
    assert "libgdbm" in found               # ldd did its work


def test_the_bounce_reader_has_no_mail_or_web_library():
    assert not {"libcurl", "libfcgi", "libcsv"} & libraries("sensed-bounce")
