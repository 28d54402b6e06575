"""The runner of documentation pages catches a page that lies.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pytest

import docrun

PAGE = """
Text, and a block that is not run:

```sh
exit 1
```

```console
# cat >a <<'END'
> one /etc/x
>
> two
> END
# cat a
one /etc/x

two
# seq 5
1
...
5
# echo it is 12:30
it is ...
```
<!-- test: note that -->
"""


@pytest.mark.parametrize("old, new, right", (
    ("", "", True),
    ("one /etc/x\n\ntwo\n#", "one /etc/x\ntwo\n#", False),
    ("...\n5", "...\n6", False),
    ("...\n5", "5", False),
    ("it is ...", "it was ...", False),
    ("it is ...\n", "", False),
    ("# seq 5", "# seq 5; false", False),
    ("# cat a", "# cat b", False),
))
def test_a_page_is_followed_to_the_letter(tmp_path, old, new, right):
    noted = []
    reader = docrun.Reader(tmp_path, [("/etc/x", "/elsewhere")],
                           "/nonexistent", {})
    assert old in PAGE
    wrong, n = reader.follow(PAGE.replace(old, new, 1),
                             {"note": noted.append})
    assert (wrong == "") == right, wrong
    assert n == 4 and noted == ["that"]
    if right:
        assert (tmp_path / "a").read_text() == "one /elsewhere\n\ntwo\n"
