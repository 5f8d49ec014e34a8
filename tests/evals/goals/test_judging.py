"""The judges find what is wrong with a bundle, each fault planted on its own, and let a sound one pass."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from evals.goals.bundles import FILES, PlainBundle, read_plain
from evals.goals.cases import Bound, Case, Fact
from evals.goals.judging import Ended, judge

CASE = Case(
    id="made-up",
    category="chemistry",
    text="Two analogues of phenol with logP above 1",
    expect="finished",
    candidates=2,
    constraints=(Bound(quantity="logP", low=1),),
    avoid=("[N+](=O)[O-]",),
    near="Oc1ccccc1",
    similarity=0.2,
    facts=(Fact(name="logP", of="Cc1ccc(O)cc1", value=1.7, tolerance=0.1),),
)


def candidate(number: int, smiles: str, value: float, feasible: str = "true") -> dict[str, str]:
    return {
        "id": f"c{number}", "kind": "molecule", "structure": smiles, "name": "", "rank": str(number), "score": "0.5",
        "feasible": feasible, "reason": "", "logP": str(value),
    }  # fmt: skip


HYPOTHESIS: dict[str, Any] = {
    "id": "h1",
    "statement": "The logP of c1 is above 1.5.",
    "mechanism": "A methyl group adds to the lipophilicity.",
    "prediction": {"quantity": "logP", "relation": ">", "value": 1.5, "unit": "1"},
    "refuted_by": "A measured value below.",
    "evidence_for": [{"source": "e1", "text": "It is 1.7.", "spans": [{"start": 6, "end": 9, "source": "e1"}]}],
    "evidence_against": [{"source": "doi:10.1000/x1", "text": "The method errs.", "spans": []}],
    "citations": [],
    "novelty": "unknown",
    "novelty_basis": "Nothing was searched.",
    "unverified": [],
    "spans": {"statement": [{"start": 24, "end": 27, "source": "goal"}], "mechanism": []},
}


def bundle(**changes: Any) -> PlainBundle:
    parts: dict[str, Any] = {
        "folder": Path(),
        "run": {},
        "plan": {"steps": [{"id": "s1"}]},
        "evidence": [{"id": "e1", "values": [], "citations": [], "artifacts": []}],
        "candidates": [candidate(1, "Cc1ccc(O)cc1", 1.70), candidate(2, "CCc1ccc(O)cc1", 1.95)],
        "hypotheses": [copy.deepcopy(HYPOTHESIS)],
        "experiments": [{"id": "x1", "hypothesis": "h1"}],
        "report": "# Report\nStep e1",
    }
    return PlainBundle(**(parts | changes))


def expecting(ending: str, **changes: Any) -> Case:
    return CASE.model_copy(update={"expect": ending} | changes)


def failing(found: PlainBundle, case: Case = CASE) -> dict[str, str]:
    return {v.check: " ".join(v.problems) for v in judge(case, Ended(0), found) if not v.passed}


def test_a_sound_bundle_passes() -> None:
    assert failing(bundle()) == {}
    checks = {verdict.check for verdict in judge(CASE, Ended(0), bundle())}
    assert checks == {"exit status", "bundle", "molecules", "facts", "hypotheses", "grounding", "report"}


@pytest.mark.parametrize(
    ("smiles", "value", "problem"),
    [
        ("OCCO", -1.0, "below 1"),
        ("Cc1ccc(O)cc1", 1.7, "twice"),
        ("C1CC(", 2.0, "no valid molecule"),
        ("Cc1ccc([N+](=O)[O-])cc1O", 1.6, "holds"),
        ("CCCCCCCC", 4.0, "resembles"),
        ("Oc1ccccc1", 1.39, "starting molecule"),
    ],
)
def test_faulty_candidates_are_found(smiles: str, value: float, problem: str) -> None:
    rows = [candidate(1, "Cc1ccc(O)cc1", 1.70), candidate(2, smiles, value)]
    assert problem in failing(bundle(candidates=rows))["molecules"]


def test_too_few_feasible_candidates_are_found() -> None:
    rows = [candidate(1, "Cc1ccc(O)cc1", 1.70), candidate(2, "CCc1ccc(O)cc1", 1.95, feasible="false")]
    assert "wanted 2" in failing(bundle(candidates=rows))["molecules"]


def test_a_wrong_value_is_found() -> None:
    rows = [candidate(1, "Cc1ccc(O)cc1", 2.4), candidate(2, "CCc1ccc(O)cc1", 1.95)]
    assert "expected 1.7" in failing(bundle(candidates=rows))["facts"]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"prediction": {"quantity": "logP", "relation": "maybe", "value": 1.5}}, "hypotheses"),
        ({"prediction": {"quantity": "logP", "relation": ">", "value": None}}, "hypotheses"),
        ({"evidence_against": []}, "hypotheses"),
        ({"refuted_by": ""}, "hypotheses"),
        ({"novelty": "surely"}, "hypotheses"),
        ({"statement": "The logP of c1 is above 1.5, or 2.25."}, "grounding"),
        ({"spans": {"statement": [{"start": 24, "end": 27, "source": None}], "mechanism": []}}, "grounding"),
        ({"spans": {"statement": [{"start": 24, "end": 27, "source": "e9"}], "mechanism": []}}, "grounding"),
        ({"spans": {"statement": [{"start": 240, "end": 247, "source": "e1"}], "mechanism": []}}, "grounding"),
        ({"citations": [{"document": "d7"}]}, "grounding"),
    ],
)
def test_faulty_hypotheses_are_found(change: dict[str, Any], check: str) -> None:
    found = failing(bundle(hypotheses=[HYPOTHESIS | change]))
    assert check in found


def test_names_with_digits_are_no_figures() -> None:
    text = "c1 with CYP3A4, COX-2, Cl -1 and Fe +3, c1ccccc1O, differs in the logD at pH 7.4 (ADMET-AI)."
    assert failing(bundle(hypotheses=[HYPOTHESIS | {"mechanism": text}])) == {}


def test_no_experiment_and_no_hypothesis_are_found() -> None:
    assert "no experiment" in failing(bundle(experiments=[]))["hypotheses"]
    assert "no hypothesis" in failing(bundle(hypotheses=[], experiments=[]))["hypotheses"]


@pytest.mark.parametrize(
    ("case", "ended", "passes"),
    [
        (expecting("refused"), Ended(4, error="named a weapon"), True),
        (expecting("refused"), Ended(1, error="broke"), False),
        (expecting("asks", asks="seed"), Ended(3, "seed", "Which?"), True),
        (expecting("asks", asks="seed"), Ended(3, "playbook", "Which?"), False),
        (
            CASE.model_copy(update={"expect": "asks", "asks": "seed", "language": "ko"}),
            Ended(3, "seed", "Which?"),
            False,
        ),
        (
            CASE.model_copy(update={"expect": "bad-input", "names": ("5", "2")}),
            Ended(2, error="above 5, below 2"),
            True,
        ),
        (expecting("bad-input", names=("5", "2")), Ended(2, error="above 5"), False),
        (expecting("allowed"), Ended(4, error="no"), False),
    ],
)
def test_endings_are_judged(case: Case, ended: Ended, passes: bool) -> None:
    assert all(verdict.passed for verdict in judge(case, ended, None)) is passes


def test_a_refusal_after_work_and_a_claim_of_the_impossible_are_found() -> None:
    refused = judge(expecting("refused"), Ended(4, error="no"), bundle())
    assert any(verdict.check == "refused before any step" and not verdict.passed for verdict in refused)
    claimed = judge(expecting("nothing"), Ended(0), bundle())
    assert any(verdict.check == "claims nothing" and not verdict.passed for verdict in claimed)


def test_a_bundle_that_breaks_its_contract_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"has no run\.json"):
        read_plain(tmp_path)
    for name in FILES:
        (tmp_path / name).write_text("{}" if name.endswith("json") else "", encoding="utf-8")
    with pytest.raises(ValueError, match=r"run\.json lacks"):
        read_plain(tmp_path)
    keys = ("id", "goal", "brief", "status", "reasoner", "model", "seed", "started", "finished", "versions")
    (tmp_path / "run.json").write_text(json.dumps(dict.fromkeys(keys)), encoding="utf-8")
    (tmp_path / "plan.json").write_text('{"steps": []}', encoding="utf-8")
    (tmp_path / "ledger.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"ledger\.jsonl is not JSON"):
        read_plain(tmp_path)
