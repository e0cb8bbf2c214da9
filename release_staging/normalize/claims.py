"""Claims in the form they are compared in: one rule a kind of field (``model.fields``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.registries import Named, Registries, key
from release_staging.disclosure.conceal import WITHHELD
from release_staging.model.confidence import Confidence, weakest
from release_staging.model.fields import FIELDS
from release_staging.model.tables import TEXT
from release_staging.normalize import rules
from release_staging.normalize.columns import SEPARATOR, column, joined, looked_up
from release_staging.normalize.identifiers.commits import commit
from release_staging.normalize.identifiers.digests import digest
from release_staging.normalize.identifiers.identifier import Identifier
from release_staging.normalize.identifiers.owners import owner
from release_staging.normalize.identifiers.references import reference
from release_staging.normalize.identifiers.repositories import repository
from release_staging.normalize.identifiers.versions import version
from release_staging.normalize.problems import SCHEMA, unmapped
from release_staging.normalize.schemas import NORMALISED, TIME
from release_staging.normalize.times import instant
from release_staging.normalize.vocabulary import UNKNOWN, word

_KINDS = {name: known.kind for name, known in FIELDS.items()}


@dataclass(frozen=True)
class Normal:
    """What a value comes to. ``confidence`` is the best it can still have; ``expected`` is set where it is not known."""

    value: str
    rule: str | None = None
    loss: str | None = None
    confidence: Confidence = Confidence.EXACT
    expected: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None


@dataclass(frozen=True)
class Normaliser:
    """Rules by kind of field, over one set of registries."""

    registries: Registries
    repositories: dict[str, str] = field(default_factory=dict)  # key of a canonical address or alias -> canonical address

    def __post_init__(self) -> None:
        for name, entry in self.registries.repositories.items():
            address = repository(entry.url).text
            self.repositories.update({name: address, key(address): address, key(repository(name).text): address})

    def normal(self, kind: str, vocabulary: str | None, value: str) -> Normal:
        """The normal form of a value of a field of this kind."""
        match kind:
            case "version":
                return _computed(value, version(value), rules.VERSION, Confidence.EXACT)
            case "commit":
                return _computed(value, commit(value), rules.COMMIT, Confidence.LOW)
            case "digest":
                return _computed(value, digest(value), rules.DIGEST, Confidence.LOW)
            case "reference":
                return _computed(value, reference(value), rules.REFERENCE, Confidence.EXACT)
            case "owner":
                return _computed(value, owner(value), rules.OWNER, Confidence.EXACT)
            case "time":
                return _time(value)
            case "repository":
                return self._repository(value)
            case "service":
                return self._named(value, "services", self.registries.services)
            case "environment":
                return self._named(value, "environments", self.registries.environments)
            case "level":
                return self._named(value, "levels", self.registries.levels)
            case "verdict":
                return self._verdict(vocabulary, value)
        return Normal(value)

    def _named(self, text: str, registry: str, entries: Mapping[str, Named]) -> Normal:
        entry = entries.get(key(text))
        if entry is None:
            return _unknown(text, f"a name of the registry of {registry}")
        return Normal(text) if entry.id == text else Normal(entry.id, self._rule(registry, text), None, Confidence.MAPPED)

    def _rule(self, registry: str, name: str) -> str:
        mapped = (registry, key(name)) in self.registries.by_finding
        return f"{rules.REVIEW_FINDING if mapped else rules.REGISTRY}:{registry}"

    def _repository(self, text: str) -> Normal:
        written = repository(text)
        known = self.repositories.get(key(written.text))
        if known is None:
            computed = _computed(text, written, rules.REPOSITORY, Confidence.LOW)
            return Normal(computed.value, computed.rule, computed.loss, Confidence.LOW, "a repository of the registry")
        if known == written.text:
            return _computed(text, written, rules.REPOSITORY, Confidence.LOW)
        return Normal(known, self._rule("repositories", text), written.note if written.understood else None, Confidence.MAPPED)

    def _verdict(self, vocabulary: str | None, text: str) -> Normal:
        meaning = word(self.registries, "outcome", vocabulary, text)
        if meaning is None:
            known = _unknown(text, f"a result in vocabulary {vocabulary or '(none named)'}")
            return Normal(UNKNOWN, None, known.loss, known.confidence, known.expected)
        return Normal(meaning.canonical, f"{rules.VOCABULARY}:{vocabulary}", meaning.loss, Confidence.MAPPED)


def _unknown(text: str, expected: str) -> Normal:
    return Normal(text, None, f"not {expected}", Confidence.LOW, expected)


def _computed(text: str, known: Identifier, rule: str, otherwise: Confidence) -> Normal:
    """``otherwise`` is the confidence of a value that the rule cannot make sense of, and which stays as it is."""
    if not known.understood:
        return Normal(text, None, known.note, otherwise)
    if known.text == text:
        return Normal(text, None, known.note)
    return Normal(known.text, rule, known.note, Confidence.DERIVED)


def _time(text: str) -> Normal:
    known = instant(text)
    if known.earliest is None:
        return Normal(text, None, known.note, Confidence.LOW)
    canonical = known.canonical or text
    changed = canonical != text
    return Normal(
        canonical,
        f"{rules.TIME}:{known.form}" if changed else None,
        known.note,
        Confidence.DERIVED if changed else Confidence.EXACT,
        None,
        known.earliest,
        known.latest,
    )


def normalise_claims(claims: pa.Table, registries: Registries) -> tuple[pa.Table, pa.Table]:
    """Claims with the columns of ``schemas.ADDED``, and the problems found."""
    kinds = pc.fill_null(looked_up(column(claims, "field"), _KINDS), "text")
    keys = joined(kinds, pc.fill_null(column(claims, "vocabulary"), ""), pc.fill_null(column(claims, "value"), "")).dictionary_encode()
    normaliser = Normaliser(registries)
    distinct = []
    for text in keys.dictionary.to_pylist():
        kind, vocabulary, value = text.split(SEPARATOR, 2)
        distinct.append(normaliser.normal(kind, vocabulary or None, value))
    normals = [distinct[index] for index in keys.indices.to_pylist()]
    stated = claims["confidence"].to_pylist()
    confidence = [weakest([one, normal.confidence.value]) for one, normal in zip(stated, normals, strict=True)]
    added: dict[str, tuple[list[object], pa.DataType]] = {
        "normal": ([normal.value for normal in normals], TEXT),
        "rule": ([normal.rule for normal in normals], TEXT),
        "normal_loss": ([normal.loss for normal in normals], TEXT),
        "earliest": ([normal.earliest for normal in normals], TIME),
        "latest": ([normal.latest for normal in normals], TIME),
    }
    table = claims.set_column(claims.column_names.index("confidence"), "confidence", pa.array(confidence, TEXT))
    for name, (values, kind) in added.items():
        table = table.append_column(name, pa.array(values, kind))
    return table.cast(NORMALISED["claims"]), _problems(claims, pa.array([normal.expected for normal in normals], TEXT))


def _problems(claims: pa.Table, expected: pa.Array) -> pa.Table:
    """What no registry knows, field by field."""
    fields = column(claims, "field")
    unknown = pc.and_(pc.is_valid(expected), pc.invert(pc.match_substring(column(claims, "value"), WITHHELD)))  # what is left is no name
    found = [
        unmapped(claims, pc.and_(unknown, pc.equal(fields, name)), name, column(claims, "value"), expected)
        for name in pc.unique(fields.filter(unknown)).to_pylist()
    ]
    return pa.concat_tables([SCHEMA.empty_table(), *found])
