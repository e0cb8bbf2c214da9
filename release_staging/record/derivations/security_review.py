"""Whether a security review is called for."""

from __future__ import annotations

from release_staging.record.derivations.derivation import DERIVED, derivation
from release_staging.record.provenance import Located
from release_staging.record.view import PacketView


@derivation("security_review.required")
def review_required(view: PacketView) -> Located | None:
    """Whether any configuration change touches a secret; null where no diff was read."""
    documents = view.of_source("config_diffs")
    if not documents:
        return None
    touching = list(view.rows("config_changes", {"touches_secret": True}))
    evidence = [view.documents[row["document"]].at(row["locator"]) for row in touching] or [document.at() for document in documents]
    return Located(bool(touching), tuple(evidence), DERIVED, "any change that touches a secret")
