"""A manifest as a file: canonical JSON by RFC 8785, so that equal manifests are equal bytes.

Keys are sorted, no space is wasted, numbers have one form, text is UTF-8. The digest of these bytes is
what the ledger keeps and what a seal covers.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import rfc8785

from archiver.domain.digest import Digest, sha256
from archiver.domain.manifest import SCHEMA, Manifest
from archiver.errors import ArchiveDamaged, MadeByNewer
from archiver.files import read_errors, write_atomically

LONG_LISTS = frozenset({"records", "redactions", "unrecorded", "blocked", "peers"})
"""The long lists of a manifest. They hold no fractions and no keys but the names of fields, so what
msgspec writes of them is canonical already, and written many times faster."""
NAMES = tuple(sorted(field.encode_name for field in msgspec.structs.fields(Manifest)))


def encode(manifest: Manifest) -> bytes:
    """The manifest as canonical JSON."""
    return b"{" + b",".join(_field(name, getattr(manifest, name)) for name in NAMES) + b"}"


def _field(name: str, value: object) -> bytes:
    if name in LONG_LISTS:
        return rfc8785.dumps(name) + b":" + msgspec.json.encode(value, order="sorted")
    return rfc8785.dumps(name) + b":" + rfc8785.dumps(msgspec.to_builtins(value))


def write_manifest(manifest: Manifest, path: Path) -> Digest:
    """Write the manifest whole and durable, or not at all; returns the digest of the file.

    Raises NoSpace on a full disk, ArchiverError on any other refusal of the file system.
    """
    data = encode(manifest)
    write_atomically(path, data)
    return sha256(data)


def read_manifest(path: Path, digest: Digest | None = None) -> Manifest:
    """Read a manifest strictly: its types, its schema and, where given, its digest.

    Raises ArchiveDamaged with one line that names the file and what is wrong with it, MadeByNewer for one
    of a schema that this program does not know yet, ArchiverError where it may not be read.
    """
    try:
        with read_errors(path):
            data = path.read_bytes()
        if digest is not None and hashlib.sha256(data).hexdigest() != digest.value:
            raise ArchiveDamaged(f"{path} is not the manifest that was written: other digest")
        manifest = _decode(data, path)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ArchiveDamaged(f"{path} is no manifest: {error}") from error
    if manifest.capture_id != path.stem:
        raise ArchiveDamaged(f"{path} holds the manifest of another capture, {manifest.capture_id}")
    return manifest


class _Tagged(msgspec.Struct):
    schema: str


def _first(data: bytes) -> Manifest:
    return msgspec.json.decode(data, type=Manifest)


READERS: Mapping[str, Callable[[bytes], Manifest]] = {SCHEMA: _first}
"""Schema → what makes a Manifest of a file of that schema. A manifest is never rewritten, so the reader of a schema
that was ever released stays here, and fills in what that schema did not say."""
_VERSION = re.compile(r"archiver/manifest/([1-9]\d{0,8})")


def _decode(data: bytes, path: Path) -> Manifest:
    """Look at the schema first: a file of another version would fail in ways that tell nothing."""
    schema = msgspec.json.decode(data, type=_Tagged).schema
    if schema in READERS:
        return READERS[schema](data)
    known = ", ".join(READERS)
    if _VERSION.fullmatch(schema):
        raise MadeByNewer(
            f"{path} has the schema {schema}, this program reads {known}",
            hint="install the archiver that wrote it, or a newer one; the file is left as it is",
        )
    raise msgspec.ValidationError(f"its schema is {schema[:80]!r}, this program reads {known}")
