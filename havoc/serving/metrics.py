"""What Prometheus is told: requests, tokens, waiting, times to the first token, stages.

Under ``havoc serve`` the figures are at ``GET /metrics``. Inside a bento BentoML owns that route and
sets prometheus_client up for several processes before this module makes its figures, which then
appear there beside BentoML's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """The server's figures.

    Parameters
    ----------
    registry : where they are kept; by default one of their own. The process-wide one in a bento.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        where: dict[str, Any] = {"registry": self.registry}
        self.requests = Counter(
            "havoc_requests", "Requests by route, method and status.",
            ["route", "method", "status"], **where,
        )  # fmt: skip
        self.request_seconds = Histogram(
            "havoc_request_seconds", "From the request's start to the response's end.",
            ["route"], buckets=SECONDS, **where,
        )  # fmt: skip
        self.tokens = Counter("havoc_tokens", "Tokens read and written.", ["kind"], **where)
        self.first_token = Histogram(
            "havoc_first_token_seconds", "From the request to the first token of text.",
            ["route"], buckets=SECONDS, **where,
        )  # fmt: skip
        self.between_tokens = Histogram(
            "havoc_between_tokens_seconds", "Between two pieces of streamed text.",
            buckets=SHORT, **where,
        )  # fmt: skip
        self.stage_seconds = Histogram(
            "havoc_stage_seconds", "Stages of the reasoning stack.",
            ["stage"], buckets=SECONDS, **where,
        )  # fmt: skip
        self.answers = Counter("havoc_answers", "Answers by status.", ["status"], **where)
        self.refused = Counter(
            "havoc_refused", "Requests refused before any work.", ["reason"], **where
        )
        self.reloads = Counter("havoc_model_loads", "Models loaded.", ["outcome"], **where)
        self.inside = Gauge(
            "havoc_inside", "Pieces of work admitted, waiting ones included.",
            ["kind"], multiprocess_mode="livesum", **where,
        )  # fmt: skip
        for kind in ("prompt", "completion"):
            self.tokens.labels(kind)

    def used(self, prompt: int, completion: int) -> None:
        """Count the tokens of one request."""
        self.tokens.labels("prompt").inc(prompt)
        self.tokens.labels("completion").inc(completion)

    def watch(self, figures: Callable[[], Mapping[str, float]]) -> None:
        """Ask ``figures`` for gauges at each scrape (of the engine: batch, cache, queue)."""
        self.registry.register(_Asked(figures))

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self.registry)


class _Asked(Collector):
    def __init__(self, figures: Callable[[], Mapping[str, float]]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for name, value in self._figures().items():
            family = GaugeMetricFamily(f"havoc_{name}", name.replace("_", " ").capitalize() + ".")
            family.add_metric([], value)
            yield family

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()


def process_metrics() -> Metrics:
    """The figures of a bento's process."""
    return Metrics(REGISTRY)
