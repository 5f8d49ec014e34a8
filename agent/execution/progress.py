"""Progress from inside a step: `progress` is a no-op outside a worker, so that tools stay plain functions."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

Reporter = Callable[[float, str], None]

_reporter: ContextVar[Reporter | None] = ContextVar("progress_reporter", default=None)


def progress(fraction: float, message: str = "") -> None:
    """Report how far the running step is.

    Args:
        fraction: Between 0 and 1.
        message: What is being done, in a few words.
    """
    report = _reporter.get()
    if report is not None:
        report(min(max(fraction, 0.0), 1.0), message)


def reporting_to(reporter: Reporter | None) -> None:
    """Send progress of this context to a reporter (used by the worker)."""
    _reporter.set(reporter)
