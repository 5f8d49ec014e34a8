"""A compiled protocol as a Python script for an Opentrons robot."""

from __future__ import annotations

import json

from agent.tools.robots.compiling import Compiled
from agent.tools.robots.labware import LABWARE
from agent.tools.robots.records import Protocol

API_LEVEL = "2.20"

_COLOURS = ("#3b7dd8", "#d8893b", "#3bb273", "#b23b88", "#8a8f98", "#c7b11d", "#1db1c7", "#7a3bd8")

_TEMPLATE = '''"""{title}

Written by Gedanken from {name}. Steps carry the numbers of that file. {checked}
"""

from opentrons import protocol_api

metadata = {{"protocolName": {protocol_name}, "author": "Gedanken"}}
requirements = {{"robotType": "{robot_type}", "apiLevel": "{api}"}}

# id: (load name, slot, label)
LABWARE = {labware}

# pipette: (mount, tip racks)
PIPETTES = {pipettes}

# place, liquid, volume in uL
LIQUIDS = {liquids}

# step, what, pipette, source, target, volume in uL, times, text for a person
MOVES = {moves}

COLOURS = {colours}


def run(protocol: protocol_api.ProtocolContext) -> None:
    """Load the deck, then carry out the moves in order."""
    deck = {{name: protocol.load_labware(load, slot, label) for name, (load, slot, label) in LABWARE.items()}}
{waste}    pipettes = [
        protocol.load_instrument(name, mount, tip_racks=[deck[rack] for rack in racks])
        for name, (mount, racks) in PIPETTES.items()
    ]

    def well(place):
        labware, _, name = place.partition(":")
        return deck[labware][name]

    liquids = {{}}
    for place, name, volume in LIQUIDS:
        if name not in liquids:
            colour = COLOURS[len(liquids) % len(COLOURS)]
            liquids[name] = protocol.define_liquid(name=name, description=name, display_color=colour)
        well(place).load_liquid(liquid=liquids[name], volume=volume)

    for step, *move in MOVES:
        try:
            carry_out(protocol, pipettes, well, step, *move)
        except Exception as error:  # say which step, on the robot as in the simulator
            raise RuntimeError(f"Step {{step}}: {{type(error).__name__}}: {{error}}") from error


def carry_out(protocol, pipettes, well, step, what, pipette, source, target, volume, times, text):
    """One move."""
    if what == "pick":
        pipettes[pipette].pick_up_tip()
    elif what == "drop":
        pipettes[pipette].drop_tip()
    elif what == "move":
        pipettes[pipette].aspirate(volume, well(source))
        pipettes[pipette].dispense(volume, well(target))
    elif what == "mix":
        pipettes[pipette].mix(times, volume, well(target))
    else:
        protocol.pause(f"Step {{step}}: {{text}}")
        if what == "tips":
            for one in pipettes:
                one.reset_tipracks()
'''


def write_script(protocol: Protocol, compiled: Compiled, checked: str = "") -> str:
    """The script for the robot that a protocol was compiled for.

    Args:
        protocol: Its title and first liquids.
        compiled: The deck and the moves.
        checked: A sentence on what was checked.

    Returns:
        Python source; the same protocol gives the same bytes.
    """
    robot = compiled.robot
    labware = {
        one.id: (LABWARE[one.kind].opentrons, robot.slot(slot), one.label or one.id)
        for slot, one in sorted(compiled.deck.items())
    }
    pipettes = {
        pipette.name: (
            pipette.mount,
            [one.id for _, one in sorted(compiled.deck.items()) if one.kind == pipette.tips],
        )
        for pipette in robot.pipettes
    }
    liquids = [
        (_place(one.place), f"{one.name} {one.concentration}".strip(), round(one.volume_ul, 3))
        for one in protocol.liquids
    ]
    moves = [
        (
            m.step,
            "tips" if m.tips else m.kind,
            m.pipette,
            _place(m.source),
            _place(m.target),
            m.volume_ul,
            m.times,
            m.text,
        )
        for m in compiled.moves
    ]  # fmt: skip
    return _TEMPLATE.format(
        title=_comment(protocol.title),
        name="the neutral protocol beside it",
        checked=_comment(checked),
        protocol_name=json.dumps(protocol.title, ensure_ascii=False),
        robot_type="Flex" if robot.key == "flex" else "OT-2",
        api=API_LEVEL,
        labware=_block(labware),
        pipettes=_block(pipettes),
        liquids=_block(liquids),
        moves=_block(moves),
        colours=list(_COLOURS),
        waste='    protocol.load_trash_bin("A3")\n' if robot.key == "flex" else "",
    )


def _place(place: str) -> str:
    """A place as the vendor names it: ``assay:B3``."""
    labware, _, well = place.partition(":")
    return f"{labware}:{well[:1]}{int(well[1:])}" if well else ""


def _comment(text: str) -> str:
    """Text that cannot end the docstring that it stands in."""
    return text.replace("\\", "/").replace('"""', "'''")


def _block(rows: dict | list) -> str:
    """A literal with one entry a line."""
    if isinstance(rows, dict):
        inner = "".join(f"    {key!r}: {value!r},\n" for key, value in rows.items())
        return f"{{\n{inner}}}"
    inner = "".join(f"    {row!r},\n" for row in rows)
    return f"[\n{inner}]"
