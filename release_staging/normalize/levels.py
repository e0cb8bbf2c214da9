"""The test level of a report: what is said of it first, then what its suites' names, its path or its format tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.registries import Level, Registries, key
from release_staging.model.confidence import Confidence
from release_staging.model.tables import TEXT
from release_staging.normalize import rules
from release_staging.normalize.columns import column
from release_staging.normalize.problems import SCHEMA, unmapped

Owner = tuple[str, str]  # packet, document


class Known(NamedTuple):
    """A level, the rule it is known by, and how well; all null where it is not known."""

    level: str | None = None
    rule: str | None = None
    confidence: str | None = None


def normalise_levels(
    documents: pa.Table, suites: pa.Table, claims: pa.Table, registries: Registries
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Documents and suites with their test level, and the problems found. ``claims`` are normalised already."""
    levels = list({level.id: level for level in registries.levels.values()}.values())
    stated = _claimed(claims, registries)
    named = _by_pattern(column(suites, "name"), levels, "suites")
    own = [_id(level, registries) or by_name for level, by_name in zip(suites["level"].to_pylist(), named, strict=True)]
    by_suites: dict[Owner, set[str | None]] = defaultdict(set)
    for packet, document, level in zip(suites["packet"].to_pylist(), suites["document"].to_pylist(), own, strict=True):
        by_suites[packet, document].add(level)
    by_path = _by_pattern(column(documents, "path"), levels, "paths")
    by_format = _by_pattern(column(documents, "format"), levels, "formats")

    known: list[Known] = []
    for index, row in enumerate(documents.select(["packet", "document", "source", "asserted_source", "level"]).to_pylist()):
        owner = (row["packet"], row["document"])
        if (row["source"] or row["asserted_source"]) != "test_reports":  # one that could not be read is known by what is said of it
            known.append(Known())
        elif row["level"] is not None:
            level = _id(row["level"], registries)
            known.append(Known(level, rules.LEVEL_ASSERTED, Confidence.ASSERTED) if level else Known())
        elif owner in stated:
            known.append(_only(stated[owner], rules.LEVEL_CLAIMED))
        elif by_suites[owner] - {None}:
            known.append(_only(by_suites[owner], rules.LEVEL_FROM_SUITES))
        elif by_path[index]:
            known.append(Known(by_path[index], rules.LEVEL_FROM_PATH, Confidence.MAPPED))
        elif by_format[index]:
            known.append(Known(by_format[index], rules.LEVEL_FROM_FORMAT, Confidence.MAPPED))
        else:
            known.append(Known())
    problems = _problems(documents, suites, registries)
    documents = documents.append_column("level_asserted", documents["level"]).drop_columns(["level"])
    for place, name in enumerate(("level", "level_rule", "level_confidence")):
        documents = documents.append_column(name, pa.array([one[place] for one in known], TEXT))

    of_document = {
        (packet, document): one.level
        for packet, document, one in zip(documents["packet"].to_pylist(), documents["document"].to_pylist(), known, strict=True)
    }
    owners = zip(suites["packet"].to_pylist(), suites["document"].to_pylist(), strict=True)
    of_suite = [level or of_document.get(owner) for owner, level in zip(owners, own, strict=True)]
    suites = suites.append_column("test_level", pa.array(of_suite, TEXT))
    return documents, suites, problems


def _only(levels: set[str | None], rule: str) -> Known:
    """The level that all agree on. Where some say nothing it is only likely; where two differ there is none."""
    said = levels - {None}
    if len(said) != 1:
        return Known()
    return Known(next(iter(said)), rule, Confidence.LOW if None in levels else Confidence.MAPPED)


def _claimed(claims: pa.Table, registries: Registries) -> dict[Owner, set[str | None]]:
    """What documents claim as their level; a word that no registry knows counts as nothing said."""
    found: dict[Owner, set[str | None]] = defaultdict(set)
    said = claims.filter(pc.equal(claims["field"], "test.level"))
    for packet, document, level in zip(said["packet"].to_pylist(), said["document"].to_pylist(), said["normal"].to_pylist(), strict=True):
        if key(level) in registries.levels:
            found[packet, document].add(level)
    return found


def _id(name: str | None, registries: Registries) -> str | None:
    level = registries.levels.get(key(name)) if name else None
    return level.id if level else None


def _by_pattern(values: pa.Array, levels: Iterable[Level], member: str) -> list[str | None]:
    """The one level whose patterns are found in each value; None where there is none, or more than one."""
    encoded = values.dictionary_encode()
    fits: list[set[str]] = [set() for _ in encoded.dictionary]
    for level in levels:
        for pattern in getattr(level, member):
            for index in pc.indices_nonzero(pc.match_substring_regex(encoded.dictionary, pattern)).to_pylist():
                fits[index].add(level.id)
    return [next(iter(fits[index])) if index is not None and len(fits[index]) == 1 else None for index in encoded.indices.to_pylist()]


def _problems(documents: pa.Table, suites: pa.Table, registries: Registries) -> pa.Table:
    """Levels that are stated in words no registry knows."""
    known = pa.array(list(registries.levels), TEXT)
    found = [SCHEMA.empty_table()]
    for table, name in ((documents, "documents"), (suites, "test_suites")):
        said = column(table, "level")
        unknown = pc.and_(pc.is_valid(said), pc.invert(pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(said)), value_set=known)))
        found.append(unmapped(table, unknown, f"{name}.level", said, "a name of the registry of levels"))
    return pa.concat_tables(found)
