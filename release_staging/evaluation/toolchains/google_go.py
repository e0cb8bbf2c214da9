"""Google Cloud Build with its provenance, go test, gotestsum, k6, Kayenta, SPDX 3, Grype, Kyverno, git and Terraform, Backstage."""

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
    yield manifests.release_manifest(world, hosted.run(world), hosted.cloud_build_url(world), diffs.covered(world))
    yield hosted.cloud_build(world)
    yield from oci.image(world).documents
    yield attestations.gcb_provenance(
        world,
        "https://cloudbuild.googleapis.com/GoogleHostedWorker",
        "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
        f"https://cloudbuild.googleapis.com/v1/projects/apps/locations/global/builds/{hosted.run(world)}",
    )
    yield reports.go_test(world, "unit", "ci")
    yield reports.go_test(world, "integration", "ci")
    yield reports.gotestsum(world, "smoke", "staging-eu")
    yield load.k6_summary(world)
    yield canaries.kayenta_execution(world)
    yield sboms.spdx3_json(world, "golang")
    yield scans.grype(world, "golang")
    yield policies.policy_report(world)
    yield diffs.unified(world)
    yield diffs.terraform_plan(world, world.targets[0])
    yield prose.runbook(world)
    yield prose.incident_markdown(world, world.path("load", "k6-summary.json"))
    yield catalogs.backstage(world)


TOOLCHAIN = Toolchain(
    "google-go",
    "Google Cloud Build, go test, k6, Kayenta, SPDX 3, Grype, Kyverno, Terraform",
    Home(
        "https://github.com/meadow-systems/{service}",
        "europe-docker.pkg.dev/meadow-systems/apps",
        ("pasture-map", "herd-counter", "milk-route", "hay-forecast"),
    ),
    write,
    hosted.run,
    hosted.cloud_build_url,
    builder=r"https://cloudbuild\.googleapis\.com/GoogleHostedWorker",
)
