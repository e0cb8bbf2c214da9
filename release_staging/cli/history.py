"""How a packet came to where it stands, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.record.comparison import KINDS
from release_staging.record.rendering import plain
from release_staging.staging.history import Changes, History

_MOST = 30  # differences shown of a kind


def markdown(history: History) -> str:
    """Revisions, what became of the packet, and what changed."""
    return "\n".join(_lines(history)) + "\n"


def _lines(history: History) -> Iterator[str]:
    yield ""
    yield "## History"
    yield ""
    for one in history.revisions:
        holding = sum(exception.blocking for exception in one.exceptions)
        why = f", held by {_counted(holding, 'exception')}" if holding else ""
        with_findings = f", with {_counted(len(one.findings), 'finding')}" if one.findings else ""
        yield f"- Revision {one.revision}: {one.outcome}, contract {one.contract}, {one.created_at:%Y-%m-%d %H:%M} UTC{why}{with_findings}"
    for event in history.events:
        if event.event in ("withdrawn", "superseded", "archived", "restored"):
            by = f" by {plain(event.detail['by'])}" if "by" in event.detail else ""
            yield f"- {event.event.capitalize()}{by}, {event.at:%Y-%m-%d %H:%M} UTC"
    if history.superseded:
        yield f"- Stands in place of {', '.join(plain(packet) for packet in history.superseded)}"
    for changes in history.changes:
        yield from _changes(changes)


def _changes(changes: Changes) -> Iterator[str]:
    yield ""
    yield f"## Changed since {plain(changes.since)}"
    yield ""
    for kind in KINDS:
        found = [one for one in changes.found if one.kind == kind]
        if found:
            yield f"### {kind.capitalize()}"
            yield ""
        for one in found[:_MOST]:
            yield f"- {plain(one.about)}: {_value(one.before)} -> {_value(one.after)}"
        if len(found) > _MOST:
            yield f"- and {len(found) - _MOST} more"
        if found:
            yield ""
    if not changes.found:
        yield "Nothing that a review looks at."
    if not changes.packages_compared:
        yield "Packages are not compared: those of the other packet are archived. `release-staging restore` brings them back."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _value(text: str | None) -> str:
    return "*nothing*" if text is None else plain(text[:300])
