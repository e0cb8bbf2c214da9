"""What the readers of CircleCI share: the pages of API v2, and the address that a project slug stands for."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.extract import Extract
from release_staging.evidence.pipeline_runs.runs import Claims
from release_staging.evidence.reader import Head
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

VOCABULARY = "circleci-status"
PREFIXES = ("", "/items/*")
_HOSTS = {"gh": "https://github.com", "github": "https://github.com", "bb": "https://bitbucket.org", "bitbucket": "https://bitbucket.org"}


def first_item(head: Head) -> dict[str, object]:
    """The object itself, or the first of a page; nothing where it is neither."""
    item = head.get("items", 0) if head.has("items", "next_page_token") else head.root
    return item if isinstance(item, dict) else {}


def items(root: Node, out: Extract) -> Iterator[Node]:
    """The objects of a page, or the only one; that there are more pages is told."""
    if not root["items"].exists:
        yield root
        return
    if root.text("next_page_token") is not None:
        message = "the document is one page of several: add the other pages"
        out.problem(Code.EVIDENCE_MISSING, message, root["next_page_token"])
    yield from root.items("items", required=True)


def claim_project(place: Node, claims: Claims) -> None:
    """The repository that a slug (``gh/owner/name``) stands for; other slugs are ids of CircleCI's own."""
    host, _, name = (claims.out.scalar(place, required=True) or "").partition("/")
    if host in _HOSTS and name:
        loss = "the slug of the project written as the address of its repository"
        claims.claim("repository.url", place, value=f"{_HOSTS[host]}/{name}", confidence=Confidence.DERIVED, loss=loss)
