"""Assets of the model: base, planner, evaluation, bento."""

import dagster as dg

from pipelines.assets import StageConfig, in_sync, materialise
from pipelines.defs.text import corpus, rag_index, tokenizer, tokens
from pipelines.dvc_stage import current_code_version


@dg.asset(
    deps=[tokens, tokenizer],
    group_name="model",
    kinds={"pytorch", "mlflow", "dvc"},
    code_version=current_code_version("pretrain"),
    check_specs=[in_sync("pretrain")],
    pool="training",
    description="Base language model",
)
def pretrain(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "pretrain", config)


@dg.asset(
    deps=[pretrain, tokens, tokenizer],
    group_name="model",
    kinds={"pytorch", "mlflow", "dvc"},
    code_version=current_code_version("finetune"),
    check_specs=[in_sync("finetune")],
    pool="training",
    description="The planner",
)
def finetune(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "finetune", config)


@dg.asset(
    deps=[pretrain, finetune, tokens, corpus, rag_index],
    group_name="model",
    kinds={"mlflow", "dvc"},
    code_version=current_code_version("evaluate"),
    check_specs=[in_sync("evaluate")],
    description="Figures, report and the champion",
)
def evaluate(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "evaluate", config)


@dg.asset(
    deps=[finetune, rag_index, evaluate],
    group_name="model",
    kinds={"bentoml", "dvc"},
    code_version=current_code_version("bento"),
    check_specs=[in_sync("bento")],
    description="The service, packaged",
)
def bento(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "bento", config)
