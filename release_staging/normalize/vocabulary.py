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
    """The canonical words of a column, what they do not say any more, and the problems with those that are not known."""

    words: pa.Array
    losses: pa.Array
    problems: pa.Table


def word(registries: Registries, taxonomy: str, vocabulary: str | None, text: str) -> Word | None:
    """What ``text`` means as a word of ``vocabulary``; None where that is not known."""
    return registries.words[taxonomy].get((vocabulary or "", key(text)))


def mapped(table: pa.Table, registries: Registries, taxonomy: str, name: str, where: str) -> Mapped:
    """Canonical words for column ``name`` of a row table; null where it is null. ``where`` is the table's name, for messages."""
    words = column(table, name)
    vocabularies = column(table, "vocabulary")
    meanings = {f"{vocabulary}{SEPARATOR}{text}": meaning for (vocabulary, text), meaning in registries.words[taxonomy].items()}
    keys = joined(pc.fill_null(vocabularies, ""), folded(words))
    known = looked_up(keys, {text: meaning.canonical for text, meaning in meanings.items()})
    losses = looked_up(keys, {text: meaning.loss for text, meaning in meanings.items() if meaning.loss})
    missed = pc.and_(pc.is_valid(words), pc.is_null(known))
    expected = pc.binary_join_element_wise(f"{TITLES[taxonomy]} in vocabulary ", pc.fill_null(vocabularies, "(none named)"), "")
    return Mapped(pc.if_else(missed, UNKNOWN, known), losses, unmapped(table, missed, f"{where}.{name}", words, expected))
