"""Model directories: round trip, and what is said when one is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model import HavocModel, load_model, save_model

TINY = HavocConfig(
    vocab_size=300, d_model=16, num_layers=1, num_heads=2, num_kv_heads=1, head_dim=8,
    mlp_hidden_dim=24, max_seq_len=16, tie_embeddings=True,
)  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save_model(tmp_path, TINY, HavocModel.from_config(TINY, seed=6).state_dict(), {"run": "x"})
    return tmp_path


def test_a_saved_model_gives_the_same_logits(saved: Path) -> None:
    tokens = torch.arange(10)[None]
    expected = HavocModel.from_config(TINY, seed=6)(tokens)
    assert torch.equal(load_model(saved)(tokens), expected)


def test_weights_of_a_torch_file_open_too(saved: Path) -> None:
    (saved / "model.safetensors").unlink()
    torch.save(HavocModel.from_config(TINY, seed=6).state_dict(), saved / "model.pt")
    tokens = torch.arange(10)[None]
    assert torch.equal(load_model(saved)(tokens), HavocModel.from_config(TINY, seed=6)(tokens))


def test_the_same_model_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    save_model(again, TINY, HavocModel.from_config(TINY, seed=6).state_dict(), {"run": "x"})
    for name in ("model.safetensors", "config.json"):
        assert (again / name).read_bytes() == (saved / name).read_bytes()


@pytest.mark.parametrize("name", ["model.safetensors", "model.pt"])
def test_a_truncated_file_is_refused(saved: Path, name: str) -> None:
    if name == "model.pt":
        (saved / "model.safetensors").unlink()
        torch.save(HavocModel.from_config(TINY).state_dict(), saved / name)
    whole = (saved / name).read_bytes()
    (saved / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="damaged or cut short"):
        load_model(saved)


def test_missing_parts_are_named(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model at"):
        load_model(tmp_path / "nowhere")
    (saved / "model.safetensors").unlink()
    with pytest.raises(InputError, match="no weights at"):
        load_model(saved)


def test_weights_of_another_shape_are_refused(saved: Path) -> None:
    described = json.loads((saved / "config.json").read_text())
    described["model"]["mlp_hidden_dim"] = 32
    (saved / "config.json").write_text(json.dumps(described))
    with pytest.raises(InputError, match=r"do not fit config\.json"):
        load_model(saved)


def test_pickled_code_is_never_run(saved: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (print, ("run",))

    (saved / "model.safetensors").unlink()
    torch.save({"embedding.weight": Evil()}, saved / "model.pt")
    with pytest.raises(InputError, match="damaged"):
        load_model(saved)
