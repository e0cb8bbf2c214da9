"""Names under which teams write into a report what it is of: properties of JUnit, tags of k6."""

from __future__ import annotations

PROPERTIES: dict[str, str] = {
    **dict.fromkeys(("version", "release.version", "app.version", "candidate.version", "service.version"), "candidate.version"),
    **dict.fromkeys(("commit", "git.commit", "git.commit.id", "git.sha", "commit.sha", "vcs.revision"), "candidate.commit"),
    **dict.fromkeys(("branch", "git.branch", "vcs.branch"), "candidate.branch"),
    "git.tag": "candidate.tag",
    **dict.fromkeys(("service", "service.name"), "service.name"),
    **dict.fromkeys(("repository", "repository.url", "git.url", "vcs.url"), "repository.url"),
    **dict.fromkeys(("build.id", "ci.run.id"), "build.id"),
    **dict.fromkeys(("build.url", "ci.run.url"), "build.url"),
    **dict.fromkeys(("environment", "test.environment"), "environment.observed"),
    "test.level": "test.level",
}
