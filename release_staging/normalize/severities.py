"""The severity of a vulnerability: its source's word; where there is none, what a stated score or CVSS vector stands for.

What disagrees is kept and said: a vendor's word and a vector's rating often differ and both may be right, while a score that is
not that of its own vector is a mistake of the document.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.registries import Registries
from release_staging.model.tables import TEXT
from release_staging.normalize import rules
from release_staging.normalize.columns import SEPARATOR, both, column, each, joined, looked_up
from release_staging.normalize.cvss import every, severity, worst
from release_staging.normalize.vocabulary import UNKNOWN

_SCORE = re.compile(r"(?:10(?:\.0+)?|[0-9](?:\.[0-9]+)?)", re.ASCII)


def scored(vulnerabilities: pa.Table, registries: Registries) -> pa.Table:
    """Vulnerabilities with ``severity_level`` by word, score or vector, the rule it is known by, and what the vector says beside it.

    A finding that its word calls none at all (a check that passed) keeps that word: the score is of its rule.
    """
    use = looked_up(column(vulnerabilities, "vocabulary"), registries.scores)
    by_word, word_loss = column(vulnerabilities, "severity_level"), column(vulnerabilities, "severity_loss")
    stated = joined(pc.fill_null(column(vulnerabilities, "score"), ""), pc.fill_null(column(vulnerabilities, "cvss"), ""))
    by_score, cvss_score, by_vector, score_loss = each(stated, _told, TEXT, TEXT, TEXT, TEXT)

    known = pc.not_equal(by_word, UNKNOWN)
    first = pc.and_(pc.fill_null(pc.equal(use, "first"), False), pc.not_equal(by_word, "none"))
    fallback = pc.and_(pc.is_valid(use), pc.invert(known))
    computed = pc.coalesce(by_score, by_vector)
    counts = pc.and_(pc.or_(first, fallback), pc.is_valid(computed))
    by_rule = pc.if_else(pc.is_valid(by_score), rules.SEVERITY_FROM_SCORE, rules.SEVERITY_FROM_CVSS)
    rated_otherwise = pc.and_(known, pc.fill_null(pc.not_equal(by_word, by_vector), False))
    rating = pc.binary_join_element_wise("its CVSS vector rates it", by_vector, " ")
    loss = both(word_loss, pc.if_else(rated_otherwise, rating, pa.scalar(None, TEXT)))

    columns = {
        "severity_level": pc.if_else(counts, computed, by_word),
        "severity_loss": pc.if_else(counts, pa.scalar(None, TEXT), loss),
        "severity_rule": pc.if_else(counts, by_rule, pc.if_else(known, rules.VOCABULARY, pa.scalar(None, TEXT))),
        "cvss_score": cvss_score,
        "cvss_level": by_vector,
        "score_loss": score_loss,
    }
    return pa.table({**{name: vulnerabilities[name] for name in vulnerabilities.column_names}, **columns})


def _told(stated: str) -> tuple[str | None, str | None, str | None, str | None]:
    """Of a row's score and vector: the score's severity, the vector's base score and severity, and how they disagree."""
    written, _, vector = stated.partition(SEPARATOR)
    bare = written.strip()
    score = Decimal(bare) if _SCORE.fullmatch(bare) else None
    ratings = every(vector)
    of_score = [one for one in ratings if score in one.scores]
    version_2 = all(one.version == "2.0" for one in of_score or ratings) and bool(ratings)
    by_score = None if score is None else severity(score, "2.0" if version_2 else "3.1")
    if not ratings:
        return by_score, None, None, "the vector is not one of CVSS 2.0, 3.0, 3.1 or 4.0" if vector else None
    found = worst(ratings)
    disagrees = score is not None and not of_score
    loss = f"the score {bare} is not that of the CVSS vector, {found.score}" if disagrees else None
    return by_score, str(found.score), found.severity, loss
