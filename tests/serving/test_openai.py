"""OpenAI's own client against the server: a real (tiny) model for text, scripted stages for answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import openai
import pytest
from live import serving
from scripted import ANSWER, ScriptedEngine, runtime, scripted_stages
from test_server import asked, call
from tiny_model import make_model

from havoc.serving import chat
from havoc.serving.app import create_app
from havoc.serving.openai_shape import _text_logprobs
from havoc.serving.runtime import Token, load_runtime
from havoc.serving.services import ServerSettings
from havoc.srs.state import Stack

SCHEMA = {
    "type": "object",
    "properties": {
        "ok": {"type": "boolean"},
        "n": {"type": "integer", "minimum": 0, "maximum": 99},
    },
    "required": ["ok", "n"],
    "additionalProperties": False,
}
TALK = [{"role": "user", "content": "the mean"}]


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[openai.OpenAI]:
    text = load_runtime(make_model(tmp_path_factory.mktemp("model") / "m"))
    stack = Stack(planner=None, execute=runtime().execute)  # type: ignore[arg-type]
    patched = pytest.MonkeyPatch()
    patched.setattr(chat, "stages", scripted_stages)
    app = create_app(replace(text, stack=stack))
    with serving(app) as address:
        yield openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
    patched.undo()
    text.need_engine().close()


def test_models_are_listed_and_found(client):
    product, text = [m.id for m in client.models.list()]
    assert text == f"{product}:text"
    assert client.models.retrieve(text).owned_by == "havoc"
    with pytest.raises(openai.NotFoundError, match="did you mean 'havoc:text'"):
        client.models.retrieve("havoc:txt")
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-4", messages=TALK)


def test_a_chat_is_the_audited_answer(client):
    answer = client.chat.completions.create(model="havoc", messages=asked()["messages"])
    assert answer.choices[0].message.content == ANSWER
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    whole = client.chat.completions.create(
        model="havoc", messages=asked()["messages"], response_format={"type": "json_object"}
    )
    document = json.loads(whole.choices[0].message.content)
    assert document["results"][0]["values"]["mean"] == 501.4
    parts = [{"role": "user", "content": [{"type": "text", "text": "vague"}]}]
    question = client.chat.completions.create(model="havoc", messages=parts)
    assert question.choices[0].message.content == "Which column?"


def test_a_chat_keeps_to_max_tokens_in_whole_lines(client):
    """Half of 501.4 would be another number."""
    given = {"model": "havoc", "messages": asked()["messages"]}
    whole = client.chat.completions.create(**given)
    most = whole.usage.completion_tokens
    same = client.chat.completions.create(**given, max_tokens=most)
    assert (same.choices[0].message.content, same.choices[0].finish_reason) == (ANSWER, "stop")
    first = ANSWER.splitlines(keepends=True)[0] + "\n"
    less = client.chat.completions.create(**given, max_completion_tokens=most - 1)
    assert (less.choices[0].message.content, less.choices[0].finish_reason) == (first, "length")
    assert 0 < less.usage.completion_tokens < most
    stream = client.chat.completions.create(**given, max_tokens=most - 1, stream=True)
    chunks = [c.choices[0] for c in stream]
    assert "".join(c.delta.content or "" for c in chunks) == first
    assert chunks[-1].finish_reason == "length"
    for more in ({}, {"response_format": {"type": "json_object"}}):
        none = client.chat.completions.create(**given, max_tokens=1, **more)
        assert (none.choices[0].message.content, none.choices[0].finish_reason) == ("", "length")


def test_a_chat_streams_with_its_usage_at_the_end(client):
    stream = client.chat.completions.create(
        model="havoc",
        messages=asked()["messages"],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == ANSWER
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens > 0
    assert len({c.id for c in chunks}) == 1


def test_text_has_seeds_stops_logprobs_and_several_choices(client):
    def text(**more):
        return client.completions.create(
            model="havoc:text", prompt="the mean", max_tokens=8, **more
        )

    first = text(seed=5, temperature=1.0, logprobs=3, n=2)
    again = text(seed=5, temperature=1.0, logprobs=3, n=2)
    assert [c.text for c in first.choices] == [c.text for c in again.choices]
    assert [c.index for c in first.choices] == [0, 1]
    assert first.usage.completion_tokens <= 16
    logprobs = first.choices[0].logprobs
    assert "".join(logprobs.tokens) == first.choices[0].text
    assert all(p <= 0 for p in logprobs.token_logprobs)
    assert all(len(top) == 3 for top in logprobs.top_logprobs), logprobs.top_logprobs
    assert logprobs.text_offset[0] == 0
    whole = text(temperature=0).choices[0]
    stopped = text(temperature=0, stop=whole.text[2:4]).choices[0]
    assert (stopped.finish_reason, stopped.text) == ("stop", whole.text.split(whole.text[2:4])[0])
    begun = text(temperature=0, stop=whole.text[2:4], logprobs=0).choices[0].logprobs.tokens
    assert "".join(begun).startswith(stopped.text)
    assert len("".join(begun[:-1])) < max(1, len(stopped.text))  # none of the stop sequence's own
    echoed = text(temperature=0, echo=True).choices[0]
    assert echoed.text == "the mean" + whole.text


def test_text_takes_several_prompts_and_token_ids(client):
    two = client.completions.create(
        model="havoc:text", prompt=["the mean", "the spread"], max_tokens=4, temperature=0
    )
    one = client.completions.create(
        model="havoc:text", prompt="the spread", max_tokens=4, temperature=0
    )
    assert two.choices[1].text == one.choices[0].text
    assert two.usage.prompt_tokens > one.usage.prompt_tokens
    several = client.completions.create(
        model="havoc:text", prompt="the spread", max_tokens=4, temperature=0, n=3
    )
    assert several.usage.prompt_tokens == one.usage.prompt_tokens  # read once for all three
    assert several.usage.completion_tokens == 3 * one.usage.completion_tokens
    ids = client.completions.create(model="havoc:text", prompt=[5, 6, 7], max_tokens=4)
    assert ids.usage.prompt_tokens == 3


def test_text_streams_the_same_as_whole_for_every_choice(client):
    given = {"model": "havoc:text", "messages": TALK, "max_tokens": 10, "seed": 3, "n": 2}
    whole = client.chat.completions.create(**given, logprobs=True, top_logprobs=2)
    texts, tokens = ["", ""], [0, 0]
    stream = client.chat.completions.create(**given, logprobs=True, top_logprobs=2, stream=True)
    for chunk in stream:
        (choice,) = chunk.choices
        texts[choice.index] += choice.delta.content or ""
        tokens[choice.index] += len(choice.logprobs.content) if choice.logprobs else 0
    assert texts == [c.message.content for c in whole.choices]
    assert tokens == [len(c.logprobs.content) for c in whole.choices]
    first = whole.choices[0].logprobs.content[0]
    assert len(first.top_logprobs) == 2
    assert bytes(first.bytes).decode("utf-8", "replace") == first.token


def test_text_follows_a_json_schema_though_the_model_is_untrained(client):
    for seed in range(3):
        answer = client.chat.completions.create(
            model="havoc:text",
            messages=TALK,
            seed=seed,
            temperature=1.0,
            max_tokens=100,
            response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}},
        )
        found = json.loads(answer.choices[0].message.content)
        assert set(found) == {"ok", "n"}
        assert isinstance(found["ok"], bool)
        assert 0 <= found["n"] <= 99
        assert answer.choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"model": "havoc", "logprobs": True}, "ask the model 'havoc:text'"),
        ({"model": "havoc", "n": 2}, "n: an audited answer is not sampled"),
        ({"model": "havoc", "stop": ["\n"]}, "stop: an audited answer is not sampled"),
        ({"model": "havoc:text", "presence_penalty": 1.0}, "presence_penalty: not served"),
        ({"model": "havoc:text", "tools": [{"type": "function"}]}, "tools: not served"),
        (
            {
                "model": "havoc:text",
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "a", "schema": {"type": "no such type"}},
                },
            },
            "JSON schema",
        ),
    ],
)
def test_what_is_not_served_is_said_and_not_ignored(client, given, message):
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(messages=TALK, **given)
    assert message in refused.value.body["message"]


def test_a_full_queue_refuses_and_gives_every_place_back():
    def call_of(app, body):
        return call("POST", "/v1/completions", app, json=body)

    app = create_app(runtime(ScriptedEngine()), ServerSettings(text_slots=1, text_queue=1))
    refused = call_of(app, {"model": "havoc:text", "prompt": "a", "n": 3})
    assert refused.status_code == 429
    assert app.state.services.text.inside == 0
    assert call_of(app, {"model": "havoc:text", "prompt": "a", "n": 2}).status_code == 200
    assert app.state.services.text.inside == 0


def test_parts_of_a_character_are_told_apart():
    e_acute = "é".encode()
    halves = tuple((bytes([b]).decode("utf-8", "replace"), bytes([b]), -1.0) for b in e_acute)
    logprobs = _text_logprobs([Token("é", e_acute, -0.1, halves)], 0)
    assert logprobs["top_logprobs"] == [{"bytes:\\xc3": -1.0, "bytes:\\xa9": -1.0}]
