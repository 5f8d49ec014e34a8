"""What an experiment leaves for the bench: protocols checked and simulated, worksheet, tables, all in the bundle."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.memory.files.artifacts import keep_file
from agent.memory.worksheet import (
    build_sheet,
    key_csv,
    layout_csv,
    pdf_missing,
    render_page,
    render_pdf,
    results_csv,
)
from agent.memory.worksheet.sheet import Deck
from agent.reasoning.experiments.handling import MOST_SAMPLES, protocols
from agent.reasoning.protocol import CallTool
from agent.records import Artifact, Candidate, Experiment, Hypothesis, Result
from agent.tools.robots import Protocol

ROBOTS = ("pylabrobot", "ot2", "flex")
NO_PROTOCOL = "No robot protocol: this method has no liquid handling that is written for a robot here."


async def equip(
    experiment: Experiment,
    *,
    folder: Path,
    call: CallTool,
    candidates: Sequence[Candidate],
    hypotheses: Sequence[Hypothesis],
    notice: Callable[[str], None],
) -> Experiment:
    """The experiment with its files.

    Args:
        experiment: As designed.
        folder: The run's bundle.
        call: Calls the tools that write and simulate the protocols.
        candidates: The run's.
        hypotheses: The run's; the tested one stands on the worksheet.
        notice: Tells the reader what could not be made.

    Returns:
        The same plan with ``protocol_file``, ``protocol_check`` and ``files``. Doing it again gives the same files.
    """
    files: list[Artifact] = []
    checks: list[str] = []
    deck: Deck | None = None
    for number, protocol in enumerate(protocols(experiment, candidates), start=1):
        name = f"{experiment.id}-protocol" + (f"-plate{number}" if number > 1 else "")
        kept, check, seen = await _protocol(protocol, name, folder, call)
        files += kept
        checks.append(check)
        deck = deck or seen
    check = " | ".join(checks) if checks else _why_none(experiment)
    protocol_file = next((one.path for one in files if one.media_type == "application/json"), None)
    experiment = experiment.model_copy(update={"protocol_file": protocol_file, "protocol_check": check})
    hypothesis = next((one for one in hypotheses if one.id == experiment.hypothesis), None)
    if missing := pdf_missing():
        notice(missing)
    papers = await asyncio.to_thread(_papers, folder, experiment, hypothesis, deck)
    return experiment.model_copy(update={"files": (*papers, *files)})


def _why_none(experiment: Experiment) -> str:
    """Why an experiment has no protocol."""
    most = max(Counter(sample.plate for sample in experiment.samples if sample.well).values(), default=0)
    if most <= MOST_SAMPLES:
        return NO_PROTOCOL
    return f"No robot protocol: a plate of {most} samples is more than one deck can prepare ({MOST_SAMPLES})."


async def _protocol(
    protocol: Protocol, name: str, folder: Path, call: CallTool
) -> tuple[list[Artifact], str, Deck | None]:
    """The protocol's files, what came of simulating it, and the deck of an OT-2."""
    plain = protocol.plain()
    *results, simulated = await asyncio.gather(
        *(
            call("write_protocol", {"protocol": plain, "robot": one, "name": name})
            for one in ("neutral", "ot2", "flex")
        ),
        call("simulate_protocol", {"protocol": plain, "robots": list(ROBOTS)}),
    )
    kept = [
        keep_file(folder, content.name, content.content, content.media_type, content.title)
        for result in results
        if result.status == "ok"
        for content in result.artifacts
    ]
    complaint = next((_reason(result) for result in results if result.status != "ok"), "")
    check = str(simulated.data.get("check", "")) if simulated.status == "ok" else f"not simulated: {_reason(simulated)}"
    deck = _deck(protocol, results[1].data) if results[1].status == "ok" else None
    return kept, "; ".join(part for part in (complaint, check) if part), deck


def _reason(result: Result) -> str:
    return result.error.message if result.error else result.summary


def _deck(protocol: Protocol, data: Mapping[str, Any]) -> Deck:
    slots = tuple((slot, one["label"] or one["id"], one["title"]) for slot, one in data["deck"].items())
    liquids = tuple(
        (one.place, f"{one.name} {one.concentration}".strip(), f"{one.volume_ul / 1000:g} mL")
        for one in protocol.liquids
    )
    return Deck("Opentrons OT-2", slots, liquids)


def _papers(
    folder: Path, experiment: Experiment, hypothesis: Hypothesis | None, deck: Deck | None
) -> tuple[Artifact, ...]:
    """Worksheet and tables; the PDF where it can be made."""
    sheet = build_sheet(experiment, hypothesis, folder.name, deck)
    stem, title = experiment.id, experiment.title
    made: list[tuple[str, str | bytes, str, str]] = [
        (f"{stem}-worksheet.html", render_page(sheet), "text/html", f"Worksheet: {title}"),
    ]
    if not pdf_missing():
        made.append((f"{stem}-worksheet.pdf", render_pdf(sheet), "application/pdf", f"Worksheet to print: {title}"))
    made += [
        (f"{stem}-results.csv", results_csv(experiment), "text/csv", "Results to fill in (blinded)"),
        (f"{stem}-key.csv", key_csv(experiment), "text/csv", "Key: which code is which"),
    ]
    if layout := layout_csv(experiment):
        made.append((f"{stem}-layout.csv", layout, "text/csv", "Plate layout"))
    return tuple(keep_file(folder, *one) for one in made)
