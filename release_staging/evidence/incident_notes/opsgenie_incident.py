"""Opsgenie incidents as the Incident API gives them: one, the answer that holds one (``data``), or a page of them.

A row for each incident. Status (open, resolved, closed) and priority (P1 to P5) keep their words in the vocabulary
"opsgenie-incident". Descriptions, people and extra properties are not read. A page with a ``next`` does not hold all incidents.
"""

from __future__ import annotations

from typing import Any

from release_staging.evidence.incident_notes.note import CELL_CHARS
from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_KEYS = {"tinyId", "message", "status", "priority"}
_OF_INCIDENTS = {"impactedServices", "impactStartDate"}  # an alert has neither


def recognise(head: Head) -> str | None:
    return "" if any(map(_is_incident, (head.root, head.get("data"), head.get("data", 0), head.get(0)))) else None


def _is_incident(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() >= _KEYS and not _OF_INCIDENTS.isdisjoint(value)


def read(tree: Tree, out: Extract) -> None:
    for incident in _incidents(tree.root):
        _read_incident(incident, out)
    if tree.root.object("paging").text("next"):
        message = "this page does not hold all incidents; export the pages that follow too"
        out.problem(Code.EVIDENCE_MISSING, message, tree.root["paging"]["next"])


def _incidents(root: Node) -> list[Node]:
    data = root["data"] if root["data"].exists else root
    return list(data.items()) if isinstance(data.raw, list) else [data]


def _read_incident(incident: Node, out: Extract) -> None:
    out.claim("incident.id", incident["id"], required=True)
    started, created = incident.text("impactStartDate"), incident.text("createdAt", required=True)
    out.row(
        "incidents",
        incident,
        id=incident.text("id"),
        title=(incident.text("message", required=True) or "")[:CELL_CHARS] or None,
        status=incident.text("status", required=True),
        severity=incident.text("priority", required=True),
        vocabulary="opsgenie-incident",
        started_at=started or created,
        resolved_at=incident.text("impactEndDate"),
    )


def _each(*keys: str) -> tuple[str, ...]:
    return tuple(f"{start}/{key}" for start in ("", "/data", "/data/*", "/*") for key in keys)


READER = Reader(
    source="incident_notes",
    format="opsgenie-incident",
    title="Opsgenie incident",
    reference="Opsgenie API reference, Incident API",
    encodings=(JSON, JSON_LINES),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "people": _each("responders/**", "ownerTeam", "ownerTeamId"),
        "incident-text": _each("description", "tags/**", "extraProperties/**", "details/**", "actions/**"),
        "references": _each("tinyId", "links/**", "impactedServices/**", "updatedAt", "impactDetectDate"),
        "answer": ("/took", "/requestId", "/paging/first", "/paging/last", "/paging/prev"),
    },
)
