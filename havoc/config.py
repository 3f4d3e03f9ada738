"""Every configuration of HAVOC, and how they are loaded.

Dataclass defaults, then a YAML file of ``configs/<kind>/``, then the command line
(``--training.learning_rate 1e-4``); the later wins. Unknown keys are errors that name the nearest
valid one. The defaults of ``HavocConfig`` are the 7B model.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from havoc.errors import InputError, nearest
from havoc.options import Options, annotated_yaml, from_mapping, option, read_yaml

T = TypeVar("T", bound=Options)


@dataclass(frozen=True, kw_only=True)
class HavocConfig(Options):
    """The shape of a model."""

    vocab_size: int = option(
        70_000,
        "pieces of the tokenizer, reserved ones included",
        ge=260,
        advice="1000-4000 for models below 10M parameters: the embedding table dominates there",
    )
    d_model: int = option(4096, "width of the residual stream", ge=8)
    num_layers: int = option(32, "transformer blocks", ge=1)
    num_heads: int = option(32, "query heads", ge=1)
    num_kv_heads: int = option(
        8, "key/value heads, a divisor of num_heads", ge=1, advice="fewer shrink the KV cache"
    )
    head_dim: int = option(128, "width of one head, even", ge=2)
    mlp_hidden_dim: int = option(11_008, "width of the SwiGLU layer, about 8/3 of d_model", ge=8)
    max_seq_len: int = option(4096, "longest sequence the model is used with", ge=8)
    rope_theta: float = option(
        10_000.0, "base of the rotary frequencies", gt=1, advice="500000 for contexts above 8192"
    )
    rms_norm_eps: float = option(1e-5, "added to the mean square in RMSNorm", gt=0, lt=0.1)
    dropout: float = option(0.0, "share of activations dropped in training", ge=0, lt=1)
    tie_embeddings: bool = option(
        False, "use the input embedding as the output layer", advice="true below 1B parameters"
    )
    init_std: float = option(0.02, "standard deviation of the initial weights", gt=0)

    def check(self) -> None:
        if self.num_heads % self.num_kv_heads:
            raise InputError(
                f"num_kv_heads: {self.num_kv_heads} does not divide num_heads {self.num_heads}"
            )
        if self.head_dim % 2:
            raise InputError(f"head_dim: rotary embeddings need an even width, got {self.head_dim}")

    @property
    def num_parameters(self) -> int:
        """Number of weights; ``HavocModel`` asserts that it has exactly these."""
        embedding = self.vocab_size * self.d_model
        heads = 2 * self.num_heads + 2 * self.num_kv_heads
        attention = self.d_model * self.head_dim * heads
        mlp = 3 * self.d_model * self.mlp_hidden_dim
        block = attention + mlp + 2 * self.d_model
        output = 0 if self.tie_embeddings else embedding
        return embedding + self.num_layers * block + self.d_model + output

    @property
    def kv_cache_values_per_token(self) -> int:
        """Numbers kept for one token of one sequence while decoding."""
        return 2 * self.num_layers * self.num_kv_heads * self.head_dim

    def flops_per_token(self, seq_len: int | None = None) -> float:
        """Floating-point operations of one trained token: forward and backward.

        Six a weight that multiplies (PaLM, arXiv 2204.02311, appendix B) and the attention scores,
        halved because a token sees only the past.
        """
        length = self.max_seq_len if seq_len is None else seq_len
        lookup = 0 if self.tie_embeddings else self.vocab_size * self.d_model
        attention = 6 * self.num_layers * self.num_heads * self.head_dim * length
        return 6.0 * (self.num_parameters - lookup) + attention


@dataclass(frozen=True, kw_only=True)
class TrainingConfig(Options):
    """One training run."""

    batch_size: int = option(
        4, "sequences a micro-batch and process", ge=1, advice="2-8 at 7B on 80 GB"
    )
    gradient_accumulation_steps: int = option(
        8, "micro-batches an optimiser step", ge=1, advice="4-16 at 7B; 1 on a CPU"
    )
    seq_len: int | None = option(
        None, "tokens a sequence; null takes the model's max_seq_len", ge=8, advice="256 on a CPU"
    )
    short_rows: int | None = option(
        None,
        "pairs that fit are trained in rows of so many tokens, a divisor of seq_len; null: all in one length",
        ge=8,
        advice="128 on a CPU, where attention over rows of 256 takes a third of the time",
    )
    max_steps: int = option(100_000, "optimiser steps", ge=1)
    max_seconds: float | None = option(
        None,
        "seconds after which training stops; the learning rate then follows the elapsed share",
        gt=0,
        advice="null for runs that must be repeatable bit by bit",
    )
    learning_rate: float = option(3e-4, "peak learning rate of AdamW", gt=0, le=1)
    min_lr: float = option(3e-5, "learning rate at the end", ge=0, le=1)
    warmup_steps: int = option(2000, "steps of linear warmup", ge=0, advice="40-100 in short runs")
    schedule: Literal["cosine", "wsd", "linear", "constant"] = option(
        "cosine", "course after warmup; wsd holds the peak, then falls linearly"
    )
    decay_share: float = option(0.4, "wsd: the last share of the run in which it falls", gt=0, le=1)
    optimizer: Literal["adamw", "muon"] = option(
        "adamw", "muon: Muon for the matrices of the blocks, AdamW for the rest"
    )
    muon_learning_rate: float = option(0.02, "peak learning rate of Muon", gt=0, le=1)
    muon_momentum: float = option(0.95, "momentum of Muon", ge=0, lt=1)
    weight_decay: float = option(0.1, "decay of matrices; never of norms or embeddings", ge=0, lt=1)
    beta1: float = option(0.9, "AdamW: decay of the first moment", ge=0, lt=1)
    beta2: float = option(0.95, "AdamW: decay of the second moment", ge=0, lt=1)
    adam_eps: float = option(1e-8, "AdamW: added to the denominator", gt=0)
    max_grad_norm: float = option(1.0, "gradients are scaled down to this norm", gt=0)
    use_amp: bool | Literal["auto"] = option(
        True,
        "mixed precision; auto: where the hardware multiplies amp_dtype natively",
        advice="auto on a CPU: without AVX512-BF16 or AMX bfloat16 runs many times slower",
    )
    amp_dtype: Literal["bfloat16", "float16"] = option(
        "bfloat16", "type of mixed precision; float16 uses a gradient scaler"
    )
    nonfinite: Literal["skip", "stop"] = option(
        "skip", "what a loss or gradient that is not finite does"
    )
    max_nonfinite: int = option(10, "steps skipped in a row before the run stops", ge=1)
    token_dropout: float = option(
        0.0,
        "mean share of the tokens that nothing is learnt of which are hidden; reserved pieces never",
        ge=0,
        lt=0.5,
        advice="0.08 lowered the held-out loss of short runs, and wrote no more programs right",
    )
    ema_decay: float = option(0.0, "decay of an average of the weights; 0 keeps none", ge=0, lt=1)
    compile: bool = option(
        False,
        "torch.compile, with eager execution if it fails",
        advice="true on GPUs, and on a CPU in runs of more than about five minutes",
    )
    activation_checkpointing: bool = option(
        False, "recompute activations in the backward pass", advice="true at 3B and above"
    )
    seed: int = option(0, "seed of initialisation, dropout and data order", ge=0)
    num_threads: int = option(0, "CPU threads; 0 leaves torch's choice", ge=0)
    device: str = option("auto", "auto, cpu, cuda or cuda:N")
    log_every: int = option(10, "steps between metric lines", ge=1)
    eval_every: int = option(500, "steps between validations; 0 never", ge=0)
    eval_batches: int = option(20, "micro-batches of a validation", ge=1)
    checkpoint_every: int = option(500, "steps between checkpoints; 0 only at the end", ge=0)
    keep_last: int = option(3, "checkpoints kept", ge=1)
    keep_best: bool = option(False, "also keep the checkpoint of the lowest validation loss")
    profile_steps: int = option(
        0, "steps recorded by torch's profiler, after the first three; 0 none", ge=0
    )
    lora_rank: int = option(
        0, "rank of LoRA adapters on the matrices of the blocks; 0 trains all weights", ge=0
    )
    lora_alpha: float = option(16.0, "LoRA: the adapter's output is times lora_alpha / rank", gt=0)
    replicas: int = option(
        1, "several processes: copies of the model, each sharded over processes / replicas", ge=1
    )
    tensor_parallel: int = option(
        1,
        "several processes: over how many of them each matrix of attention and feed-forward is split",
        ge=1,
        advice="a divisor of num_kv_heads and mlp_hidden_dim, at most the GPUs of one machine;"
        " 1 where sharding alone fits",
    )
    cpu_offload: bool = option(
        False, "keep weights and optimiser state in the computer's memory, not the GPU's"
    )

    def check(self) -> None:
        if self.min_lr > self.learning_rate:
            raise InputError(
                f"min_lr: {self.min_lr:g} is above learning_rate {self.learning_rate:g}"
            )
        if self.keep_best and not self.eval_every:
            raise InputError("keep_best: needs validation, and eval_every is 0")
        if self.short_rows and (self.seq_len is None or self.seq_len % self.short_rows):
            raise InputError(
                f"short_rows: {self.short_rows} does not divide seq_len {self.seq_len}"
            )

    @property
    def sequences_per_step(self) -> int:
        """Sequences of one optimiser step of one process."""
        return self.batch_size * self.gradient_accumulation_steps


@dataclass(frozen=True, kw_only=True)
class InferenceConfig(Options):
    """How text is generated."""

    temperature: float = option(0.7, "0 always takes the most probable token", ge=0, le=10)
    top_p: float = option(0.9, "keep the most probable tokens up to this probability", gt=0, le=1)
    top_k: int = option(50, "keep this many tokens; 0 keeps all", ge=0)
    min_p: float = option(
        0.0, "drop tokens below this share of the most probable one's probability", ge=0, le=1
    )
    repetition_penalty: float = option(
        1.1, "divides the scores of tokens seen; 1 is none", gt=0, le=10
    )
    max_new_tokens: int = option(512, "longest continuation", ge=1)
    do_sample: bool = option(True, "false takes the most probable token")
    seed: int | None = option(None, "seed of sampling; null draws one", ge=0)
    stop_sequences: tuple[str, ...] = option((), "texts that end the continuation")
    top_logprobs: int = option(0, "most probable alternatives told of each token", ge=0, le=20)
    dtype: Literal["float32", "bfloat16", "float16", "int8"] = option(
        "float32",
        "type of the weights",
        advice="float32 for small models on a CPU, bfloat16 on GPUs; int8 for speed on a CPU",
    )
    device: str = option("auto", "auto, cpu, cuda or cuda:N")
    kernels: Literal["auto", "native", "torch"] = option(
        "auto", "auto: the compiled kernels on a CPU where they are built, else torch"
    )
    max_batch_size: int = option(8, "sequences decoded together", ge=1)
    num_threads: int = option(0, "CPU threads; 0 leaves torch's choice", ge=0)
    backend: Literal["local", "openai"] = option(
        "local", "where the model runs; openai: any server of that interface (vLLM, llama.cpp)"
    )
    backend_url: str = option("", "address of the server, for example http://127.0.0.1:8000/v1")
    backend_model: str = option("", "name of the model at that server")


@dataclass(frozen=True, kw_only=True)
class DataConfig(Options):
    """Corpus, tokenizer and token shards."""

    seed: int = option(0, "seed of every shuffle and split", ge=0)
    min_chars: int = option(200, "shorter documents are dropped", ge=0)
    max_chars: int = option(200_000, "longer documents are cut at a paragraph", ge=100)
    min_alpha_share: float = option(
        0.4,
        "least share of letters",
        ge=0,
        le=1,
        advice="low, because formulas and tables are wanted",
    )
    max_duplicate_line_share: float = option(0.3, "most share of repeated lines", ge=0, le=1)
    minhash_permutations: int = option(128, "permutations of a near-duplicate signature", ge=16)
    minhash_threshold: float = option(0.8, "Jaccard similarity of near-duplicates", gt=0, le=1)
    shingle_words: int = option(5, "words a shingle", ge=1)
    mask_personal_data: bool = option(
        False,
        "addresses, telephone numbers, cards and accounts are replaced by <EMAIL> and so on",
        advice="on for text from outside; needs havoc[ingest]",
    )
    decontamination_words: int = option(
        13, "documents sharing this many words in a row with an evaluation set are dropped", ge=4
    )
    weights: dict[str, float] = option(  # noqa: RUF009 (makes a field with a factory)
        {"math": 1.0, "stats": 1.0, "engineering": 2.0, "general": 0.5, "lessons": 2.0},
        "share of each domain among the tokens of pretraining",
        ge=0,
    )
    validation_share: float = option(0.02, "share of documents kept for validation", gt=0, lt=0.5)
    shard_tokens: int = option(
        16_777_216, "tokens a shard file", ge=1024, advice="2^24 to 2^28; larger on a cluster"
    )
    seq_len: int = option(256, "tokens a packed row", ge=8)
    character_coverage: float = option(
        0.9995, "share of characters with their own piece", gt=0.9, le=1
    )
    tokenizer_sentences: int = option(500_000, "most lines the tokenizer is trained on", ge=100)

    def check(self) -> None:
        if not any(self.weights.values()):
            raise InputError("weights: at least one domain needs a weight above 0")


@dataclass(frozen=True, kw_only=True)
class RagConfig(Options):
    """The index and its search."""

    chunk_chars: int = option(1200, "longest passage", ge=100)
    chunk_overlap: int = option(150, "characters shared by neighbouring passages", ge=0)
    embedder: Literal["auto", "none", "minilm"] = option(
        "auto", "vectors of passages; auto: minilm if installed, else lexical search alone"
    )
    top_k: int = option(6, "passages returned", ge=1, le=100)
    candidates: int = option(40, "passages of each search before fusion", ge=1)
    lexical_weight: float = option(0.4, "weight of lexical search in the fusion", ge=0)
    vector_weight: float = option(0.6, "weight of vector search in the fusion", ge=0)
    coverage_weight: float = option(
        0.0,
        "weight of the share of the query's words that a passage has; 0: no second look",
        ge=0,
        advice="0.2 finds a little more among the first five",
    )

    def check(self) -> None:
        if self.chunk_overlap >= self.chunk_chars:
            raise InputError("chunk_overlap: must be below chunk_chars")


@dataclass(frozen=True, kw_only=True)
class SrsConfig(Options):
    """The eight stages of the reasoning stack."""

    mode: bool = option(True, "stage MODE: task, difficulty, risk")
    ground: bool = option(True, "stage GROUND: numbers, names, tables, passages")
    plan: bool = option(True, "stage PLAN: programs by the language model")
    execute: bool = option(True, "stage EXECUTE: run the programs")
    argue: bool = option(True, "stage ARGUE: for and against each result")
    arbiter: bool = option(True, "stage ARBITER: pick by the rubric")
    audit: bool = option(True, "stage AUDIT: re-compute every number")
    answer: bool = option(True, "stage ANSWER: write it down")
    clarify_below: float = option(0.5, "ask instead of guessing below this confidence", ge=0, le=1)
    agree_below: float = option(
        0.25, "ask if the programs that come to the same result are less probable", ge=0, le=1
    )
    candidates: int = option(6, "programs the model proposes", ge=1, le=64)
    max_operations: int = option(60, "operations offered to the model by the retriever", ge=1)
    max_program_tokens: int = option(256, "longest program", ge=8)
    plan_temperature: float = option(0.7, "temperature of proposals after the first", ge=0, le=10)
    replans: int = option(1, "how often ARBITER may ask PLAN for a better method", ge=0, le=3)
    passages: int = option(4, "passages cited", ge=0, le=50)
    alpha: float = option(0.05, "level of significance where the request names none", gt=0, lt=1)
    weight_model: float = option(1.0, "ARBITER: weight of the model's probability", ge=0)
    weight_coverage: float = option(2.0, "ARBITER: weight of using all that was given", ge=0)
    weight_assumptions: float = option(1.0, "ARBITER: weight of assumptions that hold", ge=0)
    detail: Literal["brief", "normal", "full"] = option("normal", "ANSWER: how much is written")


@dataclass(frozen=True, kw_only=True)
class ToolsConfig(Options):
    """Limits of executed programs."""

    timeout_seconds: float = option(20.0, "longest run of a program", gt=0)
    max_memory_mb: int = option(2048, "most memory of a program", ge=64)
    max_rows: int = option(1_000_000, "longest table", ge=1)
    max_statements: int = option(50, "statements of a program", ge=1)
    max_runs: int = option(100_000, "runs of a generated design", ge=1)
    seed: int = option(0, "seed where a program gives none", ge=0)
    tolerance: float = option(1e-8, "relative difference the audit accepts", gt=0, lt=0.01)


@dataclass(frozen=True, kw_only=True)
class PipelineConfig(Options):
    """A profile: which configuration each part takes, and how much of everything."""

    model: str = option("havoc_nano", "name in configs/model")
    pretrain: str = option("pretrain_laptop", "name in configs/training")
    finetune: str = option("finetune_laptop", "name in configs/training")
    inference: str = option("default_inference", "name in configs/inference")
    data: str = option("default_data", "name in configs/data")
    rag: str = option("default_rag", "name in configs/rag")
    srs: str = option("default_srs", "name in configs/srs")
    tools: str = option("default_tools", "name in configs/tools")
    corpus_documents: int | None = option(None, "most documents of a source; null takes all", ge=1)
    corpus_bytes: int | None = option(None, "most bytes of raw text read; null takes all", ge=1000)
    lessons_per_operation: int = option(20, "worked lessons of each operation", ge=0)
    pairs: int = option(40_000, "request/program pairs to train on", ge=10)
    heldout_pairs: int = option(1000, "pairs of held-out compositions", ge=10)
    pretrain_steps: int | None = option(None, "overrides max_steps of pretraining", ge=1)
    pretrain_seconds: float | None = option(120.0, "overrides max_seconds of pretraining", gt=0)
    finetune_steps: int | None = option(None, "overrides max_steps of finetuning", ge=1)
    finetune_seconds: float | None = option(360.0, "overrides max_seconds of finetuning", gt=0)
    evaluation_pairs: int = option(300, "held-out pairs evaluated by execution", ge=1)
    evaluation_batches: int = option(20, "batches of each domain for perplexity", ge=1)
    bits_per_byte_bar: float = option(
        3.0, "the base model blocks above this on validation text", gt=0
    )
    traced_requests: int = option(20, "requests of each file traced in MLflow", ge=0)
    processes: int = option(2, "processes of steps that run in parallel", ge=1)
    training_processes: int = option(
        1, "processes, in all, that torchrun starts for a training; each adds its own batch", ge=1
    )


KINDS: dict[str, type[Options]] = {
    "model": HavocConfig,
    "training": TrainingConfig,
    "inference": InferenceConfig,
    "data": DataConfig,
    "rag": RagConfig,
    "srs": SrsConfig,
    "tools": ToolsConfig,
    "pipeline": PipelineConfig,
}


def config_root() -> Path:
    """The folder of YAML files: HAVOC_CONFIGS, else ./configs, else the one beside the package."""
    named = os.environ.get("HAVOC_CONFIGS")
    if named:
        return Path(named)
    here = Path("configs")
    return here if here.is_dir() else Path(__file__).resolve().parents[1] / "configs"


def config_path(kind: str, name: str) -> Path:
    """Return the file of a named configuration, or refuse with the nearest name."""
    folder = config_root() / kind
    known = sorted(p.stem for p in folder.glob("*.yaml"))
    if name not in known:
        raise InputError(f"no {kind} configuration '{name}' in {folder}{nearest(name, known)}")
    return folder / f"{name}.yaml"


def load_config(
    kind: type[T], source: str | Path | None = None, overrides: Mapping[str, Any] | None = None
) -> T:
    """Build one configuration: defaults, then a YAML file, then overrides.

    Parameters
    ----------
    kind
        The dataclass, for example ``TrainingConfig``.
    source
        The name of a file in ``configs/<kind>/`` or the path of a YAML file; None: the defaults.
    overrides
        Values by field name; the last word.
    """
    values: dict[str, Any] = {}
    if source is not None:
        path = Path(source)
        if path.suffix not in (".yaml", ".yml"):
            path = config_path(_kind_name(kind), str(source))
        values = read_yaml(path)
        from_mapping(kind, values, where=str(path))
    return from_mapping(kind, {**values, **(overrides or {})})


def _kind_name(kind: type[Options]) -> str:
    return next(name for name, known in KINDS.items() if known is kind)


Overrides = dict[str, dict[str, str]]


def parse_overrides(arguments: Sequence[str]) -> Overrides:
    """Read ``--kind.name value`` and ``--kind.name=value`` into values by kind and name.

    Examples
    --------
    >>> parse_overrides(["--training.learning_rate", "1e-4", "--model.num_layers=2"])
    {'training': {'learning_rate': '1e-4'}, 'model': {'num_layers': '2'}}
    """
    parsed: Overrides = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--") or "." not in word.split("=")[0]:
            raise InputError(f"expected --kind.name value, got '{word}'")
        key, given, value = word.removeprefix("--").partition("=")
        if not given:
            if not rest:
                raise InputError(f"{word}: a value is missing")
            value = rest.pop(0)
        kind, _, name = key.partition(".")
        if kind not in KINDS:
            raise InputError(f"unknown configuration '{kind}' in '{word}'{nearest(kind, KINDS)}")
        known = [f.name for f in dataclasses.fields(KINDS[kind])]
        if name not in known:
            raise InputError(f"unknown key '{name}' of {kind}{nearest(name, known)}")
        parsed.setdefault(kind, {})[name] = value
    return parsed


@dataclass(frozen=True)
class Settings:
    """All configurations of one profile."""

    profile: str
    pipeline: PipelineConfig
    model: HavocConfig
    pretrain: TrainingConfig
    finetune: TrainingConfig
    inference: InferenceConfig
    data: DataConfig
    rag: RagConfig
    srs: SrsConfig
    tools: ToolsConfig


def load_settings(profile: str = "laptop", overrides: Overrides | None = None) -> Settings:
    """Load a profile and the configurations it names; overrides of training reach both runs."""
    given = overrides or {}
    pipeline = load_config(PipelineConfig, profile, given.get("pipeline"))

    def part(kind: type[T], name: str) -> T:
        return load_config(kind, name, given.get(_kind_name(kind)))

    def run(name: str, steps: int | None, seconds: float | None) -> TrainingConfig:
        sizes: dict[str, Any] = {"max_steps": steps, "max_seconds": seconds}
        chosen = {k: v for k, v in sizes.items() if v is not None}
        wanted = given.get("training", {})
        if "seq_len" in wanted:  # given by hand, it is the length of all rows
            chosen["short_rows"] = None
        return load_config(TrainingConfig, name, {**chosen, **wanted})

    return Settings(
        profile=profile,
        pipeline=pipeline,
        model=part(HavocConfig, pipeline.model),
        pretrain=run(pipeline.pretrain, pipeline.pretrain_steps, pipeline.pretrain_seconds),
        finetune=run(pipeline.finetune, pipeline.finetune_steps, pipeline.finetune_seconds),
        inference=part(InferenceConfig, pipeline.inference),
        data=part(DataConfig, pipeline.data),
        rag=part(RagConfig, pipeline.rag),
        srs=part(SrsConfig, pipeline.srs),
        tools=part(ToolsConfig, pipeline.tools),
    )


def write_annotated(config: Options, path: Path, title: str) -> None:
    """Write a configuration as a YAML file that explains each parameter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(annotated_yaml(config, title), encoding="utf-8")
