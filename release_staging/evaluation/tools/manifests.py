"""Declarations of a release: the project's own manifest, GoReleaser, GitLab, Artifactory, Helm, Kubernetes."""

from __future__ import annotations

from typing import Any

from release_staging.evaluation.documents import Written, compact_json_document, fine, json_document, yaml_document, z
from release_staging.evaluation.tools import oci
from release_staging.evaluation.worlds import World

_SOURCE = "release_manifest"


def rollback_digest(world: World) -> str:
    """Digest of the image that a rollback returns to."""
    return world.digest(f"index {world.previous.text}")


def review(world: World) -> str:
    """Reference of the security review of this release's changes."""
    return f"SEC-{world.number('review', 100, 999)}"


def release_manifest(world: World, run: str, run_url: str | None, covered: tuple[str, ...] = ()) -> Written:
    """The project's own manifest. ``covered`` are the changed files that a security review is about."""
    image = oci.image(world)
    tree: dict[str, Any] = {
        "releaseManifest": "1.0",
        "service": world.service.alias if world.random("alias").random() < 0.2 else world.service.name,
        "repository": world.service.repository,
        "version": world.version.text,
        "commit": world.commit,
        "tag": world.version.tag,
        "branch": world.branch,
        "build": {"id": run, **({"url": run_url} if run_url else {})},
        "createdAt": z(world.after(5)),
        "environments": [world.spelled(target) for target in world.targets],
        "artifacts": [
            {
                "name": world.service.name,
                "type": "oci-image",
                "reference": f"{world.image}:{world.version.text}",
                "digest": image.digest,
                "mediaType": image.media_type,
            }
        ],
        "rollback": {
            "version": world.previous.text,
            "reference": f"{world.image}:{world.previous.text}",
            "digest": rollback_digest(world),
        },
    }
    if covered:
        tree["securityReview"] = [{"reference": review(world), "covers": list(covered)}]
    return json_document(
        world.path("release", "release-manifest.json"),
        _SOURCE,
        "release-manifest",
        tree,
        service="/service",
        repository="/repository",
        version="/version",
        commit="/commit",
        tag="/tag",
        build="/build/id",
        targets="/environments",
        digest="/artifacts/0/digest",
        rollback_version="/rollback/version",
        rollback_digest="/rollback/digest",
        rollback="/rollback",
        format="/releaseManifest",
        **({"review": "/securityReview"} if covered else {}),
    )


def goreleaser_metadata(world: World) -> Written:
    tree = {
        "project_name": world.service.name,
        "tag": world.version.tag,
        "previous_tag": world.previous.tag,
        "version": world.version.text,
        "commit": world.commit,
        "date": fine(world.after(1), 9),
        "runtime": {"goos": "linux", "goarch": "amd64"},
    }
    return compact_json_document(
        world.path("release", "metadata.json"),
        _SOURCE,
        "goreleaser-metadata",
        tree,
        service="/project_name",
        version="/version",
        tag="/tag",
        commit="/commit",
    )


def goreleaser_artifacts(world: World) -> Written:
    image, name = oci.image(world), f"{world.service.name}_{world.version.text}_linux_amd64.tar.gz"
    reference = f"{world.image}:{world.version.text}"
    binary = f"dist/{world.service.name}_linux_amd64_v1/{world.service.name}"
    built = {"goos": "linux", "goarch": "amd64", "goamd64": "v1"}
    tree = [
        {"name": "metadata.json", "path": "dist/metadata.json", "internal_type": 30, "type": "Metadata", "extra": {}},
        {
            "name": world.service.name,
            "path": binary,
            **built,
            "target": "linux_amd64_v1",
            "internal_type": 4,
            "type": "Binary",
            "extra": {"Binary": world.service.name, "Builder": "go", "Ext": "", "ID": world.service.name},
        },
        {
            "name": name,
            "path": f"dist/{name}",
            **built,
            "target": "linux_amd64_v1",
            "internal_type": 1,
            "type": "Archive",
            "extra": {
                "Binaries": [world.service.name],
                "Checksum": world.digest("release archive"),
                "Format": "tar.gz",
                "ID": "default",
                "Replaces": None,
                "WrappedIn": "",
            },
        },
        {
            "name": reference,
            "path": reference,
            "internal_type": 11,
            "type": "Docker Manifest",
            "extra": {"Digest": image.digest, "ID": world.service.name},
        },
    ]
    return compact_json_document(
        world.path("release", "artifacts.json"), _SOURCE, "goreleaser-artifacts", tree, pinned="/3/extra/Digest", rows=""
    )


def gitlab_release(world: World) -> Written:
    tree = {
        "tag_name": world.version.tag,
        "name": f"{world.service.name} {world.version.text}",
        "description": f"{world.subject}.",
        "created_at": fine(world.after(4)),
        "released_at": fine(world.after(5)),
        "upcoming_release": False,
        "author": {"id": 7, "name": "Release bot", "username": "release-bot", "state": "active"},
        "commit": {
            "id": world.commit,
            "short_id": world.commit[:8],
            "title": world.subject,
            "created_at": fine(world.after(-95)),
            "parent_ids": [world.parent],
            "message": world.subject,
            "author_name": "Release bot",
            "author_email": "release-bot@example.com",
        },
        "milestones": [],
        "commit_path": f"/{world.service.slug}/-/commit/{world.commit}",
        "tag_path": f"/{world.service.slug}/-/tags/{world.version.tag}",
        "assets": {
            "count": 1,
            "sources": [{"format": "zip", "url": f"{world.service.repository}/-/archive/{world.version.tag}/{world.service.name}.zip"}],
            "links": [],
        },
        "evidences": [],
        "_links": {"self": f"{world.service.repository}/-/releases/{world.version.tag}"},
    }
    return json_document(
        world.path("release", "gitlab-release.json"),
        _SOURCE,
        "gitlab-release",
        tree,
        version="/tag_name",
        tag="/tag_name",
        commit="/commit/id",
        text="/description",
    )


def artifactory_build_info(world: World, run_url: str) -> Written:
    jar = f"{world.service.name}-{world.version.text}.jar"
    tree = {
        "version": "1.0.1",
        "name": world.service.name,
        "number": str(world.run % 10000),
        "type": "MAVEN",
        "agent": {"name": "Jenkins", "version": "2.528.2"},
        "buildAgent": {"name": "MAVEN", "version": "3.9.11"},
        "started": world.started.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "durationMillis": 187654,
        "url": run_url,
        "vcs": [{"url": f"{world.service.repository}.git", "revision": world.commit, "branch": world.branch, "message": world.subject}],
        "modules": [
            {
                "id": f"com.example:{world.service.name}:{world.version.text}",
                "type": "maven",
                "artifacts": [
                    {
                        "type": "jar",
                        "name": jar,
                        "path": f"com/example/{world.service.name}/{world.version.text}/{jar}",
                        "sha256": world.hex("jar"),
                        "sha1": world.hex("jar sha1", 40),
                        "md5": world.hex("jar md5", 32),
                    }
                ],
                "dependencies": [
                    {"id": "org.slf4j:slf4j-api:2.0.16", "type": "jar", "scopes": ["compile"], "sha1": world.hex("slf4j", 40)}
                ],
            }
        ],
    }
    return json_document(
        world.path("release", "build-info.json"),
        _SOURCE,
        "artifactory-build-info",
        tree,
        commit="/vcs/0/revision",
        repository="/vcs/0/url",
        rows="/modules",
    )


def helm_chart(world: World) -> Written:
    tree = {
        "apiVersion": "v2",
        "name": world.service.name,
        "description": f"Deploys {world.service.name}",
        "type": "application",
        "version": f"{world.number('chart', 1, 9)}.{world.number('chart minor', 0, 20)}.0",
        "appVersion": world.version.text,
        "sources": [world.service.repository],
        "maintainers": [{"name": world.service.owner}],
    }
    place = world.path("release", "Chart.yaml")
    return yaml_document(place, _SOURCE, "helm-chart", tree, service="/name", version="/appVersion", format="/apiVersion")


def kubernetes_deployment(world: World) -> Written:
    labels = {"app.kubernetes.io/name": world.service.name, "app.kubernetes.io/version": world.version.text}
    container = {
        "name": "app",
        "image": f"{world.image}:{world.version.text}@{oci.image(world).digest}",
        "ports": [{"containerPort": 8080}],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}},
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": world.service.name, "namespace": "apps"},
        "spec": {
            "type": "ClusterIP",
            "ports": [{"port": 80, "targetPort": 8080}],
            "selector": {"app.kubernetes.io/name": world.service.name},
        },
    }
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": world.service.name, "namespace": "apps", "labels": labels},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"app.kubernetes.io/name": world.service.name}},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }
    return yaml_document(
        world.path("release", "deployment.yaml"),
        _SOURCE,
        "kubernetes-manifest",
        deployment,
        service,
        version="/metadata/labels/app.kubernetes.io~1version",
        pinned="/spec/template/spec/containers/0/image",
    )
