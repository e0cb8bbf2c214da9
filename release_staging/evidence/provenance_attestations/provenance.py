"""SLSA provenance predicates: v1 (and its drafts), v0.2 and v0.1 (https://slsa.dev/spec).

The commit is claimed only of the repository that was built: the one git dependency there is, or the one that the build's
own parameters name. Where several could be meant nothing is claimed, and a person is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from release_staging.evidence.reader import Extract
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_P = "/predicate"
_DEPENDENCY = ("name", "annotations/**", "mediaType", "content", "downloadLocation")

DROPS = {
    "build-environment": (f"{_P}/invocation/environment/**", f"{_P}/buildDefinition/internalParameters/**"),
    "build-parameters": (f"{_P}/invocation/parameters/**", f"{_P}/buildDefinition/externalParameters/**"),
}
SUMMARISES = {
    "build-type": (f"{_P}/buildType", f"{_P}/buildDefinition/buildType"),
    "build-steps": (f"{_P}/buildConfig/**", f"{_P}/recipe/**", f"{_P}/invocation/configSource/entryPoint"),
    "builder-detail": (f"{_P}/runDetails/builder/version/**", f"{_P}/runDetails/builder/builderDependencies/**"),
    "byproducts": (f"{_P}/runDetails/byproducts/**",),
    "completeness": (f"{_P}/metadata/completeness/**", f"{_P}/metadata/reproducible"),
    # BuildKit's additions; the key of the first is the URL of their definition.
    "buildkit-detail": (f"{_P}/metadata/*buildkit*/**", f"{_P}/runDetails/metadata/buildkit_*/**"),
    "dependency-detail": tuple(f"{_P}/{at}/*/{key}" for at in ("materials", "buildDefinition/resolvedDependencies") for key in _DEPENDENCY),
}

_VERSION = re.compile(r"(?:https?://)?slsa\.dev/provenance/(v0\.1|v0\.2|v1)(?:\.0)?(?:\?.*)?")
_REPOSITORY = re.compile(r"(?:git\+)?(?P<repository>[^#]+?)(?:@(?P<ref>refs/[^#]+|[^@:/#]+))?(?:#.*)?")
_GITHUB_RUN = re.compile(r"https://[^/]+/[^/]+/[^/]+/actions/runs/(?P<run>\d+)(?:/attempts/(?P<attempt>\d+))?/?")
_RUN_AND_ATTEMPT = re.compile(r"(?P<run>\d{6,})-(?P<attempt>\d{1,4})")
_COMMITS = ("gitCommit", "commit", "sha1")


def version_of(predicate_type: str) -> str | None:
    """``v0.1``, ``v0.2`` or ``v1``; None for another predicate. Writers add ``.0``, ``?draft``, or leave the scheme out."""
    match = _VERSION.fullmatch(predicate_type)
    return match[1] if match else None


def read(predicate: Node, version: str, out: Extract) -> str | None:
    """Claims what the provenance says of the build; returns the builder's id."""
    if version == "v1":
        definition = predicate.object("buildDefinition", required=True)
        run = predicate.object("runDetails", required=True)
        parameters = definition.object("externalParameters")
        workflow = parameters.object("workflow") if type(parameters["workflow"].raw) is dict else parameters["workflow"]
        named = [parameters["source"], parameters["configSource"], parameters["repository"]]
        builder, metadata = run.object("builder", required=True), run.object("metadata")
        _source(definition.items("resolvedDependencies"), named, workflow["repository"], workflow["ref"], out)
        invocation, started, finished = ("invocationId", "invocationID"), "startedOn", "finishedOn"
        vcs = metadata["buildkit_metadata"]["vcs"]
    else:
        builder, metadata = predicate.object("builder", required=True), predicate.object("metadata")
        named = [predicate.object("invocation").object("configSource")]
        nothing = predicate["invocation"]["configSource"]["repository"]
        # Tekton's configSource is where the pipeline is defined, not what it builds.
        tekton = "tekton.dev" in (predicate.text("buildType") or "")
        _source(predicate.items("materials"), [] if tekton else named, nothing, nothing, out)
        invocation, started, finished = ("buildInvocationId", "buildInvocationID"), "buildStartedOn", "buildFinishedOn"
        vcs = metadata["https://mobyproject.org/buildkit@v1#metadata"]["vcs"]
    out.claim("builder.id", builder["id"], required=True)
    for key in invocation:
        _invocation(metadata[key], out)
    out.claim("started_at", metadata[started])
    out.claim("finished_at", metadata[finished])
    out.claim("candidate.commit", vcs["revision"])
    out.claim("repository.url", vcs["source"])
    return out.scalar(builder["id"])


def _invocation(place: Node, out: Extract) -> None:
    """Identity of the run. GitHub's are a URL, or ``<run>-<attempt>`` from its SLSA generator."""
    text = place.raw if isinstance(place.raw, str) else ""
    run = _GITHUB_RUN.fullmatch(text) or _RUN_AND_ATTEMPT.fullmatch(text)
    if "://" in text:
        out.claim("build.url", place)
    elif not run:
        out.claim("build.id", place, accept=SCALARS)
    if run:
        out.claim("build.id", place, value=run["run"], confidence=Confidence.DERIVED, loss="run id taken out of the invocation id")
        if run["attempt"]:
            loss = "attempt taken out of the invocation id"
            out.claim("build.attempt", place, value=run["attempt"], confidence=Confidence.DERIVED, loss=loss)


@dataclass(frozen=True)
class _Source:
    """A descriptor of a git repository: where its URI and its commit stand."""

    uri: Node
    commit: Node
    repository: str
    ref: str | None


def _source(dependencies: Iterable[Node], named: list[Node], repository: Node, ref: Node, out: Extract) -> None:
    """Claims repository, commit and ref of the source. ``named`` and ``repository`` are where the parameters may name it."""
    declared = [*_sources(named)]
    found = [*_sources(dependencies)] or declared
    wanted = {_comparable(source.repository) for source in declared}
    if isinstance(repository.raw, str):
        wanted.add(_comparable(repository.raw))
    confidence = Confidence.EXACT
    if len({_comparable(source.repository) for source in found}) > 1:
        chosen = [source for source in found if _comparable(source.repository) in wanted]
        if not chosen or len(wanted) > 1:
            places = ", ".join(source.uri.locator for source in found)
            message = f"several source repositories and none is named as the one built; no commit is claimed ({places})"
            out.problem(Code.LOW_CONFIDENCE, message, found[0].uri, subject="candidate.commit")
            return
        found, confidence = chosen, Confidence.DERIVED
    for source in found:
        _claim(source, confidence, out)
    if not found:
        out.claim("repository.url", repository)
    if not any(source.ref for source in found):
        _ref(out.scalar(ref), ref, out)


def _claim(source: _Source, confidence: Confidence, out: Extract) -> None:
    out.claim("candidate.commit", source.commit, confidence=confidence, required=True)
    whole = source.repository == source.uri.raw
    loss = None if whole else "git+ prefix, ref and fragment taken off"
    out.claim("repository.url", source.uri, value=source.repository, confidence=confidence if whole else Confidence.DERIVED, loss=loss)
    _ref(source.ref, source.uri, out)


def _ref(ref: str | None, place: Node, out: Extract) -> None:
    for prefix, field in (("refs/tags/", "candidate.tag"), ("refs/heads/", "candidate.branch")):
        if ref and ref.startswith(prefix):
            out.claim(field, place, value=ref.removeprefix(prefix), confidence=Confidence.DERIVED, loss=f"taken out of the ref {prefix}…")


def _sources(descriptors: Iterable[Node]) -> Iterator[_Source]:
    """Those resource descriptors that are git repositories."""
    for descriptor in descriptors:
        if type(descriptor.raw) is not dict:
            continue
        uri, digest = descriptor.text("uri"), descriptor["digest"]
        if digest.exists:
            descriptor.object("digest")
        algorithms = digest.raw if type(digest.raw) is dict else {}
        for algorithm in algorithms:
            digest.scalar(algorithm)
        match = _REPOSITORY.fullmatch(uri or "")
        if not match or not (_looks_git(uri or "", match["repository"]) or "gitCommit" in algorithms):
            continue
        commit = next((digest[name] for name in _COMMITS if name in algorithms), digest[_COMMITS[0]])
        yield _Source(descriptor["uri"], commit, match["repository"], match["ref"])


def _looks_git(uri: str, repository: str) -> bool:
    return uri.startswith(("git+", "git://", "git@", "ssh://git@")) or repository.endswith(".git")


def _comparable(repository: str) -> str:
    """Equal for the spellings of one repository that occur within one provenance."""
    return repository.removeprefix("git+").partition("://")[2].lower().rstrip("/").removesuffix(".git") or repository
