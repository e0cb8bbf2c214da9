"""CircleCI, Jest, k6, Argo Rollouts, GitHub's exported bill of materials, npm audit and Trivy, cosign, Conftest, helm-diff, OpsLevel."""

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
    hosted,
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
    yield manifests.release_manifest(world, hosted.run(world), None)
    yield github.release(world)
    yield hosted.circleci_pipeline(world)
    yield hosted.circleci_workflow(world)
    yield hosted.circleci_jobs(world)
    yield from oci.image(world).documents
    yield oci.skopeo_inspect(world)
    yield attestations.slsa_v1(
        world, "https://circleci.com/runners/hosted", "https://circleci.com/buildtypes/workflow/v1", hosted.run(world)
    )
    yield reports.jest(world, "unit", "ci")
    yield reports.jest(world, "integration", "ci")
    yield reports.ctrf(world, "smoke", "staging-eu")
    yield load.k6_summary(world)
    yield canaries.argo_analysisrun(world)
    yield github.sbom_export(world, "npm")
    yield sboms.cyclonedx_application(world, "npm")
    yield scans.npm_audit(world)
    yield scans.trivy(world, "npm")
    yield policies.conftest(world)
    yield diffs.helm_diff(world, world.targets[0])
    yield prose.runbook(world)
    yield prose.incident_text(world, world.path("load", "k6-summary.json"))
    yield catalogs.opslevel(world)


TOOLCHAIN = Toolchain(
    "circleci-node",
    "CircleCI, Jest, k6, Argo Rollouts, GitHub SBOM, CycloneDX, npm audit, Trivy, helm-diff",
    Home(
        "https://github.com/lantern-press/{service}",
        "docker.io/lantern-press",
        ("proof-reader", "page-binder", "ink-orders", "type-setter"),
    ),
    write,
    hosted.run,
    builder=r"https://circleci\.com/runners/hosted",
)
