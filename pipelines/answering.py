"""The model as MLflow loads it: ``predict`` answers with the whole stack, or continues text where it cannot plan.

Logged as code, not as a pickle (``mlflow.pyfunc``, models from code): MLflow runs this file to make the model. Its
artifacts are a model folder and, for the stack, an index.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mlflow
from mlflow.pyfunc import PythonModel


class HavocAnswers(PythonModel):
    """Requests in, the objects of ``havoc ask --json`` out, one JSON text each."""

    def load_context(self, context: Any) -> None:
        """Load what ``kind`` in the model's configuration says: the stack (``answers``) or ``text``."""
        from havoc.serving.runtime import load_runtime

        config = dict(context.model_config or {})
        self.kind = str(config.get("kind", "answers"))
        index = context.artifacts.get("index")
        self.runtime = load_runtime(
            Path(context.artifacts["model"]),
            Path(index) if index else None,
            str(config.get("profile", "laptop")),
        )

    def predict(  # type: ignore[override]  # MLflow takes the input's type from this signature
        self, model_input: list[str], params: dict[str, Any] | None = None
    ) -> list[str]:
        """Answer each request; ``params`` are those of ``InferenceConfig`` where text is continued."""
        if self.kind == "text":
            return [self._continue(text, params or {}) for text in model_input]
        return [self._answer(text) for text in model_input]

    def _continue(self, text: str, params: dict[str, Any]) -> str:
        pieces = self.runtime.need_engine().stream(text, {"max_new_tokens": 32, **params})
        return "".join(piece.text for piece in pieces)

    def _answer(self, text: str) -> str:
        from havoc.evaluation.requests import answer_one

        document = answer_one({"request": text}, Path.cwd(), self.runtime.need_stack())
        return json.dumps(document, ensure_ascii=False, allow_nan=False)


mlflow.models.set_model(HavocAnswers())
