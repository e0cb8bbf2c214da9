"""Jenkins, Maven Surefire and Failsafe, Gatling, Flagger, CycloneDX as XML, Snyk, cosign, Conftest, Argo CD, Artifactory, Datadog."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evaluation.documents import Written
from release_staging.evaluation.packets import Toolchain
from release_staging.evaluation.tools import (
    attestations,
    canaries,
    catalogs,
    diffs,
    jenkins,
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
    yield manifests.release_manifest(world, jenkins.run(world), jenkins.run_url(world))
    yield manifests.artifactory_build_info(world, jenkins.run_url(world))
    yield jenkins.build(world)
    yield jenkins.stages(world)
    yield oci.docker_image_inspect(world)
    yield attestations.slsa_v1(
        world, "https://jenkins.example.com/", "https://jenkins.example.com/buildtypes/pipeline/v1", jenkins.run_url(world)
    )
    yield reports.surefire(world, "unit", "ci")
    yield reports.surefire(world, "integration", "ci", tool="failsafe")
    yield reports.surefire(world, "smoke", "staging-eu", tool="failsafe")
    yield load.gatling_assertions(world)
    yield load.gatling_stats(world)
    yield canaries.flagger_canary(world)
    yield sboms.cyclonedx_xml(world)
    yield scans.snyk(world, "maven")
    yield scans.trivy(world, "maven")
    yield policies.conftest(world)
    yield diffs.argocd_diff(world, world.targets[0])
    yield prose.runbook(world)
    yield prose.incident_markdown(world, world.path("load", "stats.json"))
    yield catalogs.datadog(world)


TOOLCHAIN = Toolchain(
    "jenkins-maven",
    "Jenkins, Maven Surefire, Gatling, Flagger, CycloneDX XML, Snyk, Trivy, cosign, Argo CD",
    Home(
        "https://git.example.com/lending/{service}",
        "registry.example.com/lending",
        ("loan-ledger", "credit-check", "interest-engine", "payout-runner"),
    ),
    write,
    jenkins.run,
    jenkins.run_url,
    builder=r"https://jenkins\.example\.com/",
)
