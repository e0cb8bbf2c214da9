"""Buildkite, pytest, Locust as CSV, Flagger, Syft, pip-audit and SARIF, cosign, Scorecard, Terraform, Backstage."""

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
    yield manifests.release_manifest(world, hosted.run(world), hosted.buildkite_url(world))
    yield hosted.buildkite_build(world)
    yield from oci.image(world).documents
    yield attestations.slsa_v1(
        world,
        "https://buildkite.com/observatory",
        "https://buildkite.com/docs/buildtypes/pipeline/v1",
        hosted.buildkite_url(world),
    )
    yield attestations.attested_tests(world)
    yield reports.pytest(world, "unit", "ci")
    yield reports.pytest(world, "integration", "ci")
    yield reports.pytest(world, "smoke", "staging-eu")
    yield load.locust_csv(world)
    yield canaries.flagger_canary(world)
    yield sboms.syft_json(world, "pypi")
    yield scans.pip_audit(world)
    yield scans.grype(world, "pypi")
    yield policies.scorecard(world)
    yield diffs.terraform_plan(world, world.targets[0])
    yield prose.runbook_labelled(world)
    yield prose.incident_markdown(world, world.path("load", "stats_stats.csv"))
    yield catalogs.backstage(world)


TOOLCHAIN = Toolchain(
    "buildkite-python",
    "Buildkite, pytest, Locust CSV, Flagger, Syft, pip-audit, Grype, Scorecard, Terraform",
    Home(
        "https://github.com/observatory/{service}",
        "registry.example.com/observatory",
        ("star-index", "dome-control", "night-queue", "lens-cooler"),
    ),
    write,
    hosted.run,
    hosted.buildkite_url,
    builder=r"https://buildkite\.com/observatory",
)
