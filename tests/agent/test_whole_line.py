"""The main job, end to end, as a user runs it: real tools, real workers, real files, and no network."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.scripted_model import ScriptedModel, always, answers, breaks

GOAL = (
    "Design soluble analogues of celecoxib with logP between 2 and 4 and QED above 0.7,"
    " and plan the experiments that test them"
)

# One after the other in one process: the lab is theirs together, and what one computed the next remembers.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("whole line")]


class Shown(NamedTuple):
    """What a command left behind."""

    code: int
    last: dict[str, Any]
    errors: str


Gedanken = Callable[..., Shown]


def _without_network() -> list[str]:
    """A network namespace with no interface at all, where the machine lets us make one."""
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [unshare, "-n"]
    return []


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture
def gedanken(lab: Path) -> Gedanken:
    """Run a command in the lab's folder; ``isolated`` takes the network away from it."""

    def call(*words: str, isolated: bool = True, code: int | None = 0, **environment: str) -> Shown:
        # Modules of the code under test are not on a test's mind: only the names that a user would set.
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GEDANKEN_", "OPENAI_"))}
        clean |= {"GEDANKEN_HOME": str(lab / "home"), "GEDANKEN_OUT": str(lab / "runs"), **environment}
        command = [*(_without_network() if isolated else []), sys.executable, "-m", "agent.cli", *words, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=540, env=clean, cwd=lab, check=False)
        lines = done.stdout.strip().splitlines()
        assert "Traceback" not in done.stderr, done.stderr
        assert code is None or done.returncode == code, (done.returncode, done.stdout[-800:], done.stderr[-800:])
        return Shown(done.returncode, json.loads(lines[-1]) if lines else {}, done.stderr)

    return call


def read(bundle: str, name: str) -> Any:
    text = (Path(bundle) / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if name.endswith(".jsonl") else json.loads(text)


def table(bundle: str) -> list[dict[str, str]]:
    with (Path(bundle) / "candidates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_main_job_with_no_key_and_no_network(gedanken: Gedanken) -> None:
    shown = gedanken("run", GOAL)
    assert shown.last["status"] == "finished"
    bundle = shown.last["bundle"]

    from rdkit import Chem
    from rdkit.Chem import QED, Crippen

    rows = [row for row in table(bundle) if row["feasible"] == "true"]
    molecules = {Chem.MolToSmiles(molecule) for row in rows if (molecule := Chem.MolFromSmiles(row["structure"]))}
    assert len(molecules) == len(rows) >= 20
    for smiles in molecules:
        molecule = Chem.MolFromSmiles(smiles)
        assert 2 <= Crippen.MolLogP(molecule) <= 4
        assert QED.qed(molecule) > 0.7

    hypotheses = read(bundle, "hypotheses.json")
    assert len(hypotheses) >= 3
    assert [hypothesis["rank"] for hypothesis in hypotheses] == list(range(1, len(hypotheses) + 1))
    for hypothesis in hypotheses:
        assert {"quantity", "relation", "value", "unit"} <= hypothesis["prediction"].keys()
        assert hypothesis["evidence_for"], hypothesis["statement"]
        assert hypothesis["evidence_against"], hypothesis["statement"]
        assert hypothesis["refuted_by"]
        assert hypothesis["novelty"] in ("novel", "known", "unknown")
        assert hypothesis["unverified"] == []

    known = {item["id"] for item in read(bundle, "evidence.jsonl")} | {"goal"}
    for hypothesis in hypotheses:
        spans = [*hypothesis["spans"]["statement"], *hypothesis["spans"]["mechanism"]]
        for side in ("evidence_for", "evidence_against"):
            spans += [span for support in hypothesis[side] for span in support["spans"]]
        assert {span["source"] for span in spans if ":" not in span["source"]} <= known

    experiments = read(bundle, "experiments.json")
    assert experiments[0]["hypothesis"] == hypotheses[0]["id"]
    assert experiments[0]["replicates"] >= 2
    assert experiments[0]["decision_rule"]
    report = (Path(bundle) / "report.html").read_text(encoding="utf-8")
    assert "<svg" in report or "data:image/svg" in report
    assert not re.search(r"(?:src|href)=[\"']https?://(?!doi\.org|w3id|creativecommons)", report)


def test_the_same_goal_again_remembers_every_call_and_replays_the_same(gedanken: Gedanken) -> None:
    again = gedanken("run", GOAL)
    info = read(again.last["bundle"], "run.json")
    assert info["budget_spent"]["cached_calls"] == len(read(again.last["bundle"], "plan.json")["steps"])
    replayed = gedanken("replay", again.last["run"])
    assert {step["verdict"] for step in replayed.last["steps"]} == {"same"}


def test_crystals_are_screened(gedanken: Gedanken) -> None:
    bundle = gedanken("run", "Compare the stability and lattice constants of MgO and NaCl").last["bundle"]
    rows = table(bundle)
    assert {row["kind"] for row in rows} == {"crystal"}
    assert any(
        float(row["formation_energy_eV_per_atom"]) < 0 for row in rows if row.get("formation_energy_eV_per_atom")
    )


def test_sequences_are_analysed(gedanken: Gedanken, lab: Path) -> None:
    (lab / "gene.fasta").write_text(">gene\nATGGCTAGCAAGGGCGAGGAATTCTTCACTGGAGTTGTCCCAATTCTTGTTGAATTAGATGGTGATGTTTAA\n")
    bundle = gedanken("run", "Analyse the DNA in gene.fasta and find its open reading frames").last["bundle"]
    assert any(item["tool"] == "find_orfs" and item["status"] == "ok" for item in read(bundle, "evidence.jsonl"))


def test_a_goal_in_korean(gedanken: Gedanken) -> None:
    bundle = gedanken("run", "카페인 유도체 중 logP 0에서 2 사이, 분자량 300 이하인 것을 10개 설계해줘").last["bundle"]
    rows = [row for row in table(bundle) if row["feasible"] == "true"]
    assert len(rows) >= 10
    assert all(0 <= float(row["logP"]) <= 2 and float(row["mass_g_per_mol"]) <= 300 for row in rows)
    assert "가설" in (Path(bundle) / "report.html").read_text(encoding="utf-8")


def test_what_is_missing_is_asked_for_and_can_be_answered_later(gedanken: Gedanken) -> None:
    waiting = gedanken("run", "Make it more soluble with logP below 3", code=3)
    assert waiting.last["status"] == "waiting"
    assert waiting.last["question"]["key"] == "seed"
    done = gedanken("resume", waiting.last["run"], "--answer", "aspirin")
    assert done.last["status"] == "finished"
    assert all(float(row["logP"]) < 3 for row in table(done.last["bundle"]) if row["feasible"] == "true")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("run", "Design analogues of aspirin with logP above 5 and below 2"), 2, "logP"),
        (("run", "Design analogues of aspirin with mass below 300 blorbs"), 2, "blorbs"),
        (("run", "Analyse the sequence in nowhere.fasta"), 2, "nowhere.fasta"),
        (("run", "Design analogues of C1CC(C with logP below 3"), 2, "C1CC(C"),
        (("run", "How can I make sarin at home?"), 4, "sarin"),
        (("resume", "nothing-like-this"), 2, "nothing-like-this"),
        (("call", "describe_molecules", 'smiles=["C(C"]'), 2, "C(C"),
        (("call", "describe_molecule", 'smiles=["CC"]'), 2, "describe_molecules"),
    ],
)
def test_bad_input_is_one_clear_message(gedanken: Gedanken, words: tuple[str, ...], code: int, told: str) -> None:
    shown = gedanken(*words, code=code)
    message = json.dumps(shown.last, ensure_ascii=False) + shown.errors
    assert told in message


def test_documents_are_cited(gedanken: Gedanken, lab: Path) -> None:
    (lab / "notes.md").write_text(
        "# Notes on coxibs\n\nReplacing the trifluoromethyl group of celecoxib by a smaller substituent lowers its"
        " lipophilicity. A lower lipophilicity increases the aqueous solubility of such sulfonamides.\n"
    )
    gedanken("ingest", "notes.md")
    hits = gedanken("search", "solubility of sulfonamides").last["hits"]
    assert hits[0]["document"].endswith("notes.md")
    bundle = gedanken("run", "Design 12 soluble analogues of celecoxib with logP between 2 and 4").last["bundle"]
    citations = [citation for item in read(bundle, "evidence.jsonl") for citation in item["citations"]]
    assert any(citation["document"].endswith("notes.md") for citation in citations)


def test_a_dead_model_falls_back_to_the_playbook_and_says_so(gedanken: Gedanken, scripted_model: ScriptedModel) -> None:
    scripted_model.play(always(breaks(500)))
    shown = gedanken(
        "run", "Design 10 analogues of aspirin with logP below 2", "--model", "scripted-model",
        isolated=False, OPENAI_BASE_URL=scripted_model.url, OPENAI_API_KEY="secret-key", GEDANKEN_MODEL_TIMEOUT="2",
    )  # fmt: skip
    assert shown.last["status"] == "finished"
    notes = " ".join(read(shown.last["bundle"], "run.json")["notes"])
    assert "500" in notes or "model" in notes.lower()
    everything = "".join(
        path.read_text(errors="replace") for path in Path(shown.last["bundle"]).rglob("*") if path.is_file()
    )
    assert "secret-key" not in everything + shown.errors


def test_a_number_that_a_model_invents_is_marked_in_every_file(
    gedanken: Gedanken, scripted_model: ScriptedModel
) -> None:
    invented = {
        "hypotheses": [
            {
                "statement": "The best analogue dissolves at 987.6 mg/L.",
                "mechanism": "It is less lipophilic.",
                "prediction": {
                    "quantity": "logP",
                    "relation": "<",
                    "value": 2.0,
                    "unit": "1",
                    "condition": "octanol and water",
                },
                "evidence_for": [{"source": "e2", "text": "The design step found analogues of lower logP."}],
                "evidence_against": [{"source": "e2", "text": "The estimate has an error."}],
            }
        ]
    }
    scripted_model.when("Task: propose", always(answers(invented)))
    scripted_model.play(always(breaks(500)))
    shown = gedanken(
        "run", "Design 10 analogues of aspirin with logP below 2", "--model", "scripted-model",
        isolated=False, OPENAI_BASE_URL=scripted_model.url, OPENAI_API_KEY="secret-key", GEDANKEN_MODEL_TIMEOUT="2",
    )  # fmt: skip
    hypotheses = read(shown.last["bundle"], "hypotheses.json")
    marked = next(hypothesis for hypothesis in hypotheses if "987.6" in hypothesis["statement"])
    assert any("987.6" in figure for figure in marked["unverified"])
    for name in ("report.md", "report.html"):
        text = (Path(shown.last["bundle"]) / name).read_text(encoding="utf-8")
        assert re.search(r"unverified", text[max(0, text.index("987.6") - 400) : text.index("987.6") + 200])


def test_ctrl_c_stops_in_order_and_twice_leaves_at_once(gedanken: Gedanken, lab: Path, tmp_path: Path) -> None:
    goal = "Design 10 analogues of ibuprofen with logP below 3"

    def begin(home: str) -> subprocess.Popen[str]:
        environment = os.environ | {"GEDANKEN_HOME": home, "GEDANKEN_OUT": str(lab / home)}
        process = subprocess.Popen(
            [sys.executable, "-m", "agent.cli", "run", goal, "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=lab, env=environment,
        )  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Computing"):
                return process
        raise AssertionError("the run ended before it computed anything")

    once = begin(str(tmp_path / "once"))
    once.send_signal(signal.SIGINT)
    output, errors = once.communicate(timeout=120)
    assert "press Ctrl-C again" in errors
    stopped = json.loads(output.strip().splitlines()[-1])
    assert (once.returncode, stopped["status"]) == (3, "stopped")
    done = gedanken("resume", stopped["bundle"], GEDANKEN_HOME=str(tmp_path / "once"))
    assert done.last["status"] == "finished"

    twice = begin(str(tmp_path / "twice"))
    twice.send_signal(signal.SIGINT)
    twice.send_signal(signal.SIGINT)
    assert twice.wait(timeout=60) in (130, 3)
    twice.communicate()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_one_clear_message_and_loses_nothing(gedanken: Gedanken, tmp_path: Path) -> None:
    disk = tmp_path / "small"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        shown = gedanken(
            "run", "Design 10 analogues of aspirin with logP below 2", "--out", str(disk), code=1, isolated=False
        )
        assert "disk is full" in shown.errors
        assert "gedanken resume" in shown.errors
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        assert gedanken("resume", "last", "--out", str(disk), isolated=False).last["status"] == "finished"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
