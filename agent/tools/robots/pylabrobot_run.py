"""Running a compiled protocol in PyLabRobot: its own volume and tip tracking, with a backend that moves nothing."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import warnings
from typing import TYPE_CHECKING, Any

from agent.errors import EngineMissing
from agent.tools.robots.compiling import Compiled, Move
from agent.tools.robots.labware import LABWARE, LabwareKind
from agent.tools.robots.records import Labware, Protocol

if TYPE_CHECKING:
    from pylabrobot.liquid_handling import LiquidHandler
    from pylabrobot.resources import Resource

PITCH = {12: 9.0, 24: 4.5, 6: 18.0, 1: 108.0}
"""Distance of wells in mm by number of columns (ANSI/SLAS 4-2004 for plates)."""

TIP_LENGTH, FITTING_DEPTH = 59.3, 7.47
"""Of a 300 µL tip, in mm: the simulator wants them, and nothing here depends on them."""


def version() -> str:
    """The installed version.

    Raises:
        EngineMissing: PyLabRobot is not installed.
    """
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("pylabrobot")
    except PackageNotFoundError as error:
        raise EngineMissing(
            "PyLabRobot is not installed, so no protocol can be simulated with it.",
            remedy="Install it with `pip install 'gedanken[robots]'`.",
        ) from error


def simulate(protocol: Protocol, compiled: Compiled) -> str:
    """Run the moves in PyLabRobot with volume and tip tracking.

    Args:
        protocol: What the wells hold at the start.
        compiled: The moves, and the deck map.

    Returns:
        The first complaint as one line that names the step, translated from the simulator's; empty if it has none.

    Raises:
        EngineMissing: PyLabRobot is not installed.
    """
    version()
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a simulator's own deprecations are none of the protocol's
        return asyncio.run(_run(protocol, compiled))


async def _run(protocol: Protocol, compiled: Compiled) -> str:
    from pylabrobot.liquid_handling import LiquidHandler
    from pylabrobot.liquid_handling.backends import LiquidHandlerChatterboxBackend
    from pylabrobot.resources import set_tip_tracking, set_volume_tracking
    from pylabrobot.resources.opentrons import OTDeck

    set_tip_tracking(True)
    set_volume_tracking(True)
    deck = OTDeck()
    there: dict[str, Any] = {}
    for slot, one in sorted(compiled.deck.items()):
        try:
            there[one.id] = _resource(one, LABWARE[one.kind])
            deck.assign_child_at_slot(there[one.id], slot)
        except (ValueError, KeyError) as error:
            return f"PyLabRobot: '{one.id}' cannot be put into slot {slot}: {error}"
    for liquid in protocol.liquids:
        tracker = _well(there, liquid.place).tracker
        tracker.set_volume(tracker.volume + liquid.volume_ul)
    robot = LiquidHandler(backend=LiquidHandlerChatterboxBackend(num_channels=1), deck=deck)
    await robot.setup()
    try:
        return await _moves(robot, compiled, there)
    finally:
        await robot.stop()


async def _moves(robot: LiquidHandler, compiled: Compiled, there: dict[str, Any]) -> str:
    racks: dict[int, list[Any]] = {}

    def full() -> None:
        for place, pipette in enumerate(compiled.robot.pipettes):
            owned = [one.id for _, one in sorted(compiled.deck.items()) if one.kind == pipette.tips]
            for rack in owned:
                there[rack].fill()
            racks[place] = [spot for rack in owned for spot in there[rack].get_all_items()]

    full()
    for move in compiled.moves:
        try:
            if move.kind == "pick":
                spots = racks[move.pipette]
                if not spots:
                    return f"step {move.step}: PyLabRobot: no tip is left"
                await robot.pick_up_tips([spots.pop(0)], use_channels=[0])
            elif move.kind == "drop":
                await robot.discard_tips(use_channels=[0])
            elif move.kind == "pause":
                if move.tips:
                    full()
            else:
                for _ in range(max(move.times, 1)):
                    await robot.aspirate([_well(there, move.source)], vols=[move.volume_ul], use_channels=[0])
                    await robot.dispense([_well(there, move.target)], vols=[move.volume_ul], use_channels=[0])
        except Exception as error:  # the simulator raises many kinds; each becomes one line
            return f"step {move.step}: PyLabRobot: {translate(error, move)}"
    return ""


def translate(error: Exception, move: Move) -> str:
    """A simulator's exception in one plain line."""
    inner = next(iter(getattr(error, "errors", {}).values()), error)
    kind, said = type(inner).__name__, str(inner)
    numbers = [float(found) for found in re.findall(r"(\d+(?:\.\d+)?)uL", said)]
    if kind == "TooLittleLiquidError" and len(numbers) == 2:
        return f"{move.source} is overdrawn: {numbers[0]:g} µL are taken and {numbers[1]:g} µL are there"
    if kind == "TooLittleVolumeError" and len(numbers) == 2:
        return f"{move.target} overflows: {numbers[0]:g} µL are added and {numbers[1]:g} µL fit"
    if kind == "NoTipError":
        return "no tip is there to pick up, or none is mounted"
    if kind == "HasTipError":
        return "a tip is mounted already"
    return f"{kind}: {said.splitlines()[0] if said else 'no reason given'}"


def _well(there: dict[str, Any], place: str) -> Any:
    """The well of a place; PyLabRobot names it ``B3``."""
    labware, _, well = place.partition(":")
    return there[labware].get_item(f"{well[:1]}{int(well[1:])}")


def _resource(one: Labware, kind: LabwareKind) -> Resource:
    """A resource of the kind's shape and capacity."""
    from pylabrobot.resources import Plate, Tip, TipRack, TipSpot, Well, create_ordered_items_2d

    if kind.kind == "tips":  # the library's own racks of this vendor are downloaded when they are first used

        def make_tip(name: str) -> Tip:
            return Tip(
                name=name, has_filter=False, total_tip_length=TIP_LENGTH, maximal_volume=kind.capacity_ul,
                fitting_depth=FITTING_DEPTH,
            )  # fmt: skip

        spots = create_ordered_items_2d(
            TipSpot, num_items_x=kind.columns, num_items_y=kind.rows, dx=11.0, dy=8.0, dz=0.0, item_dx=9.0, item_dy=9.0,
            size_x=5.0, size_y=5.0, make_tip=make_tip,
        )  # fmt: skip
        return TipRack(name=one.id, size_x=127.76, size_y=85.48, size_z=64.5, ordered_items=spots)
    across = PITCH[kind.columns]
    along = 9.0 * 8 / kind.rows
    width, depth = across * 0.8, along * 0.8
    items = create_ordered_items_2d(
        Well, num_items_x=kind.columns, num_items_y=kind.rows, dx=10.0, dy=6.0, dz=1.0, item_dx=across, item_dy=along,
        size_x=width, size_y=depth, size_z=40.0, max_volume=kind.capacity_ul,
    )  # fmt: skip
    return Plate(name=one.id, size_x=127.76, size_y=85.48, size_z=45.0, ordered_items=items)
