"""Assets of the text: raw data, corpus, curriculum, tokenizer, tokens, index."""

import dagster as dg

from pipelines.assets import StageConfig, in_sync, materialise
from pipelines.dvc_stage import current_code_version, data_status


@dg.observable_source_asset(
    group_name="text", description="Raw text under data/, tracked by data.dvc"
)
def data(context: dg.OpExecutionContext) -> dg.ObserveResult:
    version, same = data_status()
    return dg.ObserveResult(
        data_version=dg.DataVersion(version), metadata={"matches_data_dvc": same, "hash": version}
    )


@dg.asset(
    deps=[data],
    group_name="text",
    kinds={"parquet", "dvc"},
    code_version=current_code_version("corpus"),
    check_specs=[in_sync("corpus")],
    description="Cleaned, deduplicated, decontaminated text",
)
def corpus(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "corpus", config)


@dg.asset(
    group_name="text",
    kinds={"python", "dvc"},
    code_version=current_code_version("curriculum"),
    check_specs=[in_sync("curriculum")],
    description="Request/program pairs and worked lessons from the operation registry",
)
def curriculum(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "curriculum", config)


@dg.asset(
    deps=[corpus, curriculum],
    group_name="text",
    kinds={"sentencepiece", "dvc"},
    code_version=current_code_version("tokenizer"),
    check_specs=[in_sync("tokenizer")],
    description="SentencePiece model with the DSL's tokens reserved",
)
def tokenizer(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "tokenizer", config)


@dg.asset(
    deps=[corpus, curriculum, tokenizer],
    group_name="text",
    kinds={"numpy", "dvc"},
    code_version=current_code_version("tokens"),
    check_specs=[in_sync("tokens")],
    description="Memory-mapped token shards",
)
def tokens(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "tokens", config)


@dg.asset(
    deps=[corpus],
    group_name="text",
    kinds={"lancedb", "dvc"},
    code_version=current_code_version("rag_index"),
    check_specs=[in_sync("rag_index")],
    description="Index for retrieval and citations",
)
def rag_index(context: dg.AssetExecutionContext, config: StageConfig) -> dg.MaterializeResult:
    return materialise(context, "rag_index", config)
