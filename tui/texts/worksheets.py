"""Experiments as worksheets for the bench, hazards on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from agent.units import counted
from tui.drawing import paint

if TYPE_CHECKING:
    from agent.records import Experiment, Measured

SAMPLES = 24
"""Samples that the worksheet lists; the rest is in the bundle's files."""


def worksheet(one: Experiment, results: Sequence[Measured] = ()) -> Content:
    """An experiment as a worksheet: hazards, what is varied, the procedure with boxes to tick, the decision rule."""
    from agent.units import print_unit

    rows: list[Content | str] = [
        Content.assemble((f"{one.id}  ", "bold $primary"), (one.title, "bold")),
        Content.assemble(("tests  ", "$muted"), paint.link(one.hypothesis, one.hypothesis, "$primary")),
        "",
        Content.styled(" Hazards ", "bold $error reverse"),
        *(Content.styled("! ", "bold $error") + paint.with_links(hazard) for hazard in one.hazards),
        *(Content.styled("waste  ", "$muted") + paint.with_links(item) for item in one.waste),
        "",
        paint.heading("Size"),
    ]
    power = "" if one.power is None else f", power {one.power:.2f}"
    rows.append(f"{counted(one.sample_size, 'sample')}, {counted(one.replicates, 'replicate')} each{power}")
    rows += [paint.muted(one.power_basis)] if one.power_basis else []
    rows += ["", paint.heading("Varied")]
    for factor in one.factors:
        unit = f" {print_unit(factor.unit)}" if factor.unit != "1" else ""
        rows.append(Content.assemble((f"  {factor.name}  ", "$muted"), f"{', '.join(factor.levels)}{unit}"))
    if one.design:
        rows += ["", paint.heading("Design"), *(Content("  · ") + paint.prose(text) for text in one.design)]
    for title, found in (("Controls", one.controls), ("Materials", one.materials)):
        if found:
            rows += ["", paint.heading(title), *(Content("  · ") + paint.with_links(item) for item in found)]
    rows += ["", paint.heading("Procedure")]
    rows += [
        Content.styled(f"  ☐ {number:>2}  ", "$muted") + paint.prose(step)
        for number, step in enumerate(one.procedure, start=1)
    ]
    rows += ["", paint.heading("Measured")]
    for measured in one.measurements:
        unit = f" ({print_unit(measured.unit)})" if print_unit(measured.unit) else ""
        rows.append(f"  {measured.quantity}{unit}: {measured.method}")
    rows += ["", paint.heading("Decision rule"), paint.prose(one.decision_rule)]
    rows += [Content.styled("stop  ", "$muted") + paint.prose(one.stopping_rule)] if one.stopping_rule else []
    rows += _samples(one, results)
    rows += ["", paint.muted(f"{one.cost} {one.duration}")]
    files = dict.fromkeys([*([one.protocol_file] if one.protocol_file else []), *(file.path for file in one.files)])
    if files:
        rows += ["", paint.heading("Files"), *(f"  {path}" for path in files)]
        rows += [paint.muted(f"  {one.protocol_check}")] if one.protocol_check else []
    return paint.lines(rows)


def _samples(one: Experiment, results: Sequence[Measured]) -> list[Content | str]:
    """The samples in the order of measurement, with what was measured; codes hide what they are."""
    if not one.samples:
        return []
    told = {(result.sample, result.quantity): result for result in results}
    rows: list[Content | str] = ["", paint.heading(f"Samples ({len(one.samples)}), in the order of measurement")]
    for sample in sorted(one.samples, key=lambda item: item.order)[:SAMPLES]:
        cells = []
        for measured in one.measurements:
            result = told.get((sample.id, measured.quantity))
            if result is not None:
                cells.append("failed" if result.failed or result.value is None else f"{result.value:g}")
        where = sample.well or f"block {sample.block}"
        line = Content.assemble((f"  {sample.order:>3}  ", "$muted"), f"{sample.code:<10}", (f" {where:<9}", "$muted"))
        rows.append(line + Content.styled("  ".join(cells) or "·", "$accent" if cells else "$muted"))
    if len(one.samples) > SAMPLES:
        rows.append(paint.muted(f"  and {len(one.samples) - SAMPLES} more"))
    return [*rows, paint.muted("  t enters results")]
