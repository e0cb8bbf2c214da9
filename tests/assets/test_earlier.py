"""A packet is compared with the release before it, as the staging store knows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from release_staging.cli.running import Runner
from tests.assets.support import run
from tests.packets import PacketBuilder

BILL = "sbom/sbom.cdx.json"


def compared(found: dict[str, Any]) -> list[str]:
    return [one["path"] for one in found["evidence"] if one["bound_by"] == "earlier record"]


def test_a_packet_is_compared_with_the_last_staged_record_of_another_version(deployed: Runner, tmp_path: Path) -> None:
    clean = PacketBuilder.clean()
    run(deployed, clean.write_folder(tmp_path, "first"))
    bill = json.loads(clean.documents[BILL])
    bill["components"].append({"type": "library", "name": "left-pad", "version": "1.0.0", "bom-ref": "left-pad"})
    newer = clean.replace(BILL, json.dumps(bill).encode()).without("sbom/sbom.spdx.json")
    newer = newer.descriptor(id="billing-api-newer", candidate={"version": "4.12.0-rc.4"})
    first, again = (run(deployed, newer.write_folder(tmp_path, name))[0].revision for name in ("newer", "again"))
    assert first is not None
    found = json.loads(first.body)
    assert len(compared(found)) == 2
    for path in compared(found):
        before = deployed.found.store.latest(path.partition("/")[0])
        assert before is not None
        assert (before.outcome, json.loads(before.body)["candidate"]["version"]) == ("staged", "4.12.0-rc.3")
    assert found["dependencies"]["baseline"] == "4.12.0-rc.3"
    assert found["dependencies"]["flags"]["added"] is True
    assert found["dependencies"]["flags"]["removed"] is False
    assert again is not None
    assert (again.revision, again.document_digest) == (first.revision, first.document_digest)


def test_what_an_earlier_record_brings_is_not_the_packets_own(deployed: Runner, tmp_path: Path) -> None:
    """The same bill of materials again is the packet's own document: there is nothing to compare it with."""
    clean = PacketBuilder.clean()
    run(deployed, clean.write_folder(tmp_path, "first"))
    same = clean.descriptor(id="billing-api-same", candidate={"version": "4.12.0-rc.5"})
    [result] = run(deployed, same.write_folder(tmp_path, "same"))
    assert result.revision is not None
    found = json.loads(result.revision.body)
    assert compared(found) == []
    assert found["dependencies"]["baseline"] is None
