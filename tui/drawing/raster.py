"""Pictures for terminals: an SVG of the bundle as pixels, and pixels in what terminals take.

Three ways, best first: the kitty protocol (PNG), sixel (up to 64 colours), and half-block cells. Loaded when a picture
is asked for; none of it is part of the first paint.
"""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import EngineMissing, StorageError

if TYPE_CHECKING:
    from PIL.Image import Image

CHUNK = 4096
"""Bytes of one piece of a picture in the kitty protocol."""
COLOURS = 64

_TYPST = """\
#set page(width: auto, height: auto, margin: 4pt, fill: white)
#image("picture.svg", width: {width}pt)
"""
_CALL = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], format='png', ppi=72.0)"


def pixels(path: Path, width: int, height: int) -> Image:
    """A picture of the bundle, as large as fits.

    Args:
        path: An SVG or PNG.
        width: Pixels at most.
        height: Pixels at most.

    Raises:
        EngineMissing: There is nothing here that turns an SVG into pixels.
        StorageError: The file cannot be read or is no picture.
    """
    from PIL import Image

    try:
        if path.suffix.lower() == ".svg":
            picture = Image.open(io.BytesIO(_png(path, width))).convert("RGB")
        else:
            picture = Image.open(path).convert("RGB")
    except (OSError, ValueError) as error:
        raise StorageError(
            f"{path.name} cannot be shown: {error}.", remedy="o opens it with another program."
        ) from error
    scale = min(width / picture.width, height / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _png(path: Path, width: int) -> bytes:
    """An SVG as PNG; typst draws it, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="gedanken-") as folder:
        place = Path(folder)
        shutil.copy(path, place / "picture.svg")
        (place / "picture.typ").write_text(_TYPST.format(width=width), encoding="utf-8")
        target = place / "picture.png"
        call = [sys.executable, "-c", _CALL, str(place / "picture.typ"), str(target)]
        done = subprocess.run(call, capture_output=True, text=True, timeout=60, check=False)
        if "ModuleNotFoundError" in done.stderr:
            raise EngineMissing(
                "Pictures need the package typst, and it is not installed.",
                remedy="pip install 'gedanken[worksheets]', or press o to open the file with another program.",
            )
        if done.returncode or not target.exists():
            raise ValueError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it is no picture")
        return target.read_bytes()


def kitty(picture: Image) -> str:
    """The picture in the kitty graphics protocol: PNG in pieces, shown at the cursor."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    data = base64.standard_b64encode(buffer.getvalue()).decode()
    pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    parts = []
    for number, piece in enumerate(pieces):
        head = "a=T,f=100,q=2," if number == 0 else ""
        parts.append(f"\x1b_G{head}m={int(number < len(pieces) - 1)};{piece}\x1b\\")
    return "".join(parts)


def sixel(picture: Image) -> str:
    """The picture as sixels: bands of six rows, a colour at a time, runs shortened (DEC STD 070)."""
    import numpy as np
    from PIL import Image

    small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    palette = small.getpalette() or []
    table = np.asarray(small)
    parts = ["\x1bPq", f'"1;1;{small.width};{small.height}']
    used = [int(number) for number in np.unique(table)]
    for number in used:
        red, green, blue = (round(level * 100 / 255) for level in palette[3 * number : 3 * number + 3])
        parts.append(f"#{number};2;{red};{green};{blue}")
    for top in range(0, table.shape[0], 6):
        band = table[top : top + 6]
        weights = (1 << np.arange(band.shape[0]))[:, None]
        for number in (int(one) for one in np.unique(band)):
            bits = ((band == number) * weights).sum(axis=0) + 63
            parts.append(f"#{number}{_runs(bits.tolist())}$")
        parts.append("-")
    return "".join([*parts, "\x1b\\"])


def _runs(codes: list[int]) -> str:
    """Codes as characters; four or more of one kind are written once with their count."""
    parts, at = [], 0
    while at < len(codes):
        end = at
        while end < len(codes) and codes[end] == codes[at]:
            end += 1
        count, letter = end - at, chr(codes[at])
        parts.append(f"!{count}{letter}" if count > 3 else letter * count)
        at = end
    return "".join(parts)


def half_blocks(picture: Image, *, truecolor: bool) -> str:
    """The picture in cells, two pixels each: 24-bit colours, or the 256 of every terminal."""
    import numpy as np

    table = np.asarray(picture)
    if table.shape[0] % 2:
        table = np.concatenate([table, np.full_like(table[:1], 255)])
    lines = []
    for top in range(0, table.shape[0], 2):
        cells, last = [], ""
        for upper, lower in zip(table[top].tolist(), table[top + 1].tolist(), strict=True):
            style = f"\x1b[{_colour(38, upper, truecolor)};{_colour(48, lower, truecolor)}m"
            cells.append(("" if style == last else style) + "▀")
            last = style
        lines.append("".join(cells) + "\x1b[0m")
    return "\r\n".join(lines)


def _colour(place: int, rgb: list[int], truecolor: bool) -> str:
    red, green, blue = rgb
    if truecolor:
        return f"{place};2;{red};{green};{blue}"
    if max(rgb) - min(rgb) < 12:  # the grey ramp of xterm's 256 colours
        step = round((sum(rgb) / 3 - 8) / 10)
        return f"{place};5;{16 if step < 0 else 231 if step > 23 else 232 + step}"
    levels = [round(level / 255 * 5) for level in rgb]
    return f"{place};5;{16 + 36 * levels[0] + 6 * levels[1] + levels[2]}"
