"""Assets of the text: corpus, curriculum, tokenizer, tokens, index."""

import dagster as dg

from pipelines.assets import StageConfig, materialise, stage_asset
from pipelines.defs.ingestion import data


@dg.asset(
    **stage_asset("corpus"),
    deps=[data],
    group_name="text",
    kinds={"parquet", "dvc"},
    pool="text",
    description="Cleaned, deduplicated, decontaminated text in Parquet shards.",
)
def corpus(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "corpus", config)


@dg.asset(
    **stage_asset("curriculum"),
    group_name="text",
    kinds={"json", "dvc"},
    pool="text",
    description="Request/program pairs, held-out splits and worked lessons, made from the operation registry.",
)
def curriculum(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "curriculum", config)


@dg.asset(
    **stage_asset("tokenizer"),
    deps=[corpus, curriculum],
    group_name="text",
    kinds={"sentencepiece", "dvc"},
    pool="text",
    description="SentencePiece model (BPE, byte fallback) with the tokens of the DSL reserved.",
)
def tokenizer(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "tokenizer", config)


@dg.asset(
    **stage_asset("tokens"),
    deps=[corpus, curriculum, tokenizer],
    group_name="text",
    kinds={"numpy", "dvc"},
    pool="text",
    description="Memory-mapped token shards of corpus and lessons, to pretrain on.",
)
def tokens(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "tokens", config)


@dg.asset(
    **stage_asset("pair_tokens"),
    deps=[curriculum, tokenizer],
    group_name="text",
    kinds={"numpy", "dvc"},
    pool="text",
    description="Request/program pairs packed into rows of tokens, to finetune on.",
)
def pair_tokens(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "pair_tokens", config)


@dg.asset(
    **stage_asset("rag_index"),
    deps=[corpus],
    group_name="text",
    kinds={"lancedb", "dvc"},
    pool="text",
    description="Index for retrieval and citations: full text and, where an embedder is installed, vectors.",
)
def rag_index(context: dg.AssetExecutionContext, config: StageConfig):
    yield from materialise(context, "rag_index", config)
