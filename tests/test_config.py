"""Configurations: defaults, YAML, command line; what is refused and how it is said."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from havoc.config import (
    KINDS,
    DataConfig,
    HavocConfig,
    InferenceConfig,
    Options,
    TrainingConfig,
    load_config,
    load_settings,
    parse_overrides,
)
from havoc.errors import InputError
from havoc.options import annotated_yaml

CONFIGS = Path(__file__).parents[1] / "configs"
FILES = sorted(p for kind in KINDS for p in (CONFIGS / kind).glob("*.yaml"))


def test_the_default_model_is_the_seven_billion_one() -> None:
    model = HavocConfig()
    assert (model.num_layers, model.d_model, model.num_heads, model.num_kv_heads) == (
        32,
        4096,
        32,
        8,
    )
    assert (model.head_dim, model.mlp_hidden_dim) == (128, 11008)
    assert (model.vocab_size, model.max_seq_len) == (70000, 4096)


def test_training_and_inference_defaults_are_the_published_ones() -> None:
    training = TrainingConfig()
    assert (training.learning_rate, training.min_lr, training.weight_decay) == (3e-4, 3e-5, 0.1)
    assert (training.max_grad_norm, training.warmup_steps, training.schedule) == (
        1.0,
        2000,
        "cosine",
    )
    assert (training.use_amp, training.amp_dtype) == (True, "bfloat16")
    inference = InferenceConfig()
    assert (inference.temperature, inference.top_p, inference.top_k) == (0.7, 0.9, 50)
    assert (inference.max_new_tokens, inference.repetition_penalty) == (512, 1.1)


def test_llama_two_seven_billion_has_its_published_number_of_parameters() -> None:
    # Touvron et al. 2023: 6,738,415,616 weights at vocabulary 32000 without grouped queries.
    llama = HavocConfig(vocab_size=32000, num_kv_heads=32)
    assert llama.num_parameters == 6_738_415_616


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_yaml_file_loads_and_explains_each_parameter(path: Path) -> None:
    config: Options = load_config(KINDS[path.parent.name], path)
    text = path.read_text(encoding="utf-8")
    title = text.splitlines()[0].removeprefix("# ")
    assert text == annotated_yaml(config, title)


def test_every_kind_of_configuration_has_a_file() -> None:
    assert {p.parent.name for p in FILES} == set(KINDS)


@pytest.mark.parametrize("profile", ["smoke", "laptop", "7b"])
def test_profiles_load_with_all_they_name(profile: str) -> None:
    assert load_settings(profile).profile == profile


def test_later_sources_win(tmp_path: Path) -> None:
    file = tmp_path / "run.yaml"
    file.write_text("learning_rate: 2e-3\nwarmup_steps: 7\n")
    config = load_config(TrainingConfig, file, {"warmup_steps": "9"})
    assert (config.learning_rate, config.warmup_steps, config.weight_decay) == (2e-3, 9, 0.1)


def test_command_line_reaches_both_training_runs() -> None:
    overrides = parse_overrides(["--training.learning_rate", "1e-2", "--pipeline.pairs=77"])
    settings = load_settings("laptop", overrides)
    assert settings.pretrain.learning_rate == settings.finetune.learning_rate == 1e-2
    assert settings.pipeline.pairs == 77


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--training.learning_rat", "1"], "did you mean 'learning_rate'"),
        (["--trainning.seed", "1"], "did you mean 'training'"),
        (["--training.seed"], "a value is missing"),
        (["seed", "1"], "expected --kind.name value"),
    ],
)
def test_wrong_overrides_name_the_nearest(arguments: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_overrides(arguments)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        (TrainingConfig, {"learning_rate": "fast"}, "learning_rate: expected a number"),
        (TrainingConfig, {"learning_rate": float("nan")}, "finite"),
        (TrainingConfig, {"batch_size": 2.5}, "batch_size: expected an integer"),
        (TrainingConfig, {"batch_size": True}, "batch_size: expected an integer"),
        (TrainingConfig, {"batch_size": 0}, "out of range \\(>= 1\\)"),
        (TrainingConfig, {"schedule": "cosin"}, "did you mean 'cosine'"),
        (TrainingConfig, {"min_lr": 0.5}, "above learning_rate"),
        (TrainingConfig, {"use_amp": "maybe"}, "expected"),
        (HavocConfig, {"num_kv_heads": 5}, "does not divide"),
        (HavocConfig, {"head_dim": 33}, "even"),
        (DataConfig, {"weights": {"math": -1}}, "weights.math: -1.0 is out of range"),
        (DataConfig, {"weights": [1]}, "pairs"),
        (InferenceConfig, {"stop_sequences": 5}, "expected a list"),
        (HavocConfig, {"vocabsize": 5}, "did you mean 'vocab_size'"),
    ],
)
def test_wrong_values_are_refused_in_one_line(
    kind: type[Options], values: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        load_config(kind, None, values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["a: [", "- 1\n- 2\n", "warmup: 3\n"])
def test_broken_yaml_names_the_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"broken\.yaml"):
        load_config(TrainingConfig, file)


def test_an_unknown_name_or_file_says_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'havoc_nano'"):
        load_config(HavocConfig, "havoc_nan")
    with pytest.raises(InputError, match="no configuration file"):
        load_config(HavocConfig, tmp_path / "absent.yaml")


def test_plain_values_round_trip_and_copies_are_checked() -> None:
    config = TrainingConfig(use_amp="auto", max_seconds=3.0)
    assert TrainingConfig(**config.to_dict()) == config
    with pytest.raises(InputError):
        config.replace(batch_size=-1)


def test_making_a_configuration_does_not_keep_the_callers_locals_alive() -> None:
    class Local:
        pass

    def caller() -> weakref.ref[Local]:
        local = Local()
        InferenceConfig(seed=None)  # one alternative of its type refuses the value
        return weakref.ref(local)

    gc.disable()  # which would hide a circle of an exception and its frames
    try:
        assert caller()() is None
    finally:
        gc.enable()
