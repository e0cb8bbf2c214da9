"""Releases: in-toto release v0.1, and what a package registry attests of a publication (npm publish v0.1).

https://github.com/in-toto/attestation/blob/main/spec/predicates/release.md and https://github.com/npm/attestation. GitHub attests its
immutable releases so, and says their repository and tag too.
"""

from __future__ import annotations

from packageurl import PackageURL

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.predicates.predicate import Predicate
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence


def read_release(predicate: Node, out: Extract) -> None:
    """The purl says what was released; a purl of an OCI image has a digest where others have a version."""
    place = predicate["purl"]
    text = out.scalar(place)
    predicate.summarise("releaseId", "packageId", "ownerId", "repositoryId", rule="registry-identifiers")
    out.claim("candidate.tag", predicate["tag"])
    if text is None:
        return
    out.claim("artifact.reference", place)
    try:
        purl = PackageURL.from_string(text)
    except ValueError:
        out.drift(place, "a package URL")
        return
    name = "/".join(part for part in (purl.namespace, purl.name) if part)
    field = "artifact.digest" if ":" in (purl.version or "") else "candidate.version"
    if purl.version:
        out.claim(field, place, value=purl.version, subject=name, confidence=Confidence.DERIVED, loss="taken out of a package URL")
    repository = predicate.text("repository") if purl.type == "github" else None
    if repository is not None:
        address = f"https://github.com/{repository}"
        loss = "the host is taken from the package URL"
        out.claim("repository.url", predicate["repository"], value=address, confidence=Confidence.DERIVED, loss=loss)


def read_publication(predicate: Node, out: Extract) -> None:
    out.claim("candidate.version", predicate["version"], subject=predicate.text("name", required=True), required=True)
    predicate.summarise("registry", rule="package-registry")


PREDICATES = (
    Predicate("in-toto.io/attestation/release", ("v0.1", "v0.2"), read_release),
    Predicate("github.com/npm/attestation/tree/main/specs/publish", ("v0.1",), read_publication),
)
