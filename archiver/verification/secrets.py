"""The folder of keys: nothing foreign in it, private parts for their owner only and of their public ones."""

import stat
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from archiver.verification.defect import Defect, quoted
from archiver.verification.opening import read_small
from archiver.verification.tree import reason

BELONGS = {"log.key", "log.pub", "log.vkey", "wacz.key", "wacz.pub"}
FORM = PublicFormat.SubjectPublicKeyInfo


def key_problems(folder: Path) -> Iterator[Defect]:
    """What is wrong with the keys of an archive. A private part may be kept elsewhere."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in BELONGS or path.is_symlink() or not path.is_file():
            yield Defect(str(path), "", "does not belong here")
        elif path.suffix == ".key":
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                yield Defect(str(path), "", "may be read by others: chmod 600")
            yield from _own(path)
    yield from _package_key(folder / "wacz.pub")


def _package_key(path: Path) -> Iterator[Defect]:
    try:
        data = read_small(path)
        if load_pem_public_key(data).public_bytes(Encoding.PEM, FORM) != data:
            yield Defect(str(path), "", "is not written as it was")
    except OSError as error:
        yield Defect(str(path), "", f"cannot be read: {reason(error)}")
    except (ValueError, UnsupportedAlgorithm) as error:
        yield Defect(str(path), "", f"is no public key: {quoted(error)}")


def _own(path: Path) -> Iterator[Defect]:
    """A private key that can be read and does not belong to its public part."""
    try:
        data = read_small(path)
        key = load_pem_private_key(data, None)
        written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, FORM)
        if written != data or public != read_small(path.with_suffix(".pub")):
            yield Defect(str(path), "", f"is not the key of {path.with_suffix('.pub').name}")
    except PermissionError:
        return
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        yield Defect(str(path), "", f"is no private key: {quoted(error)}")
