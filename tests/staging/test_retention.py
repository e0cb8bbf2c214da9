"""What rests is archived and comes back to the byte; what others need stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

from release_staging.model.exceptions import Role
from release_staging.review.finding import Finding
from release_staging.review.words import Refused
from release_staging.staging.archived import ArchiveStore, Standing, compared
from release_staging.staging.entries import PacketDocument
from release_staging.staging.errors import StagingError
from release_staging.staging.postgres import engine
from release_staging.staging.retention import Retention
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import Vault, digest_of
from tests.staging.support import NOON, exception, handoff, packet

SHARED, OLD, NEW = b"shared by both", b"only of the old packet" * 1000, b"only of the new packet"


@dataclass
class Known:
    """Partitions, as a set."""

    packets: set[str] = field(default_factory=set)

    def known(self) -> set[str]:
        return set(self.packets)

    def add(self, packet: str) -> None:
        self.packets.add(packet)

    def remove(self, packet: str) -> None:
        self.packets.discard(packet)


@pytest.fixture
def connected(database_url: str) -> Iterator[Engine]:
    pool = engine(database_url)
    yield pool
    pool.dispose()


@pytest.fixture
def retention(connected: Engine, tmp_path: Path) -> Retention:
    return Retention(Vault(tmp_path / "vault"), ArchiveStore(connected), tmp_path / "archive", tmp_path / "extractions", Known())


def take(retention: Retention, store: StagingStore, name: str, *contents: bytes, held: bool = False, **body: Any) -> None:
    """A packet with documents, in vault, store, extractions and partitions."""
    listed = [{"path": f"{number}.txt", "sha256": retention.vault.put(data), "size": len(data)} for number, data in enumerate(contents)]
    origin = retention.vault.put(orjson.dumps({"packet": name, "documents": listed, "fixity": [], "descriptor": None}))
    documents = tuple(PacketDocument(**one) for one in listed)
    store.receive(replace(packet(name), origin=origin, documents=documents))
    store.hand_off([handoff(name, *([exception(True)] if held else []), **body)])
    for asset in ("sboms", "evidence_packet"):
        path = retention.extractions / asset / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"{asset} of {name}".encode())
    retention.partitions.add(name)


def archive(retention: Retention, *names: str) -> None:
    """Archives what rests; only these packets do."""
    resting = retention.store.due(datetime.now(UTC) + timedelta(days=1), None)
    assert {one.packet for one in resting} >= set(names)
    with retention.store.alone():
        for due in resting:
            if due.packet in names:
                retention._archive(due)
        retention.sweep()


def state(retention: Retention) -> tuple[dict[str, bytes], set[str]]:
    """Every file of vault and extractions, and the partitions."""
    root = retention.extractions.parent
    files = (path for folder in ("vault", "extractions") for path in (root / folder).rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(root)): path.read_bytes() for path in files}, set(retention.partitions.known())


def events(store: StagingStore, name: str) -> list[str]:
    return [one.event for one in store.events(name)]


def test_an_archived_packet_leaves_what_others_need_and_comes_back_to_the_byte(retention: Retention, store: StagingStore) -> None:
    take(retention, store, "old", SHARED, OLD)
    take(retention, store, "new", SHARED, NEW)
    before = state(retention)
    archive(retention, "old")
    assert not retention.vault.has(digest_of(OLD))
    assert retention.vault.has(digest_of(SHARED))
    assert retention.vault.has(digest_of(NEW))
    assert retention.partitions.known() == {"new"}
    assert not list(retention.extractions.glob("*/old.parquet"))
    assert store.latest("old") is not None
    assert retention.store.since("old") is not None
    assert retention.restore("old") == 3
    assert state(retention) == before
    assert events(store, "old")[-2:] == ["archived", "restored"]
    assert not list(retention.folder.iterdir())


def test_a_document_that_only_archived_packets_share_goes_and_comes_back_with_either(retention: Retention, store: StagingStore) -> None:
    take(retention, store, "first", SHARED, OLD)
    take(retention, store, "second", SHARED, NEW)
    archive(retention, "first", "second")
    assert not retention.vault.has(digest_of(SHARED))
    retention.restore("second")
    assert retention.vault.get(digest_of(SHARED)) == SHARED
    assert not retention.vault.has(digest_of(OLD))
    retention.restore("first")
    assert retention.vault.get(digest_of(OLD)) == OLD


def test_a_damaged_archive_restores_nothing_and_says_so(retention: Retention, store: StagingStore) -> None:
    take(retention, store, "old", OLD)
    archive(retention, "old")
    data = bytearray(retention.path("old").read_bytes())
    data[len(data) // 2] ^= 1
    retention.path("old").chmod(0o644)
    retention.path("old").write_bytes(data)
    with pytest.raises(StagingError, match="damaged"):
        retention.restore("old")
    assert retention.store.since("old") is not None


def test_open_holds_rest_only_where_policy_says_so_and_what_was_restored_rests_anew(retention: Retention, store: StagingStore) -> None:
    take(retention, store, "open", NEW, held=True)
    take(retention, store, "staged", OLD)
    later = datetime.now(UTC) + timedelta(days=1)
    assert [one.packet for one in retention.store.due(later, None)] == ["staged"]
    assert {one.packet for one in retention.store.due(later, later)} == {"open", "staged"}
    between = datetime.now(UTC)
    archive(retention, "staged")
    assert retention.store.due(later, None) == []
    retention.restore("staged")
    assert retention.store.due(between, None) == []
    assert [one.packet for one in retention.store.due(later, None)] == ["staged"]


def test_a_packet_that_is_not_archived_is_not_restored_and_one_that_is_takes_no_findings(
    retention: Retention, store: StagingStore, connected: Engine
) -> None:
    take(retention, store, "old", OLD)
    with pytest.raises(Refused, match="not archived"):
        retention.restore("old")
    archive(retention, "old")
    said = {"finding": "1", "packet": "old", "revision": 1, "reviewer": "J. Doe", "role": Role.RELEASE_MANAGER, "reason": "a mistake"}
    with pytest.raises(Refused, match="release-staging restore old"):
        ReviewStore(connected).record(Finding.model_validate({**said, "withdraw": {}}), lambda *_: None)


def test_two_do_not_archive_at_once(retention: Retention) -> None:
    with retention.store.alone(), pytest.raises(StagingError, match="already"), retention.store.alone():
        pass


def test_what_a_later_packet_is_compared_with_stays() -> None:
    days = [NOON + timedelta(days=number) for number in range(5)]
    releases = [Standing("s", version, at, (version + str(at.day),)) for version, at in zip("11223", days, strict=True)]
    assert compared(releases, []) == {f"3{days[4].day}", f"2{days[3].day}"}
    assert compared(releases, [(days[2], "s")]) >= {f"1{days[1].day}"}
    assert compared(releases, [(days[2], None)]) == compared(releases, [(days[2], "s")])
    assert compared(releases, [(days[2], "another")]) == compared(releases, [])
