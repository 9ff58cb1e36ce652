"""One run, from the outside in: package, manifests, index, pages, WARC files."""

from collections.abc import Set

from msgspec import Struct

from archiver.verification.defect import Defect
from archiver.verification.index import check_index, read_index
from archiver.verification.manifest import Sheet, check_manifests, read_sheets
from archiver.verification.package import DIGEST, check_package
from archiver.verification.pages import check_pages
from archiver.verification.reading import Reader
from archiver.verification.revisits import check_ids, check_revisits
from archiver.verification.signed import Signed, check_signature
from archiver.verification.tree import Tree
from archiver.verification.warc import WarcFacts

UNFINISHED = ".open"
KILLED = "run not finished (killed?): next run will finish it"


class RunFacts(Struct, frozen=True, kw_only=True):
    """What a run holds, and what is wrong with it. `signed`: what the signature of its package says."""

    name: str
    finished: bool
    sheets: dict[str, Sheet]
    records: int
    bytes: int
    defects: tuple[Defect, ...]
    signed: Signed


def check_run(
    tree: Tree,
    reader: Reader,
    *,
    may_be_unfinished: bool = True,
    removed: Set[str] = frozenset(),
) -> RunFacts:
    """Check a run. One without its digest file is not finished (that file is written last): this is
    said in one line, and of the rest only what is committed is checked. A WACZ file is never
    unfinished. `removed` are ids of records that were taken out on request.
    """
    finished = DIGEST in tree.files or not may_be_unfinished
    warcs = reader.read(tree)
    defects = list(tree.defects)
    sheets = read_sheets(tree, defects)
    if finished:
        defects += _check_shell(tree, warcs)
    else:
        defects.append(Defect(tree.name, "", KILLED))
    signed = check_signature(tree, defects)
    defects += check_manifests(tree, sheets, warcs, finished=finished)
    defects += [defect for warc in warcs.values() for defect in warc.defects]
    defects += [*check_ids(warcs.values()), *check_revisits(warcs.values(), removed)]
    return RunFacts(
        name=tree.name,
        finished=finished,
        sheets=sheets,
        records=sum(warc.count for warc in warcs.values()),
        bytes=sum(tree.files.values()),
        defects=tuple(dict.fromkeys(defects)),
        signed=signed,
    )


def _check_shell(tree: Tree, warcs: dict[str, WarcFacts]) -> list[Defect]:
    """What only a finished run has: the package, the index, the pages, and nothing left over."""
    digests = {path: warc.digest for path, warc in warcs.items()}
    defects = check_package(tree, digests)
    index = read_index(tree)
    defects += check_index(tree, index, warcs)
    defects += check_pages(tree, index)
    for path in tree.files:
        if path.endswith(UNFINISHED):
            defects.append(Defect(tree.shown(path), "", "left over, half-written"))
    return defects
