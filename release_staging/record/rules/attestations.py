"""Rules on attestations: are they verified, by a key that policy trusts."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Role
from release_staging.record.rules.rule import Context, Raised, rule


@rule(
    Code.ATTESTATION_UNVERIFIED,
    title="An attestation is not verified",
    looks_at="the signature state of each attestation, and the states that policy accepts",
    remedy="Submit a signed attestation, or add the signer to whom policy trusts: a public key, or an identity under a trust root.",
    owner=Role.SECURITY_REVIEWER,
)
def attestation_unverified(context: Context) -> Iterator[Raised]:
    view = context.view
    told = set()
    for row in view.rows("attestations"):
        state = row["signature"] or "not_attempted"
        if state not in view.policy.accepted_signatures and row["document"] not in told:
            told.add(row["document"])
            document = view.documents[row["document"]]
            reason = row["signature_reason"] or "no reason given"
            yield Raised(document.path, f"signature {state}: {reason}", (document.at(row["locator"]),), source=document.source)
