"""A route as a drawing: the target on the left, and to its right what it is made from, down to the starting materials.

Each molecule is RDKit's drawing inside a box; reactions are brackets that carry the name of the reaction. Black and
coloured lines on a transparent ground are made for light pages, as the other drawings of the room.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from agent.tools.molecules.synthesis.search import Route

BOX_WIDTH, BOX_HEIGHT = 190, 130
GAP_X, GAP_Y = 150, 16
_INK, _BOUGHT = "#333333", "#2e7d32"


def draw_route(route: Route, title: str) -> str:
    """The route as SVG.

    Args:
        route: What to draw.
        title: For screen readers.
    """
    made = {step.product: step for step in route.steps}
    parts: list[str] = []
    next_row = 0
    widest = 0

    def place(smiles: str, column: int) -> float:
        """Draw a molecule with what it is made from; the height of its middle."""
        nonlocal next_row, widest
        widest = max(widest, column)
        left = column * (BOX_WIDTH + GAP_X)
        step = made.get(smiles)
        if step is None:
            middle = next_row * (BOX_HEIGHT + GAP_Y) + BOX_HEIGHT / 2
            next_row += 1
            parts.append(_box(smiles, left, middle, route.leaves.get(smiles, "")))
            return middle
        heights = [place(one, column + 1) for one in step.precursors]
        middle = (heights[0] + heights[-1]) / 2
        parts.append(_box(smiles, left, middle, ""))
        parts.append(_bracket(left + BOX_WIDTH, middle, heights, step.template))
        return middle

    place(route.target, 0)
    width = widest * (BOX_WIDTH + GAP_X) + BOX_WIDTH + 4
    height = next_row * (BOX_HEIGHT + GAP_Y) + 4
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' version='1.1' width='{width}' height='{height}' "
        f"viewBox='-2 -2 {width} {height}' font-family='sans-serif' role='img'><title>{escape(title)}</title>"
        f"{''.join(parts)}</svg>\n"
    )


def _box(smiles: str, left: float, middle: float, source: str) -> str:
    top = middle - BOX_HEIGHT / 2
    ink = _BOUGHT if source else _INK
    label = (
        f"<text x='{left + BOX_WIDTH / 2:g}' y='{top + BOX_HEIGHT - 5:g}' font-size='10' text-anchor='middle' "
        f"fill='{ink}'>{escape(source)}</text>"
        if source
        else ""
    )
    inner = _molecule(smiles, BOX_WIDTH, BOX_HEIGHT - 16)
    return (
        f"<rect x='{left:g}' y='{top:g}' width='{BOX_WIDTH}' height='{BOX_HEIGHT}' rx='6' fill='none' stroke='{ink}' "
        f"stroke-opacity='0.5'/><g transform='translate({left:g} {top:g})'>{inner}</g>{label}"
    )


def _molecule(smiles: str, width: int, height: int) -> str:
    """RDKit's drawing without its outer element."""
    from rdkit import Chem

    from agent.tools.molecules.drawing import plain_svg

    whole = plain_svg(Chem.MolFromSmiles(smiles), smiles, width, height)
    return whole.split("</title>", 1)[1].rsplit("</svg>", 1)[0]


def _bracket(left: float, middle: float, heights: list[float], name: str) -> str:
    """From the product, an arrow pointing to it, and a bracket around its precursors."""
    bar, right = left + GAP_X - 18, left + GAP_X
    lines = [f"M{left + 4:g} {middle:g}H{bar:g}", f"M{bar:g} {heights[0]:g}V{heights[-1]:g}"]
    lines += [f"M{bar:g} {height:g}H{right - 4:g}" for height in heights]
    head = f"M{left + 12:g} {middle - 5:g}L{left + 4:g} {middle:g}L{left + 12:g} {middle + 5:g}"
    words = _lines(name)
    text = "".join(
        f"<text x='{(left + bar) / 2 + 4:g}' y='{middle - 6 - 12 * (len(words) - 1 - place):g}' font-size='10' "
        f"text-anchor='middle' fill='{_INK}'>{escape(line)}</text>"
        for place, line in enumerate(words)
    )
    return f"<path d='{''.join(lines)}{head}' fill='none' stroke='{_INK}'/>{text}"


def _lines(name: str, most: int = 22) -> list[str]:
    """A name in lines of so many letters."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
