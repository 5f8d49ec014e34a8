"""The slash commands: one table, from which the completion, the command palette, the help and the docs are made."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from agent.errors import InputError


@dataclass(frozen=True)
class Command:
    """A slash command.

    Attributes:
        name: What is typed after the slash.
        arguments: What may follow it.
        summary: What it does, in one line.
        needs: What follows it at least: ``run`` (a run must be open), ``words`` (arguments must be given), or nothing.
    """

    name: str
    arguments: str
    summary: str
    needs: frozenset[str] = frozenset()

    @property
    def usage(self) -> str:
        """The command with its arguments."""
        return f"/{self.name} {self.arguments}".strip()


_RUN = frozenset({"run"})
_WORDS = frozenset({"words"})

COMMANDS: tuple[Command, ...] = (
    Command("run", "GOAL", "Start a run for a goal; @path attaches a file", _WORDS),
    Command("plan", "[GOAL]", "Show the plan; with a goal, start a run that asks before its plan runs"),
    Command("approve", "[no REASON]", "Approve the plan that waits, or reject it with a reason", _RUN),
    Command("edit", "", "Edit, drop, reorder and approve the steps of the plan that waits", _RUN),
    Command("confirm", "[all|costly|none]", "Show or set which plans of the next runs wait for a yes"),
    Command("answer", "[WORDS]", "Answer what the run asks; without words, in a form", _RUN),
    Command("ask", "QUESTION", "Ask something, answered from the open run's evidence and the lab's documents", _WORDS),
    Command(
        "cancel",
        "STEP",
        "Cancel one step of the open run, as in /cancel s4; the rest goes on",
        frozenset({"run", "words"}),
    ),
    Command("stop", "", "Stop the open run in order; what is finished is kept", _RUN),
    Command("resume", "[RUN]", "Carry a stopped or interrupted run on; finished steps are not repeated"),
    Command("runs", "[WORDS]", "List the runs, or those that fit some words"),
    Command("open", "RUN|ID", "Open a run, or jump to e3, c5, h1, x1 or s2 of the open one", _WORDS),
    Command("compare", "RUN [RUN]", "Compare two runs, or one with the open run", _WORDS),
    Command("candidates", "[WORDS]", "Show the table of candidates, or those that fit some words", _RUN),
    Command("hypotheses", "[h1 h2]", "Show the ranked hypotheses, or two of them side by side", _RUN),
    Command("rerank", "", "Rank the hypotheses anew with your verdicts", _RUN),
    Command("experiments", "", "Show the experiment worksheets", _RUN),
    Command(
        "tell",
        "x1|@SHEET",
        "Enter what was measured in an experiment, or import a filled-in sheet",
        frozenset({"run", "words"}),
    ),
    Command("evidence", "[WORDS]", "Show what each step brought", _RUN),
    Command("tag", "[WORDS]", "File the open run under some words; without words, show them", _RUN),
    Command(
        "campaign",
        "[new [NAME [SPACE]]|next NAME|tell NAME @SHEET|report NAME]",
        "List the campaigns; begin one (in a form), ask for its next experiments, tell results, write its report",
    ),
    Command("ingest", "PATH...", "Read documents into the lab's knowledge store", _WORDS),
    Command("search", "QUERY", "Search the lab's documents; hits name document and page", _WORDS),
    Command("tool", "[NAME [key=value...]]", "Call one tool; with a name alone, in a form; alone, list them"),
    Command("picture", "ID", "Show the drawing of c5, e3 or x1 over the whole terminal", frozenset({"run", "words"})),
    Command(
        "export",
        "[FILE.zip|x1 [DIR]]",
        "Write the run's bundle as one ZIP file, or an experiment's files into a folder",
        _RUN,
    ),
    Command("model", "[NAME|playbook]", "Show or set who thinks in the next runs"),
    Command(
        "budget", "[seconds=N calls=N tokens=N cost=USD]", "Show or set what the next runs may spend; 'none' lifts all"
    ),
    Command("theme", "[NAME]", "Show or set the colours: dark, light, or any of Textual's themes"),
    Command("help", "", "Show every command and every key"),
    Command("quit", "", "Leave; asks about runs that are still going"),
)

BY_NAME = {command.name: command for command in COMMANDS}


def parse(line: str) -> tuple[Command, str]:
    """Read a line that begins with a slash.

    Args:
        line: For instance ``/search solubility of sulfonamides``.

    Returns:
        The command and the words behind it.

    Raises:
        InputError: There is no such command (the nearest is named), or its arguments are missing.
    """
    name, _, rest = line.strip().removeprefix("/").partition(" ")
    name, rest = name.strip().lower(), rest.strip()
    command = BY_NAME.get(name)
    if command is None:
        near = nearest(name)
        hint = f"Did you mean {' or '.join('/' + one for one in near)}?" if near else "/help lists the commands."
        raise InputError(f"There is no command /{name}.", remedy=hint)
    if "words" in command.needs and not rest:
        raise InputError(f"/{name} needs something behind it.", remedy=f"Write {command.usage}.")
    return command, rest


def nearest(name: str, count: int = 2) -> list[str]:
    """The commands whose names are most like this one."""
    begin = [one for one in BY_NAME if name and one.startswith(name)]
    return (
        begin + [one for one in difflib.get_close_matches(name, BY_NAME, n=count, cutoff=0.45) if one not in begin]
    )[:count]


def table_markdown() -> str:
    """The commands as a Markdown table, for the help and the docs."""
    rows = [f"| `{one.usage.replace('|', chr(92) + '|')}` | {one.summary} |" for one in COMMANDS]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])
