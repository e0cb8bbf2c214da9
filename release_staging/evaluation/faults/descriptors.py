"""Descriptors that break their contract, and still say what they must."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, fault, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code
from release_staging.parsing import yaml

_FAULTS = (
    "unknown member",
    "unknown member of an entry",
    "entry twice",
    "broken digest",
    "unknown level",
    "flag as text",
    "address of a number",
)


def _kinds(_: Packet) -> Iterator[Site]:
    yield from map(Site, _FAULTS)


@fault(Code.SCHEMA_INVALID, "The descriptor breaks its contract", _kinds)
def broken_descriptor(packet: Packet, site: Site, chance: Random) -> Faulty:
    said: dict[str, Any] = yaml.parse(yaml.dump(dict(packet.builder.said)))
    entries = said["documents"]
    # The policy reports: what the descriptor says of them beside the source nobody needs.
    entry = chance.choice([one for one in entries if one["source"] == "policy_checks"])
    match site.form:
        case "unknown member":
            said["priority"] = "high"
        case "unknown member of an entry":
            entry["checked_by"] = "nobody"
        case "entry twice":
            entries.append(dict(entry))
        case "broken digest":
            entry["sha256"] = "SHA256-of-it"
        case "unknown level":
            entry["level"] = "performance"
        case "flag as text":
            entry["baseline"] = "no"
        case "address of a number":
            said["candidate"]["build"]["url"] = ["none"]
    return held(packet.with_builder(packet.builder.replace("packet.yaml", yaml.dump(said))), Expected(Code.SCHEMA_INVALID, "packet.yaml"))
