"""SLSA verification summary (VSA), v0.1, v0.2 and v1: https://slsa.dev/spec/v1.1/verification_summary.

The members of v0.1 were in snake_case, and some write camelCase under that type: both are read in every version. The
verdict is the verifier's, of the one artifact that ``resourceUri`` names; levels and policy are condensed.
"""

from __future__ import annotations

import re

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.predicates.predicate import Predicate
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_SNAKE = re.compile(r"(?<=[a-z])([A-Z])")
_GIT = re.compile(r"git\+(?P<repository>[^@#]+)(?:[@#].*)?")
_LEVELS = ("verifiedLevels", "policyLevel", "dependencyLevels", "slsaVersion")


def read(predicate: Node, out: Extract) -> None:
    verifier = predicate.object("verifier", required=True)
    out.claim("tool.name", verifier["id"], required=True)
    verifier.summarise("version", rule="verifier-detail")
    out.claim("produced_at", _member(predicate, "timeVerified"))
    resource = _member(predicate, "resourceUri")
    uri = out.scalar(resource, required=True)
    out.claim("verdict", _member(predicate, "verificationResult"), subject=uri, vocabulary="slsa-verification-result", required=True)
    source = _GIT.fullmatch(uri or "")
    if source:
        loss = "git+ prefix, ref and fragment taken off"
        out.claim("repository.url", resource, value=source["repository"], confidence=Confidence.DERIVED, loss=loss)
    else:
        out.claim("artifact.reference", resource)
    _member(predicate, "inputAttestations").summarise(rule="input-attestations")
    predicate.summarise("policy", rule="verification-policy")
    for name in _LEVELS:
        _member(predicate, name).summarise(rule="slsa-levels")


def _member(predicate: Node, name: str) -> Node:
    """The member of this name, in snake_case where that is what is written."""
    snake = _SNAKE.sub(lambda match: "_" + match[1].lower(), name)
    return predicate[snake] if predicate[snake].exists and not predicate[name].exists else predicate[name]


PREDICATES = (Predicate("slsa.dev/verification_summary", ("v0.1", "v0.2", "v1"), read),)
