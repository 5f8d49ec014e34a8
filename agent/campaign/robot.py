"""The simulated robot: it follows the neutral protocol of a plan, liquid by liquid, and says what is in every well.

What is measured later is what really got there: a sample whose compound never reached its well gives no reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import InputError
from agent.records import Experiment, Sample
from agent.tools.robots.records import Protocol, Read, Transfer, Weigh

SOLVENT_ONLY = ("vehicle", "blank")
"""Roles of samples that hold no compound."""


@dataclass
class Deck:
    """Volumes and contents of every place.

    Attributes:
        volumes: In µL, by place (``plate:B02``).
        contents: Names of everything that got there.
    """

    volumes: dict[str, float] = field(default_factory=dict)
    contents: dict[str, set[str]] = field(default_factory=dict)

    def fill(self, place: str, name: str, volume: float) -> None:
        """Put something into a place."""
        self.volumes[place] = self.volumes.get(place, 0.0) + volume
        self.contents.setdefault(place, set()).add(name)

    def move(self, step: Transfer) -> None:
        """Move a volume with what is in it; a tip in an empty well draws air."""
        drawn = min(step.volume_ul, self.volumes.get(step.source, 0.0))
        if drawn <= 0:
            return
        self.volumes[step.source] -= drawn
        self.volumes[step.target] = self.volumes.get(step.target, 0.0) + drawn
        self.contents.setdefault(step.target, set()).update(self.contents.get(step.source, ()))


def read_protocols(folder: Path, plan: Experiment) -> tuple[Protocol, ...]:
    """The neutral protocols that a bundle holds for a plan, one for each of its plates.

    Raises:
        InputError: A file is not there any more, or is no protocol.
    """
    found = []
    for file in plan.files:
        if file.media_type == "application/json" and "protocol" in file.name:
            try:
                found.append(Protocol.model_validate_json((folder / file.path).read_bytes()))
            except (OSError, ValueError) as error:
                raise InputError(
                    f"The protocol {folder / file.path} cannot be read: {error}.", remedy="Restore it."
                ) from error
    return tuple(found)


def carry_out(protocol: Protocol) -> Deck:
    """Follow a protocol from its first contents to its end.

    Args:
        protocol: The neutral protocol.

    Returns:
        The deck as it stands then.
    """
    deck = Deck()
    for liquid in protocol.liquids:
        deck.fill(liquid.place, liquid.name, liquid.volume_ul)
    for step in protocol.steps:
        if isinstance(step, Transfer):
            deck.move(step)
        elif isinstance(step, Weigh):
            deck.fill(step.target, step.item, 0.0)
    return deck


def missing(plan: Experiment, protocols: Sequence[Protocol]) -> frozenset[str]:
    """Samples whose compound does not reach the well in which they are read.

    Args:
        plan: With samples in wells.
        protocols: One for each of its plates, in order; none where a person pipettes.

    Returns:
        Their ids; none without protocols.
    """
    lost = set()
    for plate, protocol in zip(sorted({sample.plate for sample in plan.samples}), protocols, strict=False):
        deck = carry_out(protocol)
        read = [step.labware for step in protocol.steps if isinstance(step, Read)]
        lost |= {one.id for one in plan.samples if one.plate == plate and not _arrived(deck, read, one)}
    return frozenset(lost)


def _arrived(deck: Deck, read: Sequence[str], sample: Sample) -> bool:
    """Whether a sample's compound is where it is read.

    Where a person fills the plate by hand in between (two phases), the same well of another container is looked at.
    """
    if sample.role in SOLVENT_ONLY:
        return True
    wells = {place for place in deck.contents if place.partition(":")[2] == sample.well}
    on_plate = {place for place in wells if place.partition(":")[0] in read}
    return any(sample.item in deck.contents[place] for place in on_plate or wells)
