"""Helm ``Chart.yaml`` (chart API v1 and v2): which application a chart deploys, and in which version.

``version`` is the chart's own and counts on its own; ``appVersion`` is what it deploys, in any words. Only the latter is a version
of the candidate. Helm reads an ``appVersion`` without quotes as YAML 1.1 does: ``1.10`` is then ``1.1``. A library chart deploys nothing.
"""

from __future__ import annotations

import re

from release_staging.evidence.addresses import claim_address
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS

_API = re.compile(r"v[0-9]\Z")
_FLOAT_WITH_ZERO = re.compile(r"[0-9]+\.[0-9]*0\Z")
_QUOTES = "without quotes Helm reads it as a number, without its last zeros"


def recognise(head: Head) -> str | None:
    api = head.text("apiVersion")
    return api if _API.match(api) and head.has("name", "version") and not head.has("kind") else None


def read(tree: Tree, out: Extract) -> None:
    chart = tree.root
    chart.text("apiVersion", required=True)
    name = chart.text("name", required=True)
    if chart.text("type") != "library":
        out.claim("service.name", chart["name"], subject=name)
        version = chart.scalar("appVersion") or ""
        loss = _QUOTES if _FLOAT_WITH_ZERO.match(version) else None
        out.claim("candidate.version", chart["appVersion"], subject=name, accept=SCALARS, loss=loss)
        sources = list(chart.items("sources"))
        if len(sources) == 1:  # with several, some are of other projects
            claim_address("repository.url", sources[0], out, subject=name)
    out.row("artifacts", chart, role="declared", kind="helm-chart", name=name, version=chart.scalar("version", required=True))


READER = Reader(
    source="release_manifest",
    format="helm-chart",
    title="Helm Chart.yaml",
    reference="Helm documentation, Charts: the Chart.yaml file",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("v1", "v2"),
    drops={
        "description": ("/description", "/home", "/icon", "/keywords/**", "/deprecated", "/annotations/*"),
        "account-detail": ("/maintainers/**",),
        "source-of-several": ("/sources/*",),
        "chart-dependency": ("/dependencies/**",),
        "chart-engine": ("/engine", "/kubeVersion", "/tillerVersion", "/condition", "/tags"),
    },
)
