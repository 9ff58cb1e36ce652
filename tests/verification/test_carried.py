"""Exported packages that were edited, put in order and packed anew: the proofs that they carry tell, or a pin."""

import hashlib
import json
import re
import shutil
import sys
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

sys.path.insert(0, str(Path(__file__).parents[1]))

from sealed import CLOCK, START, Sealed, add_run  # noqa: E402
from stamping import TimeAuthority  # noqa: E402

from archiver.errors import UsageError  # noqa: E402
from archiver.manifests.keys import log_key  # noqa: E402
from archiver.manifests.merkle import leaf_hash, node_hash  # noqa: E402
from archiver.manifests.note import sign  # noqa: E402
from archiver.manifests.signed import signed_data  # noqa: E402
from archiver.manifests.stamp import question  # noqa: E402
from archiver.package.export import export_wacz, no_more  # noqa: E402
from archiver.package.run import digest_of  # noqa: E402
from archiver.package.select import Chosen  # noqa: E402
from archiver.proofs import Inclusion, Proofs  # noqa: E402
from archiver.rotation import public_at, rotate  # noqa: E402
from archiver.verification.verify import verify  # noqa: E402

Files = dict[str, bytes]
SHEET, PROOF = "manifests/capture-1-1.json", "seal/capture-1-1.proof"
PAGES, INDEX = "pages/pages.jsonl", "indexes/index.cdxj"
STAMP = "000000000006"
FORM = PublicFormat.SubjectPublicKeyInfo


class Exhibit:
    """A sealed archive and the package exported of its second run, whose checkpoint is stamped."""

    def __init__(self, folder: Path, *, rotated: bool = False, proven: bool = True) -> None:
        folder.mkdir(exist_ok=True)
        self.authority = TimeAuthority(folder)
        self.sealed = Sealed(folder / "a")
        self.archive, self.book = self.sealed.archive, folder / "book.wacz"
        add_run(self.sealed)
        if rotated:
            rotate(self.archive, self.archive.keys, reason="left", clock=CLOCK)
        add_run(self.sealed)
        self._stamp(7 if rotated else 6)
        add_run(self.sealed)
        export_wacz(
            [Chosen(self.sealed.runs[1].path)],
            self.book,
            title="a run",
            created=START,
            software="tests",
            extra=Proofs(self.archive).files if proven else no_more,
            sign=self.sealed.sealer().signer(),
        )

    def _stamp(self, size: int) -> None:
        log = self.archive.log
        log.stamps.mkdir(exist_ok=True)
        message = log.checkpoint(size).read_bytes()
        log.stamp(size, "https://tsa.example/").write_bytes(self.authority.stamp(question(message)))

    def check(self, book: Path | None = None, *pins: Path) -> tuple[list[str], list[str]]:
        """Defects and notes, the package's path left out."""
        path = book or self.book
        report = verify([path], processes=1, pins=pins, tsa_ca=self.authority.ca_file)
        said = [
            [str(one).replace(str(path), "") for one in of] for of in (report.defects, report.notes)
        ]
        return said[0], said[1]


@pytest.fixture(scope="module")
def exhibit(tmp_path_factory: pytest.TempPathFactory) -> Exhibit:
    return Exhibit(tmp_path_factory.mktemp("exhibit"))


def strange(package_hash: str, created: datetime) -> Mapping[str, str]:
    """The signature of a key that nobody knows."""
    key = generate_private_key(SECP384R1())
    return signed_data(package_hash, key, created=created, software="tests")


def repacked(source: Path, out: Path, change: Callable[[Files], object]) -> Path:
    """The package with changed files: list, digest and signature are made anew, as a forger would."""
    with zipfile.ZipFile(source) as old:
        files = {name: old.read(name) for name in old.namelist()}
    change(files)
    package = json.loads(files.pop("datapackage.json"))
    del files["datapackage-digest.json"]
    package["resources"] = [
        {
            "name": name.lower().replace("/", "-"),
            "path": name,
            "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
            "bytes": len(data),
        }
        for name, data in files.items()
    ]
    files["datapackage.json"] = json.dumps(package).encode()
    digest = f"sha256:{hashlib.sha256(files['datapackage.json']).hexdigest()}"
    files["datapackage-digest.json"] = digest_of(digest, START, strange)
    with zipfile.ZipFile(out, "w") as new:
        for name, data in files.items():
            new.writestr(zipfile.ZipInfo(name), data)
    return out


def test_a_package_as_it_was_exported(exhibit: Exhibit) -> None:
    defects, notes = exhibit.check()
    assert defects == []
    signed, proven = notes
    assert "is signed by the key with the SHA-256" in signed
    assert "of 6 leaves; whose that is, a key kept elsewhere tells" in proven
    log = exhibit.archive.log
    for pin in (exhibit.archive.keys.public("log"), log.checkpoint(6)):
        assert exhibit.check(None, pin) == ([], [signed])
    defects, notes = exhibit.check(None, log.checkpoint(3))
    assert defects == [] and "only the archive shows that one log begins with the other" in notes[1]


def edit(files: Files) -> None:
    before = files[SHEET]
    files[SHEET] = before.replace(b'"locale":"en"', b'"locale":"de"')
    assert files[SHEET] != before


def unproven(files: Files) -> None:
    del files[PROOF]


def leaderless(files: Files) -> None:
    files["seal/capture-9-9.proof"] = files[PROOF]


def other_proof(files: Files) -> None:
    files[PROOF] = files["seal/capture-1-0.proof"]


def bare_proof(files: Files) -> None:
    files[PROOF] = files[PROOF].partition(b"\n\n")[0]


def foreign(files: Files) -> None:
    files["seal/readme.txt"] = b"trust me"


def no_checkpoint(files: Files) -> None:
    del files["seal/checkpoint.txt"]


def garbled_checkpoint(files: Files) -> None:
    files["seal/checkpoint.txt"] = files["seal/checkpoint.txt"].replace(b"\n", b"\r\n")


def keyless(files: Files) -> None:
    del files["seal/log.pub"]


def larger_tree(files: Files) -> None:
    files["seal/checkpoint.txt"] = files["seal/checkpoint.txt"].replace(b"\n6\n", b"\n7\n")


def no_key(files: Files) -> None:
    files["seal/log.pub"] = b"-----BEGIN NOTHING-----\n"


def broken_stamp(files: Files) -> None:
    (name,) = (name for name in files if name.endswith(".tsr"))
    files[name] = files[name][:-9]


def stamp_of_another(files: Files) -> None:
    (name,) = (name for name in files if name.endswith(".tsr"))
    files[name.replace(STAMP, "000000000003")] = files.pop(name)


def page(**fields: object) -> Callable[[Files], object]:
    """The first page of the list told otherwise."""

    def change(files: Files) -> None:
        header, line, *rest = files[PAGES].splitlines(keepends=True)
        told = json.dumps(json.loads(line) | fields).encode() + b"\n"
        files[PAGES] = b"".join([header, told, *rest])

    return change


def page_left_out(files: Files) -> None:
    files[PAGES] = b"".join(files[PAGES].splitlines(keepends=True)[:-1])


def more_pages(files: Files) -> None:
    files["pages/extraPages.jsonl"] = files[PAGES]


def report(files: Files) -> None:
    files["reports/verdict.html"] = b"guilty"


def leaflet(files: Files) -> None:
    files["read-me-first.html"] = b"guilty"


def keys_interchanged(files: Files) -> None:
    """A reader who asks for one address is given the other's record."""
    lines = [line.split(b" ", 1) for line in files[INDEX].splitlines(keepends=True)]
    first, second = b"example,files)/1.jpg?a=b|c", b"example,files)/copy.jpg"
    for line in lines:
        line[0] = {first: second, second: first}.get(line[0], line[0])
    files[INDEX] = b"".join(sorted(b" ".join(line) for line in lines))


def a_payload_elsewhere(files: Files) -> None:
    files[INDEX] = files[INDEX].replace(b'"mime": "text/html"', b'"mime": "warc/revisit"')


def a_payload_here(files: Files) -> None:
    files[INDEX] = files[INDEX].replace(b'"mime": "warc/revisit"', b'"mime": "text/html"')


def begins_elsewhere(files: Files) -> None:
    package = json.loads(files["datapackage.json"])
    package["mainPageUrl"] = "https://files.example/copy.jpg"
    files["datapackage.json"] = json.dumps(package).encode()


def set_apart(files: Files) -> None:
    package = json.loads(files["datapackage.json"])
    package["needed"] = ["capture-1-1"]
    files["datapackage.json"] = json.dumps(package).encode()


def set_apart_without_a_page(files: Files) -> None:
    set_apart(files)
    page_left_out(files)


CHANGES = {
    edit: "is not the one that was signed",
    unproven: "has no proof that it is in the log",
    leaderless: "is the proof of nothing that is here",
    other_proof: "is not the one that was signed",
    bare_proof: "its proof is no proof of a log",
    foreign: "!seal/readme.txt: does not belong here",
    no_checkpoint: "!seal/checkpoint.txt: is missing",
    garbled_checkpoint: "!seal/checkpoint.txt: is no signed checkpoint",
    keyless: "!seal/log.pub: is missing",
    larger_tree: "its signature does not hold",
    no_key: "is not the public key of the log",
    broken_stamp: "is no valid time stamp",
    stamp_of_another: "is a time stamp of another checkpoint",
    page(title="He confessed"): "line 2: its title is He confessed, in the manifest mastodon:",
    page(text="He confessed"): "line 2: tells what is in no manifest: text",
    page(id="capture-9-9"): "line 2: no manifest tells of a page of 'capture-9-9'",
    page(url="https://social.example/2"): "https://social.example/2 is not in the index",
    page_left_out: "pages.jsonl: the page of capture-1-1 is not listed",
    more_pages: "!pages/extraPages.jsonl: does not belong into pages/",
    report: "!reports/verdict.html: does not belong into reports/",
    leaflet: "!read-me-first.html: does not belong here",
    keys_interchanged: "its key example,files)/copy.jpg does not belong to",
    set_apart: "calls capture-1-1 needed by others, which it is not",
    set_apart_without_a_page: "calls capture-1-1 needed by others, which it is not",
    a_payload_elsewhere: "its mime is warc/revisit, and that is a response",
    a_payload_here: "its mime is text/html, and that is a revisit",
    begins_elsewhere: "!datapackage.json: begins with https://files.example/copy.jpg of",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_package_that_was_edited(
    exhibit: Exhibit, tmp_path: Path, change: Callable[[Files], object]
) -> None:
    defects, _ = exhibit.check(repacked(exhibit.book, tmp_path / "book.wacz", change))
    assert any(CHANGES[change] in line for line in defects), defects


def test_packed_anew_and_nothing_changed(exhibit: Exhibit, tmp_path: Path) -> None:
    """Who packed it is another one, and says so; the captures are as they were."""
    book = repacked(exhibit.book, tmp_path / "book.wacz", lambda files: None)
    defects, notes = exhibit.check(book, exhibit.archive.keys.public("log"))
    assert defects == [] and notes != exhibit.check()[1][:1]
    (line,), _ = exhibit.check(book, exhibit.archive.keys.public("wacz"))
    assert "!datapackage-digest.json: is not signed with the key in" in line


def fewer(files: Files) -> None:
    """Without one of the captures, and nothing left of it."""
    for name in [name for name in files if "capture-1-1." in name]:
        del files[name]
    for name in (PAGES, INDEX):
        kept = (
            line for line in files[name].splitlines(keepends=True) if b"capture-1-1" not in line
        )
        files[name] = b"".join(kept)


@pytest.mark.parametrize("proven", [True, False])
def test_what_only_the_key_of_the_package_tells(
    exhibit: Exhibit, tmp_path: Path, proven: bool
) -> None:
    """Whole captures can be taken out, and the package called otherwise: it is signed by somebody else then."""
    key = exhibit.archive.keys.public("wacz")
    assert exhibit.check(None, key)[0] == []

    def change(files: Files) -> None:
        fewer(files)
        for name in [name for name in files if name.startswith("seal/") and not proven]:
            del files[name]

    book = repacked(exhibit.book, tmp_path / "book.wacz", change)
    assert exhibit.check(book)[0] == []
    (line,), _ = exhibit.check(book, key)
    assert f"!datapackage-digest.json: is not signed with the key in {key}" in line


def test_another_history_signed_with_the_real_key(exhibit: Exhibit, tmp_path: Path) -> None:
    """A tree in which the edited manifest is a leaf, beside a checkpoint of that size that was kept."""
    keys, book = exhibit.archive.keys, tmp_path / "book.wacz"
    key = log_key(keys.private("log"), keys.public("log"))

    def change(files: Files) -> None:
        edit(files)
        leaves = [leaf_hash(files[f"manifests/capture-1-{index}.json"]) for index in range(2)]
        files["seal/checkpoint.txt"] = signed = sign(2, node_hash(*leaves), key)
        for index in range(2):
            proof = Inclusion(
                "", index, 2, (b64encode(leaves[1 - index]).decode(),), signed.decode()
            )
            files[f"seal/capture-1-{index}.proof"] = proof.text.encode()
        for name in [name for name in files if name.endswith(".tsr")]:
            del files[name]

    repacked(exhibit.book, book, change)
    assert exhibit.check(book, keys.public("log"))[0] == []
    pin = tmp_path / "kept.txt"
    pin.write_bytes(sign(2, leaf_hash(b"what was there"), key))
    (line,), _ = exhibit.check(book, pin)
    assert line.endswith(f"!seal/checkpoint.txt: contradicts the pinned {pin}")


def test_who_stamped_a_package_is_told_where_nobody_vouches(exhibit: Exhibit) -> None:
    notes = verify([exhibit.book], processes=1).notes
    assert any(".tsr says " in one and "who gave it is not known" in one for one in notes)


def test_a_time_stamp_of_something_else(exhibit: Exhibit, tmp_path: Path) -> None:
    """Whoever gave it: that it is not of this checkpoint can be seen."""
    token = exhibit.authority.stamp(question(exhibit.archive.log.checkpoint(3).read_bytes()))

    def change(files: Files) -> None:
        files.update({name: token for name in files if name.endswith(".tsr")})

    book = repacked(exhibit.book, tmp_path / "book.wacz", change)
    (defect,) = verify([book], processes=1).defects
    assert str(defect).endswith(".tsr: is no valid time stamp: it is of something else")


def test_all_proofs_taken_out(exhibit: Exhibit, tmp_path: Path) -> None:
    def bare(files: Files) -> None:
        edit(files)
        for name in [name for name in files if name.startswith("seal/")]:
            del files[name]

    book = repacked(exhibit.book, tmp_path / "book.wacz", bare)
    defects, notes = exhibit.check(book)
    assert defects == [] and notes[-1].endswith("holds no proof that its captures are in a log")
    (line,), _ = exhibit.check(book, exhibit.archive.log.checkpoint(3))
    assert "holds no proof of a log" in line


def test_the_date_beside_the_signature(exhibit: Exhibit, tmp_path: Path) -> None:
    """It is not signed, unlike that of the package: without any key it can be changed."""
    book = tmp_path / "book.wacz"
    with zipfile.ZipFile(exhibit.book) as old, zipfile.ZipFile(book, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "datapackage-digest.json":
                data = data.replace(b'"created": "2026-', b'"created": "2016-')
                assert data != old.read(entry)
            new.writestr(zipfile.ZipInfo(entry.filename), data)
    (line,), _ = exhibit.check(book, exhibit.archive.keys.public("wacz"))
    assert "!datapackage-digest.json: its signature is dated 2016-" in line


def test_a_signature_of_another_list(exhibit: Exhibit, tmp_path: Path) -> None:
    """The archive's own signature holds, over the list that was there before."""
    book = tmp_path / "book.wacz"
    with zipfile.ZipFile(exhibit.book) as old, zipfile.ZipFile(book, "w") as new:
        files = {name: old.read(name) for name in old.namelist()}
        package = files["datapackage.json"].replace(b'"title": "a run"', b'"title": "a lie"')
        assert package != files["datapackage.json"]
        sealed = json.loads(files["datapackage-digest.json"])
        sealed["hash"] = f"sha256:{hashlib.sha256(package).hexdigest()}"
        files |= {
            "datapackage.json": package,
            "datapackage-digest.json": json.dumps(sealed).encode(),
        }
        for name, data in files.items():
            new.writestr(zipfile.ZipInfo(name), data)
    (line,), _ = exhibit.check(book)
    assert line == "!datapackage-digest.json: its signature is over another hash"


def test_the_log_of_another(exhibit: Exhibit, tmp_path: Path) -> None:
    """Another archive's package is whole, and is not what was pinned."""
    other = Exhibit(tmp_path / "other")
    assert other.check()[0] == []
    (line,), _ = other.check(None, exhibit.archive.keys.public("log"))
    assert "is another key than the one in" in line
    (line,), _ = other.check(None, exhibit.archive.log.checkpoint(6))
    assert "was signed by" in line

    def swap(files: Files) -> None:
        with zipfile.ZipFile(other.book) as book:
            files.update({n: book.read(n) for n in book.namelist() if n.startswith("seal/capture")})
            files.update({n: book.read(n) for n in ("seal/log.pub", "seal/checkpoint.txt")})

    defects, _ = exhibit.check(repacked(exhibit.book, tmp_path / "book.wacz", swap))
    assert any("its seal of archiver/" in line for line in defects), defects


def test_after_the_keys_were_replaced(tmp_path: Path) -> None:
    """A first key that was pinned leads to today's; the package must be signed with today's too."""
    rotated = Exhibit(tmp_path, rotated=True)
    assert rotated.check()[0] == []
    first = tmp_path / "first.pub"
    first.write_bytes(public_at(rotated.archive, 3))
    assert first.read_bytes() != rotated.archive.keys.public("log").read_bytes()
    assert rotated.check(None, first, rotated.archive.log.checkpoint(3))[0] == []
    key = rotated.archive.keys.public("wacz")
    assert rotated.check(None, key)[0] == []
    with zipfile.ZipFile(rotated.book) as book:
        (name,) = (name for name in book.namelist() if name.startswith("seal/keychange-"))
        old = re.search(rb"old-package (\S+)", book.read(name))
    assert old is not None
    before = tmp_path / "before.pub"
    before.write_bytes(load_der_public_key(b64decode(old[1])).public_bytes(Encoding.PEM, FORM))
    (line,), _ = rotated.check(None, before)  # a statement proves no key but those of the log
    assert f"is not signed with the key in {before}" in line

    def said(change: Callable[[Files], object]) -> list[str]:
        return rotated.check(repacked(rotated.book, tmp_path / "again.wacz", change))[0]

    older = said(lambda files: files.update({"seal/log.pub": first.read_bytes()}))
    assert any(
        "checkpoint.txt: was signed by another key than seal/log.pub" in one for one in older
    )
    garbled = said(
        lambda files: files.update({name: files[name].replace(b"reason left", b"reason lost")})
    )
    assert any(f"{name}: the signature of archiver/" in one for one in garbled), garbled
    defects = said(lambda files: None)
    assert any("is not signed with the archive's key" in line for line in defects), defects


def test_a_package_of_what_was_sealed_before_the_keys_were_replaced(tmp_path: Path) -> None:
    """Its checkpoint is signed with the old key, and the package with today's, if with any."""
    sealed, book = Sealed(tmp_path / "a"), tmp_path / "book.wacz"
    archive = sealed.archive
    add_run(sealed)
    first = tmp_path / "first.pub"
    shutil.copy(archive.keys.public("log"), first)
    rotate(archive, archive.keys, reason="left", clock=CLOCK)
    add_run(sealed)
    pins = (first, archive.keys.public("log"), archive.log.checkpoint(3))
    for signer in (sealed.sealer().signer(), None):
        book.unlink(missing_ok=True)
        export_wacz(
            [Chosen(sealed.runs[0].path)],
            book,
            title="a run",
            created=START,
            software="tests",
            extra=Proofs(archive).files,
            sign=signer,
        )
        report = verify([book], processes=1, pins=pins)
        assert report.defects == ()
        assert ("is not signed" in report.notes[0]) == (signer is None)
    again = repacked(book, tmp_path / "again.wacz", lambda files: None)
    (defect,) = verify([again], processes=1, pins=pins).defects
    assert "is not signed with the archive's key" in str(defect)


def test_a_part_of_an_archive_has_no_log(exhibit: Exhibit) -> None:
    """A run or a WARC file is compared with itself only: said when it is whole, refused with a pin."""
    run = exhibit.sealed.runs[0]
    for part in (run.path, run.warc("capture-0-0")):
        report = verify([part], processes=1)
        assert report.whole and "only the whole archive has the log" in report.notes[0]
        with pytest.raises(UsageError, match="has no log"):
            verify([part], processes=1, pins=[exhibit.archive.log.checkpoint(3)])
