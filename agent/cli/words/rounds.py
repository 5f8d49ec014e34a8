"""The words of the closed loop: ``tell`` and ``loop``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.command import Given, Work, command
from agent.cli.words.options import Attach, RunName, Seed

rounds = typer.Typer()


@command(rounds, "out", "home", "workers")
def tell(
    given: Given,
    run: RunName,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="SHEET|key=value...", help="A filled-in results sheet, or x1-07=-3.1 x1-08=failed."),
    ] = None,
) -> Work:
    """Tell measured results to a run: they are kept, hypotheses are judged, and the next plan follows."""
    from agent.cli.work.rounds import tell_run

    return tell_run(run, words or [], given)


@command(rounds, "model", "reasoner", "workers", "out", "home")
def loop(
    given: Given,
    goal: Annotated[
        str, typer.Argument(help="The research goal in plain words, or a run that is to go on (its id, or 'last').")
    ],
    rounds: Annotated[int, typer.Option("--rounds", min=1, max=50, help="Most rounds of measurement.")] = 3,
    target: Annotated[
        int | None, typer.Option("--target", min=1, metavar="N", help="So many supported hypotheses are enough.")
    ] = None,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Measure in the simulated laboratory, unattended.")
    ] = False,
    truth: Annotated[
        Path | None, typer.Option("--truth", metavar="FILE", help="True values (CSV) for the simulated laboratory.")
    ] = None,
    noise: Annotated[float, typer.Option("--noise", min=0, help="Noise, in repeatabilities of each method.")] = 1.0,
    failures: Annotated[float, typer.Option("--failures", min=0, max=0.9, help="Share of lost samples.")] = 0.03,
    faults: Annotated[float, typer.Option("--faults", min=0, max=0.9, help="Share of blocks without signal.")] = 0.0,
    delay: Annotated[int, typer.Option("--delay", min=0, max=20, help="Most turns that a reading is late.")] = 1,
    seed: Seed = 0,
    attach: Attach = None,
) -> Work:
    """Close the loop: goal, plans, protocols, results, beliefs, next plans, for several rounds."""
    from agent.cli.work.rounds import Bench, loop_goal
    from agent.errors import InputError
    from agent.records import Goal

    if truth is not None and not simulate:
        raise InputError("A table of true values needs the simulated laboratory.", remedy="Add --simulate.")
    asked = Goal(text=goal, attachments=tuple(map(str, attach or ())), seed=seed)
    bench = Bench(noise, failures, faults, delay, truth) if simulate else None
    return loop_goal(asked, rounds, target, bench, given)
