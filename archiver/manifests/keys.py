"""The two keys of an archive: made on first use, private parts for the owner's eyes only.

`log.key` (Ed25519) signs checkpoints of the log, `wacz.key` (ECDSA P-384, the one curve that ReplayWeb.page
knows) signs packages. Both are PKCS #8 in PEM, without a passphrase: an unattended run has nobody to ask.
The public parts lie beside them as PEM.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from archiver.errors import ArchiverError
from archiver.files import disk_errors, publish, read_errors, write_atomically

LOG, WACZ = "log", "wacz"
"""The names of the two keys."""
SECRET_MODE = 0o600
Key = Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def log_key(private: Path, public: Path, *, fresh: bool = True) -> Ed25519PrivateKey:
    """The key of the log, made when neither part is there and the archive is `fresh`: nothing in it was
    signed yet. Raises ArchiverError as `_key` does."""
    key = _key(private, public, new_log_key if fresh else None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ArchiverError(f"{private} is not an Ed25519 key", hint="put the archive's own back")
    return key


def wacz_key(private: Path, public: Path, *, fresh: bool = True) -> ec.EllipticCurvePrivateKey:
    """The key of packages, made as that of the log. Raises ArchiverError as `_key` does."""
    key = _key(private, public, new_wacz_key if fresh else None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ArchiverError(f"{private} is not an ECDSA key", hint="put the archive's own back")
    return key


def public_pem(key: Key) -> bytes:
    """The public part as PEM (SubjectPublicKeyInfo), as `openssl` reads it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _key(private: Path, public: Path, make: Callable[[], Key] | None) -> Key:
    """Read the private key; make both parts when there is neither and they may be made.

    A public part without its private one, or a log that was signed, means that the key was taken away: no
    other is made in its place, since whoever pinned the first would take the archive for forged.
    """
    if make and not private.exists() and not public.exists():
        write_key(private, make())
    key = read_key(private)
    if not public.exists():
        write_atomically(public, public_pem(key))
        return key
    with read_errors(public):
        same = public.read_bytes() == public_pem(key)
    if not same:
        raise ArchiverError(
            f"{private} does not belong to {public}", hint="put the archive's own key back"
        )
    return key


def new_log_key() -> Ed25519PrivateKey:
    """A fresh key for the log."""
    return Ed25519PrivateKey.generate()


def new_wacz_key() -> ec.EllipticCurvePrivateKey:
    """A fresh key for packages."""
    return ec.generate_private_key(ec.SECP384R1())


def write_key(private: Path, key: Key) -> None:
    """Write a private key, readable by its owner only."""
    _write_secret(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def read_key(private: Path) -> Key:
    """Read a private key. Raises ArchiverError, also when others than its owner can read it."""
    try:
        if stat.S_IMODE(private.stat().st_mode) & 0o077:
            raise ArchiverError(
                f"the signing key {private} can be read by others", hint=f"chmod 600 {private}"
            )
        key = load_pem_private_key(private.read_bytes(), None)
    except FileNotFoundError as error:
        raise ArchiverError(
            f"the signing key {private} is missing",
            hint="put it back, or name its folder with --keys",
        ) from error
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ArchiverError(f"cannot read the signing key {private}: {error}") from error
    if not isinstance(key, Ed25519PrivateKey | ec.EllipticCurvePrivateKey):
        raise ArchiverError(f"{private} is not a key of an archive")
    return key


def _write_secret(path: Path, data: bytes) -> None:
    """Write a file that nobody else can read at any moment, whole and durable."""
    unfinished = path.with_name(path.name + ".open")
    with disk_errors(path):
        unfinished.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(unfinished, flags, SECRET_MODE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        publish(unfinished, path)
