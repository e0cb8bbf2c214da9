"""Rules that pass on what opening, reading and normalising a document noted; each problem becomes an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from release_staging.model.exceptions import Code, Role
from release_staging.model.sources import SOURCE_BY_NAME
from release_staging.record.rules.rule import Context, Raised, Rule, rule


def _reported(code: Code) -> Callable[[Context], Iterator[Raised]]:
    def check(context: Context) -> Iterator[Raised]:
        view = context.view
        in_part = view.held_for(Code.SCHEMA_DRIFT, Code.EVIDENCE_EMPTY) if code is Code.CONTRADICTION else ()
        for problem in view.problems:
            if problem["code"] == code.value:
                document = view.documents.get(problem["document"])
                source = document.source if document is not None else None
                yield Raised(
                    subject=problem["subject"] or (document.path if document is not None else "packet"),
                    message=problem["message"],
                    evidence=(document.at(problem["locator"]),) if document is not None else (),
                    source=source,
                    owner=Role(SOURCE_BY_NAME[source].owner) if source and not code.value.startswith("DISCLOSURE") else None,
                    holds=problem["document"] not in in_part,
                )

    check.__name__ = f"reported_{code.value.lower()}"
    return check


def _rule(code: Code, title: str, remedy: str, owner: Role, *, blocking: bool = True) -> Rule:
    return rule(
        code,
        title=title,
        looks_at="problems noted while the packet was opened, read and normalised",
        remedy=remedy,
        owner=owner,
        blocking=blocking,
    )(_reported(code))


RULES = (
    _rule(
        Code.EVIDENCE_MISSING,
        "A part of the evidence is not there",
        "Add what is named, and submit the packet again.",
        Role.RELEASE_MANAGER,
    ),
    _rule(
        Code.SCHEMA_INVALID,
        "The descriptor breaks its contract",
        "Correct packet.yaml at the place named, and submit the packet again.",
        Role.RELEASE_MANAGER,
    ),
    _rule(
        Code.LOW_CONFIDENCE,
        "A document can be read in more than one way",
        "Look at the place named; let a document say it outright.",
        Role.RELEASE_MANAGER,
    ),
    _rule(
        Code.EVIDENCE_UNREADABLE, "A document cannot be read", "Export the document again and submit the packet anew.", Role.RELEASE_MANAGER
    ),
    _rule(
        Code.EVIDENCE_UNRECOGNISED,
        "No reader knows a document",
        "Say in packet.yaml what it is, take it out, or add a reader for its format.",
        Role.RELEASE_MANAGER,
    ),
    _rule(
        Code.EVIDENCE_EMPTY,
        "A document says nothing",
        "Find out whether the tool ran; nothing found is not the same as nothing looked at.",
        Role.RELEASE_MANAGER,
    ),
    _rule(
        Code.DIGEST_MISMATCH,
        "A document is not the one that was declared",
        "Submit the document whose digest was declared, or declare the digest of this one.",
        Role.SECURITY_REVIEWER,
    ),
    _rule(
        Code.LINK_UNRESOLVED,
        "A linked export was not resolved",
        "Put the export into the packet, or link it in a store that policy allows.",
        Role.RELEASE_MANAGER,
    ),
    _rule(
        Code.SCHEMA_DRIFT,
        "A document is not as its format says",
        "Look at the place named: the tool's format changed, or the document was edited.",
        Role.RELEASE_MANAGER,
    ),
    _rule(
        Code.UNMAPPED_IDENTIFIER,
        "A name is not in the registries",
        "Add it to the registry, or correct the document.",
        Role.RELEASE_MANAGER,
    ),
    _rule(
        Code.DISCLOSURE_SECRET,
        "A document holds a secret",
        "Revoke the secret, remove it at its source, and submit a clean document.",
        Role.SECURITY_REVIEWER,
    ),
    _rule(
        Code.DISCLOSURE_CUSTOMER_DATA,
        "A document holds customer data",
        "Remove the data at its source and submit a clean document.",
        Role.SECURITY_REVIEWER,
    ),
    _rule(
        Code.DISCLOSURE_INCIDENT_INTERNAL,
        "A document holds internal incident detail",
        "Sanitise the document and submit it again.",
        Role.SECURITY_REVIEWER,
    ),
)

within_document = rule(
    Code.CONTRADICTION,
    title="A document disagrees with itself",
    looks_at="declared totals and verdicts beside what the same document lists",
    remedy="Find out which of the two is true; export the document again.",
    owner=Role.RELEASE_MANAGER,
    revision=2,
)(_reported(Code.CONTRADICTION))
