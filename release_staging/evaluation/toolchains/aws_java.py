"""AWS CodePipeline and CodeBuild, ECR, Surefire, Gatling, Argo Rollouts, SPDX 2.2, Snyk and Grype, cosign, Checkov, Argo CD, Cortex."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evaluation.documents import Written
from release_staging.evaluation.packets import Toolchain
from release_staging.evaluation.tools import (
    attestations,
    canaries,
    catalogs,
    diffs,
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
    yield hosted.codepipeline_execution(world)
    yield hosted.codebuild_builds(world)
    yield oci.ecr_describe_images(world)
    yield from oci.image(world).documents
    yield attestations.slsa_v1(
        world, "https://codebuild.example.com/runner", "https://codebuild.example.com/buildtypes/build/v1", hosted.run(world)
    )
    yield reports.surefire(world, "unit", "ci")
    yield reports.surefire(world, "integration", "ci", tool="failsafe")
    yield reports.ctrf(world, "smoke", "staging-eu")
    yield load.gatling_assertions(world)
    yield canaries.argo_analysisrun(world)
    yield sboms.spdx_json(world, "maven", version="SPDX-2.2")
    yield scans.snyk(world, "maven")
    yield scans.grype(world, "maven")
    yield policies.checkov(world)
    yield diffs.argocd_diff(world, world.targets[0])
    yield prose.runbook_labelled(world)
    yield prose.incident_cstate(world, world.path("load", "assertions.json"))
    yield catalogs.cortex(world)


TOOLCHAIN = Toolchain(
    "aws-java",
    "AWS CodePipeline and CodeBuild, ECR, Surefire, Gatling, SPDX 2.2, Snyk, Grype, Argo CD",
    Home(
        "https://github.com/glacier-mail/{service}",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/glacier-mail",
        ("parcel-tracker", "stamp-ledger", "sorting-belt", "route-solver"),
    ),
    write,
    hosted.run,
    builder=r"https://codebuild\.example\.com/runner",
)
