"""The policy: what evidence is required, how old it may be, and what holds a packet. A versioned data file; no code decides it."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from release_staging.config import trust
from release_staging.config.disclosure import DisclosureRules
from release_staging.config.durations import Duration
from release_staging.config.load import ConfigurationError, Name, Pattern, Strict, Version, digest, load
from release_staging.config.trust import AcceptedBuilder, TrustedKey, TrustRoot
from release_staging.model.exceptions import Code, Role
from release_staging.model.sources import SOURCE_BY_NAME


def _known_source(name: str) -> str:
    if name not in SOURCE_BY_NAME:
        raise ValueError(f"{name!r} is no source; there are {', '.join(SOURCE_BY_NAME)}")
    return name


SourceName = Annotated[str, AfterValidator(_known_source), WithJsonSchema({"type": "string", "enum": list(SOURCE_BY_NAME)})]
CodeName = Annotated[Code, WithJsonSchema({"type": "string", "enum": [code.value for code in Code]})]
SignatureState = Literal["verified", "failed", "not_attempted", "unverifiable"]


class Age(Strict):
    """How old the evidence of a source may be at the packet's effective time."""

    max_age: Duration


class Freshness(Strict):
    """Ages are measured from when a document was produced (else: from when what it reports ended) to the effective time."""

    sources: dict[SourceName, Age]
    vulnerability_database: Age
    max_future_skew: Duration  # how far after the effective time a document may say that it was made


class Order(Strict):
    """Evidence that cannot be older than other evidence: no document of ``then`` may end before ``first`` began (or ended).

    ``levels`` narrows test reports to these test levels.
    """

    first: SourceName
    at: Literal["start", "end"] = "start"
    then: SourceName
    levels: tuple[Name, ...] = ()


class Binding(Strict):
    """How strongly documents of a source must be tied to the candidate; a document of another source is only noted."""

    least: dict[SourceName, Literal["asserted", "weak", "strong"]] = Field(default_factory=dict)


class Rollback(Strict):
    """``exercised_within``: how long ago the rollback may have been exercised last. ``artifact``: how what it returns to must be named.

    ``known``: whether the digest it returns to must be one that a registry document, a document of the release before, or an
    earlier staged record of the service names.
    """

    exercised_within: Duration | None = None
    artifact: Literal["any", "named", "named_by_digest"] = "any"
    known: bool = False


class Override(Strict):
    """Whether an exception holds a packet when it is about this source."""

    code: CodeName
    source: SourceName
    blocking: bool


class Blocking(Strict):
    """Which exceptions hold a packet, where that is not as the rule itself says."""

    codes: dict[CodeName, bool] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


class Links(Strict):
    """Where linked exports may be read from. ``hosts`` are scheme and authority, such as ``s3://evidence``."""

    folders: tuple[Name, ...] = ()
    hosts: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9+.-]*://[^/\s]+$")], ...] = ()


class Signature(Strict):
    """Signature states of an attestation that need no person to look."""

    accepted: tuple[SignatureState, ...]


class SecretChangePatterns(Strict):
    """A configuration change touches a secret when its file or its key matches."""

    files: tuple[Pattern, ...]
    keys: tuple[Pattern, ...]


class Overdue(Strict):
    """How long a hold may wait for each role before it is overdue."""

    release_manager: Duration = timedelta(days=3)
    service_owner: Duration = timedelta(days=3)
    security_reviewer: Duration = timedelta(days=1)

    @property
    def by_role(self) -> dict[Role, timedelta]:
        return {role: getattr(self, role.value) for role in Role}


class Quality(Strict):
    """Of which packets intake quality speaks: those received within ``over``; of how many records values are led back each time."""

    over: Duration = timedelta(days=30)
    sample: Annotated[int, Field(ge=0, le=500)] = 20


class Queue(Strict):
    """What those who run it are told of the exception queue and of the intake."""

    overdue_after: Overdue = Overdue()
    quality: Quality = Quality()


class Retention(Strict):
    """How long a packet rests after its last revision until it is archived: staged and closed ones, and open holds (never by default)."""

    archive_after: Duration = timedelta(days=180)
    open_holds_after: Duration | None = None


class Policy(Strict):
    """The policy of a run, as its file says."""

    version: Version
    required_evidence: dict[SourceName, bool]
    required_test_levels: tuple[Name, ...]
    freshness: Freshness
    order: tuple[Order, ...] = ()
    binding: Binding = Binding()
    rollback: Rollback
    blocking: Blocking
    links: Links
    signature: Signature
    trusted_keys: tuple[TrustedKey, ...] = ()
    trust_roots: tuple[TrustRoot, ...] = ()
    accepted_builders: tuple[AcceptedBuilder, ...] = ()  # nobody is asked who built where none is named
    secret_change_patterns: SecretChangePatterns
    disclosure: DisclosureRules
    # How the deployment is run decides no outcome, so it is not in the digest: changing it stages nothing again.
    queue: Queue = Field(default=Queue(), exclude=True)
    retention: Retention = Field(default=Retention(), exclude=True)

    @classmethod
    def load(cls, path: Path, digest_key: str | None = None) -> Policy:
        """The policy at ``path``, the files it names read. A deployment's ``digest_key`` replaces its own. Raises ConfigurationError."""
        file = load(path, cls, {("disclosure", "digest_key"): digest_key} if digest_key is not None else None)
        return file.value.model_copy(update={"trusted_keys": trust.keys(file), "trust_roots": trust.roots(file)})

    @cached_property
    def digest(self) -> str:
        """sha256 over the canonical content, what is trusted included; the disclosure boundary's digest key is not in it."""
        return digest(self)

    @property
    def required_sources(self) -> tuple[str, ...]:
        """Sources of which a packet must hold a document, in the file's order."""
        return tuple(source for source, required in self.required_evidence.items() if required)

    @property
    def accepted_signatures(self) -> tuple[str, ...]:
        return self.signature.accepted

    def blocks(self, code: str, source: str | None = None, *, default: bool = True) -> bool:
        """Whether an exception holds a packet. ``default`` is what its rule says."""
        for override in self.blocking.overrides:
            if (override.code.value, override.source) == (code, source):
                return override.blocking
        return self.blocking.codes.get(Code(code), default)


__all__ = ["ConfigurationError", "Policy"]
