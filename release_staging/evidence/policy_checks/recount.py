"""Declared totals against a recount of the results they stand for: where they differ, the document contradicts itself."""

from __future__ import annotations

from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code


def check(totals: Node, key: str, counted: int, what: str) -> None:
    """Compares the number at ``key`` with what was counted; a total that is left out declares nothing."""
    declared = totals.integer(key)
    if declared is not None and declared != counted:
        totals.out.problem(
            Code.CONTRADICTION,
            f"{declared} {what} declared, {counted} listed",
            totals[key],
            expected=str(counted),
            found=str(declared),
        )
