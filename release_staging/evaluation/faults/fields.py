"""Fields that the contract requires and that no document names any more."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.evaluation.tools import prose
from release_staging.evaluation.tools.manifests import rollback_digest
from release_staging.model.exceptions import Code

_MISSING = Code.REQUIRED_FIELD_MISSING


@fault(_MISSING, "No document says what version a rollback returns to", having("rollback", "release_manifest"))
def no_way_back(packet: Packet, site: Site, _: Random) -> Faulty:
    """The manifest has no rollback, and the runbook, written without front matter, does not say the version either."""
    return held(_labelled(packet.remove(site.path, site.places[0]), "- Rollback version:"), Expected(_MISSING, subject="rollback.version"))


@fault(_MISSING, "No document names the image a rollback returns to", having("rollback", "release_manifest"))
def no_image_back(packet: Packet, site: Site, _: Random) -> Faulty:
    for name in ("digest", "reference"):
        packet = packet.remove(site.path, f"{site.places[0]}/{name}")
    return held(_labelled(packet, "- Rollback digest:"), Expected(_MISSING, subject="rollback.artifact"))


@fault(_MISSING, "No runbook says when the rollback was exercised", having("rollback", "release_manifest"))
def never_exercised(packet: Packet, site: Site, _: Random) -> Faulty:  # noqa: ARG001
    return held(_labelled(packet, "- Last exercised:"), Expected(_MISSING, subject="rollback.exercised_at"))


def _labelled(packet: Packet, without: str) -> Packet:
    """With the runbook written in labelled lines, but for those that begin so."""
    [runbook] = packet.of("rollback_runbooks")
    digest = packet.text(runbook.path, runbook.facts["rollback_digest"][0])
    lines = prose.runbook_labelled(packet.world).data.decode().replace(rollback_digest(packet.world), digest).split("\n")
    return packet.replaced(runbook.path, "\n".join(line for line in lines if not line.startswith(without)).encode())


def _without_artifacts(packet: Packet) -> Iterator[Site]:
    """Packets whose other manifests declare no artifact with a digest."""
    others = [one.format for one in packet.of("release_manifest") if one.format != "release-manifest"]
    if others and all(form in ("gitlab-release", "helm-chart") for form in others):
        yield from map(Site, others)


@fault(_MISSING, "No manifest names an artifact with a digest", _without_artifacts)
def no_artifact(packet: Packet, site: Site, _: Random) -> Faulty:  # noqa: ARG001
    [manifest] = [one for one in packet.of("release_manifest") if one.format == "release-manifest"]
    return held(packet.with_builder(packet.builder.without(manifest.path)), Expected(_MISSING, subject="artifacts"))
