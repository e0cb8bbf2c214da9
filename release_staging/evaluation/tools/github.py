"""GitHub: workflow run and jobs, release, and the bill of materials that its dependency graph exports."""

from __future__ import annotations

from typing import Any

from release_staging.evaluation.documents import Written, json_document, z
from release_staging.evaluation.tools import packages
from release_staging.evaluation.worlds import World

WORKFLOW = ".github/workflows/release.yml"
_JOBS = ("test", "build", "sign", "integration", "verify", "canary")


def run_url(world: World) -> str:
    return f"{world.service.repository}/actions/runs/{world.run}"


def workflow_run(world: World) -> Written:
    api = f"https://api.github.com/repos/{world.service.slug}"
    tree = {
        "id": world.run,
        "name": "Release candidate",
        "node_id": "WFR_kwLONrvPbc8AAAAB" + world.hex("node", 6),
        "head_branch": world.branch,
        "head_sha": world.commit,
        "path": WORKFLOW,
        "display_title": world.subject,
        "run_number": world.number("run number", 20, 3000),
        "event": "push",
        "status": "completed",
        "conclusion": "success",
        "workflow_id": 118427093,
        "check_suite_id": 30918254410,
        "url": f"{api}/actions/runs/{world.run}",
        "html_url": run_url(world),
        "pull_requests": [],
        "created_at": z(world.started),
        "updated_at": z(world.ended),
        "actor": _account(),
        "run_attempt": 1,
        "referenced_workflows": [],
        "run_started_at": z(world.started),
        "triggering_actor": _account(),
        "jobs_url": f"{api}/actions/runs/{world.run}/jobs",
        "workflow_url": f"{api}/actions/workflows/118427093",
        "head_commit": {
            "id": world.commit,
            "tree_id": world.hex("tree", 40),
            "message": f"{world.subject}\n\nNothing else changes.",
            "timestamp": z(world.after(-95)),
            "author": {"name": "release-bot", "email": "release-bot@users.noreply.github.com"},
            "committer": {"name": "GitHub", "email": "noreply@github.com"},
        },
        "repository": _repository(world),
        "head_repository": _repository(world),
    }
    return json_document(
        world.path("ci", "run.json"),
        "pipeline_runs",
        "github-actions-run",
        tree,
        commit="/head_sha",
        time=("/updated_at", "/run_started_at"),
        build="/id",
        verdict="/conclusion",
        repository=("/repository/html_url", "/head_repository/html_url"),
        text="/head_commit/message",
    )


def workflow_jobs(world: World) -> Written:
    jobs = [_job(world, number, name) for number, name in enumerate(_JOBS)]
    return json_document(
        world.path("ci", "jobs.json"),
        "pipeline_runs",
        "github-actions-jobs",
        {"total_count": len(jobs), "jobs": jobs},
        commit=tuple(f"/jobs/{number}/head_sha" for number in range(len(jobs))),
        time=tuple(f"/jobs/{number}/{key}" for number in range(len(jobs)) for key in ("started_at", "completed_at")),
        status="/jobs/2/conclusion",
        total="/total_count",
    )


def release(world: World) -> Written:
    api = f"https://api.github.com/repos/{world.service.slug}/releases"
    number = world.number("release", 10**7, 10**8)
    name = f"{world.service.name}_{world.version.text}_linux_amd64.tar.gz"
    download = f"{world.service.repository}/releases/download/{world.version.tag}/{name}"
    tree = {
        "url": f"{api}/{number}",
        "assets_url": f"{api}/{number}/assets",
        "upload_url": f"https://uploads.github.com/repos/{world.service.slug}/releases/{number}/assets{{?name,label}}",
        "html_url": f"{world.service.repository}/releases/tag/{world.version.tag}",
        "id": number,
        "author": _account(),
        "node_id": "RE_kwDONrvPbc4P" + world.hex("release node", 4),
        "tag_name": world.version.tag,
        "target_commitish": world.commit,
        "name": f"{world.service.name} {world.version.text}",
        "draft": False,
        "immutable": True,
        "prerelease": "rc" in world.version.text,
        "created_at": z(world.after(-95)),
        "updated_at": z(world.after(4)),
        "published_at": z(world.after(4)),
        "assets": [
            {
                "url": f"{api}/assets/{number + 1}",
                "id": number + 1,
                "node_id": "RA_kwDOGpsAJ84N" + world.hex("asset node", 4),
                "name": name,
                "label": "",
                "uploader": _account(),
                "content_type": "application/gzip",
                "state": "uploaded",
                "size": 7340032,
                "digest": world.digest("release archive"),
                "download_count": 0,
                "created_at": z(world.after(4)),
                "updated_at": z(world.after(4)),
                "browser_download_url": download,
            }
        ],
        "tarball_url": f"https://api.github.com/repos/{world.service.slug}/tarball/{world.version.tag}",
        "zipball_url": f"https://api.github.com/repos/{world.service.slug}/zipball/{world.version.tag}",
        "body": f"* {world.subject}.\n* Dependencies were updated.\n",
    }
    return json_document(
        world.path("release", "github-release.json"),
        "release_manifest",
        "github-release",
        tree,
        version="/tag_name",
        tag="/tag_name",
        commit="/target_commitish",
        text="/body",
    )


def sbom_export(world: World, kind: str) -> Written:
    """``GET /repos/…/dependency-graph/sbom``: of the repository, not of an image."""
    root = f"SPDXRef-github-{world.service.slug.replace('/', '-')}-{world.hex('spdx', 6)}"
    found = packages.packages(world, kind)
    listed: list[dict[str, Any]] = [
        {
            "name": f"com.github.{world.service.slug}",
            "SPDXID": root,
            "versionInfo": world.branch,
            "downloadLocation": f"git+{world.service.repository}",
            "filesAnalyzed": False,
            "licenseDeclared": "Apache-2.0",
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": f"pkg:github/{world.service.slug}@{world.branch}",
                }
            ],
        }
    ]
    for one in found:
        purl = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": one.purl}
        listed.append(
            {
                "name": one.name,
                "SPDXID": f"SPDXRef-{one.kind}-{one.name}-{one.version}-{world.hex(one.name, 6)}",
                "versionInfo": one.version,
                "downloadLocation": "NOASSERTION",
                "filesAnalyzed": False,
                "licenseConcluded": one.licence,
                "externalRefs": [purl],
            }
        )
    tree = {
        "sbom": {
            "spdxVersion": "SPDX-2.3",
            "dataLicense": "CC0-1.0",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": f"com.github.{world.service.slug}",
            "documentNamespace": f"https://spdx.org/spdxdocs/protobom/{world.uuid('namespace')}",
            "creationInfo": {"creators": ["Tool: GitHub.com-Dependency-Graph"], "created": z(world.after(8))},
            "packages": listed,
            "relationships": [
                {"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": root, "relationshipType": "DESCRIBES"},
                *({"spdxElementId": root, "relatedSpdxElement": one["SPDXID"], "relationshipType": "DEPENDS_ON"} for one in listed[1:]),
            ],
        }
    }
    return json_document(
        world.path("sbom", "github.spdx.json"),
        "sboms",
        "github-sbom",
        tree,
        time="/sbom/creationInfo/created",
        format="/sbom/spdxVersion",
        rows="/sbom/packages",
    )


def _job(world: World, number: int, name: str) -> dict[str, Any]:
    began, finished = world.after(-28 + number * 35), world.after(number * 35)
    steps = ("Set up job", "Check out", name.capitalize(), "Complete job")
    job_id = world.run * 7 + number
    return {
        "id": job_id,
        "run_id": world.run,
        "workflow_name": "Release candidate",
        "head_branch": world.branch,
        "run_url": f"https://api.github.com/repos/{world.service.slug}/actions/runs/{world.run}",
        "run_attempt": 1,
        "node_id": f"CR_kwDONrvPbc8AAAA{number}",
        "head_sha": world.commit,
        "url": f"https://api.github.com/repos/{world.service.slug}/actions/jobs/{job_id}",
        "html_url": f"{run_url(world)}/job/{job_id}",
        "status": "completed",
        "conclusion": "success",
        "created_at": z(began),
        "started_at": z(began),
        "completed_at": z(finished),
        "name": name,
        "steps": [
            {
                "name": step,
                "status": "completed",
                "conclusion": "success",
                "number": place,
                "started_at": z(began),
                "completed_at": z(finished),
            }
            for place, step in enumerate(steps, 1)
        ],
        "check_run_url": f"https://api.github.com/repos/{world.service.slug}/check-runs/{job_id}",
        "labels": ["ubuntu-24.04"],
        "runner_id": 1,
        "runner_name": "GitHub Actions 1",
        "runner_group_id": 0,
        "runner_group_name": "GitHub Actions",
    }


def _account() -> dict[str, Any]:
    return {"login": "release-bot[bot]", "id": 41898282, "type": "Bot", "site_admin": False}


def _repository(world: World) -> dict[str, Any]:
    owner, _, name = world.service.slug.partition("/")
    return {
        "id": 918273645,
        "node_id": "R_kgDONrvPbQ",
        "name": name,
        "full_name": world.service.slug,
        "private": True,
        "owner": {"login": owner, "id": 104857600, "type": "Organization", "site_admin": False},
        "html_url": world.service.repository,
        "description": None,
        "fork": False,
        "url": f"https://api.github.com/repos/{world.service.slug}",
    }
