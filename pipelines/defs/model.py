"""Assets of the model: base, planner, evaluation, bento."""

import dagster as dg

from pipelines.assets import StageConfig, materialise, stage_asset
from pipelines.defs.text import corpus, pair_tokens, rag_index, tokenizer, tokens


@dg.asset(
    **stage_asset("pretrain"),
    deps=[tokens, tokenizer],
    group_name="model",
    kinds={"pytorch", "mlflow", "dvc"},
    pool="training",
    description="The base language model of the corpus, its run and checkpoints in MLflow.",
)
def pretrain(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "pretrain", config)


@dg.asset(
    **stage_asset("finetune"),
    deps=[pretrain, pair_tokens, tokenizer],
    group_name="model",
    kinds={"pytorch", "mlflow", "dvc"},
    pool="training",
    description="The planner: the base model taught to write programs of the DSL.",
)
def finetune(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "finetune", config)


@dg.asset(
    **stage_asset("evaluate"),
    deps=[pretrain, finetune, tokens, corpus, rag_index],
    group_name="model",
    kinds={"mlflow", "dvc"},
    pool="evaluation",
    description="Perplexity, program accuracy, requests answered right, retrieval; registers the model and, "
    "where the gates pass, makes it the champion.",
)
def evaluate(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "evaluate", config)


@dg.asset(
    **stage_asset("bento"),
    deps=[finetune, rag_index, evaluate],
    group_name="model",
    kinds={"bentoml", "dvc"},
    pool="evaluation",
    description="The service with the model and the index that passed the gates, as a bento.",
)
def bento(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "bento", config)
