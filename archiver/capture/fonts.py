"""The fonts that a browser on this machine can draw with: pictures of one page differ by them."""

import subprocess
from functools import cache

from archiver.domain.digest import Digest, sha256

LIST = ("fc-list", "--format", "%{file} %{fontversion}\n")
PATIENCE = 20.0
"""Seconds that fontconfig gets; it may have to read every font anew."""


@cache
def digest_of_fonts() -> Digest | None:
    """SHA-256 over the sorted lines of `LIST`, each once; None where fontconfig is missing or knows no font.

    The same as `fc-list --format '%{file} %{fontversion}\\n' | LC_ALL=C sort -u | sha256sum`.
    """
    try:
        told = subprocess.run(LIST, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return digest_of_list(told.stdout) if told.returncode == 0 else None


def digest_of_list(listed: bytes) -> Digest | None:
    """The digest of a list of lines, whatever their order; None for an empty one."""
    lines = sorted({line for line in listed.split(b"\n") if line})
    return sha256(b"".join(line + b"\n" for line in lines)) if lines else None
