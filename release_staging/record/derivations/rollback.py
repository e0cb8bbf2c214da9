"""What a rollback returns to, and where."""

from __future__ import annotations

from release_staging.model.confidence import Confidence
from release_staging.record.derivations.derivation import DERIVED, derivation
from release_staging.record.provenance import Located
from release_staging.record.view import PacketView


@derivation("rollback.artifact_status")
def rollback_artifact_status(view: PacketView) -> Located | None:
    """How the artifact to return to is named; ``not_named`` where only a version, or nothing, is."""
    for field, status in (("rollback.artifact", "named_by_digest"), ("rollback.reference", "named")):
        claims = view.claimed(field)
        if claims:
            return Located(status, tuple(claim.evidence for claim in claims), DERIVED, f"from {field}")
    documents = [*view.of_source("rollback_runbooks"), *view.of_source("release_manifest")]
    return Located("not_named", tuple(document.at() for document in documents), DERIVED, "no document names it") if documents else None


@derivation("rollback.environments")
def rollback_environments(view: PacketView) -> Located | None:
    """Environments that the runbooks say they are for."""
    claims = view.claimed("environment.observed", "rollback_runbooks")
    environments = sorted({claim.normal for claim in claims})
    parts = {
        f"/{index}": Located(name, tuple(claim.evidence for claim in claims if claim.normal == name), Confidence.MAPPED.value)
        for index, name in enumerate(environments)
    }
    return Located(environments, (), parts=parts)
