"""PagerDuty incidents as the REST API v2 gives them: one (``GET /incidents/{id}``), a page of them, or one alone; or as a webhook of
version 3 tells of one (``event.data``), whose ``occurred_at`` is when it was resolved where the event says that it was.

A row for each incident. Status (triggered, acknowledged, resolved) and severity keep their words in the vocabulary
"pagerduty-incident"; the severity is the name of the priority where the account uses priorities, else the urgency (high, low). The
service is PagerDuty's, whose name need not be that of the service released: it is claimed with low confidence. People, notes and
log entries are not read. A page that says ``more`` does not hold all incidents.
"""

from __future__ import annotations

from typing import Any

from release_staging.evidence.incident_notes.note import CELL_CHARS
from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_KEYS = {"incident_number", "status", "urgency", "created_at"}
_TOLD_KEYS = {"number", "status", "urgency", "created_at"}
_RESOLVED = "incident.resolved"


def recognise(head: Head) -> str | None:
    told = head.get("event", "data")
    if head.get("event", "resource_type") == "incident" and isinstance(told, dict) and told.keys() >= _TOLD_KEYS:
        return ""
    return "" if any(map(_is_incident, (head.root, head.get("incident"), head.get("incidents", 0), head.get(0)))) else None


def _is_incident(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() >= _KEYS


def read(tree: Tree, out: Extract) -> None:
    event = tree.root["event"]
    resolved_at = None
    if event.exists:
        kind = event.text("event_type", required=True)
        out.claim("produced_at", event["occurred_at"], required=True)
        resolved_at = event.text("occurred_at") if kind == _RESOLVED else None
    for incident in _incidents(tree.root):
        _read_incident(incident, resolved_at, out)
    if tree.root.flag("more"):
        message = "this page does not hold all incidents; export the pages that follow too"
        out.problem(Code.EVIDENCE_MISSING, message, tree.root["more"])


def _incidents(root: Node) -> list[Node]:
    if isinstance(root.raw, list):
        return list(root.items())
    if root["event"].exists:
        return [root["event"].object("data", required=True)]
    if root["incidents"].exists:
        return list(root.items("incidents"))
    return [root["incident"] if root["incident"].exists else root]


def _read_incident(incident: Node, resolved_at: str | None, out: Extract) -> None:
    identity = incident.text("id", required=True)
    out.claim("incident.id", incident["id"])
    out.claim("service.name", incident.object("service")["summary"], subject=identity, confidence=Confidence.LOW)
    status = incident.text("status", required=True)
    priority = incident.object("priority").text("summary")
    urgency = incident.text("urgency", required=True)
    changed = incident.text("last_status_change_at")
    out.row(
        "incidents",
        incident,
        id=identity,
        title=(incident.text("title") or "")[:CELL_CHARS] or None,
        status=status,
        severity=priority or urgency,
        vocabulary="pagerduty-incident",
        started_at=incident.text("created_at", required=True),
        resolved_at=incident.text("resolved_at") or resolved_at or (changed if status == "resolved" else None),
    )


def _each(*keys: str) -> tuple[str, ...]:
    return tuple(f"{start}/{key}" for start in ("", "/incident", "/incidents/*", "/*", "/event/data") for key in keys)


READER = Reader(
    source="incident_notes",
    format="pagerduty-incident",
    title="PagerDuty incident (REST API v2, webhook v3)",
    reference="PagerDuty REST API v2, Incidents; Webhooks v3",
    encodings=(JSON, JSON_LINES),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "people": _each(
            *("assignments/**", "acknowledgements/**", "last_status_change_by/**", "teams/**", "responders/**", "incidents_responders/**"),
            *("responder_requests/**", "subscriber_requests/**", "assigned_via", "escalation_policy/**"),
            "assignees/**",
        ),
        "log": _each(
            "log_entries/**", "alerts/**", "first_trigger_log_entry/**", "notes/**", "body/**", "description", "conference_bridge/**"
        ),
        "references": _each(
            *(
                "type",
                "summary",
                "self",
                "html_url",
                "incident_key",
                "incident_number",
                "number",
                "external_references/**",
                "incident_type/**",
            ),
            *("service/id", "service/type", "service/self", "service/html_url", "service/name", "impacted_services/**"),
            *(
                "priority/id",
                "priority/type",
                "priority/self",
                "priority/html_url",
                "priority/name",
                "priority/description",
                "priority/color",
            ),
            *("priority/order", "priority/account_id", "priority/schema_version", "priority/created_at", "priority/updated_at"),
        ),
        "state-of-work": _each(
            *("alert_counts/**", "alert_grouping", "basic_alert_grouping", "is_mergeable", "pending_actions/**", "occurrence/**"),
            *("resolve_reason/**", "metadata/**", "updated_at"),
        ),
        "event-detail": tuple(f"/event/{key}" for key in ("id", "resource_type", "agent/**", "client/**")),
        "paging": ("/limit", "/offset", "/total"),
    },
)
