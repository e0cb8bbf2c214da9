"""What documents call the image that they are about: of another version, or another image altogether."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from release_staging.contradict.candidate import Candidate
from release_staging.contradict.tags import parts
from release_staging.model.claims import Claim
from release_staging.model.fields import DESCRIPTOR

_VERSION_TAG = re.compile(r"v?\d+(?:\.\d+)+(?:[-.+_][0-9A-Za-z.+_-]+)?")
_WHOLE_VERSION = re.compile(r"v?\d+\.\d+\.\d+")
# What makes another version of a version when it is put behind it; anything else there is a variant: -amd64, -alpine, -3f9c1b7.
_ANOTHER = re.compile(
    r"[-.+_]?(?:a|alpha|b|beta|c|rc|pre|preview|dev|m|milestone|snapshot|nightly|post|hotfix|patch|sp)[-.]?\d*(?:[-.+_]|\Z)|\.\d",
    re.IGNORECASE,
)
_VARIANT = re.compile(r"[-.+_]")
ABOUT_AN_IMAGE = ("vulnerability_scans", "sboms")  # their documents are of one image each


def other_versions(claims: Iterable[Claim], candidate: Candidate) -> Iterator[Claim]:
    """References to the declared image under a tag that is another version than the candidate's.

    A release manifest lists images of others, too: of its references only those of what it releases count.
    """
    named = [claim for claim in claims if claim.field == "artifact.reference"]
    declared = {parts(claim.agreed)[:2] for claim in named if claim.source == "release_manifest"}
    repositories, own = {repository for repository, _ in declared}, _own_names(candidate)
    versions = candidate.values.get("candidate.version", frozenset())
    for claim in named:
        repository, tag, _ = parts(claim.agreed)
        declares = claim.source in (DESCRIPTOR, "release_manifest")
        comparable = repository in repositories and (_name(repository) in own if declares else (repository, tag) not in declared)
        if comparable and versions and _VERSION_TAG.fullmatch(tag) and not any(_is_of(tag, version) for version in versions):
            yield claim


def is_whole_version(tag: str) -> bool:
    """Whether the tag says a version to the last number: 4.12.0, and not 4.12, which moves on from release to release."""
    return _WHOLE_VERSION.match(tag) is not None


def cannot_be(tag: str, candidate: Candidate) -> bool:
    """Whether the image of the candidate would not have this tag, too: a whole version that it was not promoted from or to."""
    versions = candidate.values.get("candidate.version", frozenset())
    return is_whole_version(tag) and not any(_promoted(tag, version) or _promoted(version, tag) for version in versions)


def _promoted(before: str, after: str) -> bool:
    """Whether one image can be both: 4.12.0-rc.3 becomes 4.12.0."""
    release = _WHOLE_VERSION.fullmatch(after)
    return release is not None and before.removeprefix("v").startswith(f"{after.removeprefix('v')}-")


def other_images(claims: Iterable[Claim]) -> Iterator[Claim]:
    """What scans and bills of materials name where all of it is of another repository than any declared one, of a declared registry.

    Elsewhere the same image may have any name: in a mirror, or on the machine that built it. One name that begins
    another is kin to it: app and app-amd64.
    """
    named = [claim for claim in claims if claim.field == "artifact.reference"]
    declared = {parts(claim.agreed)[0] for claim in named if claim.source == "release_manifest"}
    registries, names = {_registry(one) for one in declared} - {""}, {_name(one) for one in declared}
    for document in sorted({claim.document for claim in named if claim.source in ABOUT_AN_IMAGE}):
        said = [claim for claim in named if claim.document == document]
        if not any(_kin(_name(parts(claim.agreed)[0]), name) for claim in said for name in names):
            yield from (claim for claim in said if _registry(parts(claim.agreed)[0]) in registries)


def other_rollbacks(claims: Sequence[Claim], candidate: Candidate) -> Iterator[Claim]:
    """References to return to whose tag is of another version than the one to return to, or that are of another image.

    Several versions to return to, or the candidate's own, are told by themselves.
    """
    named = [claim for claim in claims if claim.field == "artifact.reference" and claim.source == "release_manifest"]
    declared = {parts(claim.agreed)[0] for claim in named}
    registries, names = {_registry(one) for one in declared} - {""}, {_name(one) for one in declared}
    versions = {claim.agreed for claim in claims if claim.field == "rollback.version"}
    if len(versions) > 1 or versions <= candidate.values.get("candidate.version", frozenset()):
        versions = set()
    for claim in claims:
        if claim.field == "rollback.reference":
            repository, tag, _ = parts(claim.normal)
            other_version = is_whole_version(tag) and versions and not any(_is_of(tag, version) for version in versions)
            if other_version or (_registry(repository) in registries and not any(_kin(_name(repository), name) for name in names)):
                yield claim


def _own_names(candidate: Candidate) -> set[str]:
    """Last parts of the names under which the candidate is known."""
    return {_name(value) for field in ("service.name", "repository.url") for value in candidate.values.get(field, ())}


def _is_of(tag: str, version: str) -> bool:
    """Whether a tag is of a version: the version, one of its variants, or a shorter form of it that moves on."""
    tag, version = (text.removeprefix("v").replace("+", "_") for text in (tag, version))
    if version.startswith((f"{tag}.", f"{tag}-")) and not is_whole_version(tag):
        return True
    rest = tag.removeprefix(version)
    return tag.startswith(version) and (not rest or (_VARIANT.match(rest) is not None and _ANOTHER.match(rest) is None))


def _registry(repository: str) -> str:
    """The host of the registry, empty where the name has none."""
    host, slash, _ = repository.partition("/")
    return host if slash and (set(host) & {".", ":"} or host == "localhost") else ""


def _name(repository: str) -> str:
    return repository.rstrip("/").rpartition("/")[2].lower()


def _kin(name: str, other: str) -> bool:
    return name.startswith(other) or other.startswith(name)
