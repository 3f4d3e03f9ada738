"""What the web UI relies on: data previews, re-runs, schemas for forms, citations, the page itself."""

from __future__ import annotations

import base64
import io
from types import SimpleNamespace

import pandas as pd
import pytest
from scripted import runtime
from test_server import asked, call, events_of, stages  # noqa: F401 (a fixture)

from havoc.serving import chat
from havoc.serving.app import create_app
from havoc.serving.operations import described, drawn
from havoc.serving.runtime import Runtime
from havoc.serving.schemas import Message
from havoc.serving.services import ServerSettings
from havoc.tools.figures import kinds
from havoc.tools.operation import operations

GERMAN = (
    "Charge;Dicke (mm);Linie;Datum\n1;3,14;A;2024-05-01\n2;3,20;B;2024-05-02\n3;;A;2024-05-03\n"
)


def test_a_preview_tells_columns_types_units_missing_cells_and_decimal_commas():
    found = call("POST", "/data/preview", json={"name": "messung.csv", "content": GERMAN}).json()
    assert (found["rows"], found["decimal_comma"], found["groups"]) == (3, True, ["Linie"])
    batch, thickness, line, date = found["columns"]
    assert (batch["type"], line["type"], date["type"]) == ("number", "words", "date")
    assert (thickness["unit"], thickness["missing"]) == ("mm", 1)
    assert (thickness["minimum"], thickness["maximum"]) == (3.14, 3.2)
    assert thickness["mean"] == pytest.approx(3.17)
    assert line["levels"] == [{"value": "A", "count": 2}, {"value": "B", "count": 1}]
    assert found["head"][2] == [3, None, "A", "2024-05-03"]


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_a_preview_reads_spreadsheets_and_parquet(kind):
    frame, file = pd.DataFrame({"g": [1.5, 2.5], "lot": ["a", "b"]}), io.BytesIO()
    if kind == "xlsx":
        frame.to_excel(file, index=False)
    else:
        frame.to_parquet(file, index=False)
    body = {"name": f"w.{kind}", "content_base64": base64.b64encode(file.getvalue()).decode()}
    found = call("POST", "/data/preview", json=body).json()
    assert found["head"] == [[1.5, "a"], [2.5, "b"]]
    assert found["bytes"] == len(file.getvalue())


def test_a_preview_of_what_is_no_table_says_why():
    ragged = call("POST", "/data/preview", json={"name": "x.csv", "content": "a,b\n1,2,3\n"})
    assert ragged.status_code == 400
    assert "line 2: 3 cells where the header has 2" in ragged.json()["error"]["message"]


def mean_of(body: dict) -> float:
    response = call("POST", "/run", json=body)
    assert response.status_code == 200, response.text
    return response.json()["results"][0]["values"]["mean"]


def test_a_program_runs_on_a_typed_in_table():
    sheet = {"name": "sheet", "columns": ["y", "lot"], "rows": [[1, "a"], [None, "b"], [4.0, "c"]]}
    assert mean_of({"program": 's = data("sheet")\nstats.describe(s.y)', "tables": [sheet]}) == 2.5


def test_rows_are_left_out_of_a_file_an_inline_table_and_a_list():
    file = {"name": "w.csv", "content": "g\n1\n2\n60\n"}
    program = 'w = data("w.csv")\nstats.describe(w.g)'
    assert mean_of({"program": program, "attachments": [file], "exclude": {"w.csv": [3]}}) == 1.5
    program = "w = table(g=[1, 2, 60])\nstats.describe(w.g)"
    assert mean_of({"program": program, "exclude": {"w": [3]}}) == 1.5
    body = {"program": "d = stats.describe(x=[1, 2, 60])", "exclude": {"d.x": [3]}}
    assert mean_of(body) == 1.5
    again = call("POST", "/run", json=body).json()
    assert again["program"] == "d = stats.describe(x=[1, 2])\n"
    assert again["excluded"] == {"d.x": [3]}


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"exclude": {"wg": [1]}}, "no file, table or list 'wg'; did you mean 'w'"),
        ({"exclude": {"w": [4]}}, "'w' has no row 4; it has 3"),
        ({"tables": [{"name": "t", "columns": ["a"], "rows": [[1, 2]]}]}, "row 1: 2 cells"),
        ({"tables": [{"name": "t", "columns": ["a", "a"], "rows": []}]}, "comes twice"),
        ({"attachments": [{"name": "t", "content": "a\n1"}] * 2}, "two tables are called 't'"),
    ],
)
def test_data_that_does_not_fit_is_refused_with_its_place(part, message):
    program = "w = table(g=[1, 2, 60])\nstats.describe(w.g)"
    response = call("POST", "/run", json={"program": program, **part})
    assert response.status_code == 400
    assert message in response.json()["error"]["message"]


def test_a_schema_is_enough_to_build_a_form():
    found = call("GET", "/operations/spc.xbar_r").json()
    assert found["family_title"] == "Statistical process control"
    assert found["figures"] == ["control_chart"]
    rules = next(p for p in found["parameters"] if p["name"] == "rules")
    assert (rules["kind"], "nelson" in rules["choices"], rules["required"]) == (
        "choice",
        True,
        False,
    )
    missing = call("GET", "/operations/spc.xbar")
    assert missing.status_code == 404
    assert "did you mean" in missing.json()["error"]["message"]
    assert call("GET", "/operations", params={"family": "spx"}).status_code == 404


def test_figure_kinds_are_of_known_operations_and_have_a_drawing():
    for name, schema in described().items():
        assert name in operations()
        assert set(schema["figures"]) <= set(kinds())


@pytest.mark.slow
def test_figure_kinds_are_those_the_examples_draw():
    assert {n: s["figures"] for n, s in described().items() if s["figures"]} == drawn()


def test_a_citation_leads_to_its_passage():
    passage = SimpleNamespace(text="All of it.", citation=lambda: {"id": "doc/a#1", "title": "A"})
    index = SimpleNamespace(passage=lambda i: passage if i == "doc/a#1" else None)
    app = create_app(Runtime(stack=SimpleNamespace(index=index)))
    found = call("GET", "/passages/doc/a%231", app).json()
    assert found == {"id": "doc/a#1", "title": "A", "text": "All of it."}
    assert call("GET", "/passages/doc/b", app).status_code == 404


def test_the_last_event_holds_the_whole_object():
    events = events_of(call("POST", "/chat", json=asked(stream=True)).text)
    last = events[-1][2]
    assert last["reasoning"]["results"][0] == {
        k: v for k, v in next(d for _, n, d in events if n == "result").items() if k != "id"
    }
    whole = call("POST", "/chat", json=asked()).json()["reasoning"]
    assert whole.keys() == last["reasoning"].keys()


def test_the_answer_to_a_clarifying_question_completes_the_request():
    def said(*contents: str) -> str:
        roles = ("user", "assistant")
        messages = [Message(role=roles[i % 2], content=c) for i, c in enumerate(contents)]
        return chat.request_of(messages).text

    assert said("capability?", "What are the limits?", "1 and 2") == "capability?\n1 and 2"
    assert said("a", "b?", "c", "d?", "e") == "a\nc\ne"
    assert said("a", "The mean is [5](#v:r1.mean). More?", "b") == "b"
    assert said("a", "Done.", "b") == "b"


def test_an_earlier_answers_program_is_the_conversations_state():
    told = "The mean is [5](#v:r1.mean).\n\n### Program\n\n```havoc\nstats.describe([4, 6])\n```"
    roles = ("user", "assistant", "user")
    messages = [
        Message(role=r, content=c) for r, c in zip(roles, ("a", told, "again"), strict=True)
    ]
    request = chat.request_of(messages, detail="brief")
    assert (request.text, request.detail) == ("again", "brief")
    assert [t.to_json() for t in request.history] == [
        {"request": "a", "program": "stats.describe([4, 6])\n"}
    ]


def test_hashed_assets_are_kept_for_good_and_the_page_is_not(tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html><title>HAVOC</title>")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-3f2a.js").write_text("1")
    app = create_app(runtime(), ServerSettings(ui=tmp_path))
    assert "immutable" in call("GET", "/assets/index-3f2a.js", app).headers["cache-control"]
    assert call("GET", "/", app).headers["cache-control"] == "no-cache"
    assert call("GET", "/assets/none.js", app).status_code == 404
    assert call("GET", "/run", app).json()["error"]["code"] == "method_not_allowed"
