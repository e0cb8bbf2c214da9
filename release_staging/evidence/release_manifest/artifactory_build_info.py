"""JFrog build-info (``build-info.json``, also wrapped in ``buildInfo`` as Artifactory's REST API returns it).

The build number is that of the CI system under Artifactory's name for the build, seldom the id of the run, so only the run's address
is claimed. Old writers put ``vcsRevision`` and ``vcsUrl`` at the root. Dependencies are what was used, not what is released.
``properties`` hold the environment of the build: they are never read.
"""

from __future__ import annotations

from release_staging.evidence.addresses import claim_address
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_ALGORITHMS = ("sha256", "sha1", "md5")


def recognise(head: Head) -> str | None:
    build = Head(head.encoding, head.get("buildInfo")) if head.has("buildInfo") else head
    known = build.has("buildAgent", "agent") or build.has("name", "number", "started")
    return "" if known and isinstance(build.get("modules"), list) and not build.has("schemaVersion") else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    build = root.object("buildInfo") if root["buildInfo"].exists else root
    out.claim("started_at", build["started"])
    claim_address("build.url", build["url"], out)
    agent = build.object("agent")
    out.claim("tool.name", agent["name"])
    out.claim("tool.version", agent["version"])
    for source in build.items("vcs"):
        _source(source, out, revision="revision", url="url")
        out.claim("candidate.branch", source["branch"])
    _source(build, out, revision="vcsRevision", url="vcsUrl")
    for module in build.items("modules", required=True):
        name = module.text("id", required=True)
        for artifact in module.items("artifacts"):
            _artifact(artifact, name, out)


def _source(node: Node, out: Extract, *, revision: str, url: str) -> None:
    out.claim("candidate.commit", node[revision])
    claim_address("repository.url", node[url], out)


def _artifact(artifact: Node, module: str | None, out: Extract) -> None:
    name = artifact.text("name", required=True)
    found = [(algorithm, value) for algorithm in _ALGORITHMS if (value := artifact.text(algorithm)) is not None]
    digest = None
    if found:
        algorithm, value = found[0]
        digest = f"{algorithm}:{value}"
        loss = "the algorithm is the key of the digest"
        out.claim("artifact.digest", artifact[algorithm], value=digest, subject=name, confidence=Confidence.DERIVED, loss=loss)
    else:
        out.drift(artifact["sha256"], "a digest (sha256, sha1 or md5)")
    if name is None:  # told as drift
        return
    out.row(
        "artifacts",
        artifact,
        role="declared",
        name=name,
        kind=artifact.text("type"),
        reference=artifact.text("path"),
        digest=digest,
        version=_version(module),
    )


def _version(module: str | None) -> str | None:
    """A module's id ends in its version (``group:name:version``, ``name:version``) where it has one."""
    return module.rpartition(":")[2] if module and ":" in module else None


def _in_build(*patterns: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{pattern}" for prefix in ("", "/buildInfo") for pattern in patterns)


READER = Reader(
    source="release_manifest",
    format="artifactory-build-info",
    title="Artifactory build-info",
    reference="JFrog, github.com/jfrog/build-info, build-info JSON schema",
    encodings=(JSON,),
    media_type="application/vnd.org.jfrog.artifactory+json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "build-name-and-number": _in_build("name", "number", "version", "project", "type"),
        "build-environment": _in_build("properties/*", "modules/*/properties/*"),
        "build-tool": _in_build("buildAgent/name", "buildAgent/version"),
        "build-detail": _in_build("durationMillis", "buildRetention/**", "artifactoryPrincipal", "artifactoryPluginVersion", "principal"),
        "build-dependency": _in_build("modules/*/dependencies/**", "modules/*/excludedArtifacts/**", "buildDependencies/**"),
        "issue-tracker": _in_build("issues/**"),
        "repository-status": _in_build("statuses/**", "licenseControl/**", "governance/**", "vcs/*/message"),
        "module-detail": _in_build(
            "modules/*/type", "modules/*/repository", "modules/*/parent", "modules/*/artifacts/*/originalDeploymentRepo"
        ),
        "api-link": ("/uri",),
    },
)
