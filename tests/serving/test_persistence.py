"""Answers outlive the server; what it did is on record."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading

import pytest
from scripted import ANSWER, runtime
from test_server import _first_run, asked, call, client, events_of, stages  # noqa: F401 (a fixture)

from havoc.errors import InputError
from havoc.serving.app import create_app
from havoc.serving.journal import START, Journal, verify
from havoc.serving.runs import RunStore
from havoc.serving.services import ServerSettings
from havoc.serving.state import Database, RunArchive


def kept(folder):
    return create_app(runtime(), ServerSettings(state=folder))


def test_a_finished_answer_survives_a_restart_with_all_its_events(tmp_path):
    before = events_of(call("POST", "/chat", kept(tmp_path), json=asked(stream=True)).text)
    run = before[0][2]["run_id"]
    again = kept(tmp_path)
    assert events_of(call("GET", f"/runs/{run}/events", again).text) == before
    assert events_of(call("GET", f"/runs/{run}/events?after=4", again).text) == before[4:]
    whole = call("GET", f"/runs/{run}", again).json()
    assert whole["message"]["content"] == ANSWER
    assert whole["model"] == "scripted"
    assert whole["reasoning"]["results"][0]["values"]["mean"] == 501.4


def test_an_answer_is_on_the_disk_before_its_end_is_told(tmp_path):
    async def go() -> None:
        archive = RunArchive(Database(tmp_path))
        order = []
        finish = archive.finish
        archive.finish = lambda i, e: (order.append("kept"), finish(i, e))  # type: ignore[method-assign]

        async def short(run):
            yield "meta", {"run_id": run.id}
            yield "done", {"status": "answered"}

        run = RunStore(archive=archive).start(short)
        await run.ended()
        assert order == ["kept"]
        assert archive.get(run.id).events == run.events

    asyncio.run(go())


def test_an_answer_that_the_servers_end_cut_short_says_so(tmp_path):
    RunArchive(Database(tmp_path)).begin("half", "")
    events = events_of(call("GET", "/runs/half/events", kept(tmp_path)).text)
    assert [name for _, name, _ in events] == ["meta", "error", "done"]
    assert events[1][2]["code"] == "interrupted"
    assert events[1][2]["retryable"] is True


def test_a_cancelled_run_is_kept_as_cancelled(tmp_path):
    async def go() -> str:
        gate = threading.Event()
        app = create_app(runtime(gate=gate), ServerSettings(state=tmp_path))
        async with client(app) as c:
            answering = asyncio.create_task(c.post("/chat", json=asked(stream=True)))
            run = await _first_run(app)
            while not app.state.services.runs._runs[run].events:
                await asyncio.sleep(0.001)
            assert (await c.get(f"/runs/{run}")).status_code == 409
            await c.post(f"/runs/{run}/cancel")
            await answering
            gate.set()
            await app.state.services.runs._runs[run].task
        return run

    run = asyncio.run(go())
    assert call("GET", f"/runs/{run}", kept(tmp_path)).json()["error"]["code"] == "cancelled"


def test_the_archive_drops_the_oldest_beyond_its_number_and_its_size(tmp_path):
    archive = RunArchive(Database(tmp_path), capacity=3)
    for i in range(5):
        archive.begin(f"r{i}", "")
        archive.finish(f"r{i}", [("done", {"n": i})])
    assert [i for i in range(5) if archive.get(f"r{i}")] == [2, 3, 4]
    small = RunArchive(archive._database, most_bytes=1)
    small.finish("r4", [("done", {})])
    assert [i for i in range(5) if archive.get(f"r{i}")] == [4]


def test_a_disk_that_fails_does_not_take_the_answer_away(tmp_path, caplog):
    app = kept(tmp_path)
    archive = app.state.services.runs.archive

    def full(*content) -> None:
        raise OSError("no space left")

    archive.finish = full
    assert call("POST", "/chat", app, json=asked()).status_code == 200
    assert "could not be archived" in caplog.text


def test_every_request_is_in_the_audit_log_with_hashes_and_without_its_content(tmp_path):
    app = kept(tmp_path)
    body = json.dumps(asked("the secret recipe 4 5 6")).encode()
    answer = call("POST", "/chat", app, content=body, headers={"content-type": "application/json"})
    call("GET", "/operations/none", app)
    call("GET", "/health", app)
    lines = (tmp_path / "audit.jsonl").read_text()
    assert "recipe" not in lines
    chat, missing = map(json.loads, lines.splitlines())
    assert chat["request_sha256"] == hashlib.sha256(body).hexdigest()
    assert chat["request_bytes"] == len(body)
    assert chat["response_bytes"] == len(answer.content)
    assert (chat["model"], chat["status"], chat["prev"]) == ("scripted", 200, START)
    assert chat["run"] in app.state.services.runs.ids
    assert (missing["path"], missing["status"]) == ("/operations/none", 404)
    assert chat["id"] == answer.headers["x-request-id"]
    assert verify(tmp_path / "audit.jsonl", START) == 2


def test_the_audit_log_shows_what_was_changed_taken_out_or_cut(tmp_path):
    path = tmp_path / "audit.jsonl"
    journal = Journal(tmp_path)
    for i in range(4):
        journal.write({"n": i})
    journal.close()
    Journal(tmp_path).write({"n": 4})
    whole = path.read_text().splitlines(keepends=True)
    assert verify(path, START) == 5
    path.write_text("".join([*whole[:2], *whole[3:]]))
    with pytest.raises(InputError, match="line 3: the line before it is missing"):
        verify(path, START)
    path.write_text("".join(whole).replace('"n":1', '"n":7'))
    with pytest.raises(InputError, match="line 2: changed"):
        verify(path, START)
    path.write_text("".join(whole)[:-20])
    with pytest.raises(InputError, match="line 5: not a record"):
        verify(path, START)


def test_a_long_audit_log_goes_on_in_a_new_file_on_the_same_chain(tmp_path):
    journal = Journal(tmp_path, most_bytes=500)
    for i in range(12):
        journal.write({"n": i})
    first = [json.loads(line) for line in (tmp_path / "audit-1.jsonl").read_text().splitlines()]
    second = json.loads((tmp_path / "audit-2.jsonl").read_text().splitlines()[0])
    assert second["prev"] == first[-1]["hash"]
