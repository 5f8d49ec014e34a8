import random
from dataclasses import replace

import pytest
from support.runs import CELECOXIB, evidence, molecule_brief, molecules, quantity, view

from agent.errors import InputError
from agent.reasoning.candidates import rank_candidates
from agent.reasoning.hypotheses import infer_hypotheses
from agent.reasoning.hypotheses.findings import significant
from agent.reasoning.hypotheses.knowledge import family
from agent.reasoning.hypotheses.reference import described_reference
from agent.reasoning.hypotheses.table import tabulate
from agent.records import Brief, Candidate, Citation, Hypothesis, Objective, Result, Text

BRIEF = molecule_brief()


def table(**more) -> tuple[Candidate, ...]:
    return rank_candidates(BRIEF, molecules(**more))


def texts(hypothesis: Hypothesis) -> list[Text]:
    supports = (*hypothesis.evidence_for, *hypothesis.evidence_against)
    return [hypothesis.statement, hypothesis.mechanism, *(support.text for support in supports)]


@pytest.fixture(scope="module")
def made() -> tuple[Hypothesis, ...]:
    return infer_hypotheses(view(table(), BRIEF))


def test_a_usual_run_brings_distinct_hypotheses_of_several_kinds(made):
    assert len(made) >= 3
    assert {"transfer", "contrast", "trend"} <= {h.kind for h in made}
    assert [h.id for h in made] == [f"h{i}" for i in range(1, len(made) + 1)]
    assert len({h.statement.text for h in made}) == len(made)
    assert len({(h.kind, family(h.prediction.quantity)) for h in made}) == len(made)


def test_each_can_fail_and_has_evidence_on_both_sides(made):
    for h in made:
        assert h.evidence_for and h.evidence_against
        assert h.refuted_by and h.scope and h.prediction.condition
        assert h.prediction.effect and h.prediction.effect > 0
        assert h.prediction.spread and h.prediction.spread > 0
        assert set(h.subjects) <= {c.id for c in table()}


def test_every_figure_has_a_source_that_exists(made):
    for h in made:
        for text in texts(h):
            assert text.unverified == ()
            for span in text.spans:
                assert span.source in {"e1", "e2", "e3", "goal"} or span.source.startswith(("doi:", "method:"))
        assert all(s.source in {"e1", "e2", "e3"} or s.source.startswith("doi:") for s in h.evidence_for)


def test_the_transfer_is_predicted_one_published_error_short_of_the_estimate(made):
    transfer = next(h for h in made if h.kind == "transfer")
    best = table()[0]
    estimate = best.quantities["logS_ESOL"].value
    assert transfer.subjects == (best.id,)
    assert transfer.prediction.relation == ">"
    assert transfer.prediction.value == pytest.approx(estimate - 0.8, abs=0.01)
    assert transfer.prediction.effect == pytest.approx(estimate - -4.9)
    assert "celecoxib" in transfer.statement.text


def test_a_mechanism_names_a_driver_that_really_shifts(made):
    contrast = next(h for h in made if h.kind == "contrast")
    assert "logP" in contrast.mechanism.text or "surface" in contrast.mechanism.text


def test_the_same_run_gives_the_same_hypotheses(made):
    assert infer_hypotheses(view(table(), BRIEF)) == made


def test_noise_brings_no_contrast_and_no_trend():
    """Findings by chance: over tables of pure noise, tests that survive are rare."""
    found = 0
    for seed in range(12):
        rng = random.Random(seed)
        noise = tuple(
            c.model_copy(
                update={
                    "quantities": {
                        name: q.model_copy(update={"value": rng.gauss(0, 1)}) for name, q in c.quantities.items()
                    },
                    "labels": {"change": rng.choice(["A", "B", "C"])},
                }
            )
            for c in molecules()
        )
        kept, tests = significant(tabulate(view(noise, BRIEF)), BRIEF, seed)
        assert tests > 20
        found += bool(kept)
    assert found <= 3


@pytest.mark.parametrize("count", [0, 1, 2])
def test_thin_evidence_brings_few_or_none(count):
    made = infer_hypotheses(view(table()[:count], BRIEF))
    assert len(made) == (0 if count == 0 else len({(h.kind, h.subjects, h.prediction.quantity) for h in made}))
    assert len(made) <= 5
    assert all(h.kind in ("transfer", "estimate", "contradiction") for h in made)


def test_candidates_without_measurable_quantities_bring_none():
    bare = tuple(
        Candidate(id=f"c{i}", kind="molecule", structure="C" * (i + 1), quantities={"QED": quantity("QED", 0.1 * i)})
        for i in range(9)
    )
    assert infer_hypotheses(view(bare, BRIEF, payloads={})) == ()


def test_withheld_candidates_are_left_out(made):
    withheld = tuple(c.model_copy(update={"withheld": c.id == made[0].subjects[0]}) for c in table())
    assert all(made[0].subjects[0] not in h.subjects for h in infer_hypotheses(view(withheld, BRIEF)))


def test_the_seed_in_the_table_is_the_reference_and_no_candidate():
    seed = Candidate(
        id="c99", kind="molecule", structure=CELECOXIB, name="celecoxib",
        quantities={"logS_ESOL": quantity("logS_ESOL", -4.9, "log_molar"), "logP": quantity("logP", 3.5)},
    )  # fmt: skip
    run = view((*table(), seed), BRIEF, payloads={"e2": {"seed": CELECOXIB}})
    made = infer_hypotheses(run)
    assert any(h.kind == "transfer" and "celecoxib" in h.statement.text for h in made)
    assert all("c99" not in h.subjects for h in made)


LOWERS = Citation(
    document="Handbook", passage="p1", page=3, quote="A higher logP lowers the aqueous solubility. Nothing else."
)
RAISES = Citation(
    document="Odd paper", passage="p2", quote="We found that a higher logP increases the aqueous solubility."
)


def test_a_passage_that_agrees_becomes_a_mechanism_with_its_citation():
    made = infer_hypotheses(view(table(), BRIEF, citations=(LOWERS,), documents=1, searched=True))
    stated = next(h for h in made if h.kind == "mechanism")
    assert stated.citations == (LOWERS,)
    assert stated.novelty == "known" and "Handbook" in stated.novelty_basis
    assert stated.evidence_for[0].source == "p1"
    assert "lowers the aqueous solubility" in stated.mechanism.text


def test_a_passage_that_disagrees_becomes_a_contradiction_with_the_passage_against():
    made = infer_hypotheses(view(table(), BRIEF, citations=(RAISES,), documents=1, searched=True))
    against = next(h for h in made if h.kind == "contradiction" and "Odd paper" in h.statement.text)
    assert against.evidence_against[0].source == "p2"
    assert against.prediction.relation == "<"


def test_novelty_is_unknown_where_nothing_was_searched(made):
    assert {h.novelty for h in made} == {"unknown"}
    assert all("literature was not searched" in h.novelty_basis for h in made)
    empty = infer_hypotheses(view(table(), BRIEF, searched=True, documents=0))
    assert {h.novelty for h in empty} == {"unknown"}
    assert all("store is empty" in h.novelty_basis for h in empty)


def test_novelty_follows_what_was_searched():
    searched = infer_hypotheses(view(table(), BRIEF, searched=True, documents=3))
    assert next(h for h in searched if h.kind == "transfer").novelty == "novel"
    assert next(h for h in searched if h.kind == "trend").novelty == "known"  # textbook
    known = tuple(c.model_copy(update={"labels": {**c.labels, "known": "mavacoxib"}}) for c in table())
    made = infer_hypotheses(view(known, BRIEF, searched=True, documents=3))
    transfer = next(h for h in made if h.kind == "transfer")
    assert transfer.novelty == "known" and "mavacoxib" in transfer.novelty_basis


def test_a_failed_search_is_no_search():
    run = view(table(), BRIEF, searched=True, documents=3)
    failed = {**run.evidence, "e4": evidence(4, "search_passages").model_copy(update={"status": "error"})}
    assert {h.novelty for h in infer_hypotheses(replace(run, evidence=failed))} == {"unknown"}


def crystals() -> tuple[Candidate, ...]:
    rng = random.Random(1)
    made = []
    for i in range(20):
        volume = 10 + i * 0.7
        values = {
            "volume_per_atom": quantity("volume_per_atom", round(volume, 3), "angstrom**3"),
            "bulk_modulus": quantity("bulk_modulus", round(2200 / volume + rng.gauss(0, 6), 1), "gigapascal", "e3"),
            "electronegativity_spread": quantity("electronegativity_spread", round(rng.uniform(0.5, 3), 2)),
        }
        labels = {"prototype": "rocksalt" if i % 2 else "zincblende", "formula": f"A{i}B"}
        made.append(Candidate(id=f"c{i}", kind="crystal", structure=f"A{i}B [{i}]", quantities=values, labels=labels))
    return tuple(made)


def test_crystals_by_the_same_rules():
    brief = Brief(
        goal="Find stiff binaries", domain="materials", playbook="crystal-screening",
        objectives=(Objective(quantity="bulk_modulus", direction="maximise", unit="gigapascal"),),
    )  # fmt: skip
    made = infer_hypotheses(view(rank_candidates(brief, crystals()), brief, payloads={}))
    trend = next(h for h in made if h.kind == "trend")
    assert trend.prediction.quantity == "bulk_modulus" and trend.prediction.relation == "<"
    assert "shorter bonds are stiffer" in trend.mechanism.text.lower()
    assert any(h.kind == "estimate" for h in made)
    assert all(not t.unverified for h in made for t in texts(h))


def test_sequences_by_the_same_rules():
    rng = random.Random(4)
    made = []
    for i in range(16):
        gc = 30 + 2.5 * i
        values = {
            "GC": quantity("GC", gc, "percent"),
            "length": quantity("length", float(rng.randint(18, 24))),
            "melting_temperature": quantity(
                "melting_temperature", round(40 + 0.41 * gc + rng.gauss(0, 0.5), 2), "degC"
            ),
        }
        made.append(Candidate(id=f"c{i}", kind="sequence", structure="ACGT" * (i + 4), quantities=values))
    brief = Brief(
        goal="Primers that melt high", domain="biology", playbook="sequence-analysis",
        objectives=(Objective(quantity="melting_temperature", direction="maximise", unit="degC"),),
    )  # fmt: skip
    found = infer_hypotheses(view(rank_candidates(brief, made), brief, payloads={}))
    trend = next(h for h in found if h.kind == "trend")
    assert trend.prediction.quantity == "melting_temperature" and "G·C pairs" in trend.mechanism.text
    assert any("partly arithmetic" in s.text.text for s in trend.evidence_against)
    estimate = next(h for h in found if h.kind == "estimate")
    assert estimate.prediction.relation == "between" and estimate.prediction.high is not None
    assert estimate.prediction.high - estimate.prediction.value == pytest.approx(4.0, abs=0.1)


def with_departure(*places: int) -> tuple[Candidate, ...]:
    """A straight line of solubility on logP with a little noise, and a departure at some places along it."""
    rng = random.Random(9)
    made = []
    for i in range(24):
        logp = 1.5 + 0.1 * i
        value = -1.5 - 0.9 * logp + rng.gauss(0, 0.05) + (1.2 if i in places else 0.0)
        quantities = {
            "logP": quantity("logP", round(logp, 2)),
            "logS_ESOL": quantity("logS_ESOL", round(value, 3), "log_molar"),
        }
        made.append(Candidate(id=f"c{i}", kind="molecule", structure="C" * (i + 1), quantities=quantities))
    return tuple(made)


def test_one_departure_is_an_outlier_and_one_that_its_neighbours_share_is_none():
    alone = infer_hypotheses(view(with_departure(12), BRIEF, payloads={}))
    outlier = next(h for h in alone if h.kind == "outlier")
    assert outlier.subjects[0] == "c12" and outlier.prediction.relation == ">"
    assert outlier.prediction.effect == pytest.approx(1.2, abs=0.2)
    shared = infer_hypotheses(view(with_departure(11, 12, 13), BRIEF, payloads={}))
    assert all(h.kind != "outlier" for h in shared)


def test_two_wishes_that_exclude_each_other_are_a_trade_off():
    rng = random.Random(8)
    made = []
    for i in range(24):
        logp = 1.5 + 0.12 * i
        values = {
            "logP": quantity("logP", round(logp, 3)),
            "solubility_AqSolDB": quantity(
                "solubility_AqSolDB", round(-1.5 - 0.9 * logp + rng.gauss(0, 0.15), 3), "log_molar"
            ),
            "Caco2": quantity("Caco2", round(-5.6 + 0.35 * logp + rng.gauss(0, 0.08), 3), source="e3"),
        }
        made.append(Candidate(id=f"c{i}", kind="molecule", structure="C" * (i + 1), quantities=values))
    brief = BRIEF.model_copy(
        update={
            "objectives": (
                Objective(quantity="solubility_AqSolDB", direction="maximise", unit="log_molar"),
                Objective(quantity="Caco2", direction="maximise"),
            )
        }
    )
    found = infer_hypotheses(view(rank_candidates(brief, made), brief, payloads={}))
    trade = next(one for one in found if one.kind == "trade-off")
    assert trade.prediction.quantity in ("Caco2", "solubility_AqSolDB")
    assert len(trade.subjects) == 2
    assert "cannot both be had" in trade.statement.text


async def test_the_seed_is_described_outside_the_plan_where_no_step_has_done_so():
    async def call(name, arguments):
        if name != "describe_molecules":
            raise InputError("not here")
        assert arguments == {"smiles": [CELECOXIB]}
        return Result(status="ok", summary="", data={"rows": [{"smiles": CELECOXIB, "logS_ESOL": -4.9, "logP": 3.5}]})

    run = view(table(), BRIEF, payloads={"e2": {"seed": CELECOXIB}}, caller=call)
    assert all(one.kind != "transfer" for one in infer_hypotheses(run))
    reference = await described_reference(run)
    assert reference is not None and reference.name == "celecoxib"
    transfer = next(one for one in infer_hypotheses(run, reference) if one.kind == "transfer")
    sources = {span.source for span in transfer.statement.spans}
    assert "tool:describe_molecules" in sources
    assert await described_reference(view(table(), BRIEF)) is None  # the run describes it itself
