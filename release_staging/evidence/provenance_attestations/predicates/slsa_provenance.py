"""SLSA provenance predicates: v1 (and its drafts), v0.2 and v0.1 (https://slsa.dev/spec).

The commit is claimed only of the repository that was built: the one git dependency there is, or the one that the build's
own parameters name. Where several could be meant nothing is claimed, and a person is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from release_staging.evidence import workflows
from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations import identity
from release_staging.evidence.provenance_attestations.predicates.predicate import Predicate
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_DEPENDENCY = ("name", "annotations/**", "mediaType", "content", "downloadLocation")

DROPS = {
    "build-environment": tuple(
        f"{at}/**" for at in ("/invocation/environment", "/buildDefinition/internalParameters", "/buildDefinition/systemParameters")
    ),
    "build-parameters": ("/invocation/parameters/**", "/buildDefinition/externalParameters/**"),
}
SUMMARISES = {
    "build-type": ("/buildType", "/buildDefinition/buildType"),
    "build-steps": ("/buildConfig/**", "/recipe/**", "/invocation/configSource/entryPoint"),
    "builder-detail": ("/runDetails/builder/version/**", "/runDetails/builder/builderDependencies/**"),
    "byproducts": ("/runDetails/byproducts/**",),
    "completeness": ("/metadata/completeness/**", "/metadata/reproducible"),
    # BuildKit's additions; the key of the first is the URL of their definition.
    "buildkit-detail": ("/metadata/*buildkit*/**", "/runDetails/metadata/buildkit_*/**"),
    "dependency-detail": tuple(f"/{at}/*/{key}" for at in ("materials", "buildDefinition/resolvedDependencies") for key in _DEPENDENCY),
}

_REPOSITORY = re.compile(r"(?:git\+)?(?P<repository>[^#]+?)(?:@(?P<ref>refs/[^#]+|[^@:/#]+))?(?:#.*)?")
# On these hosts every address of two segments is a git repository; Cloud Build writes it without the git+ prefix.
_ON_A_FORGE = re.compile(r"https?://(?:github\.com|gitlab\.com|bitbucket\.org)/[^/]+/[^/@#]+/?")
_WORKFLOWS = ("workflow", "buildConfigSource")  # GitHub Actions; Cloud Build
_COMMITS = ("gitCommit", "commit", "sha1")
_GITLAB_RUNNER = re.compile(r"(?P<project>https://[^/\s]+(?:/[^/\s]+){2,20})/-/runners/\d+")
# Builders whose invocation is none of the CI run: BuildKit's own, a task of a Tekton pipeline, a job of GitLab.
_WITHIN_A_RUN = re.compile(r"mobyproject\.org/buildkit|moby/buildkit|TaskRun|gitlab-runner")


def read_v1(predicate: Node, out: Extract) -> str | None:
    """Claims what the provenance says of the build; returns the builder's id."""
    definition = predicate.object("buildDefinition", required=True)
    parameters = definition.object("externalParameters")
    workflow = next((parameters.object(key) for key in _WORKFLOWS if type(parameters[key].raw) is dict), parameters["workflow"])
    named = [parameters["source"], parameters["configSource"], parameters["repository"]]
    _source(definition.items("resolvedDependencies"), named, workflow["repository"], workflow["ref"], out)
    _workflow(workflow["path"], workflow["repository"], out)
    run = predicate.object("runDetails", required=True)
    metadata = run.object("metadata")
    _run(metadata, definition.text("buildType"), ("invocationId", "invocationID"), metadata["buildkit_metadata"]["vcs"], out)
    _times(metadata, "startedOn", "finishedOn", out)
    return _builder(run, out)


def read_v0(predicate: Node, out: Extract) -> str | None:
    """The same of v0.1 and v0.2, which say it in other places."""
    metadata = predicate.object("metadata")
    source = predicate.object("invocation").object("configSource")
    # Tekton's configSource is where the pipeline is defined, not what it builds.
    tekton = "tekton.dev" in (predicate.text("buildType") or "")
    nothing = source["repository"]
    _source(predicate.items("materials"), [] if tekton else [source], nothing, nothing, out)
    _workflow(source["entryPoint"], source["uri"], out)
    vcs = metadata["https://mobyproject.org/buildkit@v1#metadata"]["vcs"]
    _run(metadata, predicate.text("buildType"), ("buildInvocationId", "buildInvocationID"), vcs, out)
    _times(metadata, "buildStartedOn", "buildFinishedOn", out)
    return _builder(predicate, out)


def _builder(above: Node, out: Extract) -> str | None:
    builder = above.object("builder", required=True)
    out.claim("builder.id", builder["id"], required=True)
    named = out.scalar(builder["id"])
    _defined(builder["id"], workflows.of_address(named or ""), out)
    runner = _GITLAB_RUNNER.fullmatch(named or "")
    if runner:
        loss = "the project taken out of the address of its runner"
        out.claim("repository.url", builder["id"], value=runner["project"], confidence=Confidence.DERIVED, loss=loss)
    return named


def _workflow(path: Node, repository: Node, out: Extract) -> None:
    """The workflow that the build's own parameters name."""
    if isinstance(path.raw, str) and isinstance(repository.raw, str):
        _defined(path, workflows.in_repository(repository.raw, path.raw), out)


def _defined(place: Node, workflow: str | None, out: Extract) -> None:
    if workflow is not None:
        loss = "host, repository and path of the workflow, without its revision"
        out.claim("build.workflow", place, value=workflow, confidence=Confidence.DERIVED, loss=loss)


def _run(metadata: Node, build_type: str | None, invocations: tuple[str, str], vcs: Node, out: Extract) -> None:
    """Identity of the run; ``vcs`` is what BuildKit adds of the source."""
    if _WITHIN_A_RUN.search(build_type or ""):
        metadata.summarise(*invocations, rule="invocation-within-a-run")
    else:
        for key in invocations:
            _invocation(metadata[key], out)
    out.claim("candidate.commit", vcs["revision"])
    out.claim("repository.url", vcs["source"])


def _times(metadata: Node, started: str, finished: str, out: Extract) -> None:
    out.claim("started_at", metadata[started])
    out.claim("finished_at", metadata[finished])


def _invocation(place: Node, out: Extract) -> None:
    """Identity of the run; some writers make it a number."""
    if not isinstance(place.raw, str):
        out.claim("build.id", place, accept=SCALARS)
        return
    for field, value, loss in identity.of_run(place.raw):
        out.claim(field, place, value=value, confidence=Confidence.DERIVED if loss else Confidence.EXACT, loss=loss)


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
    for field, value in identity.of_ref(ref):
        out.claim(field, place, value=value, confidence=Confidence.DERIVED, loss="taken out of a git ref")


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
        repository = match["repository"] if match else ""
        if not match or not ("gitCommit" in algorithms or _looks_git(uri or "", repository) or _on_a_forge(repository, algorithms)):
            continue
        commit = next((digest[name] for name in _COMMITS if name in algorithms), digest[_COMMITS[0]])
        yield _Source(descriptor["uri"], commit, repository, match["ref"])


def _looks_git(uri: str, repository: str) -> bool:
    return uri.startswith(("git+", "git://", "git@", "ssh://git@")) or repository.endswith(".git")


def _on_a_forge(repository: str, algorithms: Collection[str]) -> bool:
    return "sha1" in algorithms and _ON_A_FORGE.fullmatch(repository) is not None


def _comparable(repository: str) -> str:
    """Equal for the spellings of one repository that occur within one provenance."""
    return repository.removeprefix("git+").partition("://")[2].lower().rstrip("/").removesuffix(".git") or repository


PREDICATES = (
    Predicate("slsa.dev/provenance", ("v1",), read_v1, DROPS, SUMMARISES),
    Predicate("slsa.dev/provenance", ("v0.1", "v0.2"), read_v0),
)
