"""Whether a security review is called for, and whether one is named. A reference is quoted; what the review came to is never carried."""

from __future__ import annotations

import re
from typing import Any

from release_staging.record.derivations.derivation import DERIVED, derivation
from release_staging.record.provenance import Located
from release_staging.record.view import PacketView

_TO_COME = re.compile(r"\W*(?:tb[acd]|todo|none|no|nil|null|n/?a|pending|open|unknown|later|waived?|x+)?\W*", re.IGNORECASE)


@derivation("security_review.required")
def review_required(view: PacketView) -> Located | None:
    """Whether any configuration change touches a secret; null where no diff was read."""
    touching = list(view.rows("config_changes", {"touches_secret": True}))
    return _located(view, bool(touching), touching)


@derivation("security_review.state")
def review_state(view: PacketView) -> Located | None:
    """``none_needed``, ``referenced`` or ``unreferenced``; null where no diff was read."""
    touching, unnamed = list(view.rows("config_changes", {"touches_secret": True})), unreferenced(view)
    state = "unreferenced" if unnamed else "referenced" if touching else "none_needed"
    return _located(view, state, unnamed or touching)


def unreferenced(view: PacketView) -> list[dict[str, Any]]:
    """Changes that touch a secret and for which no review is named.

    A reference covers a file by naming it, or the document it stands in where it names none. A word that stands for one to come is none.
    """
    references = [claim for claim in view.claimed("security_review.reference") if not _TO_COME.fullmatch(claim.value)]
    return [
        row
        for row in view.rows("config_changes", {"touches_secret": True})
        if not any(claim.subject == row["file"] or (claim.subject is None and claim.document == row["document"]) for claim in references)
    ]


def _located(view: PacketView, value: Any, rows: list[dict[str, Any]]) -> Located | None:
    documents = view.of_source("config_diffs")
    if not documents:
        return None
    evidence = [view.documents[row["document"]].at(row["locator"]) for row in rows] or [document.at() for document in documents]
    return Located(value, tuple(evidence), DERIVED, "any change that touches a secret")
