"""What the two shapes of Open Test Reporting (events and hierarchy) share: statuses, and the identity in ``infrastructure``.

It is the one test format whose schema has a place for the git repository, branch and commit. Where the working tree was not
clean, the commit does not say all that was tested: that claim has a loss and low confidence.
"""

from __future__ import annotations

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import Extract
from release_staging.model.confidence import Confidence

VOCABULARY = "open-test-reporting-status"
NOT_FAILED = {"SUCCESSFUL", "ABORTED", "SKIPPED"}

_MACHINE = ("hostName", "userName", "operatingSystem", "cpuCores", "javaVersion", "fileEncoding", "heapSize")


def namespaced(root_namespace: str, kind: str) -> str | None:
    """The schema version of a root in the namespace of ``events`` or ``hierarchy``."""
    prefix = f"https://schemas.opentest4j.org/reporting/{kind}/"
    return root_namespace.removeprefix(prefix) if root_namespace.startswith(prefix) else None


def claim_identity(root: XmlNode, out: Extract) -> None:
    """Claims what the infrastructure says of the repository; machine and user are left out."""
    for infrastructure in root.children("infrastructure"):
        clean = next((status.text("clean") for status in infrastructure.children("status")), None)
        for repository in infrastructure.children("repository"):
            out.claim("repository.url", repository.attribute("originUrl"))
        for branch in infrastructure.children("branch"):
            out.claim("candidate.branch", branch.content())
        for commit in infrastructure.children("commit"):
            if clean == "false":
                loss = "the working tree had changes that are not in the commit"
                out.claim("candidate.commit", commit.content(), confidence=Confidence.LOW, loss=loss)
            else:
                out.claim("candidate.commit", commit.content())


def drops(root: str) -> dict[str, tuple[str, ...]]:
    """What is left out below the root, by rule."""
    infrastructure = f"/{root}/infrastructure"
    return {
        "build-machine": tuple(f"{infrastructure}/{name}/**" for name in _MACHINE),
        "working-tree": (f"{infrastructure}/status/text()",),
    }


def status_of(node: XmlNode) -> str | None:
    """The word of the element's ``result``; None where it has none."""
    for result in node.children("result"):
        return result.text("status", required=True)
    return None
