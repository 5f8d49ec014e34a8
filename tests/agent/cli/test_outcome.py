"""What a terminal is told at the end of a run."""

from agent.cli.showing.outcome import print_outcome, understood
from agent.cli.showing.running import gist
from agent.memory.bundle import write_bundle
from agent.memory.history import History
from agent.records import Brief, Constraint, Entity, Objective, Question
from agent.session import RunOutcome
from tests.support.sample_run import make_run


def test_the_end_of_a_run_names_the_best_candidates_by_what_was_asked(tmp_path, capsys):
    folder, info, history = make_run(tmp_path)
    info = info.model_copy(update={"brief": history.brief})
    write_bundle(folder, info, history)
    print_outcome(RunOutcome(info, folder, None, 0))
    told = capsys.readouterr().out
    ranked = sorted((one for one in history.candidates if one.feasible), key=lambda one: one.rank or 0)
    assert f"{len(ranked)} of 12 candidates meet every constraint" in told
    rows = [line.split() for line in told.splitlines() if line.split()[:1] in [[one.id] for one in ranked]]
    assert [row[0] for row in rows] == [one.id for one in ranked[:5]]
    assert float(rows[0][1]) == round(ranked[0].quantities["logP"].value, 3)
    assert "WITHHELD" not in told
    assert history.hypotheses[0].statement.text in told
    assert f"{history.experiments[0].id}, {history.experiments[0].title}" in told
    assert str(folder / "report.html") in told


def test_without_candidates_the_steps_themselves_answer(tmp_path, capsys):
    folder, info, history = make_run(tmp_path)
    found = next(one for one in history.evidence.values() if one.status == "ok")
    write_bundle(folder, info, History(steps=history.steps, evidence={found.id: found}, brief=history.brief))
    print_outcome(RunOutcome(info, folder, None, 0))
    assert f"\n{found.summary}\n" in capsys.readouterr().out


def test_a_run_that_waits_says_how_to_answer(tmp_path, capsys):
    folder, info, _ = make_run(tmp_path)
    print_outcome(RunOutcome(info, folder, Question(key="seed", text="Which molecule?", choices=("a", "b")), 3))
    told = capsys.readouterr().out
    assert "Which molecule?" in told
    assert f'gedanken resume {folder} --answer "..."' in told


def test_a_goal_understood_is_one_line_with_all_that_was_asked():
    brief = Brief(
        goal="g",
        domain="chemistry",
        playbook="molecule-design",
        constraints=(Constraint(quantity="logP", relation="between", low=1, high=3, text="logP between 1 and 3"),),
        objectives=(
            Objective(quantity="logS_ESOL", direction="maximise", unit="log_molar"),
            Objective(quantity="mass", direction="target", target=300, unit="g/mol"),
        ),
        entities=(Entity(kind="substructure", text="carboxylic acid", value="C(=O)[OX2H1]", role="keep"),),
    )
    assert understood(brief) == (
        "molecule-design; logP between 1 and 3, aqueous solubility (ESOL) as high as possible,"
        " molecular weight close to 300 g/mol, keep carboxylic acid"
    )


def test_a_gist_is_not_cut_inside_brackets():
    assert gist("60 molecules meet every constraint (mass < 400; logP 1 to 3); 12 were refused.") == (
        "60 molecules meet every constraint"
    )
    assert gist("2 structures (rutile, anatase) relaxed. More follows.") == "2 structures (rutile, anatase) relaxed"
