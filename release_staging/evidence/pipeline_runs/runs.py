"""What the readers of CI systems share: claims that several runs or jobs make alike, git refs, epoch times, pages, spans of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypedDict, Unpack

from release_staging.evidence.extract import Extract
from release_staging.evidence.ledger import Shape
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_TRIAL_MERGE = re.compile(r"refs/(?:pull/\d+/merge|merge-requests/\d+/(?:merge|train))\Z")
_NAMED = {"refs/heads/": "candidate.branch", "refs/tags/": "candidate.tag"}
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {1: "seconds", 1000: "milliseconds"}


class Details(TypedDict, total=False):
    """What ``Extract.claim`` takes beside the field and the place."""

    value: str | None
    subject: str | None
    vocabulary: str | None
    confidence: Confidence
    required: bool
    accept: tuple[type, ...]
    loss: str | None


@dataclass
class Claims:
    """Claims of one document; what several elements say alike at the same member is claimed once, where it stands first."""

    out: Extract
    said: set[tuple[str, str | None, str, Shape]] = field(default_factory=set)

    def claim(self, name: str, place: Node, **details: Unpack[Details]) -> None:
        """As ``Extract.claim``, once."""
        text = self.out.scalar(place, required=details.get("required", False), accept=details.get("accept", (str,)))
        key = (name, details.get("subject"), details.get("value") or text or "", place.shape)
        if text is not None and key not in self.said:
            self.said.add(key)
            self.out.claim(name, place, **details)

    def commit(self, place: Node, ref: str | None = None, *, required: bool = True) -> None:
        """The commit a run worked on. Where ``ref`` is one that a CI system makes to try a merge out, it is no commit of a branch.

        A name in its place (``HEAD``) is no commit, and claims nothing.
        """
        text = self.out.scalar(place, required=required)
        if text is None or not _COMMIT.match(text):
            return
        if ref and _TRIAL_MERGE.match(ref):
            loss = f"the commit is a trial merge made for {ref}, not a commit of the branch"
            self.claim("candidate.commit", place, confidence=Confidence.LOW, loss=loss)
        else:
            self.claim("candidate.commit", place)

    def ref(self, place: Node) -> None:
        """The branch or the tag that a full git ref names; another ref (of a pull request) names neither."""
        text = self.out.scalar(place) or ""
        for prefix, name in _NAMED.items():
            if text.startswith(prefix):
                loss = f"taken out of the ref {prefix}…"
                self.claim(name, place, value=text.removeprefix(prefix), confidence=Confidence.DERIVED, loss=loss)

    def part(self, name: str, place: Node, pattern: re.Pattern[str], group: str) -> None:
        """A part of an address: the group of ``pattern`` in the text at ``place``, where it matches."""
        found = pattern.match(self.out.scalar(place) or "")
        if found and found[group]:
            loss = f"the address is cut down to its {group}"
            self.claim(name, place, value=found[group], confidence=Confidence.DERIVED, loss=loss)

    def epoch(self, name: str, place: Node, *, unit: int, later: int = 0, loss: str | None = None, subject: str | None = None) -> None:
        """A time in seconds (``unit`` 1) or milliseconds (1000) since 1970, as RFC 3339; ``later`` so many units after it."""
        written = utc(place, unit=unit, later=later)
        if written is not None:
            why = "; ".join(filter(None, (f"{_UNITS[unit]} since 1970 written as RFC 3339", loss)))
            self.claim(name, place, value=written, subject=subject, confidence=Confidence.DERIVED, accept=SCALARS, loss=why)

    def span(self, nodes: list[Node], start: str, end: str) -> None:
        """From the first start to the last end, where every one has ended. A CI system writes all in one zone: text order is time order."""
        starts = [node for node in nodes if node.text(start)]
        ends = [node for node in nodes if node.text(end)]
        if starts:
            first = min(starts, key=lambda node: node.text(start) or "")
            self.claim("started_at", first[start], loss=_among(nodes, "first"))
        if ends and len(ends) == len(nodes):
            last = max(ends, key=lambda node: node.text(end) or "")
            self.claim("finished_at", last[end], loss=_among(nodes, "last"))


def _among(nodes: list[Node], which: str) -> str | None:
    return f"the {which} of {len(nodes)}" if len(nodes) > 1 else None


def utc(place: Node, *, unit: int, later: int = 0) -> str | None:
    """The time since 1970 at ``place`` as RFC 3339; drift where it is no time."""
    text = place.out.scalar(place, accept=SCALARS)
    if text is None:
        return None
    try:
        moment = _EPOCH + timedelta(microseconds=round((float(text) + later) * 1_000_000 / unit))
    except (ValueError, OverflowError):
        place.out.drift(place, f"{_UNITS[unit]} since 1970")
        return None
    return moment.replace(tzinfo=None).isoformat() + "Z"


def borne_out(place: Node, passed: bool, failed: Node | None) -> None:
    """Tells where a run that passed, at ``place``, lists a job that failed and was not allowed to."""
    if passed and failed is not None:
        what = f"the run passed at {place.locator}, but a job that must pass failed at {failed.locator}"
        place.out.problem(Code.CONTRADICTION, what, place, expected="a run that failed", found=str(place.raw))


def paged(root: Node, key: str, out: Extract) -> Iterator[Node]:
    """The elements of one page of GitHub's REST API; what ``total_count`` says is left out is told."""
    found, total = list(root.items(key, required=True)), root.integer("total_count", required=True)
    if total is not None and total != len(found):
        what = key.replace("_", " ")
        message = f"the document holds {len(found)} of the {total} {what}: add the other pages"
        out.problem(Code.EVIDENCE_MISSING, message, root["total_count"], expected=f"{total} {what}", found=f"{len(found)} {what}")
    yield from found


def first_node(*places: Node) -> Node:
    """The first place that holds something; the last where none does. Those before it are noted as read."""
    for place in places[:-1]:
        if place.raw is not None and place.exists and place.raw != "":
            return place
        if place.exists:
            place.mark()
    return places[-1]


def prefixed(prefixes: tuple[str, ...], *patterns: str) -> tuple[str, ...]:
    """Path patterns for an element on its own and in its lists (``""``, ``/jobs/*``)."""
    return tuple(prefix + pattern for prefix in prefixes for pattern in patterns)
