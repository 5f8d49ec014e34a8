"""What a session is assembled from, as the settings say: who runs steps, who thinks, what is installed."""

from __future__ import annotations

import contextlib
import platform
from functools import cache
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent import __version__
from agent.errors import InputError
from agent.execution.jobs import Executor
from agent.execution.pool import WorkerPool
from agent.records import Limits, RunInfo, Usage
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.reasoning.protocol import Reasoner

REPORTED = ("rdkit", "pymatgen", "biopython", "torch", "admet-ai", "chgnet", "chromadb", "langgraph")
"""Packages whose versions a bundle states."""


def make_executor(settings: Settings) -> Executor:
    """What runs the steps: worker processes here, or a cluster where one is named."""
    if settings.cluster is None:
        return WorkerPool(settings.workers, offline=settings.offline)
    from agent.execution.cluster import ClusterExecutor

    return ClusterExecutor(settings.cluster, workers=settings.workers, offline=settings.offline)


def reasoner_name(settings: Settings, wanted: str | None) -> str:
    """Who thinks: as wanted, else as the settings say; ``auto`` is a model where one is configured."""
    if (wanted or settings.reasoner) == "auto":
        return "model" if settings.model else "playbook"
    return wanted or settings.reasoner


def make_reasoner(settings: Settings, info: RunInfo, spent: Usage) -> Reasoner:
    """The reasoner of a run.

    Args:
        settings: With the model's address.
        info: The head of the run: its reasoner, limits and seed.
        spent: What earlier sittings of the run have spent.

    Raises:
        InputError: The model reasoner is asked for, and no model is named.
    """
    from agent.reasoning.playbook_reasoner import PlaybookReasoner

    playbook = PlaybookReasoner()
    if info.reasoner != "model":
        return playbook
    from agent.models import ChatModel, configured
    from agent.reasoning.model_reasoner import ModelReasoner

    config = configured(settings.model_copy(update={"model": settings.model or info.model}))
    if config is None:
        raise InputError(
            "The model reasoner is asked for, and no model is named.",
            remedy="Name one with --model (and OPENAI_BASE_URL, OPENAI_API_KEY), or use --reasoner playbook.",
        )
    limits = info.goal.limits
    update = {"max_tokens": limits.tokens, "max_cost": limits.cost_usd, "seed": info.seed}
    return ModelReasoner(ChatModel(config.model_copy(update=update), spent=spent), fallback=playbook)


def with_defaults(limits: Limits, settings: Settings) -> Limits:
    """A goal's limits, with the settings' where it names none."""
    return Limits(
        seconds=limits.seconds or settings.max_seconds,
        tool_calls=limits.tool_calls or settings.max_tool_calls,
        tokens=limits.tokens or settings.max_tokens,
        cost_usd=limits.cost_usd if limits.cost_usd is not None else settings.max_cost,
    )


def store_reference(settings: Settings) -> dict[str, Any]:
    """What a tool needs to open the knowledge store: where it is, and how often it was written."""
    from knowledge.snapshot import current_generation

    return {"path": str(settings.store_path), "generation": current_generation(settings.store_path)}


def document_count(store: Path) -> int:
    """How many documents the knowledge store holds; a store that cannot be read counts as one, so that the literature
    step is planned and says what is wrong."""
    from knowledge import KnowledgeError, open_store

    if not (store / "store.json").exists():
        return 0
    try:
        return open_store(store, readonly=True).stats().documents
    except KnowledgeError:
        return 1


def versions() -> dict[str, str]:
    """The versions that a result depends on."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    found = {"gedanken": __version__, "python": platform.python_version()}
    for name in REPORTED:
        with contextlib.suppress(ModuleNotFoundError):
            found[name] = installed_version(name)
    return found
