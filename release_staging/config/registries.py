"""The registries: which services, repositories, environments and words there are, each in a versioned data file.

Names are looked up without regard to case and to white space around them (``key``), and otherwise as written: what else
is to be understood is an alias in the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import Field

from release_staging.config.load import DataFile, Name, Pattern, Strict, Version, digest, load
from release_staging.config.vocabularies import IncidentStates, Outcomes, Severities, VulnerabilityStates, Word, words_of


def key(name: str) -> str:
    """The form of a name that lookups go by."""
    return name.strip().lower()


class Service(Strict):
    """A service that is released. ``repositories`` are ids of the repository registry."""

    id: Name
    aliases: tuple[Name, ...] = ()
    repositories: tuple[Name, ...] = ()
    owner: Name
    tier: Name


class Repository(Strict):
    """A source repository. Spellings of one address need no alias: addresses are compared in their canonical form."""

    id: Name
    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    aliases: tuple[Name, ...] = ()


class Environment(Strict):
    """A place software runs in. ``paths`` recognise the files that configure it; whole path segments need no pattern."""

    id: Name
    aliases: tuple[Name, ...] = ()
    environment_class: Annotated[Literal["production", "staging", "test"], Field(alias="class")]
    paths: tuple[Pattern, ...] = ()


class ArtifactType(Strict):
    """A kind of artifact. ``aliases`` are the words of tools for it."""

    id: Name
    aliases: tuple[Name, ...] = ()
    media_types: tuple[Name, ...] = ()


class Level(Strict):
    """A level of test. ``suites`` recognise names of test suites, ``paths`` the documents of a packet, ``formats`` their format ids."""

    id: Name
    aliases: tuple[Name, ...] = ()
    suites: tuple[Pattern, ...] = ()
    paths: tuple[Pattern, ...] = ()
    formats: tuple[Pattern, ...] = ()


class Services(Strict):
    """Services that may be released."""

    version: Version
    services: tuple[Service, ...]


class Repositories(Strict):
    """Repositories that services are built from."""

    version: Version
    repositories: tuple[Repository, ...]


class Environments(Strict):
    """Environments that evidence may speak of."""

    version: Version
    environments: tuple[Environment, ...]


class ArtifactTypes(Strict):
    """Kinds of artifact."""

    version: Version
    artifact_types: tuple[ArtifactType, ...]


class Levels(Strict):
    """Levels of test, and the suite names and paths that tell them."""

    version: Version
    levels: tuple[Level, ...]


FILES: dict[str, type[Strict]] = {
    "services": Services,
    "repositories": Repositories,
    "environments": Environments,
    "artifact_types": ArtifactTypes,
    "test_levels": Levels,
    "outcomes": Outcomes,
    "severities": Severities,
    "vulnerability_states": VulnerabilityStates,
    "incident_states": IncidentStates,
}


@dataclass(frozen=True)
class Registries:
    """All registries of one folder, checked, and the digest of what they say."""

    services: Mapping[str, Service]  # by key of id and alias, as the next four
    repositories: Mapping[str, Repository]
    environments: Mapping[str, Environment]
    artifact_types: Mapping[str, ArtifactType]
    levels: Mapping[str, Level]
    scores: Mapping[str, str]  # vocabulary -> what a numeric score is for, where it is for something: "fallback" or "first"
    words: Mapping[str, Mapping[tuple[str, str], Word]]  # taxonomy -> (vocabulary, key of a source word) -> canonical word
    digest: str  # sha256 over the files' canonical content
    by_finding: frozenset[tuple[str, str]] = frozenset()  # (registry, key of a name) that a reviewer's finding maps, not the registry

    @classmethod
    def load(cls, folder: Path) -> Registries:
        """The registries in ``folder``. Raises ConfigurationError."""
        services = load(folder / "services.yaml", Services)
        repositories = load(folder / "repositories.yaml", Repositories)
        environments = load(folder / "environments.yaml", Environments)
        types = load(folder / "artifact_types.yaml", ArtifactTypes)
        levels = load(folder / "test_levels.yaml", Levels)
        outcomes = load(folder / "outcomes.yaml", Outcomes)
        severities = load(folder / "severities.yaml", Severities)
        vulnerability_states = load(folder / "vulnerability_states.yaml", VulnerabilityStates)
        incident_states = load(folder / "incident_states.yaml", IncidentStates)
        _refuse_unknown_repositories(services, {repository.id for repository in repositories.value.repositories})
        files = (services, repositories, environments, types, levels, outcomes, severities, vulnerability_states, incident_states)
        return cls(
            services=_by_name(services, "services", services.value.services),
            repositories=_by_name(repositories, "repositories", repositories.value.repositories),
            environments=_by_name(environments, "environments", environments.value.environments),
            artifact_types=_by_name(types, "artifact_types", types.value.artifact_types),
            levels=_by_name(levels, "levels", levels.value.levels),
            scores={
                name: vocabulary.score
                for known, vocabulary in severities.value.vocabularies.items()
                for name in (known, *vocabulary.also)
                if vocabulary.score != "ignored"
            },
            words={
                "outcome": words_of(outcomes, outcomes.value.vocabularies),
                "severity": words_of(severities, severities.value.vocabularies),
                "vulnerability_state": words_of(vulnerability_states, vulnerability_states.value.vocabularies),
                "incident_state": words_of(incident_states, incident_states.value.vocabularies),
            },
            digest=digest({file.path.stem: file.value for file in files}),
        )

    def with_names(self, names: Iterable[tuple[str, str, str]]) -> Registries:
        """The same with further names: (registry, name, id of the entry that it means). A name of no entry means nothing."""
        changed: dict[str, Any] = {}
        for registry, name, entry_id in names:
            entries = changed.setdefault(registry, dict(getattr(self, registry)))
            entry = next((entry for entry in entries.values() if entry.id == entry_id), None)
            if entry is not None and key(name) not in entries:
                entries[key(name)] = entry
        added = {(registry, name) for registry, entries in changed.items() for name in entries.keys() - getattr(self, registry).keys()}
        return replace(self, **changed, by_finding=self.by_finding | added)

    @cached_property
    def vocabularies(self) -> frozenset[str]:
        """Every vocabulary that some taxonomy has words of."""
        return frozenset(vocabulary for words in self.words.values() for vocabulary, _ in words)


class Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...


M = TypeVar("M", bound=Strict)
N = TypeVar("N", bound=Named)


def _by_name(file: DataFile[M], member: str, entries: Iterable[N]) -> dict[str, N]:
    """Entries by the key of id and aliases; a name that would mean two entries is refused."""
    found: dict[str, N] = {}
    for number, entry in enumerate(entries):
        names = [(entry.id, "id"), *((alias, f"aliases/{place}") for place, alias in enumerate(entry.aliases))]
        for name, place in names:
            if key(name) in found:
                other = found[key(name)].id
                file.refuse(f"/{member}/{number}/{place}", f"{name!r} is already a name of {other!r}; a name means one entry")
            found[key(name)] = entry
    return found


def _refuse_unknown_repositories(services: DataFile[Services], known: set[str]) -> None:
    for number, service in enumerate(services.value.services):
        for place, repository in enumerate(service.repositories):
            if repository not in known:
                services.refuse(f"/services/{number}/repositories/{place}", f"{repository!r} is no id of the repository registry")
