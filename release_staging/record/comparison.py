"""What differs between two records or holds, in a reviewer's words: fields, tests, packages, findings, exceptions. Never bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from release_staging.model.gathered import Gathered

# How a record was made, and what is compared in a way of its own; the rest is what it says.
_MADE = frozenset(("contract", "record_id", "revision", "packet", "evidence", "field_provenance", "trace", "missing", "checks"))
_OF_THEIR_OWN = frozenset(("exceptions", "exception_flags", "contradictions", "findings"))
_TESTS = ("tests", "canary")
_FINDINGS = ("vulnerabilities",)
# What names an item of a list, so that it is the same item with another value, and not another one.
_NAMES = (
    "purl",
    "id",
    "field",
    "finding",
    "package",
    "environment",
    "file",
    "key",
    "name",
    "suite",
    "level",
    "reference",
    "subject",
    "digest",
)


@dataclass(frozen=True)
class Difference:
    """``kind`` is one of KINDS; ``before`` or ``after`` is None where what it is about is only in the other."""

    kind: str
    about: str
    before: str | None
    after: str | None


KINDS = ("exceptions", "contradictions", "review", "fields", "tests", "findings", "packages")

Packages = Mapping[str, frozenset[str]]  # name (a package URL without its version, where there is one) -> versions


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """From one document to another, by kind and then by what it is about. Works across contract versions."""
    found = [
        *_of_each("exceptions", *(_exceptions(document["exceptions"]) for document in (before, after))),
        *_of_each("contradictions", *(_contradictions(document["contradictions"]) for document in (before, after))),
        *_of_each("review", *(_said(document.get("findings", ())) for document in (before, after))),
    ]
    for section in sorted((before.keys() | after.keys()) - _MADE - _OF_THEIR_OWN):
        kind = "tests" if section in _TESTS else "findings" if section in _FINDINGS else "fields"
        for about, old, new in _changed(section, before.get(section), after.get(section)):
            found.append(Difference(kind, about, old, new))
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.about))


def packages_of(normalised: Gathered, packet: str) -> Packages:
    """The packages of a packet's own bills of materials."""
    documents = normalised.rows("documents", packet)
    aside = {row["document"] for row in documents if row["baseline"]}
    found: dict[str, set[str]] = {}
    for row in normalised.rows("packages", packet):
        if row["document"] not in aside:
            name = (row["purl_normal"] or "").partition("?")[0].rpartition("@")[0] or row["name"] or ""
            found.setdefault(name, set()).add(row["version"] or "")
    return {name: frozenset(versions) for name, versions in found.items()}


def package_differences(before: Packages, after: Packages) -> list[Difference]:
    """Packages that are only in one, or of other versions."""
    return [
        Difference("packages", name, _versions(before.get(name)), _versions(after.get(name)))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def _versions(versions: frozenset[str] | None) -> str | None:
    return None if versions is None else ", ".join(sorted(versions)) or "no version"


def _of_each(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for about in sorted(before.keys() | after.keys()):
        if before.get(about) != after.get(about):
            yield Difference(kind, about, before.get(about), after.get(about))


def _contradictions(contradictions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By field, what the sides say, and which of them a reviewer says holds."""
    found = {}
    for one in contradictions:
        decided = one["adjudication"]
        by = f"; {decided['value']} holds, says {decided['role']} {decided['reviewer']}" if decided else ""
        found[f"{one['field']} ({one['rule']})"] = " | ".join(sorted(side["value"] for side in one["sides"])) + by
    return found


def _said(findings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What reviewers say, by what it is about."""
    return {
        f"{one['kind']} {one['target']}": (f"{one['value']}, " if one["value"] else "") + f"by {one['role']} {one['reviewer']}"
        for one in findings
    }


def _exceptions(exceptions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By code and subject, whether they hold and how many they are."""
    found: dict[str, list[bool]] = {}
    for one in exceptions:
        found.setdefault(f"{one['code']} {one['subject']}", []).append(one["blocking"])
    return {
        about: ("holds" if any(blocking) else "noted") + (f" ({len(blocking)} times)" if len(blocking) > 1 else "")
        for about, blocking in found.items()
    }


def _changed(about: str, before: Any, after: Any) -> Iterator[tuple[str, str | None, str | None]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from _changed(f"{about}.{name}", before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        old, new = _items(before), _items(after)
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield f"{about}: {name}", _joined(old.get(name)), _joined(new.get(name))
    else:
        yield about, _text(before), _text(after)


def _items(listed: list[Any]) -> dict[str, list[str]]:
    """Items of a list by what names them: what they say, each as a text. Their order says nothing."""
    found: dict[str, list[str]] = {}
    for item in listed:
        name = _name(item)
        found.setdefault(name, []).append(_text(item) or "")
    return {name: sorted(said) for name, said in found.items()}


def _name(item: Any) -> str:
    if not isinstance(item, dict):
        return _text(item) or ""
    return " ".join(str(item[key]) for key in _NAMES if isinstance(item.get(key), str)) or "item"


def _joined(said: list[str] | None) -> str | None:
    return None if said is None else "; ".join(said)


def _text(value: Any) -> str | None:
    """A value in a line; null is what is not known."""
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_text(below)}" for name, below in value.items() if below is not None)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value))) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)
