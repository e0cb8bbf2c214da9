"""The mapping rules by name: what stands in ``rule`` columns, in the record and in its trace."""

from __future__ import annotations

VERSION = "version"
COMMIT = "commit"
DIGEST = "digest"
REFERENCE = "reference"
REPOSITORY = "repository"
TIME = "time"
OWNER = "owner"
REGISTRY = "registry"
REVIEW_FINDING = "review-finding"
VOCABULARY = "vocabulary"
ENVIRONMENT_STATED = "environment-stated"
ENVIRONMENT_FROM_PATH = "environment-from-path"
ENVIRONMENT_ASSERTED = "environment-asserted"
LEVEL_ASSERTED = "level-asserted"
LEVEL_CLAIMED = "level-claimed"
LEVEL_FROM_SUITES = "level-from-suites"
LEVEL_FROM_PATH = "level-from-path"
LEVEL_FROM_FORMAT = "level-from-format"
SEVERITY_FROM_SCORE = "severity-from-score"
SEVERITY_FROM_CVSS = "severity-from-cvss"
FINDING = "finding"
SECRET_MARKED = "secret-marked"
SECRET_PATTERN = "secret-pattern"

# A rule may be followed by ":" and what it went by, for example "vocabulary:ctrf-status" or "registry:environments".
RULES: dict[str, str] = {
    VERSION: "version without the v of a tag, its pre-release as word and number (SemVer 2.0.0); or as PEP 440 normalises it",
    COMMIT: "git object id in lower case",
    DIGEST: "digest written as algorithm:hex",
    REFERENCE: "OCI reference with the implied registry, namespace and tag written out; package URL in canonical form",
    REPOSITORY: "address of a repository as https://host/path",
    TIME: "time as RFC 3339 in UTC",
    OWNER: "name of an owner without the kind and namespace of a reference to it",
    REGISTRY: "name of the registry for one of its aliases",
    REVIEW_FINDING: "name of the registry for a name that a reviewer's finding maps to it, for this packet only",
    VOCABULARY: "canonical word for the source's own, by the table of its vocabulary",
    ENVIRONMENT_STATED: "environment that the source states, by the registry",
    ENVIRONMENT_FROM_PATH: "environment from the path of the changed file, by the registry",
    ENVIRONMENT_ASSERTED: "environment that the packet's descriptor asserts of the document",
    LEVEL_ASSERTED: "test level that the packet's descriptor asserts of the document",
    LEVEL_CLAIMED: "test level that the document itself states",
    LEVEL_FROM_SUITES: "test level from the names of the report's suites, by the registry",
    LEVEL_FROM_PATH: "test level from the document's path in the packet, by the registry",
    LEVEL_FROM_FORMAT: "test level from the document's format, by the registry",
    SEVERITY_FROM_SCORE: "severity from a stated score by the scale of CVSS v3.1; of version 2, by NVD's, which has no critical",
    SEVERITY_FROM_CVSS: "severity from the base score of a stated CVSS vector, by the scale of its version",
    FINDING: "rows of one document are one finding where vulnerability, package and version, target, location, state and suppression agree",
    SECRET_MARKED: "the source itself marks the changed value as sensitive",
    SECRET_PATTERN: "file or key of the change is named like one that holds secrets, by policy",
}
