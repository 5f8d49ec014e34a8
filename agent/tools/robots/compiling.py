"""From the neutral protocol to what one robot does: strokes, tips and a deck map, with every check on the way.

The same moves are simulated, written as a vendor's script, and shown as the deck map: what was checked is what is
handed out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.tools.robots.labware import LABWARE, SLOTS, LabwareKind, Pipette, Robot
from agent.tools.robots.records import Incubate, Labware, Prompt, Protocol, Read, Transfer, Weigh

MOST_COMPLAINTS = 12
"""More of them say no more."""


@dataclass(frozen=True)
class Move:
    """One thing that the robot does.

    Attributes:
        step: Number of the protocol's step, from 1.
        kind: ``pick`` a tip, ``move`` liquid, ``mix``, ``drop`` the tip, or ``pause`` for a person.
        pipette: Place of the pipette among the robot's (0: the smaller).
        source: Where from (``labware:well``), for ``move`` and ``mix``.
        target: Where to.
        volume_ul: Of one stroke.
        times: Of mixing.
        text: What a person is told; ``tips`` whether all racks are full again afterwards.
    """

    step: int
    kind: str
    pipette: int = 0
    source: str = ""
    target: str = ""
    volume_ul: float = 0.0
    times: int = 0
    text: str = ""
    tips: bool = False


@dataclass
class Compiled:
    """What one robot does.

    Attributes:
        robot: Which.
        deck: Labware with tip racks, by slot.
        moves: In order.
        complaints: What is wrong, each a line that names the step; empty if nothing is.
        tips: Tips used, by kind of rack.
        refills: How often a person replaces the tip racks.
        final: Volume of each well at the end, in µL.
    """

    robot: Robot
    deck: dict[int, Labware]
    moves: list[Move] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    tips: dict[str, int] = field(default_factory=dict)
    refills: int = 0
    final: dict[str, float] = field(default_factory=dict)


def compile_protocol(protocol: Protocol, robot: Robot) -> Compiled:
    """Compile and check a protocol for a robot.

    Checked are: known labware, free slots, wells that exist, volumes within pipettes, no well overdrawn below its dead
    volume or overfilled, and tips enough.

    Args:
        protocol: What is to be done.
        robot: What does it.

    Returns:
        The moves, with complaints.
    """
    return _Compiler(protocol, robot).run()


class _Compiler:
    def __init__(self, protocol: Protocol, robot: Robot) -> None:
        self.protocol, self.robot = protocol, robot
        self.out = Compiled(robot, {})
        self.kinds: dict[str, LabwareKind] = {}
        self.volumes: dict[str, float] = {}
        self.own_tips = any(LABWARE[one.kind].kind == "tips" for one in protocol.labware if one.kind in LABWARE)
        self.holding: int | None = None

    def run(self) -> Compiled:
        self._place()
        self._fill()
        strokes = [self._strokes(number, step) for number, step in enumerate(self.protocol.steps, start=1)]
        self._rack([move for moves in strokes for move in moves if move.kind == "pick"])
        self._tips(strokes)
        self.out.final = self.volumes
        if len(self.out.complaints) > MOST_COMPLAINTS:
            left = len(self.out.complaints) - MOST_COMPLAINTS
            self.out.complaints[MOST_COMPLAINTS:] = [f"and {left} more of the kind"]
        return self.out

    def _say(self, text: str, step: int | None = None) -> None:
        self.out.complaints.append(f"step {step}: {text}" if step else text)

    # --- the deck ---------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        for one in self.protocol.labware:
            kind = LABWARE.get(one.kind)
            if kind is None:
                self._say(f"labware '{one.id}': '{one.kind}' is unknown; known are {', '.join(sorted(LABWARE))}")
                continue
            if one.id in self.kinds:
                self._say(f"labware '{one.id}' is named twice")
                continue
            self.kinds[one.id] = kind
            if one.slot not in SLOTS:
                self._say(f"labware '{one.id}': the deck has no slot {one.slot} (1 to {SLOTS[-1]})")
            elif one.slot in self.out.deck:
                self._say(f"labware '{one.id}': slot {one.slot} is taken by '{self.out.deck[one.slot].id}'")
            else:
                self.out.deck[one.slot] = one

    def _fill(self) -> None:
        for liquid in self.protocol.liquids:
            kind = self._kind(liquid.place, None)
            if kind is None:
                continue
            if not (math.isfinite(liquid.volume_ul) and liquid.volume_ul >= 0):
                self._say(f"{liquid.place}: {liquid.volume_ul:g} µL of {liquid.name} is no volume")
            elif liquid.volume_ul > kind.capacity_ul:
                self._say(
                    f"{liquid.place}: {liquid.volume_ul:g} µL of {liquid.name}, and it holds {kind.capacity_ul:g}"
                )
            place = canonical(liquid.place)
            self.volumes[place] = self.volumes.get(place, 0.0) + liquid.volume_ul

    def _kind(self, place: str, step: int | None) -> LabwareKind | None:
        labware, _, well = place.partition(":")
        kind = self.kinds.get(labware)
        if kind is None:
            if labware not in {one.id for one in self.protocol.labware}:
                self._say(f"{place}: there is no labware '{labware}' on the deck", step)
            return None
        if kind.kind == "tips" or not kind.holds(well):
            what = "a tip rack" if kind.kind == "tips" else f"'{labware}', which has {kind.size} ({kind.title})"
            self._say(f"{place}: there is no well {well or '(none named)'} on {what}", step)
            return None
        return kind

    # --- the steps --------------------------------------------------------------------------------------------------

    def _strokes(self, number: int, step: Transfer | Weigh | Incubate | Read | Prompt) -> list[Move]:
        if isinstance(step, Transfer):
            return self._transfer(number, step)
        self.holding = None
        if isinstance(step, Incubate | Read) and step.labware not in self.kinds:
            self._say(f"there is no labware '{step.labware}' on the deck", number)
        if isinstance(step, Weigh):
            self._kind(step.target, number)
        return [Move(number, "pause", text=told(step), tips=isinstance(step, Prompt) and step.tips)]

    def _transfer(self, number: int, step: Transfer) -> list[Move]:
        source, target = self._kind(step.source, number), self._kind(step.target, number)
        if source is None or target is None:
            return []
        volume = step.volume_ul
        least = self.robot.pipettes[0].least_ul
        if not math.isfinite(volume) or volume < least:
            self._say(f"{volume:g} µL from {step.source} is less than the {least:g} µL that can be pipetted", number)
            return []
        self._balance(number, step, source, target)
        pipette = self.robot.pipette(volume)
        place = self.robot.pipettes.index(pipette)
        moves = []
        if step.tip == "new" or self.holding != place:
            moves.append(Move(number, "pick", place))
        self.holding = place
        count = math.ceil(volume / pipette.most_ul - 1e-9)
        stroke = round(volume / count, 3)
        at, to = canonical(step.source), canonical(step.target)
        moves += [Move(number, "move", place, at, to, stroke) for _ in range(count)]
        if step.mix:
            mixed = min(pipette.most_ul, max(self.volumes[to] * 0.5, pipette.least_ul))
            moves.append(Move(number, "mix", place, to, to, round(mixed, 1), step.mix))
        return moves

    def _balance(self, number: int, step: Transfer, source: LabwareKind, target: LabwareKind) -> None:
        at, to = canonical(step.source), canonical(step.target)
        held = self.volumes.get(at, 0.0)
        if held - step.volume_ul < source.dead_ul - 1e-6:
            self._say(
                f"{step.source} is overdrawn: it holds {held:g} µL, {step.volume_ul:g} are taken, and "
                f"{source.dead_ul:g} have to stay (dead volume)",
                number,
            )
        self.volumes[at] = held - step.volume_ul
        filled = self.volumes.get(to, 0.0) + step.volume_ul
        if filled > target.capacity_ul + 1e-6:
            self._say(f"{step.target} overflows: {filled:g} µL, and it holds {target.capacity_ul:g}", number)
        self.volumes[to] = filled

    # --- the tips ---------------------------------------------------------------------------------------------------

    def _rack(self, picks: Sequence[Move]) -> None:
        """Add tip racks in free slots, where the protocol brings none of its own."""
        wanted = {p.tips: sum(move.pipette == i for move in picks) for i, p in enumerate(self.robot.pipettes)}
        self.out.tips = {kind: count for kind, count in wanted.items() if count}
        if self.own_tips:
            return
        free = [slot for slot in SLOTS if slot not in self.out.deck]
        kinds = [kind for kind, count in wanted.items() if count]
        if len(free) < len(kinds):
            self._say(f"the deck has no slot left for tips: {len(kinds)} kinds are needed, {len(free)} slots are free")
            return
        shares = dict.fromkeys(kinds, 1)
        for _ in range(len(free) - len(kinds)):
            # The next slot goes to the kind whose tips last the shortest, while it lacks any.
            lacking = [kind for kind in kinds if wanted[kind] > shares[kind] * 96]
            if not lacking:
                break
            shares[max(lacking, key=lambda kind: wanted[kind] / shares[kind])] += 1
        slots = iter(reversed(free))
        for kind, share in shares.items():
            for number in range(1, share + 1):
                slot = next(slots)
                self.out.deck[slot] = Labware(id=f"{kind}-{number}", kind=kind, slot=slot, label=LABWARE[kind].title)

    def _tips(self, strokes: Sequence[Sequence[Move]]) -> None:
        """Count tips down; add a pause to replace racks where the robot's own run out."""
        racks = {
            i: 96 * sum(one.kind == p.tips for one in self.out.deck.values()) for i, p in enumerate(self.robot.pipettes)
        }
        left, held, lacking = dict(racks), None, set()
        for moves in strokes:
            for move in moves:
                if move.kind == "pause":
                    held = self._drop(move.step, held)
                    left = dict(racks) if move.tips else left
                elif move.kind == "pick":
                    held = self._drop(move.step, held)
                    if left[move.pipette] == 0 and not self.own_tips and racks[move.pipette]:
                        self.out.moves.append(
                            Move(move.step, "pause", text="Replace all tip racks with full ones.", tips=True)
                        )
                        self.out.refills += 1
                        left = dict(racks)
                    if left[move.pipette] == 0:
                        lacking.add(self._lack(move, lacking))
                    else:
                        left[move.pipette] -= 1
                    held = move.pipette
                self.out.moves.append(move)
        self._drop(len(self.protocol.steps), held)

    def _drop(self, step: int, held: int | None) -> None:
        if held is not None:
            self.out.moves.append(Move(step, "drop", held))

    def _lack(self, move: Move, said: set[str]) -> str:
        pipette: Pipette = self.robot.pipettes[move.pipette]
        if pipette.tips not in said:
            there = sum(one.kind == pipette.tips for one in self.out.deck.values())
            self._say(
                f"no tip is left for the {pipette.name}: it needs {self.out.tips.get(pipette.tips, 0)} of "
                f"{LABWARE[pipette.tips].title.split(', ', 1)[-1]}, and the deck has {there} rack{'s' * (there != 1)}",
                move.step,
            )
        return pipette.tips


def canonical(place: str) -> str:
    """A place with its well in two digits: ``assay:B3`` becomes ``assay:B03``."""
    labware, _, well = place.partition(":")
    return f"{labware}:{well[:1]}{int(well[1:]):02d}" if well[1:].isdigit() else place


def told(step: Weigh | Incubate | Read | Prompt) -> str:
    """What a person is told to do in a step that is not the robot's."""
    if isinstance(step, Weigh):
        mass = f"{step.mass_mg:g} mg" if step.mass_mg is not None else "an excess"
        return f"Weigh {mass} of {step.item} into {step.target}.{' ' + step.note if step.note else ''}"
    if isinstance(step, Incubate):
        hours = f"{step.minutes / 60:g} h" if step.minutes >= 120 else f"{step.minutes:g} min"
        at = f" at {step.celsius:g} °C" if step.celsius is not None else ""
        shaking = ", shaking" if step.shaking else ""
        return f"Keep '{step.labware}' for {hours}{at}{shaking}.{' ' + step.note if step.note else ''}"
    if isinstance(step, Read):
        return f"Read {step.quantity} of '{step.labware}' ({step.instrument})."
    return step.text
