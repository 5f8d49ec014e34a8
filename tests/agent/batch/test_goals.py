"""Reading goals: every form, every kind of broken line with its place, ids."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.batch import BatchGoal, as_goals, read_goals
from agent.errors import InputError
from agent.records import Limits


def written(tmp_path: Path, name: str, text: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_lines_of_json_are_texts_or_records(tmp_path: Path) -> None:
    (tmp_path / "a.cif").write_text("")
    record = {"goal": "two", "id": "second", "attachments": ["a.cif"], "seed": 3, "reasoner": "playbook"}
    budget = {"goal": "three", "budget": {"tool_calls": 5}}
    lines = ['"one"', json.dumps(record), "", json.dumps(budget)]
    found = read_goals(written(tmp_path, "goals.jsonl", "\n".join(lines)))
    assert found.problems == ()
    first, second, third = found.goals
    assert (first.goal, first.id, first.line, first.seed) == ("one", "g0001", 1, 0)
    assert (second.id, second.seed, second.reasoner) == ("second", 3, "playbook")
    assert second.attachments == (str(tmp_path / "a.cif"),)
    assert (third.id, third.line, third.limits) == ("g0004", 4, Limits(tool_calls=5))
    assert third.asked().limits.tool_calls == 5


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ('{"goal": "cut', 10, "not JSON: Unterminated string"),
        ('{"goal": "x"} extra', 15, "not JSON: Extra data"),
        ("design a molecule", 1, "not JSON"),
        ("  [1, 2]", 3, "a string or an object"),
        ('{"id": "a"}', 1, "the field 'goal' is missing"),
        ('{"goal": "   "}', 2, "the goal is empty"),
        ('{"goal": "x", "gaol": 1}', 15, "the field 'gaol' is unknown"),
        ('{"goal": "x", "seed": "many"}', 15, "seed: "),
        ('{"goal": "x", "limits": {"seconds": -1}}', 26, "limits.seconds: "),
        ('{"goal": "x", "id": "../up"}', 15, "an id names a folder"),
        ('{"goal": "x", "id": "summary.csv"}', 15, "an id names a folder"),
        ('{"goal": "x", "reasoner": "oracle"}', 15, "reasoner: "),
        ("[" * 100_000, 1, "nested too deep"),
    ],
)
def test_a_broken_line_is_named_and_the_rest_is_read(tmp_path: Path, line: str, column: int, message: str) -> None:
    found = read_goals(written(tmp_path, "goals.jsonl", f'"first"\n{line}\n"third"\n'))
    assert [goal.goal for goal in found.goals] == ["first", "third"]
    (problem,) = found.problems
    assert (problem.line, problem.column) == (2, column)
    assert message in problem.message
    assert str(problem).startswith(f"line 2, column {column}: ")


def test_text_that_is_not_utf8_is_a_broken_line(tmp_path: Path) -> None:
    found = read_goals(written(tmp_path, "goals.txt", b"\xef\xbb\xbffirst\nab\xff\xfe\nthird\n"))
    assert [goal.goal for goal in found.goals] == ["first", "third"]
    assert [(one.line, one.column) for one in found.problems] == [(2, 3)]


def test_plain_text_may_hold_comments_and_records(tmp_path: Path) -> None:
    text = '# a list\n\nfirst goal\n{"goal": "second", "id": "b"}\n'
    found = read_goals(written(tmp_path, "goals.txt", text))
    assert [(goal.id, goal.goal) for goal in found.goals] == [("g0003", "first goal"), ("b", "second")]


def test_a_table_has_goals_limits_and_attachments(tmp_path: Path) -> None:
    text = 'id,goal,attachments,seed,tool_calls\na,"one, quoted\nover two lines",x.cif; y.cif,7,\nb,two,,,3\n'
    found = read_goals(written(tmp_path, "goals.csv", text))
    assert found.problems == ()
    first, second = found.goals
    assert (first.goal, first.attachments, first.seed) == ("one, quoted\nover two lines", ("x.cif", "y.cif"), 7)
    assert (second.line, second.limits.tool_calls) == (4, 3)


def test_broken_rows_of_a_table_are_named_and_the_next_line_is_tried(tmp_path: Path) -> None:
    text = 'id,goal\na,one\nb,two, with a comma\nc\nd,"never closed\ne,five\nf,\ng,seven\n'
    found = read_goals(written(tmp_path, "goals.csv", text))
    assert [goal.id for goal in found.goals] == ["a", "e", "g"]
    places = [(one.line, one.column) for one in found.problems]
    assert places == [(3, 7), (4, 2), (5, 3), (7, 1)]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("id,text", "does not know the column 'text'"),
        ("id,seed", "needs one column 'goal'"),
        ("goal,goal", "needs one"),
    ],
)
def test_a_table_needs_a_header_that_is_known(tmp_path: Path, header: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_goals(written(tmp_path, "goals.csv", f"{header}\na,b\n"))


@pytest.mark.parametrize(
    ("text", "goals"),
    [('{"goal": "a"}\n', ["a"]), ("goal,seed\na,1\n", ["a"]), ("find a, b and c\nmore\n", ["find a, b and c", "more"])],
)
def test_the_standard_input_is_known_by_its_first_line(
    monkeypatch: pytest.MonkeyPatch, text: str, goals: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
    assert [goal.goal for goal in read_goals("-").goals] == goals


@pytest.mark.parametrize("same", ['"id": "a"', '"id": "A"'])
def test_an_id_given_twice_is_refused_with_both_lines(tmp_path: Path, same: str) -> None:
    text = f'{{"goal": "one", "id": "a"}}\n"two"\n{{"goal": "three", {same}}}\n'
    with pytest.raises(InputError, match="twice: lines 1 and 3"):
        read_goals(written(tmp_path, "goals.jsonl", text))


@pytest.mark.parametrize("text", ["", "\n\n", "{broken\n"])
def test_a_file_without_a_goal_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="no goal that can be used"):
        read_goals(written(tmp_path, "goals.jsonl", text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_goals(tmp_path / "none.jsonl")


def test_goals_from_a_program() -> None:
    found = as_goals(["one", {"goal": "two", "seed": 4}, BatchGoal(goal="three", id="c")])
    assert [(goal.id, goal.goal, goal.seed) for goal in found.goals] == [
        ("g0001", "one", 0),
        ("g0002", "two", 4),
        ("c", "three", 0),
    ]
    with pytest.raises(InputError, match="Goal 2 does not fit: the field 'sed' is unknown"):
        as_goals(["one", {"goal": "two", "sed": 4}])
    with pytest.raises(InputError, match="no goal"):
        as_goals([])


def test_the_digest_sees_what_is_asked_and_not_where_it_is_written() -> None:
    goal = BatchGoal(goal="a", attachments=("x/a.cif",), line=3, id="one")
    assert goal.digest == BatchGoal(goal="a", attachments=("y/a.cif",), line=9, id="two").digest
    assert goal.digest != BatchGoal(goal="a", attachments=("x/a.cif",), seed=1).digest
    assert goal.digest != BatchGoal(goal="b", attachments=("x/a.cif",)).digest


@given(st.binary(max_size=400), st.sampled_from(["jsonl", "csv", "txt"]))
def test_any_bytes_are_read_or_refused_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, form
) -> None:
    path = tmp_path_factory.mktemp("any") / "goals"
    path.write_bytes(data)
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines()
    try:
        found = read_goals(path, form)
    except InputError:
        return
    assert found.goals
    for problem in found.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
