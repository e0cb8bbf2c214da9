"""What prose says that is no fact: conclusions without evidence, and words of authority."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from random import Random

from release_staging.evaluation.expected import Expectation, Expected
from release_staging.evaluation.faults.fault import Faulty, Site, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_UNSUPPORTED, _AUTHORITY = Code.UNSUPPORTED_CONCLUSION, Code.AUTHORITY_CLAIM
_OF_TOOLS = ("pipeline_runs", "test_reports", "vulnerability_scans", "policy_checks", "sboms")
_CONCLUSIONS = (
    "The candidate poses no risk.",
    "This failure cannot happen again in this release.",
    "The release is safe.",
    "The incident is unrelated to this release.",
)
_WORDS = (
    "Approved for production.",
    "The release was approved by the change board.",
    "It is safe to deploy.",
    "Go ahead with the rollout.",
    "Please schedule the deployment for Monday.",
    "A waiver was granted for this release.",
    "The risk is accepted.",
)


@fault(_UNSUPPORTED, "A conclusion cites nothing", having("citation", "incident_notes"))
def uncited(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_citing(packet, site, ""), Expected(_UNSUPPORTED, site.path))


@fault(_UNSUPPORTED, "A conclusion cites a document that is not in the packet", having("citation", "incident_notes"))
def cited_in_vain(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_citing(packet, site, ", see `reports/resilience.pdf`"), Expected(_UNSUPPORTED, site.path))


def _citing(packet: Packet, site: Site, words: str) -> Packet:
    """With these words for every citation; the last first, so that the places before it stay."""
    for place in reversed(site.places):
        packet = packet.put(site.path, place, words)
    return packet


@fault(_UNSUPPORTED, "A note draws a further conclusion", having("citation", "incident_notes"))
def further_conclusion(packet: Packet, site: Site, chance: Random) -> Faulty:
    """In a paragraph of its own: what another paragraph cites does not support it."""
    text = packet.data(site.path).decode().rstrip("\n") + f"\n\n{chance.choice(_CONCLUSIONS)}\n"
    return held(packet.replaced(site.path, text.encode()), Expected(_UNSUPPORTED, site.path))


def _texts(packet: Packet) -> Iterator[Site]:
    """Wherever people or tools write text."""
    return having("text")(packet)


@fault(_AUTHORITY, "A document approves, clears, schedules or waives", _texts)
def authority(packet: Packet, site: Site, chance: Random) -> Faulty:
    """Told by place, not held, and never carried into the record."""
    words = chance.choice(_WORDS)
    said = packet.put(site.path, site.places[0], f"{packet.text(site.path, site.places[0]).rstrip()} {words}")
    return Faulty(said, Expectation((Expected(_AUTHORITY, site.path, holds=False),)))


@fault(_AUTHORITY, "A document holds an approval in base64", having("text", *_OF_TOOLS))
def authority_encoded(packet: Packet, site: Site, chance: Random) -> Faulty:
    """What tools write is looked through in every layer; what people write is text."""
    words = base64.b64encode(f"{chance.choice(_WORDS)} {packet.world.hex('padding', 40)}".encode()).decode()
    said = packet.put(site.path, site.places[0], f"{packet.text(site.path, site.places[0]).rstrip()} {words}")
    return Faulty(said, Expectation((Expected(_AUTHORITY, site.path, holds=False),)))
