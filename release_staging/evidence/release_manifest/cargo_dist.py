"""cargo-dist (``dist-manifest.json``): the applications of an announcement and the files built for them.

The shape follows ``dist_version``: newer ones write checksums and where the files are hosted. Name and version are claimed where
one application is announced; of several, none is the candidate by itself. No commit is named. Paths of the build host are left out.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_ALGORITHMS = ("sha256", "sha512")


def recognise(head: Head) -> str | None:
    return "" if head.has("dist_version", "releases", "artifacts") else None


def read(tree: Tree, out: Extract) -> None:
    manifest = tree.root
    out.claim("tool.version", manifest["dist_version"], required=True)
    out.claim("candidate.tag", manifest["announcement_tag"])
    releases = list(manifest.items("releases", required=True))
    versions: dict[str, str] = {}
    for release in releases:
        _release(release, out, alone=len(releases) == 1)
        for file in release.items("artifacts", required=True):
            versions[out.scalar(file) or ""] = release.text("app_version") or ""
    for name, artifact in manifest.entries("artifacts", required=True):
        _artifact(artifact, name, versions.get(name), out)


def _release(release: Node, out: Extract, *, alone: bool) -> None:
    name = release.text("app_name", required=True)
    release.text("app_version", required=True)
    if not alone:
        return
    out.claim("service.name", release["app_name"], subject=name)
    out.claim("candidate.version", release["app_version"], subject=name)
    github = release.object("hosting").object("github")
    parts = [github.text(key) for key in ("artifact_base_url", "owner", "repo")]
    if all(parts):
        address = "/".join(part.rstrip("/") for part in parts if part)
        loss = "host and owner are taken from beside the repository's name"
        out.claim("repository.url", github["repo"], value=address, subject=name, confidence=Confidence.DERIVED, loss=loss)


def _artifact(artifact: Node, key: str, version: str | None, out: Extract) -> None:
    name = artifact.text("name") or key
    checksums = artifact.object("checksums")
    found = [(algorithm, value) for algorithm in _ALGORITHMS if (value := checksums.text(algorithm)) is not None]
    digest = f"{found[0][0]}:{found[0][1]}" if found else None
    if found:
        loss = "the algorithm is the key of the checksum"
        out.claim("artifact.digest", checksums[found[0][0]], value=digest, subject=name, confidence=Confidence.DERIVED, loss=loss)
    targets = [target for place in artifact.items("target_triples") if (target := out.scalar(place)) is not None]
    out.row(
        "artifacts",
        artifact,
        role="declared",
        name=name,
        kind=artifact.text("kind", required=True),
        digest=digest,
        platform=", ".join(targets) or None,
        version=version or None,
    )


READER = Reader(
    source="release_manifest",
    format="cargo-dist-manifest",
    title="cargo-dist manifest",
    reference="cargo-dist, dist-manifest-schema.json",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "announcement-text": ("/announcement_title", "/announcement_changelog", "/announcement_github_body", "/announcement_is_prerelease"),
        "announcement-detail": ("/announcement_tag_is_implicit", "/publish_prereleases", "/force_latest"),
        "build-host": ("/system_info/**", "/systems/**", "/ci/**", "/upload_files/**", "/artifacts/*/path"),
        "linkage": ("/linkage/**", "/assets/**", "/artifacts/*/assets/**"),
        "installer-setting": ("/releases/*/env/**", "/releases/*/display*", "/artifacts/*/install_hint", "/artifacts/*/description"),
        "hosting-detail": ("/releases/*/hosting/github/artifact_download_*", "/releases/*/hosting/axodotdev/**"),
        "checksum-file": ("/artifacts/*/checksum",),
        "github-attestation": ("/github_attestations*", "/github_attestations*/**"),
    },
)
