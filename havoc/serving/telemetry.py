"""OpenTelemetry traces: a span a request, one a stage inside it.

Only where the SDK is installed (``pip install 'havoc[telemetry]'``) and ``OTEL_EXPORTER_OTLP_ENDPOINT``
(or ``..._TRACES_ENDPOINT``) names a collector; the SDK's other variables hold as well. An incoming
``traceparent`` header is continued.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from havoc.errors import InputError

_tracer: Any = None
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def configure(version: str) -> bool:
    """Send spans to the collector that the environment names, if it names one.

    Raises
    ------
    InputError
        If it names one and the packages are missing.
    """
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError:
        raise InputError(
            f"{ENDPOINTS[0]} is set, but the exporter is not installed: pip install 'havoc[telemetry]'"
        ) from None
    use(BatchSpanProcessor(OTLPSpanExporter()), version)
    return True


def use(processor: Any, version: str = "") -> None:
    """Hand every span to ``processor`` from now on."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    global _tracer
    resource = Resource.create({"service.name": "havoc", "service.version": version})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("havoc.serving", version)


def stop() -> None:
    """Make no more spans."""
    global _tracer
    _tracer = None


@contextmanager
def request_span(name: str, headers: Mapping[str, str]) -> Iterator[Any]:
    """The span of a request, or None where there are no traces."""
    if _tracer is None:
        yield None
        return
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind

    parent = extract(dict(headers))
    with _tracer.start_as_current_span(name, context=parent, kind=SpanKind.SERVER) as span:
        yield span


def past_span(name: str, seconds: float, attributes: Mapping[str, str]) -> None:
    """A span that ended just now and took ``seconds``, inside the present one."""
    if _tracer is None:
        return
    now = time.time_ns()
    span = _tracer.start_span(name, start_time=now - int(seconds * 1e9), attributes=attributes)
    span.end(end_time=now)
