"""OpenTimestamps: asked, pending, complete, verified by a reader that shares nothing with the writer."""

import hashlib
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from loopback import Asked, Web, http
from sealed import CLOCK, Sealed, add_run

from archiver.anchoring import MOST
from archiver.config import Settings
from archiver.manifests.anchor import commitment, complete, pending
from archiver.manifests.log import read_leaves
from archiver.net.addresses import AddressPolicy
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.sealing import Sealer
from archiver.verification.ots import check_proof
from archiver.verification.verify import verify

notary = pytest.importorskip("opentimestamps.core.notary")
op = pytest.importorskip("opentimestamps.core.op")
serialize = pytest.importorskip("opentimestamps.core.serialize")
timestamp = pytest.importorskip("opentimestamps.core.timestamp")

HEIGHT = 912_345


class Calendar:
    """A calendar on the loopback interface: it takes digests, and knows a block once `written` is set."""

    def __init__(self, web: Web) -> None:
        self.web, self.written, self.asked = web, False, list[str]()
        self.tips: dict[str, bytes] = {}
        self.url = f"{web.url}/cal"
        web.routes["/cal/digest"] = self.digest

    def digest(self, asked: Asked, _link: socket.socket) -> bytes:
        assert len(asked.body) == 32
        return http(self.answer(asked.body))

    def answer(self, digest: bytes) -> bytes:
        stamp = timestamp.Timestamp(digest)
        tip = stamp.ops.add(op.OpAppend(b"calendar")).ops.add(op.OpSHA256())
        tip.attestations.add(notary.PendingAttestation(self.url))
        self.web.routes[f"/cal/timestamp/{tip.msg.hex()}"] = self.rest
        self.tips[tip.msg.hex()] = tip.msg
        return written(stamp)

    def rest(self, asked: Asked, _link: socket.socket) -> bytes:
        self.asked.append(asked.target)
        name = asked.target.rpartition("/")[2]
        if not self.written or name not in self.tips:
            return http("Pending confirmation in Bitcoin blockchain", 404, "Not Found")
        stamp = timestamp.Timestamp(self.tips[name])
        block = stamp.ops.add(op.OpPrepend(b"left")).ops.add(op.OpSHA256())
        block.attestations.add(notary.BitcoinBlockHeaderAttestation(HEIGHT))
        return http(written(stamp))


def written(stamp: object) -> bytes:
    context = serialize.BytesSerializationContext()
    stamp.serialize(context)  # type: ignore[attr-defined]
    return bytes(context.getbytes())


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    sealed = Sealed(tmp_path / "a")
    assert add_run(sealed) == ()
    return sealed


@pytest.fixture
def calendar(web: Web) -> Calendar:
    return Calendar(web)


@pytest.fixture
def seal(sealed: Sealed, calendar: Calendar, stack: ExitStack) -> object:
    """Seals the archive with the calendar, as the end of a run does; gives the problems."""
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", calendar.web.port)}))
    guard = stack.enter_context(EgressGuard(policy=policy))
    client = Client(stack.enter_context(guard.lane()).proxy_url)
    settings = Settings(ots_calendars=(calendar.url,))
    return lambda: Sealer(sealed.archive, settings, client, CLOCK).seal()


def notes(sealed: Sealed) -> list[str]:
    report = verify([sealed.archive.root])
    assert report.whole, report.defects
    return list(report.notes)


def test_a_proof_is_asked_for_and_completed_later(
    sealed: Sealed, calendar: Calendar, seal: object
) -> None:
    assert seal() == ()  # type: ignore[operator]
    (place,) = sealed.archive.log.stamps.glob("*.ots")
    assert any("is not complete yet" in note and calendar.url in note for note in notes(sealed))
    before = place.read_bytes()
    assert seal() == () and place.read_bytes() == before  # type: ignore[operator]
    assert len(calendar.asked) == 1, "asked for the rest, told to wait"
    calendar.written = True
    assert seal() == ()  # type: ignore[operator]
    (note,) = [note for note in notes(sealed) if "block" in note]
    assert f"block {HEIGHT} of Bitcoin has the Merkle root" in note
    checkpoint = sealed.archive.log.checkpoint(sealed.archive.log.sizes()[-1])
    digest = hashlib.sha256(checkpoint.read_bytes()).digest()
    whole = timestamp.DetachedTimestampFile.deserialize(
        serialize.BytesDeserializationContext(place.read_bytes())
    )
    assert whole.file_digest == digest, "the library reads what stands there"
    roots = [m[::-1].hex() for m, a in whole.timestamp.all_attestations() if "Bitcoin" in repr(a)]
    assert note.endswith(roots[0])
    asked = len(calendar.asked)
    assert seal() == () and len(calendar.asked) == asked, "complete: not asked again"  # type: ignore[operator]


def test_only_a_complete_proof_is_a_leaf(sealed: Sealed, calendar: Calendar, seal: object) -> None:
    def kinds() -> list[str]:
        return [leaf.kind for leaf in read_leaves(sealed.archive.log.leaves).all]

    seal()  # type: ignore[operator]
    add_run(sealed)
    assert "stamp" not in kinds()
    calendar.written = True
    seal()  # type: ignore[operator]
    add_run(sealed)
    assert "stamp" in kinds() and notes(sealed)
    place = sealed.archive.log.stamps / read_leaves(sealed.archive.log.leaves).all[-4].name
    place.unlink()
    assert any("is missing" in str(defect) for defect in verify([sealed.archive.root]).defects)


def test_proofs_that_no_calendar_completes_keep_no_other_waiting(
    sealed: Sealed, calendar: Calendar, seal: object
) -> None:
    """Of a calendar that closed, and of one that lost what it had promised."""
    log = sealed.archive.log
    add_run(sealed, 2 * MOST)
    for number in range(1, 2 * MOST):
        message, nonce = bytes([number]), bytes(16)
        answer = calendar.answer(commitment(message, nonce))
        of_it = calendar.url if number % 2 else f"{calendar.web.url}/closed"
        log.anchor(number, of_it).write_bytes(pending(message, nonce, answer))
    calendar.tips.clear()
    calendar.written = True
    seal()  # type: ignore[operator]
    (place,) = log.stamps.glob(f"{log.sizes()[-1]:012}-*.ots")
    for _ in range(100):
        asked_before = len(calendar.asked)
        seal()  # type: ignore[operator]
        assert len(calendar.asked) - asked_before <= MOST
        if complete(place.read_bytes()):
            return
    raise AssertionError("never asked for")


def test_what_the_log_holds_is_not_looked_at_again(
    sealed: Sealed, calendar: Calendar, seal: object
) -> None:
    """It is complete, and there is one for each checkpoint of all years."""
    seal()  # type: ignore[operator]
    (place,) = sealed.archive.log.stamps.glob("*.ots")
    pending = place.read_bytes()
    calendar.written = True
    seal()  # type: ignore[operator]
    add_run(sealed)
    assert place.name in {leaf.name for leaf in read_leaves(sealed.archive.log.leaves).all}
    place.write_bytes(pending)
    asked = len(calendar.asked)
    seal()  # type: ignore[operator]
    assert len(calendar.asked) == asked and place.read_bytes() == pending


@pytest.mark.parametrize("answer", [http(b"", 503, "Down"), http(b"<html>"), http(b"")])
def test_a_calendar_that_fails_changes_nothing(
    sealed: Sealed, calendar: Calendar, seal: object, answer: bytes
) -> None:
    calendar.web.routes["/cal/digest"] = answer
    (problem,) = seal()  # type: ignore[operator]
    assert problem.startswith("no proof of 127.0.0.1 yet")
    assert not list(sealed.archive.log.stamps.iterdir()) and notes(sealed) == []


def test_a_proof_that_was_changed_is_found(
    sealed: Sealed, calendar: Calendar, seal: object
) -> None:
    calendar.written = True
    seal()  # type: ignore[operator]
    seal()  # type: ignore[operator]
    (place,) = sealed.archive.log.stamps.glob("*.ots")
    data = place.read_bytes()
    message = sealed.archive.log.checkpoint(sealed.archive.log.sizes()[-1]).read_bytes()
    whole = check_proof(data, message)
    for cut in range(len(data)):
        assert check_proof(data[:cut], message).problem
    assert check_proof(data + b"\0", message).problem and check_proof(data, b"other").problem
    for place_ in range(len(data)):
        changed = data[:place_] + bytes([data[place_] ^ 1]) + data[place_ + 1 :]
        assert check_proof(changed, message) != whole


def test_without_the_library_there_is_one_clear_line(sealed: Sealed, tmp_path: Path) -> None:
    """In a process that cannot import it."""
    code = (
        "import sys; sys.modules['opentimestamps'] = None\n"
        "from archiver.anchoring import anchor, anchored\n"
        "from archiver.storage.layout import LogFolder\n"
        f"log = LogFolder(__import__('pathlib').Path({str(sealed.archive.log.path)!r}))\n"
        "print(*anchor(log, ('https://cal.example',), None, None), list(anchored(log)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "OpenTimestamps is not installed: pip install 'archiver[ots]' []\n", (
        done.stderr
    )
