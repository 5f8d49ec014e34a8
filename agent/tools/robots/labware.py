"""The catalogue of labware and robots: shapes, capacities, dead volumes, and the names that vendors' software knows.

Capacities and shapes are those of the vendor's public labware library; dead volumes are what a single tip leaves
behind in practice and are assumptions on the safe side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["plate", "tubes", "reservoir", "tips"]
RobotName = Literal["ot2", "flex", "pylabrobot"]

SLOTS = tuple(range(1, 12))
"""Deck slots; the twelfth of an OT-2, and A3 of a Flex, hold the waste."""


@dataclass(frozen=True)
class LabwareKind:
    """A kind of labware.

    Attributes:
        key: Its name in protocols.
        title: What a person looks for on the shelf.
        kind: What it is.
        rows: Rows, named A, B, ...
        columns: Columns, from 1.
        capacity_ul: Of one well; of one tip for tip racks.
        dead_ul: What cannot be taken out of a well.
        opentrons: Load name in the vendor's library.
    """

    key: str
    title: str
    kind: Kind
    rows: int
    columns: int
    capacity_ul: float
    dead_ul: float
    opentrons: str

    @property
    def size(self) -> int:
        """How many wells there are."""
        return self.rows * self.columns

    def holds(self, well: str) -> bool:
        """Whether a well of that name exists."""
        match = re.fullmatch(r"([A-P])0?([1-9]\d?)", well)
        return match is not None and ord(match[1]) - 65 < self.rows and int(match[2]) <= self.columns

    def well(self, index: int) -> str:
        """The name of a well by its place, column by column from 0: ``A01``, ``B01``, ..."""
        return f"{chr(65 + index % self.rows)}{index // self.rows + 1:02d}"


_TABLE = (
    LabwareKind("plate-96", "96-well plate, flat, 360 µL", "plate", 8, 12, 360, 5, "corning_96_wellplate_360ul_flat"),
    LabwareKind("plate-384", "384-well plate, flat, 112 µL", "plate", 16, 24, 112, 3, "corning_384_wellplate_112ul_flat"),
    LabwareKind("plate-96-small", "96-well plate, flat, 200 µL", "plate", 8, 12, 200, 3, "nest_96_wellplate_200ul_flat"),
    LabwareKind("deep-96", "96 deep-well plate, 2 mL", "plate", 8, 12, 2000, 30, "nest_96_wellplate_2ml_deep"),
    LabwareKind("tubes-24", "rack of 24 tubes, 1.5 mL", "tubes", 4, 6, 1500, 30, "opentrons_24_tuberack_nest_1.5ml_snapcap"),
    LabwareKind("vials-24", "rack of 24 vials, 2 mL", "tubes", 4, 6, 2000, 50, "opentrons_24_tuberack_nest_2ml_snapcap"),
    LabwareKind("troughs-12", "reservoir of 12 troughs, 15 mL", "reservoir", 1, 12, 15000, 500, "nest_12_reservoir_15ml"),
    LabwareKind("trough-1", "reservoir, 195 mL", "reservoir", 1, 1, 195000, 10000, "nest_1_reservoir_195ml"),
    LabwareKind("tips-20", "96 tips, 20 µL", "tips", 8, 12, 20, 0, "opentrons_96_tiprack_20ul"),
    LabwareKind("tips-300", "96 tips, 300 µL", "tips", 8, 12, 300, 0, "opentrons_96_tiprack_300ul"),
    LabwareKind("tips-50", "96 Flex tips, 50 µL", "tips", 8, 12, 50, 0, "opentrons_flex_96_tiprack_50ul"),
    LabwareKind("tips-1000", "96 Flex tips, 1000 µL", "tips", 8, 12, 1000, 0, "opentrons_flex_96_tiprack_1000ul"),
)  # fmt: skip

LABWARE = {one.key: one for one in _TABLE}
"""The catalogue by key."""


@dataclass(frozen=True)
class Pipette:
    """A single-channel pipette: vendor's name, range in µL, its tip racks, and the mount that it sits on."""

    name: str
    least_ul: float
    most_ul: float
    tips: str
    mount: Literal["left", "right"]


@dataclass(frozen=True)
class Robot:
    """A robot: its name in prose, and its two pipettes, the smaller first."""

    key: RobotName
    title: str
    pipettes: tuple[Pipette, Pipette]

    def pipette(self, volume_ul: float) -> Pipette:
        """The pipette for a volume: the smaller as far as it reaches."""
        small, large = self.pipettes
        return small if volume_ul <= small.most_ul else large

    def slot(self, number: int) -> str:
        """A slot as this robot names it."""
        if self.key != "flex":
            return str(number)
        return f"{'DCBA'[(number - 1) // 3]}{(number - 1) % 3 + 1}"


_OT2 = (
    Pipette("p20_single_gen2", 1, 20, "tips-20", "left"),
    Pipette("p300_single_gen2", 20, 300, "tips-300", "right"),
)
ROBOTS: dict[RobotName, Robot] = {
    "ot2": Robot("ot2", "Opentrons OT-2", _OT2),
    "flex": Robot(
        "flex", "Opentrons Flex",
        (Pipette("flex_1channel_50", 1, 50, "tips-50", "left"), Pipette("flex_1channel_1000", 5, 1000, "tips-1000", "right")),
    ),
    "pylabrobot": Robot("pylabrobot", "PyLabRobot", _OT2),
}  # fmt: skip
"""The robots that protocols are written for; PyLabRobot drives many and is simulated here on an OT-2's deck."""
