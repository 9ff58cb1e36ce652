"""The keys of an archive, one after the other: each named by the one before it, in a statement that the log holds."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from archiver.verification.checkpoint import LogKey, exactly, read_key
from archiver.verification.defect import Defect, quoted
from archiver.verification.opening import read_small
from archiver.verification.tree import reason
from archiver.verification.trust import Trust

STATEMENT = re.compile(
    r"(archiver/key-change/1\nlog (0|[1-9]\d{0,15})\nat [0-9T:.\-]{19,26}Z\nold ([^\n ]+)\nnew ([^\n ]+)\n"
    r"old-package ([^\n ]+)\nnew-package ([^\n ]+)\nreason [^\n]*\n)"
    r"\n— ([^\n ]+) ([^\n ]+)\n— ([^\n ]+) ([^\n ]+)\n"
)


class Change(Struct, frozen=True):
    """A statement: the keys before and after it, and the size of the log when it was made."""

    size: int
    old: LogKey
    new: LogKey
    old_package: bytes
    new_package: bytes


class Chain:
    """Which key of the log, and which of packages (DER), signs at which size of the log."""

    def __init__(self, key: LogKey, package: bytes, changes: list[Change]) -> None:
        self._key, self._package, self._changes = key, package, changes

    def key_of(self, size: int) -> LogKey:
        """The key that signs the checkpoint of a tree of `size` leaves."""
        later = (change.old for change in self._changes if size <= change.size)
        return next(later, self._key)

    def package_of(self, leaf: int | None) -> bytes:
        """The key of the package that is leaf number `leaf`, from 0; None for one not in the log yet."""
        changes = self._changes if leaf is not None else ()
        later = (change.old_package for change in changes if (leaf or 0) < change.size)
        return next(later, self._package)

    @property
    def keys(self) -> tuple[LogKey, ...]:
        """All keys of the log, the oldest first."""
        return (*(change.old for change in self._changes), self._key)

    def strange(self, trust: Trust) -> Iterator[tuple[str, str]]:
        """The pinned keys that are none of these: the file of the archive's own key, and the pin.

        A statement is signed with keys of the log only, so that anybody can name any key of packages in one: of
        packages the pinned key must be the last.
        """
        yield from (("log.pub", pin) for pin, key in trust.keys.items() if key not in self.keys)
        for pin, package in trust.packages.items():
            if package != self._package:
                yield "wacz.pub", pin


def read_chain(
    folder: Path, key: LogKey, package: bytes, leaves: Mapping[str, int], defects: list[Defect]
) -> Chain:
    """The chain that ends with the archive's keys of today.

    `leaves` are the places in the log of the statements' leaves by name. A statement that does not hold,
    that does not continue the one before it, or that is not where it says is a defect.
    """
    changes: list[Change] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            change = read_change(read_small(path))
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else quoted(error)
            defects.append(Defect(str(path), "", why))
            continue
        defects += (Defect(str(path), "", what) for what in _misplaced(path, change, leaves))
        changes.append(change)
    return link(str(folder), key, package, changes, defects)


def link(
    shown: str, key: LogKey, package: bytes, changes: list[Change], defects: list[Defect]
) -> Chain:
    """The chain of these statements, the oldest first, that ends with these keys.

    Where one does not lead on to the next, or the last one not to the keys, is a defect of `shown`.
    """
    ends = [*zip(changes, [(c.old, c.old_package) for c in changes[1:]], strict=False)]
    for change, (following, package_following) in ends:
        if (change.new, change.new_package) != (following, package_following):
            defects.append(Defect(shown, "", f"no statement leads on from {change.new.name}"))
    if changes and (changes[-1].new, changes[-1].new_package) != (key, package):
        what = f"the last statement names {changes[-1].new.name}, log.pub is {key.name}"
        defects.append(Defect(shown, "", what))
    return Chain(key, package, changes)


def _misplaced(path: Path, change: Change, leaves: Mapping[str, int]) -> Iterator[str]:
    if path.name != f"{change.size:012}.txt":
        yield f"is the statement of {change.size} leaves"
    elif leaves.get(path.stem, change.size) != change.size:
        yield "is at another place of the log than it says"


def read_change(data: bytes) -> Change:
    """Read a statement, and see that both keys signed it. Raises ValueError."""
    match = STATEMENT.fullmatch(data.decode())
    if match is None:
        raise ValueError("is no statement of a change of keys")
    text, size, old, new, old_package, new_package, *signatures = match.groups()
    change = Change(
        size=int(size),
        old=read_key(old.encode()),
        new=read_key(new.encode()),
        old_package=exactly(old_package),
        new_package=exactly(new_package),
    )
    for key, name, signature in zip(
        (change.old, change.new), signatures[::2], signatures[1::2], strict=True
    ):
        _see_signed(key, name, exactly(signature), text.encode())
    return change


def _see_signed(key: LogKey, name: str, signature: bytes, text: bytes) -> None:
    if name != key.name or signature[:4] != key.id:
        raise ValueError(f"was signed by {name}, not by {key.name}")
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature[4:], text)
    except InvalidSignature as error:
        raise ValueError(f"the signature of {key.name} does not hold") from error
