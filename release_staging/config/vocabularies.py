"""The taxonomies: what each source's words for results, severities and states mean in the one controlled vocabulary.

A data file lists, for each vocabulary that readers name, the source words under the canonical word they mean. A word
that stands under none is not known, and never a pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, Field

from release_staging.config.load import DataFile, Name, Strict, Version

Words = tuple[str, ...]


class Word(NamedTuple):
    """What a source word means, and what the canonical word does not say any more."""

    canonical: str
    loss: str | None


class Vocabulary(Strict):
    """The words of one source. ``also`` are further names under which readers write the same vocabulary."""

    canonical: ClassVar[tuple[str, ...]] = ()
    reference: Annotated[str, Field(min_length=1, description="Where the words come from")]
    also: tuple[Name, ...] = ()
    losses: dict[str, str] = Field(default_factory=dict, description="Source word -> what the canonical word does not say any more")


class OutcomeWords(Vocabulary):
    """Words for the result of a job, a test, a threshold or a policy rule."""

    canonical: ClassVar[tuple[str, ...]] = ("passed", "failed", "error", "skipped", "inconclusive", "flaky", "unknown")
    passed: Words = ()
    failed: Words = ()
    error: Words = ()  # it did not complete
    skipped: Words = ()  # it did not run
    inconclusive: Words = ()  # it ran, is still running or waits, and says neither
    flaky: Words = ()  # it passed, but not every time
    unknown: Words = ()


class SeverityWords(Vocabulary):
    """Words for how bad something is. The canonical scale is that of CVSS v3.1 section 5.

    ``score`` says what a row's numeric score (0.0 to 10.0), or else that of its CVSS vector, is for: it is ``ignored``,
    stands in as a ``fallback`` for a word that is absent or says that it is unknown, or comes ``first``, before the word.
    """

    canonical: ClassVar[tuple[str, ...]] = ("critical", "high", "medium", "low", "none", "unknown")
    score: Literal["ignored", "fallback", "first"] = "ignored"
    critical: Words = ()
    high: Words = ()
    medium: Words = ()
    low: Words = ()
    none: Words = ()
    unknown: Words = ()


class VulnerabilityStateWords(Vocabulary):
    """Words for whether a vulnerability affects the product. The canonical words are those of OpenVEX 0.2.0."""

    canonical: ClassVar[tuple[str, ...]] = ("affected", "not_affected", "fixed", "under_investigation", "unknown")
    affected: Words = ()
    not_affected: Words = ()
    fixed: Words = ()
    under_investigation: Words = ()
    unknown: Words = ()


class IncidentStateWords(Vocabulary):
    """Words for how far an incident is."""

    canonical: ClassVar[tuple[str, ...]] = ("open", "mitigated", "resolved", "unknown")
    open: Words = ()
    mitigated: Words = ()
    resolved: Words = ()
    unknown: Words = ()


class Outcomes(Strict):
    """Results of jobs, tests, metrics and policy rules, and verdicts of documents."""

    version: Version
    vocabularies: dict[Name, OutcomeWords]


class Severities(Strict):
    """Severities of vulnerabilities, policy results and incidents."""

    version: Version
    vocabularies: dict[Name, SeverityWords]


class VulnerabilityStates(Strict):
    """States of vulnerabilities, as scanners and VEX documents write them."""

    version: Version
    vocabularies: dict[Name, VulnerabilityStateWords]


class IncidentStates(Strict):
    """States of incidents."""

    version: Version
    vocabularies: dict[Name, IncidentStateWords]


M = TypeVar("M", bound=BaseModel)


def words_of(file: DataFile[M], vocabularies: Mapping[str, Vocabulary]) -> dict[tuple[str, str], Word]:
    """Canonical words by vocabulary name and lower-case source word. Raises ConfigurationError where a word means two things."""
    found: dict[tuple[str, str], Word] = {}
    for name, vocabulary in vocabularies.items():
        losses = {word.strip().lower(): loss for word, loss in vocabulary.losses.items()}
        here: dict[str, Word] = {}
        for canonical in vocabulary.canonical:
            for place, word in enumerate(getattr(vocabulary, canonical)):
                known = word.strip().lower()
                if known in here:
                    file.refuse(f"/vocabularies/{name}/{canonical}/{place}", f"{word!r} already means {here[known].canonical!r}")
                here[known] = Word(canonical, losses.pop(known, None))
        for stray in losses:
            file.refuse(f"/vocabularies/{name}/losses", f"{stray!r} is not a word of this vocabulary")
        for written in (name, *vocabulary.also):
            if any(vocabulary_name == written for vocabulary_name, _ in found):
                file.refuse(f"/vocabularies/{name}", f"{written!r} names a vocabulary already described")
            found.update({(written, word): meaning for word, meaning in here.items()})
    return found
