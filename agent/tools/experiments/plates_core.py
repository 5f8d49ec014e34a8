"""Placing samples on 96 and 384 well plates, in randomised blocks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from agent.errors import RepairableToolError

SHAPES = {96: (8, 12), 384: (16, 24)}
"""Rows and columns by number of wells (ANSI/SLAS 4-2004)."""

EMPTY = "(edge: buffer)"


@dataclass(frozen=True)
class Well:
    """One well: plate number from 1, name such as ``B07``, what is in it, and which replicate block it belongs to."""

    plate: int
    name: str
    content: str
    block: int


def wells(size: int, edge: str) -> list[str]:
    """The usable wells of a plate, row by row.

    Args:
        size: 96 or 384.
        edge: ``use`` for all wells, ``avoid`` for the inner ones: outer wells lose water and heat first.
    """
    rows, columns = SHAPES[size]
    inset = 1 if edge == "avoid" else 0
    return [
        f"{chr(ord('A') + row)}{column + 1:02d}"
        for row in range(inset, rows - inset)
        for column in range(inset, columns - inset)
    ]


def lay_out(
    samples: Sequence[str], controls: Sequence[str], replicates: int, size: int, edge: str, seed: int
) -> list[Well]:
    """Place every sample and control once a block, blocks one after another, each in its own random order.

    A replicate is a complete block, so that a drift across the plate falls on all samples alike. A plate starts anew
    where a block does not fit, unless one block is larger than a plate.

    Args:
        samples: Names of the samples.
        controls: Names of the controls; each block holds every one.
        replicates: Number of blocks.
        size: 96 or 384.
        edge: ``use``, or ``avoid`` to fill the outer wells with buffer.
        seed: The same seed gives the same layout.

    Returns:
        The filled wells in pipetting order, then the edge wells of every plate used.

    Raises:
        RepairableToolError: No samples, repeated names, or no replicates.
    """
    names = [*samples, *controls]
    if not samples:
        raise RepairableToolError("samples: none given", remedy="Name at least one.")
    if len(set(names)) != len(names):
        raise RepairableToolError(
            "samples: a name occurs twice among samples and controls", remedy="Replicates repeat them."
        )
    if replicates < 1:
        raise RepairableToolError(f"replicates: {replicates} is too few", remedy="Give 1 or more.")
    usable = wells(size, edge)
    rng = random.Random(seed)
    placed: list[Well] = []
    plate, used = 1, 0
    for block in range(1, replicates + 1):
        if used and used + len(names) > len(usable) >= len(names):
            plate, used = plate + 1, 0
        order = list(names)
        rng.shuffle(order)
        for name in order:
            if used == len(usable):
                plate, used = plate + 1, 0
            placed.append(Well(plate, usable[used], name, block))
            used += 1
    if edge == "avoid":
        outer = [name for name in wells(size, "use") if name not in set(usable)]
        placed += [Well(number, name, EMPTY, 0) for number in range(1, plate + 1) for name in outer]
    return placed
