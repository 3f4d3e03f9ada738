"""The server on a real socket."""

from __future__ import annotations

import json
import socket
import threading

import httpx
import pytest
from live import serving
from scripted import ScriptedEngine, runtime

from havoc import cli
from havoc.errors import InputError
from havoc.serving.app import create_app
from havoc.serving.server import listen


def test_text_arrives_piece_by_piece_and_leaving_frees_the_work():
    gate = threading.Event()
    engine = ScriptedEngine(gate=gate)
    app = create_app(runtime(engine))
    body = {"prompt": "a", "stream": True}
    with serving(app) as address:
        with httpx.stream("POST", f"{address}/completion", json=body, timeout=30) as response:
            first = next(line for line in response.iter_lines() if line)
            assert json.loads(first[6:]) == {"text": "one "}
            assert not engine.closed.is_set()
        gate.set()
        assert engine.closed.wait(20)
        assert httpx.get(f"{address}/health").status_code == 200


def test_a_port_in_use_is_bad_input_before_anything_is_loaded(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"cannot listen on 127\.0\.0\.1:{port}"):
            listen("127.0.0.1", port)
        with pytest.raises(SystemExit) as caught:
            cli.main(["serve", "--port", str(port)])
    assert caught.value.code == 2
    err = capsys.readouterr().err
    assert "already in use; try another --port" in err
    assert err.count("\n") == 1


def test_an_address_that_is_none_is_bad_input():
    with pytest.raises(InputError, match="is not an address"):
        listen("no host here", 3000)
