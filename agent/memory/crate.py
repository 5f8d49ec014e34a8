"""The bundle as an RO-Crate 1.1: which file is what, and which tool made it.

Written as plain JSON-LD after the specification (https://w3id.org/ro/crate/1.1: root data entity, data entities,
provenance of entities), so that it needs no network and says the same for the same run.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agent.memory.history import History
from agent.records import Evidence, RunInfo

CRATE = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"

_FILES = {
    "run.json": ("application/json", "The run: goal, brief, status, versions and what it spent"),
    "plan.json": ("application/json", "The plan: every tool call, what it needed, and how it ended"),
    "ledger.jsonl": ("application/jsonl", "Every event of the run, one a line, in order"),
    "evidence.jsonl": ("application/jsonl", "What each step brought, one a line"),
    "candidates.csv": ("text/csv", "The candidates, ranked, one column per property"),
    "hypotheses.json": ("application/json", "The hypotheses with their predictions and evidence"),
    "experiments.json": ("application/json", "The experiment plans that test them"),
    "results.csv": ("text/csv", "What was measured, one sample a row"),
    "report.md": ("text/markdown", "The readable account"),
    "report.html": ("text/html", "The readable account as a page"),
}

_ENDED = {
    "ok": "http://schema.org/CompletedActionStatus",
    "empty": "http://schema.org/CompletedActionStatus",
    "error": "http://schema.org/FailedActionStatus",
}


def describe_crate(folder: Path, info: RunInfo, history: History, figures: Iterable[str] = ()) -> dict[str, Any]:
    """The metadata of a bundle.

    Args:
        folder: The bundle; files that are not there are not described.
        info: Its head.
        history: The run.
        figures: Paths of the report's figures.

    Returns:
        The JSON-LD document that ``ro-crate-metadata.json`` holds.
    """
    withheld = {candidate.structure for candidate in history.candidates if candidate.withheld}
    files: dict[str, dict[str, Any]] = {}
    for path, (media_type, name) in _FILES.items():
        files[path] = _file(path, name, media_type)
    for path in figures:
        files[path] = _file(path, "Figure of the report", "image/svg+xml")
    for found in history.evidence.values():
        if found.payload:
            files[found.payload] = _file(found.payload, f"{found.id}: the whole result", "application/json")
        for artifact in found.artifacts:
            title = "" if artifact.title in withheld else artifact.title
            files[artifact.path] = _file(artifact.path, title or artifact.name, artifact.media_type)
    for experiment in history.experiments:
        for artifact in experiment.files:
            files[artifact.path] = _file(artifact.path, f"{experiment.id}: {artifact.title}", artifact.media_type)
    present = {path: entity for path, entity in files.items() if (folder / path).is_file()}
    tools = dict.fromkeys(found.tool for found in history.evidence.values())
    actions = [_action(found, present, history) for found in history.evidence.values()]
    run = _run(info, history, present)
    return {
        "@context": f"{SPECIFICATION}/context",
        "@graph": [
            {
                "@id": CRATE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": SPECIFICATION},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": f"Research run {info.id}",
                "description": f"What a Gedanken run left for the goal: {info.goal.text}",
                "datePublished": info.finished or info.started,
                "license": {"@id": "#no-licence-chosen"},
                "hasPart": [{"@id": entity["@id"]} for entity in present.values()],
                "mentions": [{"@id": run["@id"]}, *({"@id": action["@id"]} for action in actions)],
            },
            {
                "@id": "#no-licence-chosen",
                "@type": "CreativeWork",
                "name": "No licence chosen",
                "description": "Whoever ran the goal holds the rights and has not chosen a licence for these results.",
            },
            *present.values(),
            {
                "@id": "#gedanken",
                "@type": "SoftwareApplication",
                "name": "Gedanken",
                "version": info.versions.get("gedanken", "unknown"),
                "softwareRequirements": [f"{name} {version}" for name, version in info.versions.items()],
            },
            *(
                {"@id": _tool(name), "@type": "SoftwareApplication", "name": name, "isPartOf": {"@id": "#gedanken"}}
                for name in tools
            ),
            run,
            *actions,
        ],
    }


def _identifier(path: str) -> str:
    """A path as the specification wants it: a relative URI, with characters beyond ASCII as they are."""
    return "".join(c if ord(c) > 127 else quote(c, safe="/") for c in path)


def _file(path: str, name: str, media_type: str) -> dict[str, Any]:
    return {"@id": _identifier(path), "@type": "File", "name": name, "encodingFormat": media_type}


def _tool(name: str) -> str:
    return f"#tool-{quote(name, safe='')}"


def _run(info: RunInfo, history: History, present: dict[str, dict[str, Any]]) -> dict[str, Any]:
    made = {path for found in history.evidence.values() for path in _made(found)}
    status = "Completed" if info.status == "finished" else "Failed" if info.status == "failed" else "Active"
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run {info.id}",
        "description": info.goal.text,
        "instrument": {"@id": "#gedanken"},
        "startTime": info.started,
        "actionStatus": {"@id": f"http://schema.org/{status}ActionStatus"},
        "result": [{"@id": entity["@id"]} for path, entity in present.items() if path not in made],
    }
    if info.finished:
        action["endTime"] = info.finished
    if info.error:
        action["error"] = info.error
    return action


def _made(found: Evidence) -> list[str]:
    return [path for path in (found.payload, *(artifact.path for artifact in found.artifacts)) if path]


def _action(found: Evidence, present: dict[str, dict[str, Any]], history: History) -> dict[str, Any]:
    step = history.steps.get(found.step)
    paths = dict.fromkeys(path for path in _made(found) if path in present)
    action: dict[str, Any] = {
        "@id": f"#{found.id}",
        "@type": "CreateAction",
        "name": f"{found.step}: {found.tool}",
        "description": found.summary,
        "instrument": {"@id": _tool(found.tool)},
        "actionStatus": {"@id": _ENDED[found.status]},
        "result": [{"@id": present[path]["@id"]} for path in paths],
    }
    needed = [history.evidence.get(f"e{need[1:]}") for need in (step.needs if step else ())]
    inputs = [{"@id": present[one.payload]["@id"]} for one in needed if one and one.payload in present]
    if inputs:
        action["object"] = inputs
    if found.error:
        action["error"] = found.error.message
    return action
