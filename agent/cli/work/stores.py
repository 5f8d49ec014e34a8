"""``store``: the knowledge store as one file, for a closed network."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cli.command import Given
from agent.cli.showing.ingestion import tell_ingestion
from agent.cli.showing.progress import Progress, progress_bar
from agent.cli.work.lab import lab_store, mapped, writable_store
from agent.errors import InputError
from agent.units import counted

if TYPE_CHECKING:
    from knowledge import IngestReport


async def export_bundle(file: Path, given: Given) -> int:
    """``gedanken store export FILE``."""
    settings = given.settings

    def work(progress: Progress) -> Any:
        from knowledge.bundles import export_store

        store = lab_store(settings)
        if store is None:
            raise InputError(f"There is no knowledge store in {settings.store_path}.", remedy="Ingest something first.")
        return export_store(store, file, progress)

    with mapped(), progress_bar(given.as_json) as progress:
        info = await asyncio.to_thread(work, progress)
    size = file.expanduser().stat().st_size / 1e6
    holds = f"{counted(info.documents, 'document')}, {counted(info.passages, 'passage')}"
    given.say({"file": str(file), **asdict(info)}, f"{holds} in {file} ({size:.1f} MB)")
    return 0


async def take_bundle(file: Path, given: Given) -> int:
    """``gedanken store import FILE``."""
    settings = given.settings

    def work(progress: Progress) -> IngestReport:
        from knowledge.bundles import bundle_info, import_bundle

        bundle_info(file)  # a bad bundle is refused before a store is made
        return import_bundle(file, writable_store(settings), progress)

    with mapped(), progress_bar(given.as_json) as progress:
        report = await asyncio.to_thread(work, progress)
    return tell_ingestion(report, given)


async def tell_about(file: Path | None, given: Given) -> int:
    """``gedanken store info [FILE]``."""
    settings = given.settings

    def work() -> dict[str, Any]:
        from knowledge.bundles import bundle_info

        if file is not None:
            return {"file": str(file), **asdict(bundle_info(file))}
        store = lab_store(settings)
        return {"path": str(settings.store_path), "documents": 0} if store is None else asdict(store.stats())

    with mapped():
        told = await asyncio.to_thread(work)
    given.say(told, "\n".join(f"{name.replace('_', ' '):<14} {value}" for name, value in told.items()))
    return 0
