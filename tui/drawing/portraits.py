"""What a candidate looks like in the terminal, by its kind: a molecule drawn, a crystal's cell and its diffraction
pattern, a sequence with its features, a recipe as a table. All is read from the run's bundle, or is what a tool has
just brought; nothing is computed here.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content

from agent.units import counted
from tui.drawing import paint

if TYPE_CHECKING:
    from agent.records import Artifact, Candidate
    from tui.runs.follow import RunModel

PATTERN_ROWS = 9
PLOTTED = "simulate_xrd"
"""The tool whose result is a diffraction pattern."""
_CELL = re.compile(r"^_cell_(length_[abc]|angle_(?:alpha|beta|gamma)|volume)\s+'?([\d.]+)", re.MULTILINE)
_GROUP = re.compile(r"^_(?:symmetry_space_group_name_H-M|space_group_name_H-M_alt)\s+'?([^'\n]+)", re.MULTILINE)
_SITE = re.compile(r"^\s+([A-Z][a-z]?)(?:\d*[+-])?\s+(\S+)\s+\d+\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)", re.MULTILINE)


def files_of(model: RunModel, one: Candidate) -> list[Artifact]:
    """The artifacts that belong to a candidate, pictures first."""
    found = [file for evidence in model.history.evidence.values() for file in evidence.artifacts]
    mine = {file.path: file for file in found if file.title == one.structure}
    return sorted(mine.values(), key=lambda file: file.media_type != "image/svg+xml")


def portrait(model: RunModel, one: Candidate, width: int) -> list[Content | str]:
    """A candidate as it can be seen in so many cells; nothing where nothing legible can be shown."""
    match one.kind:
        case "molecule":
            return _molecule(model, one, min(64, width))
        case "crystal":
            return _crystal(model, one, min(76, width))
        case "sequence":
            return _sequence(model, one, min(96, width))
        case "recipe" | "strain":
            return _recipe(one)
    return []


def _molecule(model: RunModel, one: Candidate, width: int) -> list[Content | str]:
    from tui.drawing.molecules import draw_molecule

    for file in files_of(model, one):
        if file.media_type == "image/svg+xml":
            drawn = draw_molecule(model.folder / file.path, one.structure, width)
            return ["", drawn] if drawn is not None else []
    return []


# --- crystals -------------------------------------------------------------------------------------------------------


def _crystal(model: RunModel, one: Candidate, width: int) -> list[Content | str]:
    rows: list[Content | str] = []
    file = cif_of(model, one)
    if file is not None:
        rows += _cell(_text(file))
    peaks = pattern_of(model, one.structure)
    drawn = _sticks(peaks, width, PATTERN_ROWS)
    if drawn is not None:
        rows += ["", paint.heading("Diffraction pattern"), drawn]
    elif file is not None and not peaks:
        rows += ["", paint.muted("x simulates its diffraction pattern")]
    return rows


def cif_of(model: RunModel, one: Candidate) -> Path | None:
    """The file of a crystal's cell: the last one made, relaxed where a step relaxed it."""
    found = [file for file in files_of(model, one) if file.media_type == "chemical/x-cif"]
    return model.folder / found[-1].path if found else None


def _sticks(peaks: list[tuple[float, float]], width: int, height: int) -> Content | None:
    from tui.drawing.plots import Series, plot

    return plot([Series(peaks, "sticks")], width, height, x="2θ / °", y="intensity", zero=True)


def _cell(cif: str) -> list[Content | str]:
    """The cell and the sites as the file states them."""
    found = dict(_CELL.findall(cif))
    if "length_a" not in found:
        return []
    lengths = "  ".join(f"{axis} {float(found[f'length_{axis}']):.3f}" for axis in "abc" if f"length_{axis}" in found)
    names = (("α", "alpha"), ("β", "beta"), ("γ", "gamma"))
    angles = "  ".join(
        f"{sign} {float(found[f'angle_{name}']):.2f}" for sign, name in names if f"angle_{name}" in found
    )
    rows: list[Content | str] = ["", paint.heading("Cell")]
    if group := _GROUP.search(cif):
        rows.append(Content.assemble(("  space group  ", "$muted"), group[1].strip()))
    rows.append(f"  {lengths} Å")
    rows.append(f"  {angles} °")
    if "volume" in found:
        rows.append(f"  volume {float(found['volume']):.2f} Å³")
    sites = _SITE.findall(cif)
    for element, label, *place in sites[:6]:
        numbers = "  ".join(f"{float(number):>7.4f}" for number in place)
        rows.append(Content.assemble((f"  {label:<6}{element:<4}", "$muted"), numbers))
    if len(sites) > 6:
        rows.append(paint.muted(f"  and {counted(len(sites) - 6, 'more site')}"))
    return rows


def pattern_of(model: RunModel, structure: str) -> list[tuple[float, float]]:
    """The reflections simulated for a structure, on request or by a step: angles and intensities."""
    if structure in model.patterns:
        return model.patterns[structure]
    for found in model.history.evidence.values():
        if found.tool == PLOTTED and found.status == "ok" and found.payload:
            data = payload_data(model.folder / found.payload)
            if data.get("structure") == structure:
                return peaks_of(data)
    return []


def peaks_of(data: dict[str, Any]) -> list[tuple[float, float]]:
    """Angles (degrees) and intensities of the reflections in a result's data."""
    return [(float(peak["two_theta"]), float(peak["intensity"])) for peak in data.get("peaks") or ()]


def drawn_data(tool: str, data: dict[str, Any], width: int) -> list[Content | str]:
    """What of a result can be drawn: a diffraction pattern, features on their sequence."""
    if tool == PLOTTED and data.get("peaks"):
        drawn = _sticks(peaks_of(data), min(90, width), PATTERN_ROWS + 2)
        return ["", drawn] if drawn is not None else []
    features = feature_map(data, min(110, width))
    return ["", paint.heading("Features"), *features] if features else []


# --- sequences ------------------------------------------------------------------------------------------------------


def _sequence(model: RunModel, one: Candidate, width: int) -> list[Content | str]:
    rows: list[Content | str] = ["", paint.heading(f"Sequence ({len(one.structure)})")]
    line = max(10, (width - 8) // 11 * 10)
    for start in range(0, min(len(one.structure), 6 * line), line):
        blocks = [one.structure[at : at + 10] for at in range(start, min(start + line, len(one.structure)), 10)]
        rows.append(Content.assemble((f"{start + 1:>6}  ", "$muted"), " ".join(blocks)))
    if len(one.structure) > 6 * line:
        rows.append(paint.muted(f"        and {len(one.structure) - 6 * line} more"))
    return rows


def feature_map(data: dict[str, Any], width: int) -> list[Content | str]:
    """The features of a tool's result on a ruler: reading frames, sites, annotated features; arrows show the strand."""
    features = _features(data)
    if not features or width < 30:
        return []
    last = max([int(data.get("length") or 0), *(end for _, end, _, _ in features)])
    room = width - 2
    rows: list[Content | str] = [
        paint.muted(f"  1{'':{max(1, room - 2 - len(str(last)))}}{last}"),
        paint.muted("  " + "─" * room),
    ]
    for start, end, strand, label in features[:14]:
        first = round((start - 1) / last * (room - 1))
        size = max(1, round((end - start + 1) / last * room))
        size = min(size, room - first)
        arrow = ("━" * (size - 1) + "▶") if strand >= 0 else ("◀" + "━" * (size - 1))
        tone = "$primary" if strand >= 0 else "$secondary"
        text = f" {label} {start}–{end}"
        behind = room - first - size
        if len(text) <= behind:
            rows.append(Content.assemble("  " + " " * first, (arrow, tone), (text, "$muted")))
        else:
            before = paint.shorten(text.strip(), max(0, first - 1))
            rows.append(Content.assemble(f"  {before:>{max(0, first - 1)}}" + " " * min(1, first), (arrow, tone)))
    if len(features) > 14:
        rows.append(paint.muted(f"  and {len(features) - 14} more"))
    return rows


def _features(data: dict[str, Any]) -> list[tuple[int, int, int, str]]:
    """Start, end, strand and label of whatever in a result lies on a sequence."""
    found = []
    for key, name in (
        ("orfs", "ORF"),
        ("features", ""),
        ("products", "product"),
        ("primers", "primer"),
        ("sites", "site"),
    ):
        for row in data.get(key) or ():
            if (
                not isinstance(row, dict)
                or not isinstance(row.get("start"), int)
                or not isinstance(row.get("end"), int)
            ):
                continue
            start, end = sorted((row["start"], row["end"]))
            strand = -1 if row.get("strand") in ("-", -1) else 1
            label = str(row.get("label") or row.get("name") or name)
            if "protein" in row:
                label = f"{label} {len(row['protein'])} aa"
            found.append((start, end, strand, label))
    return sorted(found, key=lambda one: (one[0] - one[1], one[0]))


def _recipe(one: Candidate) -> list[Content | str]:
    try:
        plain = json.loads(one.structure)
    except ValueError:
        return []
    if not isinstance(plain, dict):
        return []
    return ["", paint.heading("Settings"), *paint.columns([(f"  {name}", value) for name, value in plain.items()])]


# --- reading --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def payload_data(path: Path) -> dict[str, Any]:
    """The data of a whole result in the bundle; empty where it cannot be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8")).get("data", {})
    except (OSError, ValueError, AttributeError):
        return {}
    return data if isinstance(data, dict) else {}


@lru_cache(maxsize=32)
def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
