"""GitHub Actions, GoReleaser, go test and gotestsum, k6, Argo Rollouts, Trivy, SPDX, cosign, Kyverno and Conftest, git, Backstage."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evaluation.documents import Written
from release_staging.evaluation.packets import Toolchain
from release_staging.evaluation.tools import (
    attestations,
    canaries,
    catalogs,
    diffs,
    github,
    load,
    manifests,
    oci,
    policies,
    prose,
    sboms,
    scans,
)
from release_staging.evaluation.tools import tests as reports
from release_staging.evaluation.worlds import Home, World


def write(world: World) -> Iterator[Written]:
    yield manifests.release_manifest(world, str(world.run), github.run_url(world), diffs.covered(world))
    yield manifests.goreleaser_metadata(world)
    yield manifests.goreleaser_artifacts(world)
    yield github.release(world)
    yield github.workflow_run(world)
    yield github.workflow_jobs(world)
    yield from oci.image(world).documents
    yield attestations.slsa_v1(
        world,
        f"{world.service.repository}/{github.WORKFLOW}@refs/heads/{world.branch}",
        "https://actions.github.io/buildtypes/workflow/v1",
        f"{github.run_url(world)}/attempts/1",
        github.WORKFLOW,
    )
    yield reports.go_test(world, "unit", "ci")
    yield reports.gotestsum(world, "integration", "ci")
    yield reports.ctrf(world, "smoke", "staging-eu")
    yield load.k6_summary(world)
    yield canaries.argo_analysisrun(world)
    yield sboms.spdx_json(world, "golang")
    yield scans.trivy(world, "golang")
    yield scans.sarif(world)
    yield policies.policy_report(world)
    yield policies.conftest(world)
    yield diffs.unified(world)
    yield prose.runbook(world)
    yield prose.incident_markdown(world, world.path("load", "k6-summary.json"))
    yield catalogs.backstage(world)


TOOLCHAIN = Toolchain(
    "github-goreleaser",
    "GitHub Actions, GoReleaser, k6, Argo Rollouts, Trivy, SPDX, cosign",
    Home(
        "https://github.com/harbour-lane/{service}",
        "ghcr.io/harbour-lane",
        ("berth-planner", "crane-control", "tide-table", "pilot-roster"),
    ),
    write,
    lambda world: str(world.run),
    github.run_url,
    builder=r"https://github\.com/harbour-lane/[a-z-]+/\.github/workflows/release\.yml@refs/heads/.+",
)
