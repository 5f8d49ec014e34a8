"""What all records share, and the closed lists of words that they use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

BUNDLE_VERSION = 1
"""Version of the bundle's layout; a newer one is refused with a clear error."""

Status = Literal["ok", "empty", "error"]
CandidateKind = Literal["molecule", "crystal", "sequence", "strain", "recipe", "sample"]
Relation = Literal["<", "<=", ">", ">=", "==", "between"]
Novelty = Literal["novel", "known", "unknown"]
Approval = bool | Literal["costly"]
"""Whether a run waits for a yes: before every plan, before none, or before those with costly or hazardous steps."""
BeliefState = Literal["untested", "supported", "refuted", "undecided"]
RunStatus = Literal["running", "finished", "stopped", "failed", "waiting"]
StepStatus = Literal["pending", "running", "ok", "empty", "error", "skipped", "cancelled"]


def now() -> str:
    """The present moment in ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Record(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    def plain(self) -> dict[str, Any]:
        """The record as JSON-compatible plain data."""
        return self.model_dump(mode="json")
