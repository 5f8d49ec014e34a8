"""The liquid handling of an experiment as a neutral protocol: deck, first contents of the wells, and every transfer.

Three ways are known: a plate assay (stock, intermediate in DMSO, working solution, assay plate), solids shaken with
buffer, and two phases. What a person does in between is a step of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.reasoning.experiments.bench import bench_of
from agent.reasoning.experiments.methods import METHODS, Method
from agent.reasoning.experiments.quantities import (
    ASSAY_UL,
    STOCK_MM,
    Dilutions,
    diluting,
    saturating_candidate_mg,
    stock_volume_ul,
)
from agent.reasoning.hypotheses.scribe import significant_digits
from agent.records import Candidate, Experiment, Sample
from agent.tools.robots.labware import LABWARE
from agent.tools.robots.records import Incubate, Labware, Liquid, Prompt, Protocol, Read, Step, Transfer, Weigh
from agent.units import convert, print_value

MOST_SAMPLES = 96
"""Samples of one protocol: what the deck's intermediate plates hold."""

SMALL_ASSAY_UL = 50.0
"""Volume in a well of 384, in µL."""

INJECT_UL = 100.0
"""Filtrate or phase that goes onto the plate of the autosampler, and as much solvent to dilute it, in µL."""


def protocols(experiment: Experiment, candidates: Sequence[Candidate] = ()) -> tuple[Protocol, ...]:
    """The liquid-handling protocols of an experiment, one for each plate.

    Args:
        experiment: Its samples have wells.
        candidates: The run's, for the solid to weigh of each.

    Returns:
        The protocols; none where the method pipettes nothing that a robot could, or where a plate holds more samples
        than one deck can prepare.
    """
    method = METHODS.get(experiment.measurements[0].quantity)
    if method is None or not experiment.samples or not experiment.samples[0].well:
        return ()
    handling = bench_of(method).handling
    solids = {one.id: saturating_candidate_mg(one, method) for one in candidates}
    masses = {item: significant_digits(found[0]) for item, found in solids.items() if found}
    made = []
    for plate in sorted({sample.plate for sample in experiment.samples}):
        samples = [sample for sample in experiment.samples if sample.plate == plate]
        if len(samples) > MOST_SAMPLES:
            return ()
        title = f"{experiment.id}: {method.method}" + (f", plate {plate}" if plate > 1 else "")
        writer = _Writer(experiment.id, title, method, samples)
        if handling == "assay":
            made.append(writer.assay())
        elif handling == "shake":
            made.append(writer.shake(masses))
        elif handling == "partition":
            made.append(writer.partition())
    return tuple(one for one in made if one is not None)


@dataclass
class _Writer:
    """Writes one protocol."""

    experiment: str
    title: str
    method: Method
    samples: Sequence[Sample]
    labware: list[Labware] = field(default_factory=list)
    liquids: list[Liquid] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _add(self, identity: str, kind: str, label: str) -> str:
        self.labware.append(Labware(id=identity, kind=kind, slot=len(self.labware) + 1, label=label))
        return identity

    def _protocol(self) -> Protocol:
        return Protocol(
            title=self.title, experiment=self.experiment, labware=tuple(self.labware), liquids=tuple(self.liquids),
            steps=tuple(self.steps), notes=tuple(self.notes),
        )  # fmt: skip

    def _setting(self, name: str, unit: str, otherwise: float) -> float:
        value = self.method.settings.get(name)
        return convert(*value, unit) if value else otherwise

    def _read_plate(self) -> tuple[str, bool]:
        """The plate that is read, and whether it has 384 wells."""
        large = any(not LABWARE["plate-96"].holds(sample.well) for sample in self.samples)
        return self._add("plate", "plate-384" if large else "plate-96", "plate that is read"), large

    def _well(self, index: int, large: bool) -> str:
        """Where a sample is prepared: the well that it will be read in, or, from 384, the next one."""
        return LABWARE["deep-96"].well(index) if large else self.samples[index].well

    def _supply(self, identity: str, name: str, volume: float) -> str:
        """A reservoir that holds a volume besides its dead volume; its place."""
        kind = LABWARE["trough-1"]
        self._add(identity, kind.key, name)
        filled = math.ceil((volume * 1.05 + kind.dead_ul) / 1000) * 1000
        self.liquids.append(Liquid(place=f"{identity}:A01", name=name, volume_ul=filled))
        return f"{identity}:A01"

    def _stocks(self, steps: Dilutions) -> dict[str, str]:
        """Tubes of stock solutions, by item; vehicles and blanks have none."""
        items = dict.fromkeys(s.item for s in self.samples if s.role not in ("vehicle", "blank"))
        places: dict[str, str] = {}
        for number, item in enumerate(items):
            rack, place = divmod(number, LABWARE["tubes-24"].size)
            identity = f"stocks-{rack + 1}"
            if place == 0:
                self._add(identity, "tubes-24", "stock solutions in DMSO")
            places[item] = f"{identity}:{LABWARE['tubes-24'].well(place)}"
            volume = min(
                stock_volume_ul(sum(s.item == item for s in self.samples), steps), LABWARE["tubes-24"].capacity_ul
            )
            self.liquids.append(
                Liquid(place=places[item], name=item, volume_ul=volume, concentration=f"{STOCK_MM:g} mM in DMSO")
            )
        return places

    def _deal(self, source: str, targets: Sequence[str], volume: float, note: str) -> None:
        """The same liquid into many wells, with one tip that touches nothing else."""
        self.steps += [
            Transfer(source=source, target=target, volume_ul=volume, tip="same" if number else "new", note=note)
            for number, target in enumerate(targets)
        ]

    # --- a plate assay ----------------------------------------------------------------------------------------------

    def assay(self) -> Protocol | None:
        """Stock, intermediate in DMSO, working solution in buffer, then the plate that is read."""
        steps = diluting(self.method)
        if steps is None:
            return None
        plate, large = self._read_plate()
        between, working = self._dilute(steps, large)
        volume = SMALL_ASSAY_UL if large else ASSAY_UL
        for index, sample in enumerate(self.samples):
            self.steps.append(
                Transfer(
                    source=f"{working}:{self._well(index, large)}",
                    target=f"{plate}:{sample.well}",
                    volume_ul=volume,
                    note=sample.code,
                )
            )
        celsius = self._setting("temperature", "degC", 25.0)
        self.steps += [
            Prompt(
                text=f"Carry out the method ({self.method.method}) on '{plate}' at {celsius:g} °C, as the worksheet's"
                f" procedure says."
            ),
            Read(labware=plate, quantity=self.method.measures, instrument=self.method.method),
        ]
        self.notes.append(
            f"Each sample has a dilution of its own; '{between}' and '{working}' follow the wells of '{plate}'."
        )
        return self._protocol()

    def _dilute(self, steps: Dilutions, large: bool) -> tuple[str, str]:
        """Intermediates and working solutions of every sample."""
        working = self._add("working", "deep-96", f"working solutions, {print_value(steps.assay * 1000, 'micromolar')}")
        between = (
            self._add("between", "plate-96-small", f"intermediates, {steps.between:g} mM in DMSO")
            if steps.stock_ul
            else working
        )
        places = self._stocks(steps)
        wells = [self._well(index, large) for index in range(len(self.samples))]
        solvent_only = [i for i, s in enumerate(self.samples) if s.role == "vehicle"]
        blanks = [i for i, s in enumerate(self.samples) if s.role == "blank"]
        tested = [i for i, s in enumerate(self.samples) if s.item in places]
        count = len(self.samples)
        buffer = self._supply("buffer", "assay buffer", count * steps.buffer_ul + len(blanks) * steps.between_ul)
        needed = len(tested) * steps.solvent_ul + len(solvent_only) * (
            steps.between_ul + steps.stock_ul + steps.solvent_ul
        )
        solvent = self._solvent(needed) if needed else ""
        if steps.stock_ul:
            self._deal(
                solvent, [f"{between}:{wells[i]}" for i in tested], steps.solvent_ul, "DMSO for the intermediates"
            )
            self.steps += [
                Transfer(
                    source=places[self.samples[i].item],
                    target=f"{between}:{wells[i]}",
                    volume_ul=steps.stock_ul,
                    mix=5,
                    note=self.samples[i].code,
                )
                for i in tested
            ]
        self._deal(buffer, [f"{working}:{well}" for well in wells], steps.buffer_ul, "buffer for the working solutions")
        for i in range(count):
            if i in blanks:
                source = buffer
            elif i in solvent_only:
                source = solvent
            else:
                source = f"{between}:{wells[i]}" if steps.stock_ul else places[self.samples[i].item]
            self.steps.append(
                Transfer(
                    source=source,
                    target=f"{working}:{wells[i]}",
                    volume_ul=steps.between_ul,
                    mix=5,
                    note=self.samples[i].code,
                )
            )
        return between, working

    def _solvent(self, volume: float) -> str:
        """DMSO in a trough."""
        kind = LABWARE["troughs-12"]
        self._add("dmso", kind.key, "DMSO")
        filled = min(math.ceil((volume * 1.1 + kind.dead_ul) / 500) * 500, kind.capacity_ul)
        self.liquids.append(Liquid(place="dmso:A01", name="DMSO", volume_ul=filled))
        return "dmso:A01"

    # --- solids shaken with buffer ----------------------------------------------------------------------------------

    def _vials(self) -> list[str]:
        """A vial for each sample, in racks of 24."""
        places = []
        for number in range(len(self.samples)):
            rack, place = divmod(number, LABWARE["vials-24"].size)
            if place == 0:
                self._add(f"vials-{rack + 1}", "vials-24", "vials")
            places.append(f"vials-{rack + 1}:{LABWARE['vials-24'].well(place)}")
        return places

    def shake(self, masses: dict[str, float]) -> Protocol:
        """Solids weighed into vials, buffer added, shaken; filtrate and solvent onto the autosampler's plate."""
        plate, _ = self._read_plate()
        vials = self._vials()
        volume = self._setting("volume", "microliter", 1000.0)
        buffer = self._supply("buffer", f"buffer of pH {self._setting('pH', '1', 7.4):g}", len(vials) * volume)
        solvent = self._supply("solvent", "acetonitrile", len(vials) * INJECT_UL)
        self.steps += [
            Weigh(item=sample.item, mass_mg=masses.get(sample.item), target=vial, note=sample.code)
            for sample, vial in zip(self.samples, vials, strict=True)
            if sample.role not in ("blank", "vehicle")
        ]
        self._deal(buffer, vials, volume, "buffer onto the solid: the tip stays above it")
        minutes, celsius = self._setting("hours", "minute", 1440.0), self._setting("temperature", "degC", 25.0)
        for rack in sorted({vial.partition(":")[0] for vial in vials}):
            self.steps.append(
                Incubate(labware=rack, minutes=minutes, celsius=celsius, shaking=True, note="Seal the vials.")
            )
        self.steps.append(
            Prompt(
                text="Check that solid remains and the pH holds; centrifuge or filter, and put the racks back with"
                " clear liquid on top."
            )
        )
        for sample, vial in zip(self.samples, vials, strict=True):
            self.steps.append(
                Transfer(source=vial, target=f"{plate}:{sample.well}", volume_ul=INJECT_UL, note=sample.code)
            )
        self._onto_plate(plate, solvent)
        return self._protocol()

    def _onto_plate(self, plate: str, solvent: str) -> None:
        self.steps += [
            Transfer(source=solvent, target=f"{plate}:{sample.well}", volume_ul=INJECT_UL, mix=3, note=sample.code)
            for sample in self.samples
        ]
        self.steps += [
            Prompt(
                text=f"Seal '{plate}' and inject from it with the calibration solutions; multiply by 2 for the"
                f" dilution."
            ),
            Read(labware=plate, quantity=self.method.measures, instrument=self.method.method),
        ]

    # --- two phases -------------------------------------------------------------------------------------------------

    def partition(self) -> Protocol | None:
        """The compound in the aqueous phase, shaken with octanol; a person parts the phases."""
        steps = diluting(self.method)
        if steps is None:
            return None
        plate, _ = self._read_plate()
        _, working = self._dilute(steps, large=False)
        aqueous = steps.between_ul + steps.buffer_ul
        octanol = self._supply("octanol", "1-octanol saturated with buffer", 2 * len(self.samples) * aqueous)
        # Equal volumes in the first block, then half and double of the octanol (OECD Test Guideline 107).
        ratios = (1.0, 0.5, 2.0)
        for number, sample in enumerate(self.samples):
            volume = aqueous * ratios[(sample.block - 1) % len(ratios)]
            self.steps.append(
                Transfer(
                    source=octanol,
                    target=f"{working}:{sample.well}",
                    volume_ul=volume,
                    tip="same" if number else "new",
                    note=f"{sample.code}: the tip stays above the liquid",
                )
            )
        hours = self._setting("shake", "minute", 60.0)
        self.steps += [
            Incubate(
                labware=working,
                minutes=hours,
                celsius=self._setting("temperature", "degC", 25.0),
                shaking=True,
                note="Seal the plate.",
            ),
            Prompt(
                text=f"Centrifuge '{working}', sample both phases by hand with a syringe into '{plate}' and its copy,"
                f" and dilute with methanol."
            ),
            Read(labware=plate, quantity=self.method.measures, instrument=self.method.method),
        ]
        return self._protocol()
