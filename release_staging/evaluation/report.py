"""The evaluation as plain data, for programs: what ``release-staging evaluate --format json`` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from release_staging.evaluation.evaluation import Evaluation
from release_staging.evaluation.measures import Measures, Share

# Name of a measure -> what it is, in the words of people. The four measures of docs/EVALUATION.md, in their order.
MEASURES: dict[str, str] = {
    "accepted": "clean packets staged with every consequential field resolved",
    "diverted": "packets with a fault that came out right: the expected codes at their places, and no other",
    "precise": "codes told that should have been told",
    "false_holds": "clean packets held",
    "traced": "consequential values of staged records whose provenance leads back to them",
    "confident": "consequential values of staged records that say how sure they are",
    "versioned": "documents of staged records whose format is named",
    "changed": "packets with a change that a running system meets that came out right",
}


def as_data(evaluation: Evaluation, agreement: Share | None = None) -> dict[str, Any]:
    """Everything that was measured. ``agreement``: of the packets that also went through the Dagster job, those with the same outcome."""
    contracts = evaluation.contracts
    data: dict[str, Any] = {
        "seed": evaluation.seed,
        **_measures(evaluation.measures),
        "contracts": {
            **_share(contract_share(evaluation)),
            "wrong": [f"{one.contract} {one.toolchain}: {one.wrong}" for one in contracts if one.wrong],
        },
        "dagster": None if agreement is None else _share(agreement),
        "corpus": None,
    }
    if evaluation.corpus is not None:
        real = evaluation.corpus
        data["corpus"] = {"looked_at": real.looked_at, "labelled": real.labelled, **_measures(real.measures)}
    return data


def contract_share(evaluation: Evaluation) -> Share:
    """Packets that came out right under every contract."""
    return Share(sum(not one.wrong for one in evaluation.contracts), len(evaluation.contracts))


def numbers(evaluation: Evaluation) -> dict[str, float]:
    """Every measure as one number between 0 and 1, for a trend."""
    shares = {name: getattr(evaluation.measures, name) for name in MEASURES} | {"contracts": contract_share(evaluation)}
    return {name: share.rate for name, share in shares.items() if share.rate is not None}


def _measures(measures: Measures) -> dict[str, Any]:
    return {
        "packets": measures.packets,
        **{name: _share(getattr(measures, name)) for name in MEASURES},
        "unresolved": measures.unresolved,
        "elsewhere": measures.elsewhere,
        "codes": [{"code": one.code, "recall": _share(one.recall), "precision": _share(one.precision)} for one in measures.codes],
        "families": [
            {
                "family": one.family,
                "code": one.code or None,
                "title": one.title,
                "right": _share(one.right),
                "forms": {form: _share(share) for form, share in one.forms.items()},
            }
            for one in measures.families
            if one.right.whole
        ],
        "toolchains": [
            {"name": one.name, "title": one.title, "staged": _share(one.staged), "right": _share(one.right)} for one in measures.toolchains
        ],
        "misses": list(measures.misses),
    }


def _share(share: Share) -> dict[str, Any]:
    return {"part": share.part, "whole": share.whole, "rate": share.rate}


def worst_first(measures: Measures) -> Iterable[Any]:
    """The families that were measured, those with the most misses first."""
    return sorted(
        (one for one in measures.families if one.right.whole), key=lambda one: (one.right.part - one.right.whole, one.code, one.family)
    )
