"""The commands, their words and options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.campaigning import campaigns
from agent.cli.looping import register as register_loop
from agent.cli.measuring import evaluate
from agent.cli.questions import register as register_reading
from agent.cli.serving import register as register_serving
from agent.cli.storing import stores
from agent.cli.words import (
    Approve,
    ApproveCostly,
    Attach,
    Cluster,
    Debug,
    Home,
    Json,
    MaxCost,
    MaxSeconds,
    MaxTokens,
    MaxToolCalls,
    Model,
    Out,
    ReasonerName,
    RunName,
    Save,
    Seed,
    Workers,
    run_command,
)

if TYPE_CHECKING:
    from agent.records import Approval

app = typer.Typer(
    name="gedanken",
    help="A verifiable, offline research assistant: from a goal in plain words to ranked, falsifiable hypotheses"
    " and experiment plans.",
    no_args_is_help=False,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
    out: Out = None,
    home: Home = None,
) -> None:
    """Without a command: the terminal UI."""
    if version:
        from agent import __version__

        typer.echo(f"gedanken {__version__}")
        raise typer.Exit
    context.default_map = _for_commands(context.command, {"out": out, "home": home})
    if context.invoked_subcommand is None:
        from agent.cli.shell import open_interface

        raise typer.Exit(open_interface(home=home, out=out))


def _for_commands(group: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Options that stand before the command, as defaults of each command that has them: ``--home DIR search ...``."""
    found: dict[str, Any] = {}
    for name, command in getattr(group, "commands", {}).items():
        known = {one.name for one in command.params}
        own = {key: str(value) for key, value in given.items() if value is not None and key in known}
        found[name] = own | _for_commands(command, given)
    return found


def _costly(asked: bool) -> Approval:
    return "costly" if asked else False


@app.command()
def run(
    goal: Annotated[str, typer.Argument(help="The research goal, in plain words.")],
    attach: Attach = None,
    approve: Approve = False,
    approve_costly: ApproveCostly = False,
    seed: Seed = 0,
    max_seconds: MaxSeconds = None,
    max_tool_calls: MaxToolCalls = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    model: Model = None,
    reasoner: ReasonerName = None,
    cluster: Cluster = None,
    workers: Workers = None,
    out: Out = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Carry a goal through: plan, compute, hypothesise, design experiments, report."""
    from agent.cli.research import run_goal

    limits = {
        "max_seconds": max_seconds,
        "max_tool_calls": max_tool_calls,
        "max_tokens": max_tokens,
        "max_cost": max_cost,
    }
    settings = {
        "model": model,
        "reasoner": reasoner,
        "workers": workers,
        "cluster": cluster,
        "out": out,
        "home": home,
        **limits,
    }
    run_command(
        lambda: run_goal(
            goal, [str(path) for path in attach or []], seed, approve or _costly(approve_costly), as_json, settings
        ),
        debug=debug,
        as_json=as_json,
    )


@app.command()
def resume(
    run: RunName,
    answer: Annotated[
        str | None,
        typer.Option("--answer", help="The answer to its question: words, or a JSON object with changes to the plan."),
    ] = None,
    approve: Approve = False,
    approve_costly: ApproveCostly = False,
    model: Model = None,
    cluster: Cluster = None,
    workers: Workers = None,
    out: Out = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Carry a stopped, killed or waiting run on; finished steps are not repeated."""
    from agent.cli.research import resume_run

    settings = {"model": model, "workers": workers, "cluster": cluster, "out": out, "home": home}
    asked = approve or _costly(approve_costly)
    run_command(lambda: resume_run(run, answer, asked, as_json, settings), debug=debug, as_json=as_json)


@app.command()
def cancel(
    run: RunName,
    step: Annotated[str, typer.Argument(help="The step to cancel, as in s4; the rest of the run goes on.")],
    out: Out = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Cancel one step of a run, whoever carries it on."""
    from agent.cli.research import cancel_step

    run_command(lambda: cancel_step(run, step, as_json, {"out": out}), debug=debug, as_json=as_json)


@app.command()
def replay(
    run: RunName,
    out: Out = None,
    home: Home = None,
    workers: Workers = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run a run's tools again, without the cache, and compare every result."""
    from agent.cli.research import replay_run

    settings = {"out": out, "home": home, "workers": workers}
    run_command(lambda: replay_run(run, as_json, settings), debug=debug, as_json=as_json)


@app.command()
def runs(out: Out = None, home: Home = None, as_json: Json = False, debug: Debug = False) -> None:
    """List the runs in the bundle folder, newest last."""
    from agent.cli.research import list_runs

    run_command(lambda: list_runs(as_json, {"out": out, "home": home}), debug=debug, as_json=as_json)


@app.command()
def protocol(
    run: RunName,
    experiment: Annotated[
        str | None, typer.Argument(help="Its experiment (default: the first with a protocol).")
    ] = None,
    robot: Annotated[
        str, typer.Option("--robot", metavar="WHICH", help="neutral, pylabrobot, ot2 or flex.")
    ] = "neutral",
    save: Save = None,
    out: Out = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Simulate an experiment's robot protocol, and write it for the robot that will run it."""
    from agent.cli.protocols import show_protocol

    settings = {"out": out, "home": home}
    run_command(
        lambda: show_protocol(run, experiment, robot, save, as_json, settings),
        debug=debug,
        as_json=as_json,
    )


@app.command()
def batch(
    goals: Annotated[str, typer.Argument(metavar="GOALS", help="Goals: a .jsonl, .csv or .txt file, or - .")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The batch's folder: a bundle a goal, a summary.")],
    resume: Annotated[bool, typer.Option("--resume", help="Carry on the batch that the folder holds.")] = False,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORM", help="jsonl, csv or txt (default: by the name).")
    ] = None,
    max_seconds: MaxSeconds = None,
    max_tool_calls: MaxToolCalls = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    model: Model = None,
    reasoner: ReasonerName = None,
    cluster: Cluster = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Goals at a time, each in a process.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Carry many goals through, one bundle each, with a summary over all."""
    from agent.cli.batch import carry_goals

    limits = {"seconds": max_seconds, "tool_calls": max_tool_calls, "tokens": max_tokens, "cost_usd": max_cost}
    settings = {"model": model, "reasoner": reasoner, "workers": workers, "cluster": cluster, "home": home}
    run_command(
        lambda: carry_goals(goals, out, form, resume, limits, as_json, settings),
        debug=debug,
        as_json=as_json,
    )


@app.command()
def tools(
    name: Annotated[str | None, typer.Argument(help="One tool, to see its arguments.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask outside servers again what they offer.")] = False,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List the tools, those of outside servers included, or show one with its arguments."""
    from agent.cli.toolbox import show_tools

    run_command(lambda: show_tools(name, refresh, as_json, {"home": home}), debug=debug, as_json=as_json)


@app.command()
def call(
    tool: Annotated[str, typer.Argument(help="The tool.")],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="key=value...", help="Its arguments; values are JSON where they can be read so."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="DIR", help="Write the result's files (SVG, CIF, CSV) there.")
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Call one tool, as in: gedanken call describe_molecules 'smiles=["CCO"]'."""
    from agent.cli.toolbox import call_tool

    settings = {"home": home, "workers": workers, "cluster": cluster}
    run_command(lambda: call_tool(tool, arguments or [], save, as_json, settings), debug=debug, as_json=as_json)


@app.command()
def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|REFERENCE...",
            help="Documents, folders, archives, bibliographies; or records of public databases, such as"
            ' arxiv:2101.00001, openalex:"query".',
        ),
    ],
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and read what comes or changes there.")] = False,
    ocr: Annotated[bool, typer.Option("--ocr", help="Recognise scanned PDFs by ocrmypdf, where installed.")] = False,
    online: Annotated[bool, typer.Option("--online", help="Allow the network for this command.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Most records of a query.")] = 50,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Read documents into the knowledge store; what is in it already is left alone."""
    from agent.cli.library import Wanted, ingest_sources

    wanted = Wanted(tuple(sources), watch=watch, ocr=ocr, online=online, limit=limit)
    run_command(lambda: ingest_sources(wanted, as_json, {"home": home}), debug=debug, as_json=as_json)


@app.command()
def doctor(
    home: Home = None, out: Out = None, model: Model = None, as_json: Json = False, debug: Debug = False
) -> None:
    """Show every setting and where it comes from, and try every engine for real."""
    from agent.cli.doctor import examine

    run_command(lambda: examine(as_json, {"home": home, "out": out, "model": model}), debug=debug, as_json=as_json)


register_serving(app)
register_loop(app)
register_reading(app)
app.add_typer(campaigns, name="campaign")
app.add_typer(stores, name="store")
app.add_typer(evaluate, name="eval")
