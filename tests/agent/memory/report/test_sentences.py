"""Known sentences of tools and rules in the reader's language: they still fit what is said, and copy every value."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from importlib.resources import files

import pytest

from agent.memory.history import History
from agent.memory.report.sentences import in_language, reworded, templates
from agent.records import Brief
from agent.tools.experiments.power import size_experiment
from agent.tools.sequences.analysis_tools import analyse_dna, analyse_proteins
from agent.tools.sequences.codon_tools import optimise_codons
from agent.tools.sequences.oligo_tools import design_barcodes
from agent.tools.sequences.orf_tools import translate_dna

GENE = "ATGGCTAGCAAAGGTGAAGAACTGTTCACCGGTGTTGTTCCGATCCTGGTTGAACTGGATGGTGACGTTAACGGTTAA"
SHIPPED = tomllib.loads(
    (files("agent.memory.report") / "languages" / "sentences" / "ko.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("row", SHIPPED["sentence"], ids=lambda row: row["en"][:40])
def test_every_slot_is_copied(row: dict[str, str]) -> None:
    slots = re.findall(r"\{\w+\}", row["en"])
    assert sorted(slots) == sorted(re.findall(r"\{\w+\}", row["local"]))
    assert re.search(r"[가-힣]", row["local"])


@pytest.mark.parametrize(
    "summary",
    [
        analyse_dna([GENE]).summary,
        analyse_proteins(["MKTAYIAKQR"]).summary,
        translate_dna(GENE).summary,
        optimise_codons("MKTAYIAKQR", avoid=["EcoRI"]).summary,
        design_barcodes(4, 6).summary.partition(" First")[0],
        size_experiment(effect=1.0, spread=1.0).summary.partition(". ")[0].rstrip(".") + ".",
    ],
    ids=["dna", "protein", "translation", "codons", "barcodes", "size"],
)
def test_what_tools_say_today_is_known(summary: str) -> None:
    worded = reworded(summary, "ko")
    left = re.sub(r"\([^)]*\)|[A-Z]\w+|g/mol|Escherichia coli|e_coli|pH|pI|power|levels?", "", worded)
    assert re.search(r"[가-힣]", worded) and not re.search(r"\b[a-z]{4,}\b", left), worded
    figures = re.findall(r"\d+(?:\.\d+)?", summary)
    assert sorted(figures) == sorted(re.findall(r"\d+(?:\.\d+)?", worded))


def test_what_is_not_known_stays_and_other_languages_have_none() -> None:
    assert reworded("Nobody has worded this.", "ko") == "Nobody has worded this."
    assert templates("en") == ()
    history = History(brief=Brief(goal="g", domain="biology", playbook="p", notes=("Organism: X (from 'y').",)))
    assert in_language(history, "en") is history
    korean = in_language(history, "ko")
    assert korean.brief is not None and korean.brief.notes == ("생물: X ('y'에서 읽음).",)
    assert dataclasses.replace(history).brief == history.brief
