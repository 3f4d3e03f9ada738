"""Public benchmarks on a HAVOC model: an adapter for EleutherAI's lm-evaluation-harness (extra ``harness``).

``python -m havoc.evaluation.harness MODEL_FOLDER TASK [TASK ...]`` runs tasks; ``adapter(folder)`` gives the object
that ``lm_eval.simple_evaluate(model=...)`` takes. What it measures is the language model alone, not the audited stack.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from havoc.errors import InputError
from havoc.model.directory import load_model
from havoc.model.transformer import HavocModel
from havoc.tokenizer.tokenizer import Tokenizer


@dataclass(frozen=True)
class Scorer:
    """Log-probabilities and greedy continuations of a model."""

    model: HavocModel
    tokenizer: Tokenizer

    @classmethod
    def load(cls, folder: Path) -> Scorer:
        """Open a model folder."""
        if not folder.is_dir():
            raise InputError(f"there is no model at {folder}")
        return cls(load_model(folder), Tokenizer.load(folder))

    @property
    def window(self) -> int:
        return self.model.config.max_seq_len

    @torch.inference_mode()
    def loglikelihood(
        self, context: Sequence[int], continuation: Sequence[int]
    ) -> tuple[float, bool]:
        """Log-probability (nats) of the continuation, and whether it is the greedy one.

        A context that does not fit is cut on its left.
        """
        tokens = [*(context or [self.tokenizer.bos_id]), *continuation][-self.window - 1 :]
        wanted = tokens[-len(continuation) :]
        logits = self.model(torch.tensor([tokens[:-1]]))[0, -len(wanted) :].float()
        logs = torch.log_softmax(logits, -1)
        target = torch.tensor(wanted)
        total = logs.gather(-1, target[:, None]).sum()
        return float(total), bool((logs.argmax(-1) == target).all())

    def rolling(self, tokens: Sequence[int]) -> float:
        """Log-probability (nats) of a whole text, in windows that do not overlap."""
        total, step = 0.0, self.window - 1
        for start in range(0, len(tokens), step):
            before = [tokens[start - 1]] if start else [self.tokenizer.bos_id]
            total += self.loglikelihood(before, tokens[start : start + step])[0]
        return total

    @torch.inference_mode()
    def greedy(self, prompt: Sequence[int], stops: Sequence[str], limit: int) -> str:
        """The most probable continuation up to a stop text, which is left out."""
        tokens = list(prompt)[-(self.window - limit) :] or [self.tokenizer.bos_id]
        cache = self.model.new_cache(1, len(tokens) + limit)
        feed, written = tokens, list[int]()
        for _ in range(limit):
            logits = self.model(torch.tensor([feed]), cache=cache)[0, -1]
            token = int(logits.argmax())
            if token == self.tokenizer.eos_id:
                break
            written.append(token)
            text = self.tokenizer.decode(written)
            ends = [text.index(s) for s in stops if s and s in text]
            if ends:
                return text[: min(ends)]
            feed = [token]
        return self.tokenizer.decode(written)


def adapter(folder: Path) -> Any:
    """The model as lm-evaluation-harness takes it.

    Raises
    ------
    InputError
        The harness is not installed, or there is no model.
    """
    try:
        from lm_eval.api.model import TemplateLM
    except ImportError:
        raise InputError(
            "lm-evaluation-harness is not installed: pip install 'havoc[harness]'"
        ) from None
    scorer = Scorer.load(folder)

    class HavocLM(TemplateLM):  # type: ignore[misc]
        """See ``Scorer``."""

        tokenizer_name = folder.name

        @property
        def eot_token_id(self) -> int:
            return scorer.tokenizer.eos_id

        @property
        def prefix_token_id(self) -> int:
            return scorer.tokenizer.bos_id

        def tok_encode(self, string: str, **options: Any) -> list[int]:
            return list(scorer.tokenizer.encode(string))

        def _loglikelihood_tokens(self, requests: Any, **options: Any) -> list[tuple[float, bool]]:
            return [scorer.loglikelihood(context, rest) for _, context, rest in requests]

        def loglikelihood_rolling(self, requests: Any, **options: Any) -> list[float]:
            return [scorer.rolling(self.tok_encode(r.args[0])) for r in requests]

        def generate_until(self, requests: Any, **options: Any) -> list[str]:
            return [_generated(scorer, *r.args) for r in requests]

    return HavocLM()


def _generated(scorer: Scorer, prompt: str, options: Any) -> str:
    until = options.get("until") or []
    stops = [until] if isinstance(until, str) else list(until)
    limit = min(int(options.get("max_gen_toks") or 128), scorer.window // 2)
    return scorer.greedy(scorer.tokenizer.encode(prompt), stops, limit)


def main(arguments: Sequence[str]) -> int:
    """Run tasks and print their results as JSON."""
    if len(arguments) < 2:
        print(
            "usage: python -m havoc.evaluation.harness MODEL_FOLDER TASK [TASK ...]",
            file=sys.stderr,
        )
        return 2
    try:
        model = adapter(Path(arguments[0]))
    except InputError as error:
        print(f"havoc: {error}", file=sys.stderr)
        return 2
    import lm_eval

    found = lm_eval.simple_evaluate(model=model, tasks=list(arguments[1:]))
    print(json.dumps(found["results"], indent=1, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
