"""The words of ``gedanken tell`` and ``gedanken loop``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.words import Attach, Debug, Home, Json, Model, Out, ReasonerName, RunName, Seed, Workers, run_command


def tell(
    run: RunName,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="SHEET|key=value...", help="A filled-in results sheet, or x1-07=-3.1 x1-08=failed."),
    ] = None,
    out: Out = None,
    home: Home = None,
    workers: Workers = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell measured results to a run: they are kept, hypotheses are judged, and the next plan follows."""
    from agent.cli.loop import tell_run

    settings = {"out": out, "home": home, "workers": workers}
    run_command(lambda: tell_run(run, words or [], as_json, settings), debug=debug, as_json=as_json)


def loop(
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
    model: Model = None,
    reasoner: ReasonerName = None,
    workers: Workers = None,
    out: Out = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Close the loop: goal, plans, protocols, results, beliefs, next plans, for several rounds."""
    from agent.cli.loop import loop_goal

    settings = {"model": model, "reasoner": reasoner, "workers": workers, "out": out, "home": home}
    bench = {"noise": noise, "failures": failures, "faults": faults, "delay": delay}
    run_command(
        lambda: loop_goal(
            goal,
            [str(path) for path in attach or []],
            seed,
            rounds,
            target,
            bench if simulate else None,
            truth,
            as_json,
            settings,
        ),
        debug=debug,
        as_json=as_json,
    )


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(tell)
    app.command()(loop)
