from agent.memory.report.texts import flatten_hypothesis, restore_hypothesis
from agent.records import Critique, Hypothesis, Prediction, Span, Support, Text


def text(words: str, source: str | None = "e1") -> Text:
    start = next(i for i, letter in enumerate(words) if letter.isdigit())
    return Text(text=words, spans=(Span(start=start, end=start + 1, source=source),))


HYPOTHESIS = Hypothesis(
    id="h1",
    statement=text("It rises by 2."),
    mechanism=text("Because of 3."),
    prediction=Prediction(quantity="logP", relation=">", value=2, condition="c1"),
    refuted_by="less",
    driver="TPSA",
    evidence_for=(Support(source="e1", text=text("Seen 4 times.")),),
    evidence_against=(Support(source="e2", text=text("Once not, in 5.")),),
    prior=0.4,
    prior_basis="Base rate 0.50",
    cost="About 6 measurements",
    risk="None.",
    critique=Critique(
        counterargument=text("Only 6 were seen."),
        alternatives=(text("Or 7 others.", None), Text(text="Or none.")),
        confounders=("TPSA goes with it",),
        outcome="sharpened",
        change="The bound was moved.",
    ),
    merged_from=("It rises.",),
)


def test_every_field_survives_flattening():
    assert restore_hypothesis(flatten_hypothesis(HYPOTHESIS)) == HYPOTHESIS
    bare = HYPOTHESIS.model_copy(update={"critique": None, "merged_from": ()})
    assert restore_hypothesis(flatten_hypothesis(bare)) == bare


def test_prose_is_flat_and_what_nothing_supports_is_listed():
    plain = flatten_hypothesis(HYPOTHESIS)
    assert plain["critique"]["counterargument"] == "Only 6 were seen."
    assert plain["critique"]["alternatives"] == ["Or 7 others.", "Or none."]
    assert plain["unverified"] == ["7"]
    assert (plain["prior"], plain["cost"], plain["risk"]) == (0.4, "About 6 measurements", "None.")
