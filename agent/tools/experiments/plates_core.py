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


def shuffled(blocks: Sequence[Sequence[str]], seed: int) -> list[list[str]]:
    """Blocks with each one's contents in a random order of its own.

    Args:
        blocks: The contents of each block.
        seed: The same seed gives the same orders.
    """
    rng = random.Random(seed)
    orders = [list(block) for block in blocks]
    for order in orders:
        rng.shuffle(order)
    return orders


def complete_blocks(samples: Sequence[str], controls: Sequence[str], replicates: int) -> list[list[str]]:
    """Blocks that hold every sample and control once.

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
    return [list(names) for _ in range(replicates)]


def lay_out(blocks: Sequence[Sequence[str]], size: int, edge: str, seed: int) -> list[Well]:
    """Place blocks one after another, each in its own random order.

    A drift across the plate then falls on all contents of a block alike. A plate starts anew where a block does not
    fit, unless one block is larger than a plate.

    Args:
        blocks: The contents of each block (`complete_blocks`, or unequal ones).
        size: 96 or 384.
        edge: ``use``, or ``avoid`` to fill the outer wells with buffer.
        seed: The same seed gives the same layout.

    Returns:
        The filled wells in pipetting order, then the edge wells of every plate used.

    Raises:
        RepairableToolError: No blocks, or an empty one.
    """
    if not blocks or not all(blocks):
        raise RepairableToolError("blocks: one is empty, or there is none", remedy="Name what each block holds.")
    usable = wells(size, edge)
    placed: list[Well] = []
    plate, used = 1, 0
    for number, order in enumerate(shuffled(blocks, seed), start=1):
        if used and used + len(order) > len(usable) >= len(order):
            plate, used = plate + 1, 0
        for name in order:
            if used == len(usable):
                plate, used = plate + 1, 0
            placed.append(Well(plate, usable[used], name, number))
            used += 1
    if edge == "avoid":
        outer = [name for name in wells(size, "use") if name not in set(usable)]
        placed += [Well(number, name, EMPTY, 0) for number in range(1, plate + 1) for name in outer]
    return placed
