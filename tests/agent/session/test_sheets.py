"""Reading results: what a sheet may look like, and every way in which it may be wrong."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.trials import decision, experiment

from agent.errors import ConflictError, InputError
from agent.session.sheets import COLUMNS, parse_sheet, read_sheet, read_words

PLAN = experiment(decision())
MASSES = experiment(decision().model_copy(update={"quantity": "mass", "unit": "g/mol"}), identity="x2", tests="h2")
MASSES = MASSES.model_copy(
    update={"measurements": (MASSES.measurements[0].model_copy(update={"quantity": "mass", "unit": "g/mol"}),)}
)


def parsed(text):
    return parse_sheet(text, "sheet.csv", [PLAN, MASSES])


def values(sheet):
    return {one.sample: one.value for one in sheet.results}


def test_a_whole_sheet():
    found = parsed(
        "experiment,sample,code,plate,well,quantity,value,unit,failed,note\n"
        "x1,x1-01,S1,1,B02,logS_ESOL,-3.25,log_molar,,first\n"
        "x1,x1-02,S2,1,B03,logS_ESOL,,,yes,dropped\n"
        "x1,x1-03,S3,1,B04,logS_ESOL,,,,\n"
    )
    assert values(found) == {"x1-01": -3.25, "x1-02": None}
    assert [one.failed for one in found.results] == [False, True]
    assert found.results[1].note == "dropped" and found.blank == ["x1-03"] and found.ignored == ()


def test_columns_may_stay_away_or_be_more():
    found = parsed("Value,Sample,operator\n1.5,x1-01,Kim\n\n,x1-02,Kim\n")
    assert values(found) == {"x1-01": 1.5} and found.blank == ["x1-02"] and found.ignored == ("operator",)


def test_codes_name_samples():
    assert values(parsed("experiment,code,value\nx1,S2,0.5\n")) == {"x1-02": 0.5}
    with pytest.raises(InputError, match="'S2', which 2 samples have"):
        parsed("code,value\nS2,0.5\n")


def test_units_are_converted_from_cells_and_from_the_header():
    assert values(parsed("sample,value,unit\nx2-01,0.25,kg/mol\n")) == {"x2-01": pytest.approx(250)}
    assert values(parsed("sample,value [kg/mol]\nx2-01,0.25\n")) == {"x2-01": pytest.approx(250)}


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", InputError, "is empty"),
        ("sample;value\nx1-01;3\n", InputError, "semicolons"),
        ("sample,result\nx1-01,3\n", InputError, "lacks the columns"),
        ("sample,value,value\nx1-01,3,4\n", InputError, "columns repeat: value"),
        ("sample,value\nx9-01,3\n", InputError, "row 2: there is no sample 'x9-01'"),
        ("experiment,sample,value\nx7,x1-01,3\n", InputError, "no experiment 'x7'"),
        ("experiment,sample,value\nx2,x1-01,3\n", ConflictError, "belongs to x1"),
        ("sample,code,value\nx1-01,S2,3\n", ConflictError, "has the code 'S1', not 'S2'"),
        ("sample,value\nx1-01,3\nx1-01,3\n", ConflictError, "row 3: sample x1-01 is given twice"),
        ("sample,value\nx1-01,about 3\n", InputError, "row 2, column 'value': 'about 3' is no number"),
        ('sample,value\nx1-01,"3,25"\n', InputError, "decimal comma.*Write 3.25"),
        ("sample,value\nx1-01,3,25\n", InputError, "3 cells, and the header 2.*decimal points"),
        ("sample,value\nx1-01,nan\n", InputError, "no finite number"),
        ("sample,value\nx1-01,1e999\n", InputError, "no finite number"),
        ("sample,value,unit\nx1-01,3,gram\n", InputError, "column 'unit'"),
        ("sample,value,unit\nx1-01,3,bananas\n", InputError, "unit 'bananas' is unknown"),
        ("sample,value,failed\nx1-01,3,yes\n", ConflictError, "has a value and is marked as failed"),
        ("sample,value,failed\nx1-01,,perhaps\n", InputError, "'perhaps' is neither yes nor no"),
        ("sample,quantity,value\nx1-01,mass,3\n", InputError, "x1 does not measure 'mass'"),
        ("sample,value\n,3\n", InputError, "neither a sample nor a code"),
        ('sample,value\nx1-01,"3\n', InputError, "is no CSV"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(text, error, words):
    with pytest.raises(error, match=words):
        parsed(text)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv", [PLAN])
    (tmp_path / "latin.csv").write_bytes("sample,value,note\nx1-01,3,Lösung\n".encode("latin-1"))
    with pytest.raises(InputError, match="cannot be read"):
        read_sheet(tmp_path / "latin.csv", [PLAN])
    (tmp_path / "bom.csv").write_text("\ufeffsample,value\nx1-01,3\n", encoding="utf-8")
    assert values(read_sheet(tmp_path / "bom.csv", [PLAN])) == {"x1-01": 3}


def test_words():
    assert values(read_words(["x1-01=1.5", "x1-02=failed"], [PLAN])) == {"x1-01": 1.5, "x1-02": None}
    one = read_words(["sample=x2-01", "value=0.25", "unit=kg/mol", "note=warm"], [PLAN, MASSES]).results[0]
    assert (one.value, one.unit, one.note) == (pytest.approx(250), "g/mol", "warm")
    for words, message in (
        (["x1-01"], "no key=value"),
        (["x1-01=1", "x1-01=2"], "given twice"),
        (["sample=x1-01", "speed=3"], "Unknown: speed"),
        (["x1-01=1,5"], "decimal comma"),
    ):
        with pytest.raises(InputError, match=message):
            read_words(words, [PLAN])


@given(st.text(alphabet='samplevux1-0,"\n;.5 ', max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        found = parsed(text)
    except InputError:
        return
    assert all(one.value is not None and math.isfinite(one.value) for one in found.results if not one.failed)


def test_the_columns_are_what_the_docs_say():
    assert COLUMNS[:2] == ("experiment", "sample") and {"value", "unit", "failed", "note"} <= set(COLUMNS)
