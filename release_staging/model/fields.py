"""The closed list of fields a claim may be about. Grown deliberately: a field is added here or it does not exist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """``kind`` chooses the normalisation (``normalize``): how two values are compared.

    ``declared`` marks what a packet's own declarations and attestations name, where other documents may name others beside.
    """

    name: str
    kind: str
    meaning: str
    declared: bool = False


_ALL = (
    Field("service.name", "service", "name of the service being released"),
    Field("service.owner", "owner", "who owns the service"),
    Field("service.tier", "text", "tier or criticality of the service"),
    Field("repository.url", "repository", "source repository"),
    Field("candidate.version", "version", "version of the release candidate"),
    Field("candidate.commit", "commit", "git revision the candidate was built from"),
    Field("candidate.tag", "text", "git tag of the candidate"),
    Field("candidate.branch", "text", "git branch the evidence was made on"),
    Field("build.id", "text", "id of the CI run that built the candidate", declared=True),
    Field("build.url", "text", "address of that run"),
    Field("build.attempt", "text", "attempt of that run"),
    Field("build.workflow", "text", "workflow that the run is of, or one that it called: host, repository and path"),
    Field("builder.id", "text", "who built, as provenance names it"),
    Field("artifact.digest", "digest", "digest of an artifact; the subject names the artifact"),
    Field("artifact.reference", "reference", "OCI reference or file name of an artifact"),
    Field("environment.target", "environment", "environment the candidate is meant for"),
    Field("environment.observed", "environment", "environment the evidence was made in or for"),
    Field("produced_at", "time", "when the document was made"),
    Field("started_at", "time", "when what it reports began"),
    Field("finished_at", "time", "when what it reports ended"),
    Field("database_at", "time", "age of the vulnerability database used"),
    Field("tool.name", "text", "tool that wrote the document"),
    Field("tool.version", "text", "version of that tool"),
    Field("test.level", "level", "unit, integration, load or smoke"),
    Field("verdict", "verdict", "the document's own overall result"),
    Field("baseline.version", "version", "version compared with"),
    Field("rollback.version", "version", "version a rollback returns to"),
    Field("rollback.artifact", "digest", "digest of the artifact a rollback returns to"),
    Field("rollback.reference", "reference", "reference of that artifact"),
    Field("rollback.exercised_at", "time", "when the rollback was last exercised"),
    Field("incident.id", "text", "incident the note is about"),
    Field("incident.conclusion", "text", "a conclusion the note draws about this release"),
    Field("incident.evidence", "text", "evidence the note cites for a conclusion"),
    Field("security_review.reference", "text", "reference to a security review of a change; never its result"),
    Field("signature.state", "text", "verified, failed, not_attempted or unverifiable"),
    Field("authority.statement", "text", "words of authority found in evidence; quoted by locator, never carried"),
)

# The packet's descriptor has no source: its claims count as what the submitter declares.
DESCRIPTOR = None
DECLARING = (DESCRIPTOR, "release_manifest", "provenance_attestations")

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
