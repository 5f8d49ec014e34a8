"""The commands, their words and options."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

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

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line, for programs.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")]
Home = Annotated[
    Path | None, typer.Option("--home", metavar="DIR", help="The lab's folder: store, cache, checkpoints.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where bundles go (default: runs/).")]
Model = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Chat model of the configured server.")]
ReasonerName = Annotated[
    str | None, typer.Option("--reasoner", metavar="WHO", help="Who thinks: auto, playbook or model.")
]
Workers = Annotated[int | None, typer.Option("--workers", metavar="N", help="Worker processes.")]
Approve = Annotated[bool, typer.Option("--approve", help="Show the plan and wait for a yes before it runs.")]


def _run(command: Callable[[], Coroutine[Any, Any, int]], *, debug: bool, as_json: bool) -> None:
    """Run a command to its end and leave with its exit code."""
    from agent.cli.shell import execute

    raise typer.Exit(execute(command, debug=debug, as_json=as_json))


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Without a command: the terminal UI."""
    if version:
        from agent import __version__

        typer.echo(f"gedanken {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        from agent.cli.shell import open_interface

        raise typer.Exit(open_interface())


@app.command()
def run(
    goal: Annotated[str, typer.Argument(help="The research goal, in plain words.")],
    attach: Annotated[
        list[Path] | None, typer.Option("--attach", "-a", metavar="FILE", help="A file that the goal is about.")
    ] = None,
    approve: Approve = False,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything random.")] = 0,
    max_seconds: Annotated[float | None, typer.Option("--max-seconds", help="Wall time the run may take.")] = None,
    max_tool_calls: Annotated[int | None, typer.Option("--max-tool-calls", help="Tool calls it may make.")] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", help="Model tokens it may spend.")] = None,
    max_cost: Annotated[float | None, typer.Option("--max-cost", help="USD it may spend on the model.")] = None,
    model: Model = None,
    reasoner: ReasonerName = None,
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
    settings = {"model": model, "reasoner": reasoner, "workers": workers, "out": out, "home": home, **limits}
    _run(
        lambda: run_goal(goal, [str(path) for path in attach or []], seed, approve, as_json, settings),
        debug=debug,
        as_json=as_json,
    )


@app.command()
def resume(
    run: Annotated[str, typer.Argument(help="The run: its id, the beginning of it, its folder, or 'last'.")],
    answer: Annotated[
        str | None,
        typer.Option("--answer", help="The answer to its question: words, or a JSON object with changes to the plan."),
    ] = None,
    approve: Approve = False,
    model: Model = None,
    workers: Workers = None,
    out: Out = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Carry a stopped, killed or waiting run on; finished steps are not repeated."""
    from agent.cli.research import resume_run

    settings = {"model": model, "workers": workers, "out": out, "home": home}
    _run(lambda: resume_run(run, answer, approve, as_json, settings), debug=debug, as_json=as_json)


@app.command()
def replay(
    run: Annotated[str, typer.Argument(help="The run: its id, the beginning of it, its folder, or 'last'.")],
    out: Out = None,
    home: Home = None,
    workers: Workers = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run a run's tools again, without the cache, and compare every result."""
    from agent.cli.research import replay_run

    settings = {"out": out, "home": home, "workers": workers}
    _run(lambda: replay_run(run, as_json, settings), debug=debug, as_json=as_json)


@app.command()
def runs(out: Out = None, home: Home = None, as_json: Json = False, debug: Debug = False) -> None:
    """List the runs in the bundle folder, newest last."""
    from agent.cli.research import list_runs

    _run(lambda: list_runs(as_json, {"out": out, "home": home}), debug=debug, as_json=as_json)


@app.command()
def batch(
    goals: Annotated[str, typer.Argument(metavar="GOALS", help="Goals: a .jsonl, .csv or .txt file, or - .")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The batch's folder: a bundle a goal, a summary.")],
    resume: Annotated[bool, typer.Option("--resume", help="Carry on the batch that the folder holds.")] = False,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORM", help="jsonl, csv or txt (default: by the name).")
    ] = None,
    max_seconds: Annotated[float | None, typer.Option("--max-seconds", help="Wall time of the batch.")] = None,
    max_tool_calls: Annotated[int | None, typer.Option("--max-tool-calls", help="Tool calls of the batch.")] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", help="Model tokens of the batch.")] = None,
    max_cost: Annotated[float | None, typer.Option("--max-cost", help="USD of the batch.")] = None,
    model: Model = None,
    reasoner: ReasonerName = None,
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
    settings = {"model": model, "reasoner": reasoner, "workers": workers, "home": home}
    _run(
        lambda: carry_goals(goals, out, form, resume, limits, as_json, settings),
        debug=debug,
        as_json=as_json,
    )


@app.command()
def tools(
    name: Annotated[str | None, typer.Argument(help="One tool, to see its arguments.")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List the tools, or show one with its arguments."""
    from agent.cli.toolbox import show_tools

    _run(lambda: show_tools(name, as_json), debug=debug, as_json=as_json)


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
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Call one tool, as in: gedanken call describe_molecules 'smiles=["CCO"]'."""
    from agent.cli.toolbox import call_tool

    _run(lambda: call_tool(tool, arguments or [], save, as_json, {"home": home}), debug=debug, as_json=as_json)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Documents or folders of them.")],
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Read documents into the knowledge store; what is in it already is left alone."""
    from agent.cli.library import ingest_paths

    _run(lambda: ingest_paths(paths, as_json, {"home": home}), debug=debug, as_json=as_json)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100, help="How many passages.")] = 8,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Search the lab's documents; every hit names its document and page."""
    from agent.cli.library import search_store

    _run(lambda: search_store(query, count, as_json, {"home": home}), debug=debug, as_json=as_json)


@app.command()
def doctor(
    home: Home = None, out: Out = None, model: Model = None, as_json: Json = False, debug: Debug = False
) -> None:
    """Show every setting and where it comes from, and try every engine for real."""
    from agent.cli.doctor import examine

    _run(lambda: examine(as_json, {"home": home, "out": out, "model": model}), debug=debug, as_json=as_json)


@app.command()
def serve(
    http: Annotated[bool, typer.Option("--http", help="Streamable HTTP on 127.0.0.1, in place of stdio.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Its port (0: a free one).")] = 8642,
    token: Annotated[
        str | None, typer.Option("--token", metavar="T", help="Bearer token of HTTP clients (default: a new one).")
    ] = None,
    compact: Annotated[bool, typer.Option("--compact", help="Three tools that find and call the others.")] = False,
    model: Model = None,
    workers: Workers = None,
    out: Out = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Serve the tools and runs to other programs (MCP), on stdio or HTTP."""
    from agent.cli.shell import serve as serve_face

    options = {"http": http, "port": port, "token": token, "compact": compact}
    settings = {"model": model, "workers": workers, "out": out, "home": home}
    raise typer.Exit(serve_face(debug=debug, **options, **settings))


campaigns = typer.Typer(
    help="Optimise by experiments: propose, measure, tell, again.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(campaigns, name="campaign")

Campaigns = Annotated[Path, typer.Option("--folder", metavar="DIR", help="Where campaigns are kept.")]
CampaignName = Annotated[str, typer.Argument(help="The campaign's name.")]
Batch = Annotated[int | None, typer.Option("--batch", min=1, max=96, help="Experiments a round.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Seed of everything random.")]
Margin = Annotated[float | None, typer.Option("--margin", min=0, help="The improvement that would matter.")]
CAMPAIGNS = Path("campaigns")


@campaigns.command("new")
def new_campaign(
    name: CampaignName,
    space: Annotated[Path, typer.Option("--space", metavar="FILE", help="Factors, constraints, objectives (TOML).")],
    batch: Batch = None,
    seed: Seed = None,
    margin: Margin = None,
    folder: Campaigns = CAMPAIGNS,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Begin a campaign from a space file."""
    from agent.cli.campaign import new_campaign as work

    changed = {"batch": batch, "seed": seed, "margin": margin}
    _run(lambda: work(name, space, folder, as_json, changed), debug=debug, as_json=as_json)


@campaigns.command("next")
def next_experiments(
    name: CampaignName,
    batch: Batch = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help="Where the sheet to fill in goes.")
    ] = None,
    folder: Campaigns = CAMPAIGNS,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Propose the next experiments, and write the sheet to fill in."""
    from agent.cli.campaign import next_experiments as work

    _run(lambda: work(name, folder, batch, sheet, as_json, {"home": home}), debug=debug, as_json=as_json)


@campaigns.command("tell")
def tell_results(
    name: CampaignName,
    words: Annotated[list[str], typer.Argument(metavar="SHEET|key=value...", help="A filled-in sheet, or one result.")],
    folder: Campaigns = CAMPAIGNS,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell results, as in: gedanken campaign tell suzuki experiment=3 yield=81.2."""
    from agent.cli.campaign import tell_results as work

    _run(lambda: work(name, folder, words, as_json), debug=debug, as_json=as_json)


@campaigns.command("status")
def campaign_status(
    name: Annotated[str | None, typer.Argument(help="The campaign; all of them without one.")] = None,
    folder: Campaigns = CAMPAIGNS,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Say where a campaign stands and what to do now."""
    from agent.cli.campaign import show_status as work

    _run(lambda: work(name, folder, as_json), debug=debug, as_json=as_json)


@campaigns.command("report")
def campaign_report(
    name: CampaignName,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Write it there.")] = None,
    folder: Campaigns = CAMPAIGNS,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell a campaign's story in Markdown."""
    from agent.cli.campaign import write_report as work

    _run(lambda: work(name, folder, save, as_json), debug=debug, as_json=as_json)


@campaigns.command("simulate")
def simulate_campaign(
    name: CampaignName,
    space: Annotated[Path | None, typer.Option("--space", metavar="FILE", help="A space file, with --table.")] = None,
    table: Annotated[
        Path | None, typer.Option("--table", metavar="FILE", help="Measured responses (CSV); by default a reaction.")
    ] = None,
    noise: Annotated[float, typer.Option("--noise", min=0, help="Standard deviation of a measurement.")] = 1.0,
    failures: Annotated[float, typer.Option("--failures", min=0, max=0.9, help="Share of failed experiments.")] = 0.05,
    delay: Annotated[int, typer.Option("--delay", min=0, max=20, help="Most rounds that a result is late.")] = 1,
    most: Annotated[int, typer.Option("--most", min=1, help="Most experiments.")] = 80,
    batch: Batch = None,
    seed: Seed = None,
    margin: Margin = None,
    folder: Campaigns = CAMPAIGNS,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run a whole campaign unattended on a simulated laboratory."""
    from agent.cli.campaign import simulate_campaign as work

    laboratory = {"noise": noise, "failures": failures, "delay": delay, "seed": seed or 0}
    changed = {"batch": batch, "seed": seed, "margin": margin}
    _run(
        lambda: work(name, folder, space, table, laboratory, most, as_json, changed, {"home": home}),
        debug=debug,
        as_json=as_json,
    )


evaluate = typer.Typer(help="Measure Gedanken on benchmarks.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(evaluate, name="eval")


@evaluate.command("list")
def list_suites(as_json: Json = False, debug: Debug = False) -> None:
    """List the suites, what they measure and what they need."""
    from agent.cli.shell import measure

    raise typer.Exit(measure("list_suites", debug=debug, as_json=as_json))


@evaluate.command("run")
def run_suites(
    suites: Annotated[list[str], typer.Argument(metavar="SUITE...", help="Which suites.")],
    bench: Annotated[Path | None, typer.Option("--bench", metavar="DIR", help="Folder of benchmark data.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most cases of each suite.")] = None,
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help="Repetitions with different seeds.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that a suite may use.")] = 2,
    model: Model = None,
    compare: Annotated[Path | None, typer.Option("--compare", metavar="FILE", help="Earlier results.")] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Keep the results there.")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run suites and show their figures beside the published ones."""
    from agent.cli.shell import measure

    options = {"bench": bench, "limit": limit, "seeds": seeds, "workers": workers, "model": model}
    code = measure("run_suites", suites, **options, compare=compare, save=save, debug=debug, as_json=as_json)
    raise typer.Exit(code)
