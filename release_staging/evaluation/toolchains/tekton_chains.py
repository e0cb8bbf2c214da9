"""Tekton with Chains, pytest, JMeter, Argo Rollouts, CycloneDX, Trivy, Kyverno, git, Kubernetes manifests, Backstage."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evaluation import signing
from release_staging.evaluation.documents import Written
from release_staging.evaluation.packets import Toolchain
from release_staging.evaluation.tools import (
    attestations,
    canaries,
    catalogs,
    diffs,
    load,
    manifests,
    oci,
    policies,
    prose,
    sboms,
    scans,
    tekton,
)
from release_staging.evaluation.tools import tests as reports
from release_staging.evaluation.worlds import Home, World


def write(world: World) -> Iterator[Written]:
    yield manifests.release_manifest(world, tekton.run(world), None, diffs.covered(world))
    yield manifests.kubernetes_deployment(world)
    yield tekton.pipeline_run(world)
    yield tekton.task_run(world)
    yield from oci.image(world).documents
    yield attestations.slsa_v02(
        world,
        "https://tekton.dev/chains/v2",
        "tekton.dev/v1/PipelineRun",
        None,  # Chains names no run in v0.2
        signing.CHAINS,
    )
    yield attestations.verification_summary(world)
    yield reports.pytest(world, "unit", "ci")
    yield reports.ctrf(world, "integration", "ci")
    yield reports.pytest(world, "smoke", "staging-eu")
    yield load.jmeter_statistics(world)
    yield canaries.argo_analysisrun(world)
    yield sboms.cyclonedx_image(world, "pypi", version="1.5")
    yield scans.trivy(world, "pypi")
    yield policies.policy_report(world)
    yield diffs.unified(world)
    yield prose.runbook(world)
    yield prose.incident_cstate(world, world.path("load", "statistics.json"))
    yield catalogs.backstage(world)


TOOLCHAIN = Toolchain(
    "tekton-chains",
    "Tekton, Chains, cosign, JMeter, Argo Rollouts, CycloneDX, Trivy, Kyverno",
    Home(
        "https://github.com/quarry-labs/{service}",
        "quay.io/quarry-labs",
        ("stone-grader", "haul-tracker", "blast-notice", "crusher-feed"),
    ),
    write,
    tekton.run,
    builder=r"https://tekton\.dev/chains/v2",
)
