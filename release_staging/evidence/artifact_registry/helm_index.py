"""Helm repository ``index.yaml``: the charts a repository holds, in all their versions.

``digest`` is the SHA-256 of the packed chart in bare hexadecimal; an old ``checksum`` is a SHA-1. None of the versions is the candidate by
itself: version and name stand in rows only. Addresses are kept without user, password and query.
"""

from __future__ import annotations

import re

from release_staging.evidence.addresses import without_credentials
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_HEX = {64: "sha256", 40: "sha1"}


def recognise(head: Head) -> str | None:
    return head.text("apiVersion") if isinstance(head.get("entries"), dict) and head.text("apiVersion") and not head.has("kind") else None


def read(tree: Tree, out: Extract) -> None:
    index = tree.root
    index.text("apiVersion", required=True)
    out.claim("produced_at", index["generated"])
    for name, versions in index.entries("entries", required=True):
        for chart in versions.items(required=True):
            _chart(chart, name, out)


def _chart(chart: Node, key: str, out: Extract) -> None:
    name, version = chart.text("name") or key, chart.scalar("version", required=True)
    found = "digest" if chart["digest"].exists else "checksum"
    text = chart.text(found)
    digest = _digest(text) if text else None
    loss = None if digest == text else "the algorithm is told by the length of the digest"
    confidence = Confidence.EXACT if digest == text else Confidence.DERIVED
    out.claim("artifact.digest", chart[found], value=digest, subject=f"{name}-{version}", confidence=confidence, loss=loss)
    addresses = [address for place in chart.items("urls") if (address := out.scalar(place)) is not None]
    addresses += [address for address in (chart.text("url"),) if address]
    out.row(
        "artifacts",
        chart,
        role="registry",
        kind="helm-chart",
        name=name,
        reference=without_credentials(addresses[0]) if addresses else None,
        digest=digest,
        version=version,
    )


def _digest(text: str) -> str:
    return f"{_HEX[len(text)]}:{text}" if len(text) in _HEX and re.fullmatch("[0-9a-f]+", text) else text


_CHART = "/entries/*/*"

READER = Reader(
    source="artifact_registry",
    format="helm-index",
    title="Helm repository index",
    reference="Helm documentation, The Chart Repository Guide: the index file",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("v1",),
    drops={
        "description": tuple(
            f"{_CHART}/{key}"
            for key in ("description", "home", "icon", "keywords/**", "sources/**", "annotations/**", "deprecated", "type")
        ),
        "account-detail": (f"{_CHART}/maintainers/**",),
        "chart-dependency": (f"{_CHART}/dependencies/**",),
        "chart-engine": (f"{_CHART}/apiVersion", f"{_CHART}/engine", f"{_CHART}/kubeVersion", f"{_CHART}/tillerVersion"),
        "chart-detail": (f"{_CHART}/created", f"{_CHART}/appVersion", f"{_CHART}/removed", "/annotations/**", "/serverInfo/**"),
    },
)
