"""Rules on binding: is each document tied to the candidate, and as strongly as policy asks."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Role
from release_staging.record.rules.rule import UNREAD, Context, Raised, rule
from release_staging.record.view import Document, PacketView

_STRENGTH = ("none", "asserted", "weak", "strong")


@rule(
    Code.LOW_CONFIDENCE,
    title="A document is bound to the candidate by nothing",
    looks_at="documents that neither name the candidate nor are said to come from its CI run",
    remedy="Submit the document through the CI run that made it, or say in packet.yaml which run it is from.",
    owner=Role.RELEASE_MANAGER,
    blocking=False,
)
def unbound(context: Context) -> Iterator[Raised]:
    for document in _evidence(context.view):
        if _strength(context.view, document) == "none":
            message = f"{document.path} names nothing that ties it to the candidate"
            yield Raised(document.path, message, (document.at(),), source=document.source)


@rule(
    Code.LOW_CONFIDENCE,
    title="A document is bound to the candidate less strongly than policy asks",
    looks_at="the binding of each document, and the least that policy asks of its source",
    remedy="Submit a document that names the candidate's commit, digest or version itself.",
    owner=Role.SECURITY_REVIEWER,
    revision=2,
)
def bound_too_weakly(context: Context) -> Iterator[Raised]:
    """A document that speaks of something else is told by the contradiction, and one that could not be read as that, not twice."""
    view = context.view
    told = {evidence.document for sides in view.contradictions for _, said in sides.sides for evidence in said}
    told |= {problem["document"] for problem in view.problems if problem["code"] in UNREAD}
    for document in _evidence(view):
        least = view.policy.binding.least.get(document.source or "", "none")
        bound = _strength(view, document)
        if _STRENGTH.index(bound) < _STRENGTH.index(least) and document.sha256 not in told:
            message = f"{document.path} is bound to the candidate by {_by(bound)}, and policy asks for a binding that is at least {least}"
            yield Raised(document.path, message, (document.at(),), source=document.source)


def _evidence(view: PacketView) -> list[Document]:
    return [document for document in view.documents.values() if document.source is not None and not document.baseline]


def _strength(view: PacketView, document: Document) -> str:
    return view.bindings.get(document.sha256, ("none", None))[0]


def _by(bound: str) -> str:
    return {"none": "nothing", "asserted": "the descriptor's word alone"}.get(bound, "its version or name only")
