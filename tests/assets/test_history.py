"""A newer packet of the same candidate stands in place of the older, and says what changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from release_staging.cli.main import cli
from release_staging.cli.running import Runner
from release_staging.review.words import Refused
from release_staging.staging.store import StagingStore
from tests.assets.reviewers import Review
from tests.assets.support import metadata
from tests.packets import PacketBuilder
from tests.staging.support import NOON, exception, handoff, packet

VERSION = "4.77.0"


def of_another_candidate(name: str, submitted: str) -> PacketBuilder:
    """A sample as it would be for a candidate of its own, so that no other test's packet is of it: the descriptor's word alone."""
    return PacketBuilder.sample(name).descriptor(
        submitted_at=submitted, candidate={"service": "billing-api", "version": VERSION}, environments=["production-eu"]
    )


def test_a_newer_packet_of_the_candidate_closes_the_hold_of_the_older_and_tells_what_changed(
    deployed: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = ["packet.yaml", "sbom/sbom.cdx.json"]
    first, second = (of_another_candidate("clean", submitted) for submitted in ("2026-11-20T10:15:00Z", "2026-11-21T10:15:00Z"))
    for path in CLEAN_PATHS - set(only):
        first, second = first.without(path), second.without(path)
    first, second = (one.edit_json("sbom/sbom.cdx.json", "/metadata/component/version", VERSION) for one in (first, second))
    second = second.edit_json("sbom/sbom.cdx.json", "/components/0/version", "77.0.0")
    older = Review(deployed, first, tmp_path)
    assert older.packet in {head.packet_id for head in deployed.found.store.holds()}
    newer = Review(deployed, second, tmp_path)
    store = deployed.found.store
    assert store.superseded_by(newer.packet) == (older.packet,)
    assert [event.event for event in store.events(older.packet)] == ["received", "held", "superseded"]
    queue = {head.packet_id for head in store.holds()}
    assert newer.packet in queue
    assert older.packet not in queue
    with pytest.raises(Refused, match=f"is superseded by {newer.packet}"):
        older.say(withdraw={}, reason="It is not needed any more.")
    monkeypatch.setenv("RELEASE_STAGING_HOME", str(deployed.found.settings.home))
    shown = CliRunner().invoke(cli, ["show", newer.packet]).stdout
    assert f"Changed since packet {older.packet}" in shown.replace("\\", "")
    assert "77.0.0" in shown[shown.index("### Packages") :]
    assert metadata(deployed.instance, "handoff_outcome", newer.packet)["supersedes"] == older.packet


CLEAN_PATHS = set(PacketBuilder.clean().documents)


def test_packets_of_one_time_stand_beside_each_other(deployed: Runner, tmp_path: Path) -> None:
    """Which of them is newer, nobody said."""
    one, other = (Review(deployed, of_another_candidate(name, "2026-11-25T10:15:00Z"), tmp_path) for name in ("clean", "stale-scan"))
    for review in (one, other):
        assert "superseded" not in [event.event for event in deployed.found.store.events(review.packet)]


def test_packets_that_are_handed_off_at_once_leave_one_that_stands(store: StagingStore) -> None:
    candidate = {"service": "billing-api", "version": "1.0.0"}
    ids = [f"racer-{number:02}" for number in range(12)]
    for number, name in enumerate(ids):
        made = packet(name)
        later = NOON + timedelta(minutes=number)
        store.receive(type(made)(**{**made.__dict__, "effective_time": later, "received_at": later}))
    with ThreadPoolExecutor(6) as racing:
        list(racing.map(lambda name: store.hand_off([handoff(name, exception(True), candidate=candidate)]), reversed(ids)))
    superseded = {name for name in ids if "superseded" in [event.event for event in store.events(name)]}
    assert superseded == set(ids[:-1])
    assert [head.packet_id for head in store.holds()] == [ids[-1]]


def test_a_record_of_an_earlier_contract_is_shown_as_it_was_and_never_converted(
    deployed: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = Review(deployed, PacketBuilder.clean(), tmp_path)
    monkeypatch.setenv("RELEASE_STAGING_HOME", str(deployed.found.settings.home))
    asked = CliRunner().invoke(cli, ["show", review.packet, "--contract", "2.0.0", "--format", "json"])
    assert "was never staged to contract 2.0.0" in str(asked.exception)
    assert f"backfill {review.packet} --contract 2.0.0" in str(asked.exception)
    as_it_was = CliRunner().invoke(cli, ["show", review.packet, "--contract", review.see().revision.contract, "--format", "json"])
    assert as_it_was.stdout.strip() == review.see().revision.body
