"""Payloads of a run, remembered aside."""

import gc

from storage_samples import START

from archiver.domain.digest import sha256
from archiver.domain.record import StoredPayload
from archiver.storage.payloads import Payloads


def stored(number: int) -> StoredPayload:
    url = f"https://a.example/{number}"
    return StoredPayload(record_id=f"<urn:{number}>", target_uri=url, date=START)


def test_what_was_added_is_found_and_the_last_one_counts() -> None:
    held = Payloads()
    assert held.get(sha256(b"1")) is None
    held.add((sha256(str(n).encode()), stored(n)) for n in range(5000))
    held.add([(sha256(b"7"), stored(70))])
    assert held.get(sha256(b"4999")) == stored(4999)
    assert held.get(sha256(b"7")) == stored(70)
    assert held.get(sha256(b"5000")) is None


def test_without_room_it_only_forgets() -> None:
    held = Payloads()
    held._base.execute("PRAGMA max_page_count = 4")
    held.add((sha256(str(n).encode()), stored(n)) for n in range(5000))
    assert held.get(sha256(b"1")) is None
    held.add([(sha256(b"1"), stored(1))])


def test_it_is_closed_when_it_goes() -> None:
    """An unclosed database would be a warning, and so an error of this test."""
    Payloads()
    gc.collect()
