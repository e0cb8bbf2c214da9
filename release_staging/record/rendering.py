"""A record or hold as Markdown, for people. Every text from a packet is escaped; each value stands beside its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from release_staging.model.exceptions import sentence
from release_staging.record.contract import Contract
from release_staging.record.view import LOSS_KINDS

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
_SECTIONS = (
    "candidate",
    "artifacts",
    "environments",
    "pipeline",
    "tests",
    "canary",
    "dependencies",
    "vulnerabilities",
    "attestations",
    "policy",
)
_MORE = ("config_changes", "security_review", "rollback", "incidents")
_MOST_ITEMS = 25


def markdown(document: Mapping[str, Any], outcome: str, contract: Contract) -> str:
    """The document as Markdown, in the contract's order: exceptions first, then each value with its source, then what is not known."""
    return "\n".join(_lines({**document, **_ordered(document, contract.schema)}, outcome)) + "\n"


def _ordered(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value with its members in the order in which the schema lists them: canonical JSON sorts them."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        order = [*(name for name in properties if name in value), *(name for name in value if name not in properties)]
        return {name: _ordered(value[name], properties.get(name, {})) for name in order}
    return [_ordered(item, schema.get("items", {})) for item in value] if isinstance(value, list) else value


def plain(text: Any) -> str:
    """Any text as Markdown that shows just that text, on one line."""
    printable = "".join(character if character.isprintable() else " " for character in str(text))
    return _SPECIAL.sub(r"\\\1", printable)


def _lines(document: Mapping[str, Any], outcome: str) -> Iterator[str]:
    packet = document["packet"]
    kind = "Deployment-review staging record" if outcome == "staged" else "Exception hold"
    yield f"# {kind}: {plain(packet['id'])}"
    yield ""
    yield f"Revision {document['revision']}, contract {document['contract']}, effective time {packet['effective_time']}."
    yield f"Id `{document['record_id']}`."
    yield ""
    yield from _exceptions(document)
    yield from _contradictions(document)
    for section in (*_SECTIONS, *_MORE):
        if section in document:
            yield f"## {section.replace('_', ' ').capitalize()}"
            yield ""
            yield from _values(document[section], f"/{section}", document["field_provenance"], "")
            yield ""
    yield from _missing(document)
    yield from _evidence(document)


def _exceptions(document: Mapping[str, Any]) -> Iterator[str]:
    """A work list for each role, in the order of what to look at first."""
    yield f"## Exceptions ({len(document['exceptions'])})"
    yield ""
    for role in dict.fromkeys(one["owner"] for one in document["exceptions"]):
        listed = [one for one in document["exceptions"] if one["owner"] == role]
        holding = sum(one["blocking"] for one in listed)
        yield f"### For the {role.replace('_', ' ')}: {holding} that hold, {len(listed) - holding} noted"
        yield ""
        for one in listed:
            said = plain(sentence(one["subject"], one["message"]))
            yield f"- **{one['code']}** ({'holds' if one['blocking'] else 'noted'}): {said}"
            yield f"  What to do: {plain(one['remedy'])}"
            for evidence in one["evidence"][:5]:
                yield f"  At {_place(evidence)}"
        yield ""
    if not document["exceptions"]:
        yield "None."
        yield ""


def _contradictions(document: Mapping[str, Any]) -> Iterator[str]:
    for one in document["contradictions"]:
        yield f"### Contradiction: {plain(one['field'])} ({plain(one['rule'])})"
        yield ""
        for side in one["sides"]:
            yield f"- {_code(side['value'])}: " + "; ".join(_place(evidence) for evidence in side["evidence"][:5])
        yield ""


def _values(value: Any, pointer: str, provenance: Mapping[str, Any], indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            at = f"{pointer}/{name}"
            if isinstance(below, dict | list):
                yield f"{indent}- {name.replace('_', ' ')}:" + ("" if below else " none")
                yield from _values(below, at, provenance, indent + "  ")
            else:
                yield f"{indent}- {name.replace('_', ' ')}: {_scalar(below)}{_source(provenance.get(at))}"
    elif isinstance(value, list):
        for index, item in enumerate(value[:_MOST_ITEMS]):
            at = f"{pointer}/{index}"
            shown = ", ".join(f"{name} {_scalar(below)}" for name, below in _flat(item)) if isinstance(item, dict) else _scalar(item)
            yield f"{indent}- {shown}{_source(provenance.get(at))}"
        if len(value) > _MOST_ITEMS:
            yield f"{indent}- and {len(value) - _MOST_ITEMS} more"


def _flat(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from ((f"{name} {below}", found) for below, found in _flat(value))
        elif value is not None:
            yield name.replace("_", " "), value


def _scalar(value: Any) -> str:
    if value is None:
        return "*not known*"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else plain(value)


def _source(entry: Mapping[str, Any] | None) -> str:
    if entry is None or not entry["evidence"]:
        return ""
    first, others = entry["evidence"][0], len(entry["evidence"]) - 1
    return f" ({entry['confidence']}; {_place(first)}{f' and {others} more' if others else ''})"


def _place(evidence: Mapping[str, Any]) -> str:
    return _code(evidence["path"]) + (f" {_code(evidence['locator'])}" if evidence["locator"] else "")


def _code(text: Any) -> str:
    """Any text as a code span that shows just that text (CommonMark 6.1)."""
    printable = "".join(character if character.isprintable() else " " for character in str(text))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", printable)), default=0))
    pad = " " if printable.startswith("`") or printable.endswith("`") else ""
    return f"{fence}{pad}{printable}{pad}{fence}"


def _missing(document: Mapping[str, Any]) -> Iterator[str]:
    if document["missing"]:
        yield "## Not known"
        yield ""
        for one in document["missing"]:
            yield f"- {one['field']}" + (f" (required): {plain(one['consequence'])}" if one["required"] else "")
        yield ""


def _evidence(document: Mapping[str, Any]) -> Iterator[str]:
    yield "## Evidence"
    yield ""
    yield "| document | format | binding | mapped | summarised | dropped | not understood |"
    yield "|---|---|---|---|---|---|---|"
    for one in document["evidence"]:
        loss = one["loss"]
        bound = one["binding"] + (f"{' by' if one['binding'] != 'none' else ':'} {plain(one['bound_by'])}" if one["bound_by"] else "")
        cells = [plain(one["path"]), plain(one["format"] or "not recognised"), bound, *(str(loss[kind]) for kind in LOSS_KINDS)]
        yield f"| {' | '.join(cells)} |"
