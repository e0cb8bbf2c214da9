"""What people write: rollback runbooks with and without front matter, incident notes as Markdown, text and cState."""

from __future__ import annotations

from datetime import datetime, timedelta

from release_staging.evaluation.documents import Written, at, json_document, text_document, z
from release_staging.evaluation.tools.manifests import rollback_digest
from release_staging.evaluation.worlds import World
from release_staging.parsing import yaml

_STEPS = """## Steps

1. Pause the rollout of {service} in the environment.
2. Set the image of {service} to the digest above, and its configuration to the values that belonged to it.
3. Wait until every replica is ready and runs that digest.

## Verification

1. Every replica prints the version above.
2. The share of failed requests is below 0.5 % for ten minutes.
"""


def runbook(world: World) -> Written:
    """With front matter of our kind."""
    front = {
        "kind": "rollback-runbook",
        "service": world.service.name,
        "environments": [world.spelled(target) for target in world.targets],
        "rollback": {
            "version": world.previous.text,
            "reference": f"{world.image}:{world.previous.text}",
            "digest": rollback_digest(world),
        },
        "last_exercised": _exercised(world),
    }
    matter = yaml.dump(front).decode()
    text = f"""---
{matter}---
# Rolling back {world.service.name}

Data written by the candidate stays readable for the version before it.

{_STEPS.format(service=world.service.name)}"""
    made = text_document(
        world.path("rollback", "runbook.md"), "rollback_runbooks", "rollback-runbook-markdown", text, text="Data written by the candidate"
    )
    pointers = {
        "service": "/service",
        "environments": "/environments",
        "rollback_version": "/rollback/version",
        "rollback_digest": "/rollback/digest",
        "rollback_reference": "/rollback/reference",
        "exercised": "/last_exercised",
    }
    above = f"line=1,{matter.count(chr(10)) + 1};yaml=0;json-pointer:"
    return made.said(by_run=False, facts={**made.facts, **{name: (above + pointer,) for name, pointer in pointers.items()}})


def runbook_labelled(world: World) -> Written:
    """Without front matter: the facts in labelled lines."""
    exercised, digest = _exercised(world), rollback_digest(world)
    environments = "\n".join(f"- Environment: {world.spelled(target)}" for target in world.targets)
    text = f"""# Rolling back {world.service.name}

- Service: {world.service.name}
{environments}
- Rollback version: {world.previous.text}
- Rollback digest: {digest}
- Last exercised: {exercised}

Data written by the candidate stays readable for the version before it.

{_STEPS.format(service=world.service.name)}"""
    made = text_document(
        world.path("rollback", "ROLLBACK.md"),
        "rollback_runbooks",
        "rollback-runbook-markdown",
        text,
        rollback_digest=digest,
        exercised=exercised,
        text="Data written by the candidate",
    )
    label = at(text, f"Rollback version: {world.previous.text}")
    line, _, span = label.partition(";char=")
    end = int(span.partition(",")[2])
    version = f"{line};char={end - len(world.previous.text)},{end}"
    return made.said(by_run=False, facts={**made.facts, "rollback_version": (version,)})


def incident_markdown(world: World, cited: str) -> Written:
    """A note whose conclusion about the candidate cites a document of the packet."""
    text = f"""# {_incident(world)}: delayed work

- Service: {world.service.name}
- Status: resolved
- Severity: SEV-3
- Affected version: {world.previous.text}
- Environment: {world.targets[0]}
- Started: {z(_happened(world))}
- Resolved: {z(_happened(world) + timedelta(hours=2))}

## Summary

Work was done up to 40 minutes late. None was lost.

## Cause

Failed requests were tried again at fixed times, all together.

## Bearing on this release

The candidate is not affected: it spreads the times of retries, see `{cited}`.
"""
    return text_document(
        world.path("incidents", f"{_incident(world)}.md"),
        "incident_notes",
        "incident-note-markdown",
        text,
        citation=f", see `{cited}`",
        conclusion="The candidate is not affected",
        text="None was lost.",
    ).said(by_run=False)


def incident_text(world: World, cited: str) -> Written:
    """The same as plain text."""
    text = f"""{_incident(world)}: delayed work

Service: {world.service.name}
Status: resolved
Severity: SEV-3
Affected version: {world.previous.text}
Environment: {world.targets[0]}
Started: {z(_happened(world))}
Resolved: {z(_happened(world) + timedelta(hours=2))}

Summary:
Work was done up to 40 minutes late. None was lost.

Bearing on this release:
The candidate is not affected, see `{cited}`.
"""
    return text_document(
        world.path("incidents", f"{_incident(world)}.txt"),
        "incident_notes",
        "incident-note-text",
        text,
        citation=f", see `{cited}`",
        conclusion="The candidate is not affected",
        text="None was lost.",
    ).said(by_run=False)


def incident_cstate(world: World, cited: str) -> Written:
    """An issue of a cState status page."""
    text = f"""---
title: Delayed work
date: {_happened(world):%Y-%m-%d %H:%M:%S}
resolved: true
resolvedWhen: {_happened(world) + timedelta(hours=2):%Y-%m-%d %H:%M:%S}
severity: disrupted
affected:
  - {world.service.name}
section: issue
---
*Resolved* - Work is done in time again. None was lost.

This release is not affected, see `{cited}`.
"""
    return text_document(
        world.path("incidents", "delayed-work.md"),
        "incident_notes",
        "cstate-issue",
        text,
        citation=f", see `{cited}`",
        conclusion="This release is not affected",
        text="None was lost.",
    ).said(by_run=False)


def incident_pagerduty(world: World) -> Written:
    """An incident as PagerDuty's REST API gives it."""
    number = world.hex("pagerduty", 14).upper()
    tree = {
        "incident": {
            "id": number,
            "type": "incident",
            "summary": "Delayed work",
            "incident_number": world.number("incident number", 10, 9999),
            "title": "Delayed work",
            "created_at": z(_happened(world)),
            "updated_at": z(_happened(world) + timedelta(hours=2)),
            "status": "resolved",
            "incident_key": world.hex("incident key", 32),
            "service": {"id": "PW4QV", "type": "service_reference", "summary": world.service.name},
            "urgency": "high",
            "resolved_at": z(_happened(world) + timedelta(hours=2)),
        }
    }
    path = world.path("incidents", "pagerduty.json")
    return json_document(
        path,
        "incident_notes",
        "pagerduty-incident",
        tree,
        status="/incident/status",
        text="/incident/title",
        service="/incident/service/summary",
    ).said(by_run=False)


def _incident(world: World) -> str:
    return f"INC-{world.number('incident', 1000, 9999)}"


def _happened(world: World) -> datetime:
    return world.before(60 * 24 * world.number("incident age", 3, 25))


def _exercised(world: World) -> str:
    """Within the quarter that policy asks for."""
    return f"{world.before(60 * 24 * world.number('exercised', 3, 80)):%Y-%m-%d}"
