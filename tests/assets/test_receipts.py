"""The sensor for receipts, on a real instance: what arrives is recorded, what is refused is told, and no run starts."""

from __future__ import annotations

import json

import dagster as dg

from release_staging.cli.running import Result, Runner
from release_staging.definitions import build_defs


def test_a_receipt_that_arrives_as_a_file_is_recorded_and_starts_no_run(deployed: Runner, samples: dict[str, Result]) -> None:
    packet, held = samples["clean"].packet_id, samples["mixed-candidates"].revision
    assert packet is not None
    assert held is not None
    record = deployed.found.store.latest(packet)
    assert record is not None
    folder = deployed.found.settings.receipts
    folder.mkdir()
    for name, digest in (("record.json", record.document_digest), ("hold.json", held.document_digest)):
        said = {"receipt": "1", "record": digest, "by": {"kind": "system", "name": "board"}, "usable": "as_it_was"}
        (folder / name).write_text(json.dumps(said))
    repository = build_defs(deployed.found.settings).get_repository_def()
    sensor = repository.get_sensor_def("receipts")
    made = repository.get_top_level_resources()
    with dg.build_sensor_context(
        instance=deployed.instance,
        repository_def=repository,
        sensor_name="receipts",
        resources={name: made[name] for name in sensor.required_resource_keys},
    ) as context:
        asked = sensor.evaluate_tick(context)
    assert not asked.run_requests
    [received] = [one for one in deployed.found.receipts.receipts(packet) if one.receipt.by.name == "board"]
    assert received.revision == record.revision
    assert (folder / "taken" / "record.json").is_file()
    assert "only a staged record has receipts" in (folder / "refused" / "hold.reason.txt").read_text()
