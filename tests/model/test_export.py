"""Exports open in programs that nobody here wrote, with the same tokens and the same logits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model import HavocModel, load_model, save_model
from havoc.model.export import export_model, gguf_name
from havoc.model.importing import import_model
from havoc.model.vocabulary import Kind, Vocabulary
from havoc.tokenizer import Tokenizer, train_tokenizer

LINES = [
    "the mean of the thickness is on target and the spread is small",
    "temperature 150..200 degC, pressure 1..5 bar, centers=3, seed=7",
    "x^2*sin(x) and y ~ a*b + I(a^2) for the Box-Behnken design of the etch",
]
TEXTS = [
    *LINES,
    "  two  spaces, a tab\tand\na line break",
    "rare: \u00e9\u4e2d\U0001f642 \u00b5m",
    "stats.anova(rate ~ power, data=runs)",
    "0.05 and 12345",
    "",
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    reserved = ("<|user|>", "stats.anova(", "data=")
    return train_tokenizer(LINES * 30, 480, reserved=reserved)


def make(folder: Path, tokenizer: Tokenizer, *, tied: bool) -> Path:
    config = HavocConfig(
        vocab_size=tokenizer.vocab_size, d_model=64, num_layers=2, num_heads=4, num_kv_heads=2,
        head_dim=16, mlp_hidden_dim=96, max_seq_len=128, tie_embeddings=tied, rope_theta=50_000.0,
        init_std=0.2,
    )  # fmt: skip
    model = HavocModel.from_config(config, seed=5)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.copy_(torch.linspace(0.5, 1.5, parameter.numel()))
    save_model(folder, config, model.state_dict())
    tokenizer.save(folder)
    return folder


@pytest.mark.parametrize("tied", [True, False])
def test_transformers_opens_the_folder_with_equal_logits(
    tmp_path: Path, tokenizer: Tokenizer, tied: bool
) -> None:
    transformers = pytest.importorskip("transformers")
    source = make(tmp_path / "model", tokenizer, tied=tied)
    folder = export_model(source, tmp_path / "hf", "hf")
    theirs = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    ids = torch.tensor([tokenizer.encode(LINES[1], bos=True)])
    ours = load_model(source)(ids)
    torch.testing.assert_close(theirs(input_ids=ids).logits, ours, rtol=1e-4, atol=1e-4)
    greedy = theirs.generate(ids, max_new_tokens=8, do_sample=False)[0, ids.shape[1] :].tolist()
    continued = ids
    for _ in greedy:
        following = load_model(source)(continued)[:, -1].argmax(-1, keepdim=True)
        continued = torch.cat((continued, following), dim=1)
    assert continued[0, ids.shape[1] :].tolist() == greedy


def test_transformers_reads_texts_as_the_same_tokens(tmp_path: Path, tokenizer: Tokenizer) -> None:
    transformers = pytest.importorskip("transformers")
    source = make(tmp_path / "model", tokenizer, tied=True)
    folder = export_model(source, tmp_path / "hf", "hf", "bfloat16")
    theirs = transformers.AutoTokenizer.from_pretrained(folder)
    for text in TEXTS:
        ids = tokenizer.encode(text, bos=True, markers=True)
        assert theirs(text)["input_ids"] == ids, text
        assert theirs.decode(ids[1:]) == text
    assert (theirs.bos_token_id, theirs.eos_token_id, theirs.pad_token_id) == (2, 3, 0)


def test_kinds_of_pieces_are_those_sentencepiece_was_trained_with(
    tmp_path: Path, tokenizer: Tokenizer
) -> None:
    tokenizer.save(tmp_path)
    words = Vocabulary.read(tmp_path)
    assert words.kinds[:4] == (Kind.CONTROL, Kind.UNKNOWN, Kind.CONTROL, Kind.CONTROL)
    named = {p for p, k in zip(words.pieces, words.kinds, strict=True) if k == Kind.USER_DEFINED}
    assert named == {"\n", "<|user|>", "stats.anova(", "data="}
    assert words.kinds.count(Kind.BYTE) == 256


@pytest.mark.parametrize("tied", [True, False])
def test_the_gguf_file_holds_what_llama_cpp_asks_for(
    tmp_path: Path, tokenizer: Tokenizer, tied: bool
) -> None:
    gguf = pytest.importorskip("gguf")
    source = make(tmp_path / "model", tokenizer, tied=tied)
    file = export_model(source, tmp_path / "model.gguf", "gguf")
    reader = gguf.GGUFReader(file)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    assert fields["general.architecture"] == "llama"
    assert fields["llama.attention.head_count_kv"] == 2
    assert fields["llama.rope.freq_base"] == 50_000.0
    assert fields["tokenizer.ggml.bos_token_id"] == tokenizer.bos_id
    assert fields["tokenizer.ggml.tokens"] == list(tokenizer.pieces)
    tensors = {t.name: t for t in reader.tensors}
    assert ("output.weight" in tensors) is not tied
    state = load_model(source).state_dict()
    for name, weight in state.items():
        if name == "output.weight" and tied:
            continue
        values = torch.from_numpy(np.array(tensors[gguf_name(name)].data))
        if "query" in name or "key" in name:  # rows of a head in pairs
            heads = weight.shape[0] // 16
            values = values.view(heads, 8, 2, -1).transpose(1, 2).reshape(weight.shape)
        assert torch.equal(values, weight), name


@pytest.mark.parametrize(("dtype", "share"), [("float16", 0.6), ("bfloat16", 0.6), ("q8_0", 0.35)])
def test_narrow_gguf_files_are_smaller_and_close(
    tmp_path: Path, tokenizer: Tokenizer, dtype: str, share: float
) -> None:
    gguf = pytest.importorskip("gguf")
    source = make(tmp_path / "model", tokenizer, tied=True)
    file = export_model(source, tmp_path / "model.gguf", "gguf", dtype)
    (found,) = [t for t in gguf.GGUFReader(file).tensors if t.name == "blk.1.ffn_up.weight"]
    weight = load_model(source).state_dict()["blocks.1.mlp.up.weight"].numpy()
    assert found.n_bytes < share * weight.nbytes
    values = gguf.quants.dequantize(np.array(found.data), found.tensor_type)
    assert np.abs(values - weight).max() < 0.01 * np.abs(weight).max()


def test_an_exported_folder_comes_back_the_same(tmp_path: Path, tokenizer: Tokenizer) -> None:
    source = make(tmp_path / "model", tokenizer, tied=True)
    folder = export_model(source, tmp_path / "hf", "hf")
    import_model(folder, tmp_path / "back")
    before, after = load_model(source), load_model(tmp_path / "back")
    assert before.config == after.config
    assert all(torch.equal(w, after.state_dict()[n]) for n, w in before.state_dict().items())
    assert Tokenizer.load(tmp_path / "back").sha256 == tokenizer.sha256


def test_a_folder_in_parts_that_transformers_wrote_is_imported(
    tmp_path: Path, tokenizer: Tokenizer
) -> None:
    transformers = pytest.importorskip("transformers")
    described = transformers.LlamaConfig(
        vocab_size=tokenizer.vocab_size + 5, hidden_size=32, intermediate_size=64,
        num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    )  # fmt: skip
    theirs = transformers.LlamaForCausalLM(described).eval()
    theirs.save_pretrained(tmp_path / "llama", max_shard_size="40KB")
    assert (tmp_path / "llama" / "model.safetensors.index.json").exists()
    tokenizer.save(tmp_path / "llama")
    ours = import_model(tmp_path / "llama", tmp_path / "ours").eval()
    ids = torch.arange(20)[None]
    torch.testing.assert_close(ours(ids), theirs(input_ids=ids).logits, rtol=1e-4, atol=1e-5)


def test_what_cannot_be_exported_or_imported_is_said_in_one_line(
    tmp_path: Path, tokenizer: Tokenizer
) -> None:
    source = make(tmp_path / "model", tokenizer, tied=True)
    with pytest.raises(InputError, match="to: expected hf, gguf, havoc"):
        export_model(source, tmp_path / "x", "gguff")
    with pytest.raises(InputError, match="dtype: expected float32, float16, bfloat16, got 'q8_0'"):
        export_model(source, tmp_path / "x", "hf", "q8_0")
    (tmp_path / "there").mkdir()
    with pytest.raises(InputError, match="exists already"):
        export_model(source, tmp_path / "there", "hf")
    with pytest.raises(InputError, match=r"no model at .*config.json is missing"):
        import_model(tmp_path / "there", tmp_path / "y")
    (source / "tokenizer.model").unlink()
    with pytest.raises(InputError, match=r"no tokenizer\.model in"):
        export_model(source, tmp_path / "x", "gguf")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model", "there"]
    folder = tmp_path / "there"
    (folder / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
    with pytest.raises(InputError, match="model_type: expected llama or mistral"):
        import_model(folder, tmp_path / "y")
