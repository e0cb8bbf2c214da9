"""What the readers of GitLab share: its words, and what a ref with its ``tag`` flag says.

``gitlab-status`` holds the words of pipelines and jobs. A job that may fail (``allow_failure``) and failed is ``failed`` here too, whatever
its pipeline makes of it.
"""

from __future__ import annotations

import re

from release_staging.evidence.pipeline_runs.runs import Claims
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

VOCABULARY = "gitlab-status"
PAGE = re.compile(r"(?P<run>(?P<repository>https?://[^?#]+?)(?:/-)?/(?:pipelines|jobs|builds)/\d+)\Z")


def claim_ref(claims: Claims, holder: Node, *, flagged: bool = True) -> str | None:
    """Claims the branch or tag that ``holder`` (with ``ref`` and ``tag``) was made for, and returns the ref.

    A ref of a merge request is neither. Lists of pipelines leave ``tag`` out (``flagged`` false): then the ref is claimed as a branch, with
    low confidence.
    """
    ref, tag = holder.text("ref", required=True), holder.flag("tag", required=flagged)
    if ref is None or ref.startswith("refs/"):
        return ref
    if tag is None and not flagged:
        loss = "the document does not say whether its ref is a branch or a tag"
        claims.claim("candidate.branch", holder["ref"], confidence=Confidence.LOW, loss=loss)
    elif tag is not None:
        claims.claim("candidate.tag" if tag else "candidate.branch", holder["ref"])
    return ref
