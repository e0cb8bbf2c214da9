"""Binding each document to the candidate by what it says itself: strong, weak, asserted or none. Never inferred silently."""

from __future__ import annotations

from dataclasses import dataclass

from release_staging.contradict.candidate import Candidate
from release_staging.contradict.fields import STRONG, WEAK
from release_staging.model.claims import Claim


@dataclass(frozen=True)
class Binding:
    """``by`` names the field that ties the document; for ``asserted`` it says that the descriptor does."""

    document: str
    binding: str
    by: str | None


def bind(document: str, claims: list[Claim], candidate: Candidate, asserted_run: str | None) -> Binding:
    """How strongly a document is tied to the candidate.

    ``strong``: it names the commit or a digest of the candidate; ``weak``: its version, build or name; ``asserted``:
    only the packet's descriptor says which CI run it comes from; ``none``: nothing does.
    """
    for strength, fields in (("strong", STRONG), ("weak", WEAK)):
        for field in fields:
            if any(_ties(claim, candidate) for claim in claims if claim.field == field):
                return Binding(document, strength, field)
    if asserted_run is not None and asserted_run in candidate.values.get("build.id", ()):
        return Binding(document, "asserted", "descriptor: run")
    return Binding(document, "none", None)


def _ties(claim: Claim, candidate: Candidate) -> bool:
    if claim.field == "artifact.digest":
        return candidate.has_digest(claim.agreed)
    return claim.agreed in candidate.values.get(claim.field, ())
