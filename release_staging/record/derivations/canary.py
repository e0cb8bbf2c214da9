"""The canary judgement."""

from __future__ import annotations

from release_staging.model.confidence import Confidence
from release_staging.record.derivations.derivation import derivation
from release_staging.record.provenance import Located
from release_staging.record.view import PacketView


@derivation("canary.outcome")
def canary_outcome(view: PacketView) -> Located | None:
    """The one judgement that all canary analyses share. Where they differ, the worst is not chosen: it is inconclusive."""
    verdicts = view.claimed("verdict", "canary_analyses")
    outcomes = {claim.normal for claim in verdicts}
    if not outcomes:
        return None
    return Located(
        outcomes.pop() if len(outcomes) == 1 else "inconclusive",
        tuple(claim.evidence for claim in verdicts),
        Confidence.MAPPED.value,
        verdicts[0].rule or "canary judgement",
        verdicts[0].loss,
    )
