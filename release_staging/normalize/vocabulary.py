"""Words of status, severity and state, by the tables of the registries. An unknown word is ``unknown``: never a pass."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.registries import Registries, key
from release_staging.config.vocabularies import Word
from release_staging.normalize.columns import SEPARATOR, column, folded, joined, looked_up
from release_staging.normalize.problems import unmapped

UNKNOWN = "unknown"
TITLES = {
    "outcome": "a result",
    "severity": "a severity",
    "vulnerability_state": "a vulnerability state",
    "incident_state": "an incident state",
}


class Mapped(NamedTuple):
    """The canonical words of a column, and the problems with those that are not known."""

    words: pa.Array
    problems: pa.Table


def word(registries: Registries, taxonomy: str, vocabulary: str | None, text: str) -> Word | None:
    """What ``text`` means as a word of ``vocabulary``; None where that is not known."""
    return registries.words[taxonomy].get((vocabulary or "", key(text)))


def mapped(table: pa.Table, registries: Registries, taxonomy: str, name: str, where: str) -> Mapped:
    """Canonical words for column ``name`` of a row table; null where it is null. ``where`` is the table's name, for messages."""
    words = column(table, name)
    vocabularies = column(table, "vocabulary")
    meanings = {f"{vocabulary}{SEPARATOR}{text}": meaning.canonical for (vocabulary, text), meaning in registries.words[taxonomy].items()}
    known = looked_up(joined(pc.fill_null(vocabularies, ""), folded(words)), meanings)
    missed = pc.and_(pc.is_valid(words), pc.is_null(known))
    expected = pc.binary_join_element_wise(f"{TITLES[taxonomy]} in vocabulary ", pc.fill_null(vocabularies, "(none named)"), "")
    return Mapped(pc.if_else(missed, UNKNOWN, known), unmapped(table, missed, f"{where}.{name}", words, expected))
