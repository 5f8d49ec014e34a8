"""What a tool returns: `ok`, `empty`, or an error raised and turned into `failed`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agent.errors import GedankenError, ToolError
from agent.execution.progress import progress
from agent.records import ArtifactContent, CandidateDraft, Citation, ErrorInfo, Result, Value

__all__ = ["empty", "failed", "ok", "progress"]


def ok(
    summary: str,
    *,
    values: Iterable[Value] = (),
    data: dict[str, Any] | None = None,
    candidates: Iterable[CandidateDraft] = (),
    artifacts: Iterable[ArtifactContent] = (),
    citations: Iterable[Citation] = (),
    warnings: Iterable[str] = (),
) -> Result:
    """The tool found something: one plain sentence, the headline values, and plain data for later steps."""
    return Result(
        status="ok",
        summary=summary,
        values=tuple(values),
        data=data or {},
        candidates=tuple(candidates),
        artifacts=tuple(artifacts),
        citations=tuple(citations),
        warnings=tuple(warnings),
    )


def empty(summary: str, *, data: dict[str, Any] | None = None, warnings: Iterable[str] = ()) -> Result:
    """The tool looked and found nothing; the sentence says where it looked, and what was nearest if anything was."""
    return Result(status="empty", summary=summary, data=data or {}, warnings=tuple(warnings))


def failed(error: BaseException) -> Result:
    """The tool could not look: the error as an envelope."""
    info = ErrorInfo(
        kind=type(error).__name__,
        message=error.message if isinstance(error, GedankenError) else f"{type(error).__name__}: {error}",
        remedy=error.remedy if isinstance(error, GedankenError) else "",
        repairable=isinstance(error, ToolError) and error.repairable,
    )
    return Result(status="error", summary=info.message, error=info)
