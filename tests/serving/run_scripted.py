"""``havoc serve`` with scripted stages: arguments are the state folder and the words of the command."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from scripted import ScriptedEngine, runtime, scripted_stages

from havoc import cli
from havoc.serving import chat, models


class Clock(threading.Event):
    """A gate that opens by itself after a second."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(1.0)


if __name__ == "__main__":
    chat.stages = scripted_stages
    models.load_runtime = lambda *folders: runtime(ScriptedEngine(), Clock())
    cli.main(["serve", "--state", *sys.argv[1:]])
