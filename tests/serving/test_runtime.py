"""The runtime on a real model directory: a tiny, untrained model with the real vocabulary."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path

import httpx
import pytest
from tiny_model import SHAPE, make_model

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model import HavocModel, save_model
from havoc.serving.app import create_app
from havoc.serving.problems import Unavailable
from havoc.serving.runtime import Runtime, load_runtime
from havoc.tokenizer import train_tokenizer

ABOUT = {"git": "abc123", "mlflow_run": "run-7", "data": "d41d"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"), ABOUT)


@pytest.fixture(scope="module")
def runtime(folder) -> Runtime:
    return load_runtime(folder)


def test_provenance_names_model_data_code_and_index(runtime, folder):
    assert runtime.provenance["git"] == "abc123"
    assert runtime.provenance["mlflow_run"] == "run-7"
    assert runtime.provenance["data"] == "d41d"
    assert runtime.provenance["index"] == "none"
    weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert runtime.model == f"havoc-{folder.name}@{weights[:12]}"


def test_text_is_the_same_for_the_same_seed_and_stops_at_its_limit(runtime):
    engine = runtime.need_engine()
    options = {"max_new_tokens": 6, "seed": 3, "temperature": 1.0}

    def text() -> str:
        return "".join(p.text for p in engine.stream("the mean", options))

    assert text() == text()
    *_, last = engine.stream("the mean", options)
    assert last.completion_tokens <= 6
    assert last.prompt_tokens == engine.count("the mean") + 1  # the start token
    assert last.finish_reason in ("stop", "length")


def test_an_untrained_model_still_gives_an_object_of_the_agreed_shape(runtime):
    async def go() -> None:
        transport = httpx.ASGITransport(app=create_app(runtime))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as c:
            body = {"messages": [{"role": "user", "content": "mean of 4 5 6?"}]}
            response = await c.post("/chat", json=body, timeout=60)
        document = response.json()["reasoning"]
        assert document["status"] in ("answered", "needs_clarification", "refused", "failed")
        assert document["provenance"]["git"] == "abc123"
        json.dumps(document, allow_nan=False)

    asyncio.run(go())


def test_a_model_that_was_named_must_be_there_and_whole(folder, tmp_path):
    with pytest.raises(InputError, match="there is no model at"):
        load_runtime(tmp_path / "none")
    (tmp_path / "config.json").write_text((folder / "config.json").read_text())
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:-100])
    with pytest.raises(InputError):
        load_runtime(tmp_path)


def test_a_model_from_elsewhere_writes_text_and_says_why_it_plans_nothing(tmp_path):
    tokenizer = train_tokenizer(["the mean of the batch is on target"] * 20, 420)
    config = HavocConfig(**{**SHAPE, "vocab_size": tokenizer.vocab_size})
    save_model(tmp_path, config, HavocModel.from_config(config).state_dict())
    tokenizer.save(tmp_path)
    plain = load_runtime(tmp_path)
    assert "".join(p.text for p in plain.need_engine().stream("the mean", {"max_new_tokens": 3}))
    with pytest.raises(Unavailable, match="writes text and no programs"):
        plain.need_stack()


def test_without_the_default_model_it_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bare = load_runtime()
    with pytest.raises(Unavailable, match="run the pipeline first"):
        bare.need_stack()
    assert bare.run("stats.describe([1, 2, 3])", {}).passed
