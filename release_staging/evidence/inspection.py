"""What a single document is and says, outside any packet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from release_staging.evidence.authority import with_statements
from release_staging.evidence.extract import Options
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import Recognised, recognise
from release_staging.model.exceptions import Code
from release_staging.model.extraction import Extraction
from release_staging.parsing.limits import Unreadable

_LOSSES = ("mapped", "summarised", "dropped", "not_understood")


@dataclass(frozen=True)
class Inspection:
    """``extraction`` is None where no single reader took the document; ``problems`` says why."""

    path: str
    extraction: Extraction | None
    problems: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The line that ``release-staging inspect --format json`` prints."""
        made = self.extraction
        tables = made.tables if made is not None else {}
        claims = tables["claims"].to_pylist() if "claims" in tables else []
        return {
            "path": self.path,
            "source": made.source if made is not None else None,
            "format": made.format if made is not None else None,
            "claims": [{name: claim[name] for name in ("field", "value", "locator")} for claim in claims],
            "rows": {name: table.num_rows for name, table in tables.items() if name not in ("claims", "losses", "problems")},
            "loss": made.loss() if made is not None else dict.fromkeys(_LOSSES, 0),
            "problems": self.problems,
        }


def inspect(path: str, data: bytes, options: Options | None = None) -> Inspection:
    """Recognises and reads one document. Never raises for what the document holds."""
    opened = Opened(data)
    try:
        found = recognise(opened)
    except Unreadable as error:
        return _unread(path, Code.EVIDENCE_UNREADABLE, error.told)
    if not found:
        if not opened.encodings:
            return _unread(path, Code.EVIDENCE_EMPTY, "the document is empty")
        return _unread(path, Code.EVIDENCE_UNRECOGNISED, f"no reader knows this document; it was tried as {', '.join(opened.read_as())}")
    made = with_statements(read(opened, found[0], options), data, found[0].encoding)
    problems = made.tables["problems"].to_pylist() if "problems" in made.tables else []
    return Inspection(path, made, [*_several(found), *problems])


def _several(found: list[Recognised]) -> list[dict[str, Any]]:
    if len(found) < 2:
        return []
    return [_problem(Code.EVIDENCE_UNRECOGNISED, "the document fits several formats: " + ", ".join(match.format for match in found))]


def _unread(path: str, code: Code, message: str) -> Inspection:
    return Inspection(path, None, [_problem(code, message)])


def _problem(code: Code, message: str) -> dict[str, Any]:
    return {"code": code.value, "subject": None, "message": message, "expected": None, "found": None, "locator": None}
