"""A model directory opened straight into the compiled kernels is the model that torch would load."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from havoc.config import HavocConfig, InferenceConfig
from havoc.errors import InputError
from havoc.inference.native.library import library
from havoc.inference.opening import open_runner, weight_shapes
from havoc.inference.runner import LAST, runner_for
from havoc.model import HavocModel, load_model, save_model

PROMPT = [5, 17, 3, 40, 8]


def shape(tied: bool) -> HavocConfig:
    return HavocConfig(
        vocab_size=320, d_model=32, num_layers=2, num_heads=4, num_kv_heads=2, head_dim=16,
        mlp_hidden_dim=48, max_seq_len=64, tie_embeddings=tied,
    )  # fmt: skip


@pytest.fixture(params=[True, False], ids=["tied", "untied"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    config = shape(request.param)
    save_model(tmp_path, config, HavocModel.from_config(config, seed=3).state_dict())
    return tmp_path


@pytest.mark.parametrize("tied", [True, False])
def test_the_shapes_written_out_are_the_models(tied: bool) -> None:
    state = HavocModel.from_config(shape(tied), device="meta").state_dict()
    assert weight_shapes(shape(tied)) == {n: tuple(w.shape) for n, w in state.items()}


@pytest.mark.parametrize("dtype", ["float32", "int8"])
@pytest.mark.parametrize("kernels", ["auto", "torch"])
def test_logits_are_those_of_the_loaded_model(folder: Path, dtype: str, kernels: str) -> None:
    config = InferenceConfig(dtype=dtype, kernels=kernels, num_threads=1)
    straight = open_runner(folder, config)
    around = runner_for(load_model(folder), config)
    assert type(straight) is type(around)
    rows = [r.forward([r.open()], [PROMPT], [LAST]) for r in (straight, around)]
    np.testing.assert_array_equal(*rows)


@pytest.mark.skipif(library() is None, reason="no compiled kernels here")
def test_weights_that_do_not_fit_are_refused_before_the_kernels_read_them(folder: Path) -> None:
    path = folder / "model.safetensors"
    whole = load_file(path)
    name = "blocks.1.mlp.up.weight"
    for change, told in (
        ({name: whole[name][:-1].clone()}, r"\(47, 32\), not \(48, 32\)"),
        ({"extra": whole[name].clone()}, "extra is not part of the model"),
    ):
        save_file(whole | change, path)
        with pytest.raises(InputError, match=told):
            open_runner(folder)
    save_file({n: w for n, w in whole.items() if n != name}, path)
    with pytest.raises(InputError, match=f"{name} is missing"):
        open_runner(folder)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="damaged or cut short"):
        open_runner(folder)
