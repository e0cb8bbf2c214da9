"""The intake sensor, on a real instance: what arrives becomes partitions and runs, once, whatever happens in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dagster._core.definitions.sensor_definition import SensorExecutionData

from assets.batches import FEW, Batch, batches
from release_staging.cli.running import Result, Runner
from release_staging.config.disclosure import DEFAULT
from release_staging.definitions import build_defs
from release_staging.staging.intake import Admitted, admit, submit
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import Vault
from resources.staging import StagingDatabase
from tests.assets.support import tick
from tests.disclosure.planted import RULES
from tests.packets import PacketBuilder

PACKETS = "packets"


def tiny(number: int) -> PacketBuilder:
    """The smallest packet there is: a descriptor and nothing else. Held, of course."""
    said = {"packet": "1", "id": f"tiny-{number:03}", "submitted_at": "2026-11-20T10:15:00Z", "candidate": {"service": "s", "version": "1"}}
    return PacketBuilder({}, said)


class Intake:
    """An intake folder with its sensor, on a store of its own; ``evaluate`` is one tick, as a code server evaluates it."""

    def __init__(self, folder: Path, deployed: Runner, **resources: Any) -> None:
        self.folder, self.instance = folder, deployed.instance
        self._definitions = build_defs(replace(deployed.found.settings, intake=folder), **resources)
        self.cursor: str | None = None
        folder.mkdir(parents=True)

    def evaluate(self) -> SensorExecutionData:
        """What one tick asks for; as the daemon does, adds the partitions and keeps the cursor, in a context made anew."""
        time.sleep(0.06)  # an entry of the last 50 ms is left for the next tick
        asked = tick(self.instance, self._definitions, "intake", self.cursor)
        for request in asked.dynamic_partitions_requests or ():
            self.instance.add_dynamic_partitions(request.partitions_def_name, request.partition_keys)
        self.cursor = asked.cursor or self.cursor
        return asked

    def known(self) -> list[str]:
        return list(self.instance.get_dynamic_partitions(PACKETS))


@pytest.fixture
def intake(deployed: Runner, database_url: str, tmp_path: Path) -> Intake:
    return Intake(tmp_path / "intake", deployed, staging=StagingDatabase(home=str(tmp_path), url=database_url))


@pytest.fixture
def unique(request: pytest.FixtureRequest) -> Callable[[int], PacketBuilder]:
    """Tiny packets of this test only: partitions are shared by all tests of the deployment."""
    mark = str(abs(hash(request.node.name)))[:8]
    return lambda number: tiny(number).descriptor(id=f"tiny-{mark}-{number:03}")


Unique = Callable[[int], PacketBuilder]


def keys(asked: SensorExecutionData) -> list[str | None]:
    return [request.partition_key for request in asked.run_requests or ()]


def asked_for(asked: SensorExecutionData, order: list[str]) -> list[str]:
    """Every packet of the runs asked for, ranges written out."""
    found: list[str] = []
    for request in asked.run_requests or ():
        if request.partition_key is not None:
            found.append(request.partition_key)
        else:
            first, last = (order.index(request.tags[f"dagster/asset_partition_range_{end}"]) for end in ("start", "end"))
            found += order[first : last + 1]
    return found


def test_an_empty_intake_asks_for_nothing(intake: Intake) -> None:
    asked = intake.evaluate()
    assert not asked.run_requests
    assert not asked.dynamic_partitions_requests
    assert asked.skip_message == "nothing new in the intake"


def test_a_new_packet_becomes_a_partition_and_a_run_of_it(intake: Intake, unique: Unique) -> None:
    packet = submit(unique(1).write_folder(intake.folder.parent), intake.folder, DEFAULT).packet_id
    asked = intake.evaluate()
    assert keys(asked) == [packet]
    assert packet in intake.known()
    assert not intake.evaluate().run_requests


def test_a_packet_that_is_still_being_written_waits(intake: Intake, unique: Unique) -> None:
    unique(1).write_folder(intake.folder, "slow")
    (intake.folder / "archive.zip.part").write_bytes(b"PK")
    assert not intake.evaluate().run_requests
    (intake.folder / "slow" / ".ready").touch()
    assert len(keys(intake.evaluate())) == 1


def test_the_same_content_twice_is_one_packet(intake: Intake, unique: Unique) -> None:
    unique(1).write_zip(intake.folder, "first")
    [packet] = keys(intake.evaluate())
    unique(1).write_tar_gz(intake.folder, "again")
    unique(1).write_folder(intake.folder, "and-again", ready=True)
    again = intake.evaluate()
    assert not again.run_requests
    assert again.skip_message == f"{packet} is there already; {packet} is there already"


def test_the_same_content_twice_at_once_is_one_packet(intake: Intake, unique: Unique) -> None:
    unique(1).write_zip(intake.folder, "first")
    unique(1).write_tar_gz(intake.folder, "second")
    assert len(keys(intake.evaluate())) == 1


def test_a_few_packets_get_a_run_each(intake: Intake, unique: Unique) -> None:
    for number in range(FEW):
        unique(number).write_zip(intake.folder)
    assert len(keys(intake.evaluate())) == FEW


def test_a_burst_becomes_ranged_runs_over_exactly_its_packets(intake: Intake, unique: Unique) -> None:
    for number in range(60):
        unique(number).write_zip(intake.folder)
    asked = intake.evaluate()
    fresh = [key for request in asked.dynamic_partitions_requests or () for key in request.partition_keys]
    assert len(fresh) == 60
    assert len(asked.run_requests or ()) <= 3
    assert sorted(asked_for(asked, intake.known())) == sorted(fresh)
    assert not intake.evaluate().run_requests


def test_a_burst_that_arrives_over_several_ticks_is_taken_once(intake: Intake, unique: Unique) -> None:
    taken: list[str] = []
    for start in (0, 5, 10):
        for number in range(start, start + 5):
            unique(number).write_zip(intake.folder)
        taken += asked_for(intake.evaluate(), intake.known())
    assert len(taken) == len(set(taken)) == 15


def test_a_restart_goes_on_where_the_cursor_is(intake: Intake, unique: Unique, deployed: Runner) -> None:
    unique(1).write_zip(intake.folder)
    asked = intake.evaluate()
    assert asked.cursor is not None
    assert int(asked.cursor.partition(":")[0]) > 1_700_000_000 * 10**9, "the cursor is a watermark: a time and a name"
    assert len(asked.cursor) < 200
    assert intake.evaluate().skip_message == "nothing new in the intake"
    unique(2).write_zip(intake.folder)
    assert len(keys(intake.evaluate())) == 1


def test_a_lost_cursor_costs_nothing_but_a_look(intake: Intake, unique: Unique) -> None:
    """The watermark only saves work: what was taken in before is known by its content."""
    packet = submit(unique(1).write_folder(intake.folder.parent), intake.folder, DEFAULT).packet_id
    assert keys(intake.evaluate()) == [packet]
    intake.cursor = None
    assert not intake.evaluate().run_requests


def test_an_unusable_name_is_put_aside_with_its_reason(intake: Intake, unique: Unique) -> None:
    unique(1).descriptor(id="../../etc").write_zip(intake.folder, "climbing")
    unique(2).descriptor(id="Has Spaces").write_folder(intake.folder, "spaces", ready=True)
    good = submit(unique(3).write_folder(intake.folder.parent), intake.folder, DEFAULT).packet_id
    assert keys(intake.evaluate()) == [good]
    aside = intake.folder / "quarantine"
    assert sorted(path.name for path in aside.iterdir()) == ["climbing.zip", "climbing.zip.reason.txt", "spaces", "spaces.reason.txt"]
    reason = (aside / "climbing.zip.reason.txt").read_text()
    assert "climbing.zip" in reason
    assert "name the packet anew" in reason
    assert not (intake.folder / "climbing.zip").exists()


def test_what_was_put_aside_is_told_where_nothing_else_is_new(intake: Intake, unique: Unique) -> None:
    unique(1).descriptor(id="UPPER").write_zip(intake.folder, "upper")
    told = intake.evaluate()
    assert told.skip_message is not None
    assert "upper.zip" in told.skip_message


def test_a_link_in_the_intake_is_not_followed(intake: Intake, unique: Unique) -> None:
    (intake.folder / "link.zip").symlink_to(unique(1).write_zip(intake.folder.parent))
    assert not intake.evaluate().run_requests
    assert (intake.folder / "quarantine" / "link.zip.reason.txt").exists()


def test_a_broken_archive_becomes_a_partition_and_a_hold(deployed: Runner, tmp_path: Path) -> None:
    intake = Intake(tmp_path / "intake", deployed)
    (intake.folder / "broken.zip").write_bytes(b"PK\x03\x04 this is no archive")
    packet = next(key for key in keys(intake.evaluate()) if key is not None and key.startswith("unreadable-"))
    assert packet in intake.known()
    [[result]] = list(deployed.run([Result(intake.folder / "broken.zip", packet)]))
    assert result.revision is not None
    assert result.revision.outcome == "held"
    [reason] = [one for one in result.revision.exceptions if one.blocking]
    assert reason.code == "EVIDENCE_UNREADABLE"
    assert "broken.zip" in reason.subject


# --- stranded -----------------------------------------------------------------------------------------------------------


def received(intake: Intake, packet: PacketBuilder, deployed: Runner, store: StagingStore, ago: timedelta) -> str:
    """A packet that was admitted, and of which nothing was heard since."""
    taken = admit(packet.write_zip(intake.folder.parent), Vault(deployed.found.settings.vault), store, datetime.now(UTC) - ago, RULES)
    assert isinstance(taken, Admitted)
    return taken.packet_id


def test_a_packet_between_admission_and_its_run_is_asked_for_again(
    intake: Intake, unique: Unique, deployed: Runner, store: StagingStore
) -> None:
    """The daemon died after the sensor took the packet in, before its answer was stored: neither partition, cursor nor run."""
    packet = received(intake, unique(1), deployed, store, timedelta(minutes=6))
    assert packet not in intake.known()
    assert keys(intake.evaluate()) == [packet]
    assert packet in intake.known()


def test_a_packet_whose_run_is_gone_is_asked_for_again(intake: Intake, unique: Unique, deployed: Runner, store: StagingStore) -> None:
    packet = received(intake, unique(1), deployed, store, timedelta(minutes=6))
    intake.instance.add_dynamic_partitions(PACKETS, [packet])
    first, second = intake.evaluate(), intake.evaluate()
    assert keys(first) == keys(second) == [packet]
    assert first.run_requests[0].run_key == second.run_requests[0].run_key, "Dagster starts a run key once: an hour's ticks are one run"


def test_a_packet_that_just_came_is_not_taken_for_a_stranded_one(
    intake: Intake, unique: Unique, deployed: Runner, store: StagingStore
) -> None:
    received(intake, unique(1), deployed, store, timedelta(seconds=20))
    assert not intake.evaluate().run_requests


# --- batches ------------------------------------------------------------------------------------------------------------

ORDER = [f"p{number:03}" for number in range(400)]


def test_batches_are_neighbours_and_cover_what_is_wanted_exactly() -> None:
    wanted = {*ORDER[3:9], *ORDER[20:22], ORDER[399]}
    made = batches(wanted, ORDER, {})
    assert made == [Batch(tuple(ORDER[3:9])), Batch(tuple(ORDER[20:22])), Batch((ORDER[399],))]


def test_batches_are_bounded_by_count_and_bytes() -> None:
    assert [len(batch.packets) for batch in batches(ORDER, ORDER, {})] == [250, 150]
    large = dict.fromkeys(ORDER, 100 * 2**20)
    assert {len(batch.packets) for batch in batches(ORDER[:20], ORDER, large)} == {5}
