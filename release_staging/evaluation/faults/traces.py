"""A document that is not the same any more when the record is handed off: its values lead nowhere."""

from __future__ import annotations

import hashlib
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expectation, Expected
from release_staging.evaluation.faults.fault import Faulty, Site, fault, having
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code


@fault(
    Code.TRACE_INCOMPLETE,
    "A document changes after it was read",
    having("commit", "release_manifest", "pipeline_runs", "vulnerability_scans"),
)
def spoiled(packet: Packet, site: Site, _: Random) -> Faulty:
    packet = packet.replaced(site.path, packet.data(site.path) + b" \n")  # which no other packet of the run has
    data = other = packet.data(site.path)
    for place in site.places:
        other = edits.remove(other, place)
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    return Faulty(packet, Expectation((Expected(Code.TRACE_INCOMPLETE, site.path),)), {digest: other})
