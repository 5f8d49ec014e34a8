"""``doctor``: every setting with where it came from, and every engine tried for real."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from agent.cli.command import Given
from agent.cli.shell import print_json
from agent.cli.work.engines import try_engines
from agent.errors import GedankenError
from agent.session import Session
from agent.settings import Settings
from agent.units import counted

ROCKSALT = """data_NaCl
_symmetry_space_group_name_H-M 'F m -3 m'
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na Na 0 0 0
Cl Cl 0.5 0.5 0.5
"""
"""Rock salt, a = 5.64 Å: the smallest crystal worth a probe."""


class Probe(NamedTuple):
    """What a probe found."""

    name: str
    works: bool
    detail: str
    seconds: float


async def examine(given: Given) -> int:
    """``gedanken doctor``: exit code 0 when everything that is installed works, 1 otherwise."""
    loaded = given.loaded
    async with Session(loaded.settings) as session:
        probes = [await _try(name, probe) for name, probe in _probes(session, loaded.settings)]
    found = await try_engines(loaded.settings)
    warnings = doubts(loaded.settings)
    if given.as_json:
        print_json(
            {
                "settings": [row._asdict() for row in loaded.provenance],
                "warnings": warnings,
                "engines": [probe._asdict() for probe in probes],
                "optional": [one._asdict() for one in found],
            }
        )
    else:
        print("Settings")
        for row in loaded.provenance:
            print(f"  {row.name:<16} {row.value:<44} {row.source}")
        for warning in warnings:
            print(f"  ! {warning}")
        print("\nEngines, tried for real")
        for probe in probes:
            print(f"  {'✓' if probe.works else '✗'} {probe.name:<22} {probe.detail}  ({probe.seconds:.1f} s)")
        print("\nWhat may be there besides")
        for one in found:
            glyph = {True: "✓", False: "✗", None: "–"}[one.works]
            told = one.detail or f"{one.seconds:.1f} s"
            print(f"  {glyph} {one.name:<22} {one.purpose}  ({told})")
    return 0 if all(probe.works for probe in probes) and all(one.works is not False for one in found) else 1


def doubts(settings: Settings) -> list[str]:
    """Settings that do not do what they seem to."""
    if settings.max_cost is not None and settings.input_price == 0 and settings.output_price == 0:
        return [
            f"max_cost ({settings.max_cost:g} USD) bounds nothing: input_price and output_price are 0, so every call"
            " counts as free. Set the prices, or max_tokens."
        ]
    return []


def _probes(session: Session, settings: Settings) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    def tool(name: str, **arguments: Any) -> Callable[[], Awaitable[str]]:
        async def probe() -> str:
            result = (await session.toolbox.without_cache().call(name, arguments)).result
            if result.status != "ok":
                raise GedankenError(result.summary, remedy=result.error.remedy if result.error else "")
            return result.summary

        return probe

    async def folder() -> str:
        settings.home.mkdir(parents=True, exist_ok=True)
        if not os.access(settings.home, os.W_OK):
            raise GedankenError(f"{settings.home} cannot be written.", remedy="Name another folder with --home.")
        return f"{settings.home} can be written"

    async def embeddings() -> str:
        from knowledge.embedding import default_embedder

        embedder = default_embedder()
        (vector,) = embedder.embed(["a short sentence"])
        return f"{embedder.name}: {len(vector)} dimensions"

    async def documents() -> str:
        from knowledge import open_store

        if not (settings.store_path / "store.json").exists():
            return "no documents yet: `gedanken ingest PATH...` reads some"
        stats = open_store(settings.store_path, readonly=True).stats()
        return (
            f"{counted(stats.documents, 'document')}, {counted(stats.passages, 'passage')}, vectors by {stats.engine}"
        )

    async def model() -> str:
        from agent.models import ChatModel, configured, user

        config = configured(settings)
        if config is None:
            return "none configured: the playbook reasoner serves"
        reply = await ChatModel(config).ask([user("Answer with the word ready.")], purpose="doctor")
        return f"{config.model} at {config.base_url} answered '{reply.text.strip()[:40]}'"

    async def joined() -> str:
        if left_out := session.toolbox.catalogue.left_out:
            raise GedankenError(
                f"{'; '.join(left_out)}.", remedy="Mend or uninstall that package; the other tools work."
            )
        return f"{len(session.toolbox.catalogue)} tools, none left out"

    return [
        ("lab folder", folder),
        ("catalogue", joined),
        ("molecules (RDKit)", tool("describe_molecules", smiles=["CC(=O)Oc1ccccc1C(=O)O"])),
        ("ADMET models", tool("estimate_admet", smiles=["CC(=O)Oc1ccccc1C(=O)O"])),
        ("crystals (pymatgen)", tool("analyse_structure", structure=ROCKSALT)),
        ("crystal potential", tool("estimate_energies", structures=[ROCKSALT])),
        ("sequences (Biopython)", tool("analyse_dna", sequences=["ATGGCCATTGTAATGGGCCGCTGA"])),
        ("embeddings", embeddings),
        ("knowledge store", documents),
        ("chat model", model),
    ]


async def _try(name: str, probe: Callable[[], Awaitable[str]]) -> Probe:
    started = time.monotonic()
    try:
        detail, works = await probe(), True
    except Exception as error:  # a probe exists to report whatever goes wrong
        detail, works = str(error) or type(error).__name__, False
    return Probe(name, works, detail, round(time.monotonic() - started, 2))
