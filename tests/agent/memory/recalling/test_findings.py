import json
from pathlib import Path

from agent.memory.recalling.earlier import recall
from agent.memory.recalling.findings import search_findings
from agent.memory.runs import BATCH, create_run
from agent.records import Goal, RunInfo


def _run(out: Path, name: str, *, status: str = "finished", goal: str = "Something else", **files: str) -> Path:
    folder = create_run(out, RunInfo(id=name, goal=Goal(text=goal), status=status))
    for file, text in files.items():
        (folder / file.replace("__", ".")).write_text(text)
    return folder


def _hypothesis(statement: str, state: str = "supported") -> str:
    return json.dumps(
        [
            {
                "id": "h1",
                "statement": {"text": statement, "spans": []},
                "mechanism": "Polarity.",
                "belief": {"state": state},
            }
        ]
    )


def test_hypotheses_candidates_and_evidence_are_found_with_their_run(tmp_path: Path) -> None:
    _run(
        tmp_path,
        "20260101-a",
        hypotheses__json=_hypothesis("A morpholine on celecoxib lowers logP below 3."),
        candidates__csv="id,kind,structure,name,rank,logP,mass_g_per_mol\nc1,molecule,CCO,ethanol,1,-0.14,46.07\n",
        evidence__jsonl=json.dumps(
            {"id": "e2", "tool": "relax", "status": "ok", "summary": "CsPbI3 relaxed to 6.29 A."}
        )
        + "\n"
        + json.dumps({"id": "e3", "tool": "relax", "status": "error", "summary": "CsPbBr3 failed."})
        + '\n{"id": "e4", "to',
    )
    best = search_findings(tmp_path, "Does a morpholine lower the logP of celecoxib?")[0]
    assert (best.run, best.kind, best.id) == ("20260101-a", "hypothesis", "h1")
    assert best.text.startswith("Hypothesis (supported): A morpholine") and 0 < best.score <= 1
    assert best.source == "computed here, run 20260101-a, h1"
    assert search_findings(tmp_path, "ethanol mass")[0].text == "ethanol CCO: logP -0.14; mass g per mol 46.07"
    assert search_findings(tmp_path, "CsPbI3 relaxed")[0].id == "e2"
    assert search_findings(tmp_path, "CsPbBr3 failed") == ()  # an error is no finding
    assert search_findings(tmp_path, "glacier fjords") == search_findings(tmp_path, "the of") == ()


def test_unfinished_present_and_batch_runs_are_left_out(tmp_path: Path) -> None:
    _run(tmp_path, "r1", status="failed", hypotheses__json=_hypothesis("Zeolites adsorb water."))
    _run(tmp_path, "r2", hypotheses__json=_hypothesis("Zeolites adsorb water."))
    _run(tmp_path, "r3", hypotheses__json="not json")
    assert [one.run for one in search_findings(tmp_path, "zeolites adsorb water")] == ["r2"]
    assert search_findings(tmp_path, "zeolites adsorb water", without="r2") == ()
    (tmp_path / BATCH).write_text("{}")
    assert search_findings(tmp_path, "zeolites adsorb water") == ()


def test_a_changed_bundle_is_read_again(tmp_path: Path) -> None:
    folder = _run(tmp_path, "r1", hypotheses__json=_hypothesis("Zeolites adsorb water."))
    assert search_findings(tmp_path, "zeolites water")
    (folder / "hypotheses.json").write_text(_hypothesis("Zeolites adsorb water.", "refuted"))
    import os

    os.utime(folder / "hypotheses.json", ns=(1, 2**62))
    (folder / "evidence.jsonl").write_text("")
    assert "refuted" in search_findings(tmp_path, "zeolites water")[0].text


def test_findings_are_recalled_when_planning(tmp_path: Path) -> None:
    _run(tmp_path, "r1", hypotheses__json=_hypothesis("A morpholine on celecoxib lowers logP below 3."))
    present = _run(tmp_path, "r2", status="running", goal="Make celecoxib less lipophilic with a morpholine")
    told = recall(present, "celecoxib morpholine logP")
    assert told.sources == ("r1",)
    assert "computed here, run r1, h1" in told.summary
    assert recall(present, "glacier fjords").sources == ()
