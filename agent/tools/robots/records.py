"""The neutral protocol: what is pipetted, weighed, waited for and read, for any robot or a person.

In the manner of ISA's protocol descriptions and of Autoprotocol: containers and their first contents, then steps in
order. A place is ``labware:well`` (``stocks:A1``). Volumes are in µL, masses in mg, times in minutes, temperatures in
degrees Celsius.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from agent.records import Record

FORMAT = "gedanken-protocol"
VERSION = 1


class Labware(Record):
    """One container on the deck.

    Attributes:
        id: How steps name it.
        kind: Key of the catalogue (`agent.tools.robots.labware.LABWARE`).
        slot: Deck slot from 1 to 11, numbered as on an OT-2; 1 to 3 are at the front.
        label: What a person calls it.
    """

    id: str
    kind: str
    slot: int
    label: str = ""


class Liquid(Record):
    """What a well holds before the first step."""

    place: str
    name: str
    volume_ul: float
    concentration: str = ""


class Transfer(Record):
    """Move a volume from one well to another; ``tip`` says whether the tip of the step before may be used again."""

    kind: Literal["transfer"] = "transfer"
    source: str
    target: str
    volume_ul: float
    mix: int = 0
    """Times to mix the target afterwards."""
    tip: Literal["new", "same"] = "new"
    note: str = ""


class Weigh(Record):
    """A person weighs a solid into a container."""

    kind: Literal["weigh"] = "weigh"
    item: str
    mass_mg: float | None
    target: str
    note: str = ""


class Incubate(Record):
    """Wait, at a temperature, shaking or not."""

    kind: Literal["incubate"] = "incubate"
    labware: str
    minutes: float
    celsius: float | None = None
    shaking: bool = False
    note: str = ""


class Read(Record):
    """Measure a quantity with an instrument."""

    kind: Literal["read"] = "read"
    labware: str
    quantity: str
    instrument: str


class Prompt(Record):
    """The robot waits for a person; ``tips`` says that all tip racks are replaced by full ones."""

    kind: Literal["prompt"] = "prompt"
    text: str
    tips: bool = False


Step = Annotated[Transfer | Weigh | Incubate | Read | Prompt, Field(discriminator="kind")]


class Protocol(Record):
    """A whole protocol.

    Attributes:
        title: What it does.
        experiment: Id of the experiment that it belongs to.
        labware: Containers on the deck. Tip racks may be among them; where none is, each robot adds its own.
        liquids: What the wells hold at the start.
        steps: In order; complaints name them from 1.
        notes: What the reader has to know.
    """

    format: Literal["gedanken-protocol"] = FORMAT
    version: Literal[1] = VERSION
    title: str
    experiment: str = ""
    labware: tuple[Labware, ...]
    liquids: tuple[Liquid, ...] = ()
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()

    @property
    def transfers(self) -> int:
        """How many transfers there are."""
        return sum(step.kind == "transfer" for step in self.steps)
