"""What an ingestion did, told at its end."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from agent.cli.command import Given
from agent.units import counted

if TYPE_CHECKING:
    from knowledge import IngestReport

_OUTCOMES = ("added", "unchanged", "replaced", "failed")


def tell_ingestion(report: IngestReport, given: Given) -> int:
    """Print what an ingestion did; exit code 1 when a file failed."""
    counts = {outcome: report.count(outcome) for outcome in _OUTCOMES}
    files = [asdict(file) for file in report.files]
    given.say(
        {**counts, "ignored": report.ignored, "seconds": round(report.seconds, 2), "files": files},
        "\n".join(_lines(report, counts)),
    )
    return 1 if counts["failed"] else 0


def _lines(report: IngestReport, counts: dict[str, int]) -> list[str]:
    lines = [
        f"{'✗' if file.outcome == 'failed' else '·'} {file.path}: {file.reason}" for file in report.files if file.reason
    ]
    speed = report.embedded / report.seconds if report.seconds else 0.0
    rate = f", {speed:.0f} passages/s" if speed >= 1 else ""
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing to read"
    ignored = f", {report.ignored} of other kinds left out" if report.ignored else ""
    embedded = f"{counted(report.embedded, 'passage')} embedded"
    return [*lines, f"{told}{ignored} in {report.seconds:.1f} s ({embedded}{rate})"]
