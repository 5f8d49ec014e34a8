"""What all drafts share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Short = Annotated[str, Field(max_length=80)]
"""A key, an id, a unit, a name."""

Sentence = Annotated[str, Field(max_length=400)]
"""One sentence."""

Paragraph = Annotated[str, Field(max_length=1500)]
"""A few sentences."""


class Draft(BaseModel):
    """A frozen proposal: no unknown fields, and no numbers that are none."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
