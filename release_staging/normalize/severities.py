"""Severities by numeric score, where the vocabulary of the words says that a score counts."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.registries import Registries
from release_staging.model.tables import TEXT
from release_staging.normalize import rules
from release_staging.normalize.columns import column, looked_up
from release_staging.normalize.vocabulary import UNKNOWN

# CVSS v3.1 section 5: (score from which on, severity). Version 4.0 has the same scale, version 2 has another one.
_SCALE = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"), (0.0, "none"))
_SCORE = r"^\s*(?:10(?:\.0+)?|[0-9](?:\.[0-9]+)?)\s*$"


def scored(vulnerabilities: pa.Table, registries: Registries) -> pa.Table:
    """Vulnerabilities with ``severity_level`` by word or score, and the rule it is known by.

    A finding that its word calls none at all (a check that passed) keeps that word: the score is of its rule.
    """
    use = looked_up(column(vulnerabilities, "vocabulary"), registries.scores)
    by_word = column(vulnerabilities, "severity_level")
    by_score = _by_score(column(vulnerabilities, "score"))
    first = pc.and_(pc.fill_null(pc.equal(use, "first"), False), pc.not_equal(by_word, "none"))
    fallback = pc.and_(pc.fill_null(pc.equal(use, "fallback"), False), pc.equal(by_word, UNKNOWN))
    counts = pc.and_(pc.or_(first, fallback), pc.is_valid(by_score))
    by_rule = pc.if_else(pc.not_equal(by_word, UNKNOWN), rules.VOCABULARY, pa.scalar(None, TEXT))
    place = vulnerabilities.column_names.index("severity_level")
    severities = vulnerabilities.set_column(place, "severity_level", pc.if_else(counts, by_score, by_word))
    return severities.append_column("severity_rule", pc.if_else(counts, rules.SEVERITY_FROM_SCORE, by_rule))


def _by_score(written: pa.Array) -> pa.Array:
    """The severity that each score stands for; null for what is no score."""
    score = pc.cast(pc.utf8_trim_whitespace(pc.if_else(pc.match_substring_regex(written, _SCORE), written, None)), pa.float64())
    severities = pa.nulls(len(written), TEXT)
    for least, severity in reversed(_SCALE):
        severities = pc.if_else(pc.fill_null(pc.greater_equal(score, least), False), severity, severities)
    return severities
