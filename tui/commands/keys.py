"""The keys: one table, from which the help and the docs are made."""

from __future__ import annotations

from textual.content import Content

from tui.commands.table import COMMANDS, table_markdown
from tui.drawing import paint

KEYS: tuple[tuple[str, str, str], ...] = (
    ("Enter", "composer", "send"),
    ("Ctrl+J, Shift+Enter, Alt+Enter", "composer", "new line"),
    ("Up, Down", "composer", "earlier and later lines"),
    ("Tab", "composer", "complete a command or an @path"),
    ("Ctrl+U", "composer", "empty it"),
    ("?", "empty composer, views", "this page; F1 anywhere"),
    ("F2 to F9", "everywhere", "the views, in the order of the bar above them"),
    ("2 to 9", "views", "the same"),
    ("Ctrl+P", "everywhere", "command palette"),
    ("Ctrl+G", "everywhere", "the sources of the latest answer"),
    ("Ctrl+C", "everywhere", "copy what is selected, else stop the run"),
    ("Ctrl+Q", "everywhere", "leave; asks about runs that are still going"),
    ("Escape", "everywhere", "back"),
    ("/", "tables", "filter"),
    ("s", "tables", "sort by the column under the cursor; again: the other way; again: as it was"),
    ("g", "views", "where the value comes from"),
    ("Enter", "tables", "details"),
    ("v", "candidates, experiments, evidence", "picture over the whole terminal (kitty, sixel, or cells)"),
    ("o", "candidates, experiments, evidence, campaigns", "open the file with the desktop's program"),
    ("x", "candidates", "simulate the diffraction pattern of a crystal"),
    ("y", "candidates", "copy the structure"),
    ("p", "evidence", "read the passages in their pages"),
    ("a, r, n", "hypotheses", "accept, reject, annotate"),
    ("c", "hypotheses, runs", "mark one, then another: the two side by side"),
    ("k", "hypotheses", "rank anew with your verdicts"),
    ("t", "experiments, campaigns", "enter or import what was measured"),
    ("w", "experiments", "copy the experiment's files into a folder"),
    ("n", "campaigns", "propose the next experiments"),
    ("e, d, x", "plan", "edit the plan that waits, cancel the chosen step, stop the run"),
    ("Enter, i, r, l", "runs", "open, details, resume, tags"),
    ("Ctrl+S, Ctrl+R, Ctrl+D", "approval form", "approve, reject, drop a step or keep it"),
    ("Shift+Up, Shift+Down", "approval form", "move the step before or behind its neighbour"),
    (
        "Ctrl+S, Enter",
        "other forms",
        "send; Enter goes to the next field, and sends from the last",
    ),
    ("Ctrl+N, Ctrl+D", "campaign form", "another factor, drop this one"),
    ("Enter, Up, Down", "results form", "keep the value and go on"),
    ("Ctrl+S, Ctrl+O", "results form", "tell the run, import a sheet"),
)
"""Every key: what is pressed, where, and what it does."""


WIDE = 26
"""Cells of the column of keys and commands; what is longer stands on a line of its own."""


def help_content(view: str, words: str = "") -> Content:
    """Every command and every key, those of the present view first, for reading in the terminal.

    Args:
        view: Name of the present view.
        words: Words that a line has to hold; empty for all lines.
    """
    own = {"chat": ("composer",), "plan": ("views",)}.get(view, ("views", "tables"))
    groups: dict[str, list[tuple[str, str]]] = {"Here": [], "Everywhere": [], "Elsewhere": [], "Commands": []}
    for keys, where, does in KEYS:
        if where == "everywhere":
            groups["Everywhere"].append((keys, does))
        elif where in own or view in where.split(", "):
            groups["Here"].append((keys, does))
        else:
            groups["Elsewhere"].append((keys, f"{does} · {where}"))
    groups["Commands"] = [(command.usage, command.summary) for command in COMMANDS]
    needles = words.lower().split()
    rows: list[Content | str] = []
    for name, listed in groups.items():
        fitting = [line for line in listed if all(needle in " ".join(line).lower() for needle in needles)]
        if fitting:
            rows += [*([""] if rows else []), paint.heading(name)]
        for what, does in fitting:
            if len(what) > WIDE:
                rows += [Content.styled(f"  {what}", "bold"), f"  {'':<{WIDE}}  {does}"]
            else:
                rows.append(Content.assemble((f"  {what:<{WIDE}}", "bold"), f"  {does}"))
    return paint.lines(rows) if rows else paint.muted("No command and no key fits these words.")


def guide_markdown() -> str:
    """Every command and every key as Markdown tables, for the docs."""
    keys = "\n".join(f"| {keys} | {where} | {does} |" for keys, where, does in KEYS)
    return f"## Commands\n\n{table_markdown()}\n\n## Keys\n\n| key | where | what it does |\n|---|---|---|\n{keys}\n"
