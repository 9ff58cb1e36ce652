"""The digest of the fonts, which a stranger can make again."""

import random
import shutil
import subprocess

import pytest

from archiver.capture.fonts import digest_of_fonts, digest_of_list
from archiver.domain.digest import sha256

LISTED = [b"/fonts/b.ttf 65536", b"/fonts/a.ttf 131072", b"/fonts/b.ttf 65536"]


def test_order_and_repetition_do_not_count() -> None:
    expected = sha256(b"/fonts/a.ttf 131072\n/fonts/b.ttf 65536\n")
    for seed in range(6):
        lines = random.Random(seed).sample(LISTED, len(LISTED))
        assert digest_of_list(b"\n".join(lines) + b"\n") == expected
    assert digest_of_list(b"\n") is None


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="fontconfig is not here")
def test_it_is_the_one_of_the_documented_command() -> None:
    command = "fc-list --format '%{file} %{fontversion}\\n' | LC_ALL=C sort -u"
    listed = subprocess.run(["sh", "-c", command], check=True, capture_output=True).stdout
    assert digest_of_fonts() == (sha256(listed) if listed else None)
