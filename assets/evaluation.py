"""The evaluation in the UI: its measures as numbers, so that each shows as a trend over materialisations."""

from pathlib import Path
from typing import Any

import dagster as dg

from assets.metadata import table
from assets.packets import PLATFORM
from release_staging.evaluation.evaluation import PACKETS, SEED, Evaluation, evaluate
from release_staging.evaluation.page import page
from release_staging.evaluation.report import numbers, worst_first

GROUP = "evaluation"


class EvaluationConfig(dg.Config):
    """Which set, and how it is run: the same seed and number of packets give the same set."""

    seed: int = SEED
    packets: int = PACKETS
    workers: int = 1
    corpus: str | None = None  # a folder of real documents


def evaluation(folder: Path) -> dg.AssetsDefinition:
    """The asset; its page with plots is written to ``folder``."""

    @dg.asset(
        group_name=GROUP,
        kinds={"python"},
        owners=[f"team:{PLATFORM}"],
        description="Labelled packets of many toolchains, clean or with one known fault, through the same steps as every packet: "
        "how often what came out is right. Materialise it after a change of readers, rules, registries or policy.",
    )
    def evaluation(context: dg.AssetExecutionContext, config: EvaluationConfig) -> dg.MaterializeResult[None]:
        def tell(what: str, done: int, whole: int) -> None:
            context.log.info(f"{what}: {done} more of {whole}")

        found = evaluate(config.seed, config.packets, config.workers, Path(config.corpus) if config.corpus else None, tell)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "evaluation.html"
        file.write_text(page(found), encoding="utf-8")
        return dg.MaterializeResult(metadata=_metadata(found) | {"page": dg.MetadataValue.path(file)})

    return evaluation


def _metadata(found: Evaluation) -> dict[str, Any]:
    families = [
        {"family": one.family, "code": one.code or "told", "right": one.right.part, "packets": one.right.whole}
        for one in worst_first(found.measures)
    ]
    columns = {"family": "string", "code": "string", "right": "int", "packets": "int"}
    return {"packets": found.measures.packets, "seed": found.seed, **numbers(found), "families": table(families, columns)}
