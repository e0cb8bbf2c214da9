"""The schedule that archives: off until somebody turns it on, and then it archives what rests, in a run of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from release_staging.cli.running import Runner
from release_staging.definitions import build_defs
from tests.assets.conftest import standing
from tests.assets.support import run
from tests.config.support import changed_policy
from tests.packets import PacketBuilder


@pytest.fixture
def deployed() -> Iterator[Runner]:
    """One of its own: everything that rests in it is archived."""
    with standing() as running:
        yield running


def test_the_schedule_is_off_and_its_job_archives_what_rests(deployed: Runner, tmp_path: Path) -> None:
    packet = PacketBuilder.clean().descriptor(id="resting").write_folder(tmp_path, "resting")
    [result] = run(deployed, packet)
    settings, name = deployed.found.settings, result.packet_id
    assert name is not None
    policy = changed_policy(tmp_path / "policy", "archive_after: 180d", "archive_after: 0m")
    for by, archived in ((settings, False), (replace(settings, policy=policy), True)):
        defs = build_defs(by)
        assert defs.resolve_schedule_def("archive_daily").default_status is dg.DefaultScheduleStatus.STOPPED
        made = defs.resolve_job_def("archive_packets").execute_in_process(instance=deployed.instance)
        assert made.success
        assert (deployed.found.archived.since(name) is not None) is archived
        assert deployed.instance.has_dynamic_partition("packets", name) is not archived
