"""GitLab: pipeline, jobs, and the report of its container scanning."""

from __future__ import annotations

from typing import Any

from release_staging.evaluation.documents import Written, fine, json_document
from release_staging.evaluation.tools import packages
from release_staging.evaluation.worlds import World

_JOBS = (("test", "unit"), ("test", "integration"), ("build", "image"), ("scan", "grype"), ("verify", "load"), ("verify", "smoke"))
_SOURCE = "pipeline_runs"


def job_id(world: World, number: int) -> int:
    return world.run * 3 + number


def run_url(world: World) -> str:
    return f"{world.service.repository}/-/pipelines/{world.run}"


def pipeline(world: World) -> Written:
    tree = _pipeline(world) | {
        "before_sha": world.parent,
        "tag": False,
        "yaml_errors": None,
        "user": _USER,
        "started_at": fine(world.started),
        "finished_at": fine(world.ended),
        "committed_at": None,
        "duration": 13800,
        "queued_duration": 4,
        "coverage": "83.1",
        "detailed_status": {"icon": "status_success", "text": "Passed", "label": "passed", "group": "success", "has_details": True},
        "name": "release",
    }
    return json_document(
        world.path("ci", "pipeline.json"),
        _SOURCE,
        "gitlab-pipeline",
        tree,
        commit="/sha",
        time=("/updated_at", "/started_at", "/finished_at"),
        build="/id",
        verdict="/status",
    )


def jobs(world: World) -> Written:
    tree = [_job(world, number, stage, name) for number, (stage, name) in enumerate(_JOBS)]
    return json_document(
        world.path("ci", "jobs.json"),
        _SOURCE,
        "gitlab-jobs",
        tree,
        commit=tuple(f"/{number}/commit/id" for number in range(len(tree))),
        time=tuple(f"/{number}/{key}" for number in range(len(tree)) for key in ("started_at", "finished_at")),
        status="/1/status",
        text="/0/commit/message",
    )


def container_scanning(world: World) -> Written:
    """Report of schema 15, as the analyzer writes it: its times have no zone."""
    reference, kind = f"{world.image}:{world.version.text}", packages.ecosystem(world)
    scanner = {
        "id": "trivy",
        "name": "Trivy",
        "url": "https://github.com/aquasecurity/trivy/",
        "vendor": {"name": "GitLab"},
        "version": "0.68.1",
    }
    found = [
        {
            "id": world.hex(finding.id, 40),
            "severity": finding.severity.capitalize(),
            "location": {
                "dependency": {"package": {"name": finding.package.name}, "version": finding.package.version},
                "operating_system": "debian 12",
                "image": reference,
            },
            "identifiers": [
                {"type": "cve", "name": finding.id, "value": finding.id, "url": f"https://nvd.nist.gov/vuln/detail/{finding.id}"}
            ],
            "description": f"{finding.package.name} reads beyond its input.",
            "solution": f"Upgrade {finding.package.name} to {finding.fixed}",
        }
        for finding in packages.findings(world, kind)
    ]
    tree = {
        "version": "15.2.1",
        "vulnerabilities": found,
        "remediations": [],
        "scan": {
            "scanner": scanner,
            "analyzer": scanner | {"id": "gcs", "name": "GitLab Container Scanning"},
            "type": "container_scanning",
            "start_time": world.after(10).strftime("%Y-%m-%dT%H:%M:%S"),
            "end_time": world.after(12).strftime("%Y-%m-%dT%H:%M:%S"),
            "status": "success",
        },
    }
    return json_document(
        world.path("scans", "gl-container-scanning-report.json"),
        "vulnerability_scans",
        "gitlab-security-report",
        tree,
        time=("/scan/end_time", "/scan/start_time"),
        severity="/vulnerabilities/0/severity",
        format="/version",
        text="/vulnerabilities/0/description",
        rows="/vulnerabilities",
    )


_USER: dict[str, Any] = {"id": 7, "name": "Release bot", "username": "release-bot", "state": "active", "avatar_url": None}


def _pipeline(world: World) -> dict[str, Any]:
    return {
        "id": world.run,
        "iid": world.run % 40000,
        "project_id": 123,
        "sha": world.commit,
        "ref": world.branch,
        "status": "success",
        "source": "push",
        "created_at": fine(world.started),
        "updated_at": fine(world.ended),
        "web_url": run_url(world),
    }


def _job(world: World, number: int, stage: str, name: str) -> dict[str, Any]:
    created = fine(world.after(-95)).removesuffix("Z") + "+00:00"
    people = {f"{who}_{what}": value for who in ("author", "committer") for what, value in _PERSON.items()}
    return {
        "id": job_id(world, number),
        "status": "success",
        "stage": stage,
        "name": name,
        "ref": world.branch,
        "tag": False,
        "coverage": None,
        "allow_failure": False,
        "created_at": fine(world.started),
        "started_at": fine(world.after(-29 + 30 * number)),
        "finished_at": fine(world.after(30 * number)),
        "erased_at": None,
        "duration": 1740.5,
        "queued_duration": 2.1,
        "user": _USER,
        "commit": {
            "id": world.commit,
            "short_id": world.commit[:8],
            "created_at": created,
            "parent_ids": [world.parent],
            "title": world.subject,
            "message": f"{world.subject}\n",
            **people,
            "authored_date": created,
            "committed_date": created,
            "trailers": {},
            "extended_trailers": {},
            "web_url": f"{world.service.repository}/-/commit/{world.commit}",
        },
        "pipeline": _pipeline(world),
        "failure_reason": None,
        "web_url": f"{world.service.repository}/-/jobs/{world.run * 3 + number}",
        "project": {"ci_job_token_scope_enabled": False},
        "artifacts": [{"file_type": "trace", "size": 2496, "filename": "job.log", "file_format": None}],
        "archived": False,
        "tag_list": [],
    }


_PERSON = {"name": "Release bot", "email": "release-bot@example.com"}
