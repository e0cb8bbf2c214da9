"""Azure DevOps, TRX, JMeter, Kayenta, SPDX as tag-value, OSV-Scanner and SARIF, cosign, Checkov, Terraform, Helm, Cortex."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evaluation.documents import Written
from release_staging.evaluation.packets import Toolchain
from release_staging.evaluation.tools import (
    attestations,
    azure,
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
)
from release_staging.evaluation.tools import tests as reports
from release_staging.evaluation.worlds import Home, World


def write(world: World) -> Iterator[Written]:
    yield manifests.release_manifest(world, azure.run(world), azure.run_url(world))
    yield manifests.helm_chart(world)
    yield azure.build(world)
    yield from oci.image(world).documents
    yield attestations.slsa_v1(
        world, "https://dev.azure.com/vineyard/pipelines", "https://dev.azure.com/buildtypes/pipeline/v1", azure.run_url(world)
    )
    yield reports.trx(world, "unit", "ci")
    yield reports.trx(world, "integration", "ci")
    yield reports.trx(world, "smoke", "staging-eu")
    yield azure.test_run(world, "integration", "staging-eu")
    yield load.jmeter_jtl(world)
    yield canaries.kayenta_execution(world)
    yield sboms.spdx_tag_value(world, "nuget")
    yield scans.osv(world, "nuget")
    yield scans.sarif(world, "Roslyn Analyzers")
    yield policies.checkov(world)
    yield diffs.terraform_plan(world, world.targets[0])
    yield prose.runbook(world)
    yield prose.incident_pagerduty(world)
    yield catalogs.cortex(world)


TOOLCHAIN = Toolchain(
    "azure-dotnet",
    "Azure DevOps, .NET TRX, JMeter, Kayenta, SPDX tag-value, OSV-Scanner, SARIF, Terraform",
    Home(
        "https://dev.azure.com/vineyard/cellar/_git/{service}",
        "vineyard.azurecr.io",
        ("cask-inventory", "label-printer", "harvest-clock", "bottle-counter"),
    ),
    write,
    azure.run,
    azure.run_url,
    builder=r"https://dev\.azure\.com/vineyard/pipelines",
)
