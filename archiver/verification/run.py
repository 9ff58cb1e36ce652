"""One run, from the outside in: package, manifests, index, pages, WARC files."""

from collections.abc import Iterator, Set

from msgspec import Struct

from archiver.verification.defect import Defect, Unreadable, quoted
from archiver.verification.index import Index
from archiver.verification.manifest import ENDING as SHEET
from archiver.verification.manifest import FOLDER as SHEETS
from archiver.verification.manifest import Sheet
from archiver.verification.package import DIGEST, check_package
from archiver.verification.pages import Pages
from archiver.verification.prints import printer
from archiver.verification.reading import ENDING, FOLDER, Reader
from archiver.verification.revisits import check_ids, check_revisits
from archiver.verification.signed import Signed, check_signature
from archiver.verification.table import Table
from archiver.verification.tree import Tree

UNFINISHED = ".open"
KILLED = "run not finished (killed?): next run will finish it"
CHANGED = "was changed while it was read: verify again"


class RunFacts(Struct, frozen=True, kw_only=True):
    """What a run holds, and what is wrong with it. `sheets` are the manifests by path, `signed` is what
    the signature of the package says."""

    name: str
    finished: bool
    sheets: dict[str, Sheet]
    records: int
    bytes: int
    defects: tuple[Defect, ...]
    signed: Signed


class Holdings:
    """The captures of a run as they are read: `digests` of files by path, `defects` by what they are of."""

    def __init__(self, tree: Tree, reader: Reader) -> None:
        self.table = Table(tree, printer(reader.key))
        self.sheets: dict[str, Sheet] = {}
        self.digests: dict[str, str] = {}
        self.unread: list[Defect] = []
        self.of_sheets: list[Defect] = []
        self.of_warcs: list[Defect] = []
        self.orphans: list[Defect] = []
        for name, found in reader.read(tree, self.unread):
            warc, path = f"{FOLDER}{name}{ENDING}", f"{SHEETS}{name}{SHEET}"
            self.of_sheets += found.defects
            if found.sheet is not None:
                self.sheets[path] = found.sheet
                self.digests[path] = found.sheet.digest
                self._expect(tree, path, found.sheet)
            if found.warc is not None:
                self.table.add(found.warc)
                self.of_warcs += found.warc.defects
                if found.warc.digest is not None:
                    self.digests[warc] = found.warc.digest
                if path not in tree.files:
                    self.orphans.append(Defect(found.warc.path, "", "no manifest speaks of it"))

    def _expect(self, tree: Tree, path: str, sheet: Sheet) -> None:
        if sheet.warc_file is not None and sheet.warc_file not in tree.files:
            what = f"its WARC file {quoted(sheet.warc_file)} is missing"
            self.of_sheets.append(Defect(tree.shown(path), "", what))


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
    held = Holdings(tree, reader)
    defects = [*tree.defects, *held.unread]
    unfinished = Defect(tree.name, "", KILLED, passing=True)
    defects += _check_shell(tree, held) if finished else [unfinished]
    signed = check_signature(tree, defects)
    defects += [*held.of_sheets, *(held.orphans if finished else ()), *held.of_warcs]
    defects += _steady(tree, check_ids(held.table))
    defects += _steady(tree, check_revisits(held.table, removed))
    return RunFacts(
        name=tree.name,
        finished=finished,
        sheets=held.sheets,
        records=len(held.table.rows.offsets),
        bytes=sum(tree.files.values()),
        defects=tuple(dict.fromkeys(defects)),
        signed=signed,
    )


def _steady(tree: Tree, defects: Iterator[Defect]) -> Iterator[Defect]:
    """The defects. What was read once may be gone or other when it is read again."""
    try:
        yield from defects
    except (OSError, Unreadable):
        yield Defect(tree.name, "", CHANGED)


def _check_shell(tree: Tree, held: Holdings) -> Iterator[Defect]:
    """What only a finished run has: the package, the index, the pages, and nothing left over."""
    told = {
        path.removeprefix(SHEETS).removesuffix(SHEET): sheet.shown
        for path, sheet in held.sheets.items()
    }
    pages = Pages(tree, held.table, told)
    index = Index(tree, held.table, pages.wanted)
    of_index = list(_steady(tree, index.check()))
    yield from check_package(tree, held.digests | index.digests | pages.digests, pages.look)
    yield from of_index
    yield from pages.check(index.held)
    for path in tree.files:
        if path.endswith(UNFINISHED):
            yield Defect(tree.shown(path), "", "left over, half-written")
