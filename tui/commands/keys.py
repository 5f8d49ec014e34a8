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
    ("F2 to F9", "everywhere", "chat, plan, candidates, hypotheses, experiments, evidence, runs, campaigns"),
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


def help_content() -> Content:
    """Every command and every key, for reading in the terminal."""
    rows: list[Content | str] = [paint.heading("Commands")]
    for command in COMMANDS:
        rows.append(Content.assemble((f"  /{command.name}", "bold"), (f" {command.arguments}", "$muted")))
        rows.append(Content(f"      {command.summary}"))
    rows += ["", paint.heading("Keys")]
    for keys, where, does in KEYS:
        rows.append(Content.assemble((f"  {keys}", "bold"), (f"  {where}", "$muted")))
        rows.append(Content(f"      {does}"))
    return paint.lines(rows)


def guide_markdown() -> str:
    """Every command and every key as Markdown tables, for the docs."""
    keys = "\n".join(f"| {keys} | {where} | {does} |" for keys, where, does in KEYS)
    return f"## Commands\n\n{table_markdown()}\n\n## Keys\n\n| key | where | what it does |\n|---|---|---|\n{keys}\n"
