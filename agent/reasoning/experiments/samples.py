"""The samples of an experiment: every replicate and control, blocked, in random order, coded and placed on plates."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.errors import GedankenError
from agent.reasoning.experiments.arms import Arm
from agent.reasoning.experiments.bench import Bench
from agent.reasoning.experiments.methods import Method
from agent.reasoning.protocol import RunView
from agent.records import Sample
from agent.tools.experiments.ghs_table import REAGENTS
from agent.tools.experiments.plates_core import EMPTY, shuffled

Role = Literal["test", "comparator", "positive", "negative", "vehicle", "blank"]

CONTROL_REPLICATES = 3
"""The fewest independent samples of each control: fewer show no spread."""

MOST_BLOCKS = 6
"""Blocks beyond these cost controls and add little; more replicates then share a block."""

CONTROLS = "controls"
"""The arm of every control."""

SMALL, LARGE = 96, 384
_LETTERS = "ACDEFHJKLMNPRTUVWXY"  # none that is read as a figure or as another letter
_WELLS = re.compile(r"\b(96|384)(?:\s*-\s*|\s+)?well", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """One sample before it has its place in the order."""

    arm: str
    item: str
    role: Role
    replicate: int
    block: int

    @property
    def key(self) -> str:
        """Unique in the experiment."""
        return f"{self.role}:{self.item}#{self.replicate}"


@dataclass(frozen=True)
class Arrangement:
    """The samples of an experiment, in the order in which they are measured.

    Attributes:
        samples: All of them.
        blocks: How many blocks there are.
        plates: How many plates (0: none is used).
        wells: Wells of one plate.
        notes: What the reader has to know of the layout, each a sentence.
    """

    samples: tuple[Sample, ...]
    blocks: int
    plates: int
    wells: int
    notes: tuple[str, ...] = ()


def planned(compared: Sequence[Arm], per_item: dict[str, int], method: Method) -> tuple[Place, ...]:
    """Every replicate of every item, and the controls, dealt over the blocks.

    Args:
        compared: The arms, the tested one first.
        per_item: Independent samples of each member, by arm.
        method: Names the controls.

    Returns:
        The places. Replicates of an item are spread over the blocks as evenly as they go, and each block holds every
        control.
    """
    blocks = min(max(per_item.values(), default=1), MOST_BLOCKS)
    places: list[Place] = []
    for number, arm in enumerate(compared):
        role: Role = "comparator" if number else "test"
        for item in arm.items:
            # An item with fewer replicates than blocks starts in another block than the one before it.
            start = len(places) if per_item[arm.name] < blocks else 0
            places += [
                Place(arm.name, item, role, replicate + 1, (start + replicate) % blocks + 1)
                for replicate in range(per_item[arm.name])
            ]
    for control in method.controls:
        role, item = control_of(control)
        count = blocks * math.ceil(CONTROL_REPLICATES / blocks)
        places += [Place(CONTROLS, item, role, replicate + 1, replicate % blocks + 1) for replicate in range(count)]
    return tuple(places)


def control_of(control: str) -> tuple[Role, str]:
    """The role and the item of a control as the method words it: ``positive: warfarin (strongly bound)``."""
    word, _, said = control.partition(":")
    role: Role = word if word in ("positive", "negative", "vehicle", "blank") else "blank"  # type: ignore[assignment]
    named = [one.name for one in REAGENTS if re.search(rf"\b{re.escape(one.name)}\b", said, re.IGNORECASE)]
    # A vehicle is named by what it is, and not by the solvent in it.
    return role, named[0] if named and role in ("positive", "negative") else said.strip()


async def arrange(experiment: str, places: Sequence[Place], bench: Bench, view: RunView) -> Arrangement:
    """Draw the order of measurement within blocks, and give each sample its id, code and well.

    Args:
        experiment: Id of the experiment.
        places: What there is to measure.
        bench: Whether it is measured on plates, and which wells are used.
        view: The run; its seed fixes the order, its goal may name the plate.

    Returns:
        The samples in order of measurement. An id counts the order and so tells nothing of the arm.
    """
    by_key = {place.key: place for place in places}
    last = max(place.block for place in places)
    blocks = [[p.key for p in places if p.block == number] for number in range(1, last + 1)]
    seed = _seed(view.goal.seed, experiment)
    ordered: list[tuple[Place, int, str]] = []
    size, notes = plate_size(view.goal.text, len(places), bench)
    if bench.plate:
        found, note = await _wells(blocks, size, bench.edge, seed, view)
        ordered = [(by_key[content], plate, well) for content, plate, well in found]
        notes += note
    if not ordered:
        ordered = [(by_key[key], 1, "") for block in shuffled(blocks, seed) for key in block]
    codes = _codes(len(ordered), seed)
    width = max(len(str(len(ordered))), 2)
    samples = tuple(
        Sample(
            id=f"{experiment}-{order:0{width}d}", code=code, arm=place.arm, item=place.item, role=place.role,
            replicate=place.replicate, block=place.block, order=order, plate=plate, well=well,
        )
        for order, ((place, plate, well), code) in enumerate(zip(ordered, codes, strict=True), start=1)
    )  # fmt: skip
    plates = max(sample.plate for sample in samples) if samples[0].well else 0
    return Arrangement(samples, len(blocks), plates, size, notes)


def plate_size(goal: str, samples: int, bench: Bench) -> tuple[int, tuple[str, ...]]:
    """The plate to use: what the goal names, else 96 wells until they are too few.

    Args:
        goal: The goal's text.
        samples: How many there are.
        bench: What the method needs.

    Returns:
        Its wells, and what has to be said of the choice: a goal that names both sizes contradicts itself.
    """
    named = sorted({int(found) for found in _WELLS.findall(goal)})
    if len(named) > 1:
        said = "The goal names plates of 96 and of 384 wells, which contradict each other: 96 are taken."
        return SMALL, (said,) if bench.plate else ()
    if named:
        return named[0], ()
    usable = 60 if bench.edge == "avoid" else SMALL
    return (SMALL if samples <= 2 * usable else LARGE), ()


async def _wells(
    blocks: list[list[str]], size: int, edge: str, seed: int, view: RunView
) -> tuple[list[tuple[str, int, str]], tuple[str, ...]]:
    """The filled wells in order, from the tool; nothing, with the reason, if it cannot lay them out."""
    asked = {"blocks": blocks, "wells": str(size), "edge": edge, "random_seed": seed}
    try:
        result = await view.context.call("plate_layout", asked)
    except GedankenError as error:
        return [], (f"No plate was laid out: {error}",)
    if result.status != "ok" or "wells" not in result.data:
        reason = result.error.message if result.error else result.summary
        return [], (f"No plate was laid out: {reason}",)
    wells = [(w["content"], int(w["plate"]), str(w["well"])) for w in result.data["wells"] if w["content"] != EMPTY]
    return wells, ()


def _seed(seed: int, experiment: str) -> int:
    """A seed of the experiment's own: the plans of one run do not share an order."""
    return seed * 1000 + int(re.sub(r"\D", "", experiment) or 0)


def _codes(count: int, seed: int) -> list[str]:
    """Different codes that say nothing: letter, two digits, letter."""
    rng = random.Random(f"codes {seed}")
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes[f"{rng.choice(_LETTERS)}{rng.randint(2, 9)}{rng.randint(2, 9)}{rng.choice(_LETTERS)}"] = None
    return list(codes)
