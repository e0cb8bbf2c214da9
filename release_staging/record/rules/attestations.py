"""Rules on attestations: are they verified, by a key that policy trusts, and is what they attest built by whom policy accepts."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Role
from release_staging.record.rules.rule import Context, Raised, rule
from release_staging.record.view import PacketView


@rule(
    Code.ATTESTATION_UNVERIFIED,
    title="An attestation is not verified",
    looks_at="the signature state of each attestation, and the states that policy accepts",
    remedy="Submit a signed attestation, or add the signer to whom policy trusts: a public key, or an identity under a trust root.",
    owner=Role.SECURITY_REVIEWER,
)
def attestation_unverified(context: Context) -> Iterator[Raised]:
    """Of a document that is not as its format says, the signature may be missing for that; it is told, and holds nothing more."""
    view = context.view
    told, drifted = set(), view.held_for(Code.SCHEMA_DRIFT)
    for row in view.rows("attestations"):
        state = row["signature"] or "not_attempted"
        if state not in view.policy.accepted_signatures and row["document"] not in told:
            told.add(row["document"])
            document = view.documents[row["document"]]
            reason = row["signature_reason"] or "no reason given"
            place, holds = document.at(row["locator"]), document.sha256 not in drifted
            yield Raised(document.path, f"signature {state}: {reason}", (place,), source=document.source, holds=holds)


@rule(
    Code.ATTESTATION_MISMATCH,
    title="Provenance names a builder that policy does not accept",
    looks_at="the builder that each provenance names, and the builders that policy accepts for the service",
    remedy="Submit the provenance of a build by an accepted builder, or add the builder to the policy's accepted_builders.",
    owner=Role.SECURITY_REVIEWER,
)
def builder_not_accepted(context: Context) -> Iterator[Raised]:
    """Where policy names no builders, there is nothing to compare with. Who signed, by a certificate, is judged by its trust root."""
    view, accepted = context.view, context.view.policy.accepted_builders
    services = _services(view)
    named = {(row["document"], row["builder"]) for row in view.rows("attestations")} if accepted else set()
    for claim in view.claimed("builder.id", "provenance_attestations"):
        if (claim.document, claim.value) in named and not any(one.accepts(claim.value, services) for one in accepted):
            message = f"built by {claim.value[:200]}, which policy does not accept as a builder of {_named(services)}"
            yield Raised(claim.path, message, (claim.evidence,), source=claim.source)


def _services(view: PacketView) -> set[str] | None:
    """The services that the packet is of; None where a name is in no registry: that holds the packet already, and is not told twice."""
    for problem in view.problems:
        document = view.documents.get(problem["document"])
        source = document.source if document is not None else None
        if (problem["code"], problem["subject"]) == (Code.UNMAPPED_IDENTIFIER, "service.name") and view.policy.blocks(
            problem["code"], source
        ):
            return None
    return {claim.agreed for claim in view.claimed("service.name")}


def _named(services: set[str] | None) -> str:
    return ", ".join(sorted(services or ())[:5]) or "this service"
