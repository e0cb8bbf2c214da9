"""Exceptions that a finding answers: they stay, say who answered them and why, and do not block any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from release_staging.model.exceptions import Code, ReviewException
from release_staging.record.view import PacketView

_Row = Mapping[str, Any]


def answered(view: PacketView, exceptions: Iterable[ReviewException]) -> list[ReviewException]:
    """The exceptions, with the mark of the finding on those that one of their owner answers."""
    return [_marked(one, by) if (by := _answer(view, one)) is not None else one for one in exceptions]


def adjudication(view: PacketView, field: str) -> dict[str, Any] | None:
    """What was decided about a contradiction, by whom, why and when; None where nothing was."""
    row = view.adjudicated.get(field)
    return None if row is None else {"value": row["value"], **_by(row)}


def shown(row: _Row) -> dict[str, Any]:
    """A finding in force as the record lists it."""
    return {"kind": row["kind"], "target": row["target"], "value": row["value"], **_by(row)}


def _by(row: _Row) -> dict[str, Any]:
    return {name: row[name] for name in ("finding", "reviewer", "role", "reason", "recorded_at")}


def _answer(view: PacketView, exception: ReviewException) -> _Row | None:
    return next((row for row in view.findings if row["role"] == exception.owner.value and _answers(view, row, exception)), None)


def _answers(view: PacketView, row: _Row, exception: ReviewException) -> bool:
    match row["kind"]:
        case "adjudicate":
            contradiction = exception.code is Code.CONTRADICTION and exception.subject == row["target"]
            return contradiction and row["target"] in view.adjudicated
        case "absent":
            return exception.code is Code.EVIDENCE_MISSING and exception.subject == row["target"]
        case "exclude":
            places = {evidence.document for evidence in exception.evidence}
            return bool(places) and places <= view.excluded
    return False


def _marked(exception: ReviewException, row: _Row) -> ReviewException:
    who = f"{row['role']} {row['reviewer']}"
    message = f"{exception.message[:700]} [{row['kind']}, by {who}: {row['reason'][:200]}]"
    return replace(exception, blocking=False, message=message)
