"""Hypotheses on designed sequences, and what of sequences is worth none."""

from __future__ import annotations

import dataclasses

import pytest
from support.runs import evidence, quantity, view

from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses
from agent.reasoning.protocol import RunView
from agent.records import Brief, Candidate

NATIVE, MADE = "ATGTTA" * 40, "ATGCTG" * 40


def _run(goal: str = "Codon-optimise the gene for E. coli.") -> RunView:
    rows = ((MADE, "recoded", {}, 1), (NATIVE, "native", {"role": "reference"}, None))
    made = tuple(
        Candidate(
            id=f"c{number}", kind="sequence", structure=letters, name=name, rank=rank, labels={"type": "dna", **labels},
            quantities={
                "length": quantity("length", 240.0, "1", "e9"),
                "melting_temperature": quantity("melting_temperature", 80.0 + number, "degC", "e9"),
            },
        )
        for number, (letters, name, labels, rank) in enumerate(rows, start=1)
    )  # fmt: skip
    run = view(
        made,
        Brief(goal=goal, domain="biology", playbook="sequence-analysis"),
        payloads={"e9": {"sequence": MADE, "adaptation": 0.98, "rare_codons": []}},
    )
    return dataclasses.replace(run, evidence={"e9": evidence(9, "optimise_codons")})


def test_a_recoded_gene_is_expected_to_make_more_protein_and_the_known_doubt_is_told() -> None:
    (one,) = infer_hypotheses(_run())  # no word on the melting of 240 bases
    assert (one.prediction.quantity, one.prediction.relation) == ("yield_ratio", ">")
    assert one.subjects == ("c1", "c2")
    assert "Kudla" in str(one.evidence_against[0].text)
    assert one.prior is not None and one.prior < 0.6


async def test_its_experiment_compares_the_two_genes() -> None:
    run = _run()
    (one,) = infer_hypotheses(run)
    plan = await design_experiment(one, run)
    assert "SDS-PAGE" in str(plan)


@pytest.mark.parametrize("tool", ["analyse_dna", "digest_dna"])
def test_describing_a_sequence_leads_to_no_hypothesis(tool: str) -> None:
    run = dataclasses.replace(_run(), evidence={"e9": evidence(9, tool)})
    assert infer_hypotheses(run) == ()
