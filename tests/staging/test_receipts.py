"""Receipts in the store: bound to a staged record, append-only, the same one once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from release_staging.config.disclosure import DEFAULT
from release_staging.review.receipt import Receipt
from release_staging.review.words import Refused
from release_staging.staging.dropped import take_receipts
from release_staging.staging.postgres import engine
from release_staging.staging.receipts import ReceiptStore
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import digest_of
from tests.staging.support import exception, handoff, packet

NAME = "billing-api-4.12.0-rc.3-9f2c41"
RECORD_ID = digest_of(b"the record without its id")


@pytest.fixture
def connected(database_url: str) -> Iterator[Engine]:
    pool = engine(database_url)
    yield pool
    pool.dispose()


@pytest.fixture
def receipts(connected: Engine) -> ReceiptStore:
    return ReceiptStore(connected)


@pytest.fixture
def record(store: StagingStore) -> str:
    """The digest of a staged record's document."""
    store.receive(packet(NAME))
    [result] = store.hand_off([handoff(NAME, record_id=RECORD_ID, candidate={"version": "1"})])
    return result.document_digest


def said(record: str, *fields: str, **more: Any) -> dict[str, Any]:
    used = [{"field": field, "use": "taken"} for field in fields]
    return {
        "receipt": "1",
        "record": record,
        "by": {"kind": "person", "name": "A. Reviewer"},
        "usable": "as_it_was",
        "fields": used,
        **more,
    }


def receipt(record: str, *fields: str, **more: Any) -> Receipt:
    return Receipt.model_validate(said(record, *fields, **more))


def events(store: StagingStore) -> list[str]:
    return [one.event for one in store.events(NAME)]


def test_a_record_is_named_by_its_id_or_by_the_digest_of_its_document(store: StagingStore, receipts: ReceiptStore, record: str) -> None:
    assert receipts.record(receipt(record, "/candidate/version"))
    assert receipts.record(receipt(RECORD_ID, note="the same record under its id"))
    assert [(one.packet_id, one.revision, one.receipt.record) for one in receipts.receipts(NAME)] == [
        (NAME, 1, record),
        (NAME, 1, RECORD_ID),
    ]
    assert events(store) == ["received", "staged", "receipt", "receipt"]


def test_the_same_receipt_twice_is_one(store: StagingStore, receipts: ReceiptStore, record: str) -> None:
    assert [receipts.record(receipt(record)) for _ in range(3)] == [True, False, False]
    assert len(receipts.receipts(NAME)) == 1
    assert events(store).count("receipt") == 1


def test_the_same_receipt_from_many_at_once_is_one(store: StagingStore, receipts: ReceiptStore, record: str) -> None:
    new: list[bool] = []
    threads = [threading.Thread(target=lambda: new.append(receipts.record(receipt(record)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [False] * 5 + [True]
    assert events(store).count("receipt") == 1


def test_a_hold_has_no_receipts(store: StagingStore, receipts: ReceiptStore) -> None:
    store.receive(packet(NAME))
    [held] = store.hand_off([handoff(NAME, exception(True))])
    with pytest.raises(Refused, match="only a staged record has receipts"):
        receipts.record(receipt(held.document_digest))
    assert events(store) == ["received", "held"]


def test_a_receipt_for_an_unknown_record_or_field_is_refused(receipts: ReceiptStore, record: str) -> None:
    with pytest.raises(Refused, match="no record is named"):
        receipts.record(receipt(digest_of(b"another")))
    with pytest.raises(Refused, match="/candidate/commit"):
        receipts.record(receipt(record, "/candidate/version", "/candidate/commit"))
    assert receipts.receipts(NAME) == []


def test_a_record_that_a_later_revision_replaced_keeps_its_receipts(store: StagingStore, receipts: ReceiptStore, record: str) -> None:
    store.hand_off([handoff(NAME, exception(True), revision=2, basis="b")])
    assert receipts.record(receipt(record))
    assert [one.revision for one in receipts.receipts(NAME)] == [1]


@pytest.mark.parametrize("change", ["UPDATE staging.receipts SET body = body", "DELETE FROM staging.receipts"])
def test_the_database_refuses_to_change_or_remove_a_receipt(connected: Engine, receipts: ReceiptStore, record: str, change: str) -> None:
    receipts.record(receipt(record))
    with pytest.raises(DBAPIError), connected.begin() as connection:
        connection.execute(text(change))
    assert len(receipts.receipts(NAME)) == 1


def test_receipts_arrive_as_files_and_what_is_refused_says_why(receipts: ReceiptStore, record: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(orjson.dumps(said(record)))
    (tmp_path / "b.json").write_bytes(orjson.dumps(said(record)))
    (tmp_path / "c.yaml").write_bytes(orjson.dumps(said(record, note="approved by the change board")))
    (tmp_path / "d.json").write_bytes(b"{")
    (tmp_path / ".hidden.json").write_bytes(b"not whole yet")
    told = list(take_receipts(tmp_path, receipts, DEFAULT))
    assert [one.split(" is ")[1].split(":")[0] for one in told] == ["recorded", "there already", "refused", "refused"]
    assert sorted(path.name for path in (tmp_path / "taken").iterdir()) == ["a.json", "b.json"]
    refused = {path.name for path in (tmp_path / "refused").iterdir()}
    assert refused == {"c.yaml", "c.reason.txt", "d.json", "d.reason.txt"}
    assert "speaks of the release" in (tmp_path / "refused" / "c.reason.txt").read_text()
    assert list(take_receipts(tmp_path, receipts, DEFAULT)) == []
    assert len(receipts.receipts(NAME)) == 1
