"""Intake quality, over rows of the real store: what receipts say of records, what held packets, and how soon they were staged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from release_staging.operations.quality import Quality, completeness, quality
from release_staging.record import contract
from release_staging.review.receipt import Receipt
from release_staging.staging.errors import VaultError
from release_staging.staging.postgres import engine
from release_staging.staging.receipts import ReceiptStore
from release_staging.staging.resolving import Resolving
from release_staging.staging.statistics import Statistics
from release_staging.staging.store import StagingStore
from tests.packets import PacketBuilder
from tests.staging.support import NOON, exception, handoff, packet
from tests.staging_domain import stage

SINCE = NOON - timedelta(days=30)


@pytest.fixture
def connected(database_url: str) -> Iterator[Engine]:
    pool = engine(database_url)
    yield pool
    pool.dispose()


def measured(connected: Engine) -> Quality:
    known = Statistics(connected)
    return quality(known.taken(SINCE), known.told(SINCE), known.received(SINCE), [])


def staged(store: StagingStore, name: str, *before: dict[str, Any], days: int = 0) -> str:
    """A packet that was held once for each exception before, and is staged; the digest of its record."""
    store.receive(replace(packet(name), received_at=NOON - timedelta(days=days)))
    for number, reason in enumerate(before, 1):
        store.hand_off([handoff(name, reason, revision=number, basis=str(number))])
    revision = len(before) + 1
    record = {"candidate": {"version": "1"}, "rollback": {"version": None}}
    return store.hand_off([handoff(name, revision=revision, basis=str(revision), **record)])[0].document_digest


def say(connected: Engine, record: str, usable: str = "as_it_was", by: str = "board", **fields: str) -> None:
    used = [{"field": f"/{field}/version", "use": use, "note": "from the log"} for field, use in fields.items()]
    said = {"receipt": "1", "record": record, "by": {"kind": "system", "name": by}, "usable": usable, "fields": used, "note": "as it is"}
    assert ReceiptStore(connected).record(Receipt.model_validate(said))


def test_accepted_without_reconstruction_is_a_share_of_the_records_that_have_a_receipt(store: StagingStore, connected: Engine) -> None:
    records = [staged(store, f"packet-{number}") for number in range(4)]
    say(connected, records[0])
    say(connected, records[1], "with_reconstruction", rollback="reconstructed", candidate="taken")
    say(connected, records[2], "not_usable", rollback="missing")
    found = measured(connected)
    assert (found.records, found.with_receipt, found.as_it_was, found.not_usable) == (4, 3, 1, 1)
    assert found.fields == [("/rollback/version", 1, 1)]


def test_who_says_it_again_is_heard_once_and_two_who_differ_are_both_heard(store: StagingStore, connected: Engine) -> None:
    corrected, disputed = staged(store, "corrected"), staged(store, "disputed")
    say(connected, corrected, "with_reconstruction", rollback="reconstructed")
    say(connected, corrected)
    say(connected, disputed)
    say(connected, disputed, "with_reconstruction", by="another board", rollback="reconstructed")
    found = measured(connected)
    assert (found.with_receipt, found.as_it_was) == (2, 1)
    assert found.fields == [("/rollback/version", 1, 0)]


def test_what_held_packets_and_how_many_revisions_it_took(store: StagingStore, connected: Engine) -> None:
    drift, secret = exception(True, code="SCHEMA_DRIFT"), exception(True, code="DISCLOSURE_SECRET")
    staged(store, "at-once")
    staged(store, "second", drift)
    staged(store, "third", secret, secret)
    store.receive(packet("open"))
    store.hand_off([handoff("open", drift, exception(False, code="EVIDENCE_EMPTY"))])
    store.receive(packet("waiting"))
    found = measured(connected)
    assert (found.packets, found.staged, found.held, found.staged_at_once, found.restaged) == (5, 3, 1, 1, 2)
    assert found.until_staged == {1: 1, 2: 1, 3: 1}
    assert found.held_by_code == {"SCHEMA_DRIFT": 2, "DISCLOSURE_SECRET": 1}
    assert found.form["SCHEMA_DRIFT"] == (1, 1)  # what a later revision no longer has is not counted
    assert found.form["EVIDENCE_EMPTY"] == (1, 0)
    assert found.with_form_problems == 1
    assert found.contracts == {("1.0.0", "staged"): 3, ("1.0.0", "held"): 1}


def test_only_packets_of_the_time_asked_for_count(store: StagingStore, connected: Engine) -> None:
    old, new = staged(store, "old", days=31), staged(store, "new", days=29)
    for record in (old, new):
        say(connected, record)
    found = measured(connected)
    assert (found.packets, found.records, found.with_receipt) == (1, 1, 1)


def test_nothing_taken_in_has_no_quality_and_breaks_nothing(store: StagingStore, connected: Engine) -> None:
    found = measured(connected)
    assert (found.packets, found.records, found.fields, found.until_staged) == (0, 0, [], {})


def test_the_sample_is_of_standing_records_that_are_not_archived(store: StagingStore, connected: Engine) -> None:
    for number in range(6):
        staged(store, f"packet-{number}", *([exception(True)] * (number % 2)))
    store.hand_off([handoff("packet-0", exception(True), revision=2, basis="b")])
    archive = text("INSERT INTO staging.handoff_events (packet_id, revision, event) VALUES (:name, 1, :event)")
    with connected.begin() as connection:
        for name, event in (("packet-1", "archived"), ("packet-2", "archived"), ("packet-2", "restored")):
            connection.execute(archive, {"name": name, "event": event})
    known = Statistics(connected)
    assert {one.packet for one in known.sample(SINCE, 10, "")} == {"packet-2", "packet-3", "packet-4", "packet-5"}
    some = known.sample(SINCE, 2, "now")
    assert len(some) == 2
    assert known.sample(SINCE, 2, "now") == some
    assert len({tuple(one.packet for one in known.sample(SINCE, 2, str(hour))) for hour in range(20)}) > 1


def test_completeness_counts_the_fields_that_lead_back_and_a_lost_document_leads_nowhere() -> None:
    made = stage(PacketBuilder.clean())
    document, plan = made.outcome.document, contract.load(made.outcome.contract)
    whole = completeness(plan, document, Resolving(made.memory.get))
    assert whole.filled == whole.traced > 10
    [manifest] = [one["document"] for one in document["evidence"] if one["path"] == "release-manifest.json"]

    def without_manifest(digest: str) -> bytes:
        if digest == manifest:
            raise VaultError(f"evidence {digest} is not in the vault")
        return made.memory.get(digest)

    lost = completeness(plan, document, Resolving(without_manifest))
    assert lost.filled == whole.filled
    assert 0 < lost.traced < whole.traced
    changed = {**document, "candidate": {**document["candidate"], "version": None}}
    assert completeness(plan, changed, Resolving(made.memory.get)).filled == whole.filled - 1
