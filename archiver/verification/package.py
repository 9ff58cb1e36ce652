"""The outermost shell of a run: the digest of the list, the list, and the files that it lists."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping

import msgspec
from msgspec import Struct

from archiver.verification.defect import Defect, quoted
from archiver.verification.few import few
from archiver.verification.tree import Tree, read_text_file, reason, unsafe_name

PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
PAGES = "pages/pages.jsonl"
HASH = re.compile(r"sha256:[0-9a-f]{64}")
PROFILES = {"data-package": "1.1.1"}
INSIDE = {
    "archive/": (".warc.gz",),
    "indexes/": (".cdxj", ".cdx", ".cdx.gz", ".idx"),
    "pages/": ("/pages.jsonl",),
    "manifests/": (".json",),
    "logs/": (".jsonl",),
    "seal/": ("",),
}
"""What a run or package holds; of `seal/` its own checker says more."""


class Listed(Struct, gc=False):
    """A file as `datapackage.json` lists it."""

    name: str
    path: str
    hash: str
    bytes: int


class Package(Struct):
    """What is read of `datapackage.json`."""

    profile: str
    wacz_version: str
    created: str
    resources: list[Listed]
    mainPageUrl: str | None = None  # noqa: N815 - the names that WACZ gives them
    mainPageDate: str | None = None  # noqa: N815
    needed: list[str] = []


class Sealed(Struct):
    """What is read of `datapackage-digest.json`."""

    path: str
    hash: str


Look = Callable[[Package], Iterator[str]]
"""What is wrong with what a package says of its captures."""


def check_package(tree: Tree, digests: Mapping[str, str], look: Look) -> list[Defect]:
    """Everything from the digest file down to the hash of every file.

    `digests` gives the SHA-256 of the files that were read already, by path in the package; `look` compares what
    the package says of its captures with these.
    """
    defects: list[Defect] = []
    data = read_text_file(tree, PACKAGE, defects)
    defects.extend(_check_seal(tree, data))
    if data is None:
        return defects
    try:
        package = msgspec.json.decode(data, type=Package)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return [*defects, Defect(tree.shown(PACKAGE), "", f"is no data package: {quoted(error)}")]
    shown = tree.shown(PACKAGE)
    problems = (Defect(shown, "", problem) for problem in _list_problems(package))
    defects.extend(few(problems, of_kind="problems of the list", shown=20))
    told = (Defect(shown, "", problem) for problem in look(package))
    defects.extend(few(told, of_kind="problems of its captures", shown=20))
    defects.extend(_check_presence(tree, package))
    wrong = (
        defect
        for listed in package.resources
        if listed.path in tree.files
        for defect in _check_file(tree, listed, digests)
    )
    defects.extend(few(wrong, of_kind="files are not as listed", shown=20))
    return defects


def _check_seal(tree: Tree, data: bytes | None) -> list[Defect]:
    defects: list[Defect] = []
    raw, shown = read_text_file(tree, DIGEST, defects), tree.shown(DIGEST)
    if raw is None or data is None:
        return defects
    try:
        seal = msgspec.json.decode(raw, type=Sealed)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return [Defect(shown, "", f"is no digest of a data package: {quoted(error)}")]
    real = f"sha256:{hashlib.sha256(data).hexdigest()}"
    if seal.path != PACKAGE:
        defects.append(Defect(shown, "", f"is the digest of {quoted(seal.path)!r}"))
    elif seal.hash != real:
        what = f"is not as it was sealed: {quoted(seal.hash)} was, {real} is"
        defects.append(Defect(tree.shown(PACKAGE), "", what))
    return defects


def _list_problems(package: Package) -> Iterator[str]:
    if PROFILES.get(package.profile) != package.wacz_version:
        yield f"is a {quoted(package.profile)!r} of WACZ {quoted(package.wacz_version)!r}, not 1.1.1"
    for kind in ("path", "name"):
        seen: set[int] = set()
        for listed in package.resources:
            value = getattr(listed, kind)
            if hash(value) in seen:
                yield f"lists the {kind} {quoted(value)!r} more than once"
            seen.add(hash(value))
    for listed in package.resources:
        yield from _entry_problems(listed)


def _entry_problems(listed: Listed) -> Iterator[str]:
    if unsafe := unsafe_name(listed.path):
        yield f"lists {quoted(listed.path)!r}: the path {unsafe}"
    if listed.name != listed.name.lower():
        yield f"the name {quoted(listed.name)!r} is not in lower case"
    if not HASH.fullmatch(listed.hash):
        yield f"the hash of {quoted(listed.path)!r} is {quoted(listed.hash)!r}"


def _check_presence(tree: Tree, package: Package) -> Iterator[Defect]:
    """Every listed file there, every file listed, nothing foreign in the three folders."""
    unlisted, missing = set(tree.files), set[str]()
    for listed in package.resources:
        if listed.path in tree.files:
            unlisted.discard(listed.path)
        else:
            missing.add(listed.path)
    for path in sorted(missing):
        yield Defect(tree.shown(path), "", "is listed in datapackage.json and is missing")
    for path in sorted(unlisted - {PACKAGE, DIGEST}):
        yield Defect(tree.shown(path), "", "is not listed in datapackage.json")
    for path in sorted(tree.files):
        folder, _, name = path.rpartition("/")
        if path not in (PACKAGE, DIGEST) and not path.endswith(INSIDE.get(f"{folder}/", ())):
            where = f"into {folder}/" if folder else "here"
            yield Defect(tree.shown(path), "", f"does not belong {where}")
    if PAGES not in tree.files and PAGES not in missing:
        yield Defect(tree.shown(PAGES), "", "is missing")


def _check_file(tree: Tree, listed: Listed, digests: Mapping[str, str]) -> Iterator[Defect]:
    shown, size = tree.shown(listed.path), tree.files[listed.path]
    if listed.bytes != size:
        yield Defect(shown, "", f"has {size} bytes, datapackage.json says {listed.bytes}")
        return
    try:
        real = digests.get(listed.path) or _digest(tree, listed.path)
    except (OSError, ValueError) as error:
        yield Defect(shown, "", f"cannot be read: {reason(error)}")
        return
    if listed.hash != f"sha256:{real}":
        said = quoted(listed.hash.removeprefix("sha256:"))
        yield Defect(shown, "", f"has SHA-256 {real}, datapackage.json says {said}")


def _digest(tree: Tree, path: str) -> str:
    with tree.open(path) as stream:
        total = hashlib.sha256()
        while chunk := stream.read(1 << 18):
            total.update(chunk)
    return total.hexdigest()
