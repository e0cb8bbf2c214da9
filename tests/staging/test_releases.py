"""What earlier staged records bring to a later packet of the same service."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from release_staging.staging.store import StagingStore
from release_staging.staging.vault import digest_of
from tests.staging.support import NOON, exception, handoff, packet

DIGEST = digest_of(b"image")
SBOM = {"path": "sbom.json", "document": digest_of(b"sbom"), "size": 4, "source": "sboms", "format": "spdx-json@2.3", "bound_by": "run"}


def body(version: str, service: str = "billing-api", evidence: tuple[dict[str, Any], ...] = (SBOM,)) -> dict[str, Any]:
    candidate = {"service": service, "version": version}
    return {"record_id": f"sha256:{version}", "candidate": candidate, "artifacts": [{"digest": DIGEST}], "evidence": list(evidence)}


def staged(store: StagingStore, version: str, hours: int, service: str = "billing-api", **more: Any) -> None:
    name = f"{service}-{version}"
    store.receive(replace(packet(name), received_at=NOON + timedelta(hours=hours)))
    store.hand_off([handoff(name, **body(version, service, **more))])


def versions(store: StagingStore, hours: int) -> list[str]:
    return [release.version for release in store.released_before("billing-api", NOON + timedelta(hours=hours))]


def test_the_records_of_a_service_come_newest_first_and_only_those_received_before(store: StagingStore) -> None:
    for hours, version in enumerate(("1", "2", "3")):
        staged(store, version, hours)
    staged(store, "9", 0, service="ledger")
    assert versions(store, 2) == ["2", "1"]
    assert versions(store, 0) == []


def test_a_hold_is_no_release_nor_is_a_record_that_a_later_revision_replaced(store: StagingStore) -> None:
    staged(store, "1", 0)
    store.receive(replace(packet("held"), received_at=NOON))
    store.hand_off([handoff("held", exception(True), **body("2"))])
    assert versions(store, 1) == ["1"]
    store.hand_off([handoff("billing-api-1", exception(True), revision=2, basis="b", **body("1"))])
    assert versions(store, 1) == []


def test_a_release_brings_its_digests_and_its_own_bills_of_materials(store: StagingStore) -> None:
    compared = [{**SBOM, "document": digest_of(name.encode()), "bound_by": name} for name in ("earlier record", "descriptor: baseline")]
    staged(store, "1", 0, evidence=(SBOM, *compared, {**SBOM, "source": "test_reports"}))
    [release] = store.released_before("billing-api", NOON + timedelta(hours=1))
    assert release.digests == (DIGEST,)
    assert [sbom.sha256 for sbom in release.sboms] == [SBOM["document"]]
