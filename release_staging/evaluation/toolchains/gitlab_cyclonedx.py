"""GitLab CI, pytest, Locust, Kayenta, CycloneDX, Grype and GitLab's container scanning, cosign, Checkov, helm-diff, OpsLevel."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evaluation.documents import Written
from release_staging.evaluation.packets import Toolchain
from release_staging.evaluation.tools import (
    attestations,
    canaries,
    catalogs,
    diffs,
    gitlab,
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
    yield manifests.release_manifest(world, str(world.run), gitlab.run_url(world))
    yield manifests.gitlab_release(world)
    yield gitlab.pipeline(world)
    yield gitlab.jobs(world)
    yield from oci.image(world).documents
    yield oci.skopeo_inspect(world)
    yield attestations.slsa_v02(
        world,
        f"{world.service.repository}/-/runners/2",
        "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v18.5.0/PROVENANCE.md",
        str(gitlab.job_id(world, 0)),
    )
    yield reports.pytest(world, "unit", "ci")
    yield reports.pytest(world, "integration", "ci")
    yield reports.pytest(world, "smoke", "staging-eu")
    yield load.locust_json(world)
    yield canaries.kayenta_execution(world)
    yield sboms.cyclonedx_image(world, "pypi")
    yield scans.grype(world, "pypi")
    yield gitlab.container_scanning(world)
    yield policies.checkov(world)
    yield diffs.helm_diff(world, world.targets[0])
    yield prose.runbook_labelled(world)
    yield prose.incident_text(world, world.path("load", "locust.json"))
    yield catalogs.opslevel(world)


TOOLCHAIN = Toolchain(
    "gitlab-cyclonedx",
    "GitLab CI, pytest, Locust, Kayenta, CycloneDX, Grype, cosign",
    Home(
        "https://gitlab.com/orchard-works/{service}",
        "registry.gitlab.com/orchard-works",
        ("apple-sorter", "cider-press", "frost-alarm", "picker-shifts"),
    ),
    write,
    lambda world: str(world.run),
    gitlab.run_url,
    builder=r"https://gitlab\.com/orchard-works/[a-z-]+/-/runners/2",
)
