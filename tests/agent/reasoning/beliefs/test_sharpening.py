"""What follows from supported hypotheses: a tighter bound, or the next candidate of the series."""

from support.runs import molecule_brief, molecules, view
from support.told_run import about
from support.trials import decision, experiment, hypothesis, results

from agent.reasoning.beliefs import follow, judge, sharper

APART = [2.0, 2.1, 1.9, 2.2, 0.1, 0.2, 0.0, 0.3]
"""A difference of 1.9, with a 95 % interval of 1.68 to 2.12."""


def believed(hypotheses, experiments, told):
    beliefs = {one.hypothesis: one for one in judge(hypotheses, experiments, told)}
    return [one.model_copy(update={"belief": beliefs.get(one.id)}) for one in hypotheses]


def the_run():
    return view(molecules(12), molecule_brief())


def test_the_near_end_of_the_interval_is_the_next_bound():
    plan = experiment(decision())
    told = results(plan, APART)
    known = believed([hypothesis(1), hypothesis(2)], [plan], told)
    (found,) = sharper(known, [plan], told, the_run(), taken=("h7",))
    assert (found.id, found.origin, found.belief, found.rank) == ("h8", "h1", None, None)
    # Equal variances of 1/60 in fours: error .0913, six degrees of freedom, t 2.447.
    assert found.prediction.value == 1.67 and found.prediction.relation == ">"
    assert found.prediction.effect == 1.9 and found.prediction.spread == 0.129
    assert found.prior is not None and 0.97 < found.prior < 0.99
    assert found.statement.text.startswith("Statement 1. Sharper than h1: ") and not found.statement.unverified
    after = follow([*known, found], [plan], told, width=2)
    assert [(one.what, one.plan) for one in after] == [("test", "x8"), ("test", "x2")]
    assert "follows from the supported h1" in after[0].sentence


def test_a_fall_is_tightened_downwards_and_never_past_what_was_measured():
    plan = experiment(decision("<", -0.3))
    told = results(plan, [*APART[4:], *APART[:4]])
    known = believed([hypothesis(1, relation="<", value=-0.3)], [plan], told)
    (found,) = sharper(known, [plan], told, the_run())
    assert found.prediction.relation == "<" and found.prediction.value == -1.67


def test_what_is_not_supported_or_rejected_or_done_already_is_left_alone():
    plan = experiment(decision("<", -0.3))
    told = results(plan, APART)
    refuted = believed([hypothesis(1, relation="<", value=-0.3)], [plan], told)
    assert refuted[0].belief is not None and refuted[0].belief.state == "refuted"
    assert sharper(refuted, [plan], told, the_run()) == ()
    plan = experiment(decision())
    known = believed([hypothesis(1)], [plan], told)
    assert sharper(known, [plan], told, the_run(), passed_over={"h1"}) == ()
    (found,) = sharper(known, [plan], told, the_run())
    assert sharper([*known, found], [plan], told, the_run()) == ()


def test_a_tightened_bound_is_not_tightened_again_and_a_series_ends():
    plan = experiment(decision())
    told = results(plan, APART)
    known = believed([hypothesis(1)], [plan], told)
    (found,) = sharper(known, [plan], told, the_run())
    second = experiment(decision(value=1.5), identity="x2", tests="h2")
    more = [*told, *results(second, [value + 0.5 for value in APART[:4]] + APART[4:])]
    both = believed([*known, found], [plan, second], more)
    assert both[1].belief is not None and both[1].belief.state == "supported"
    assert sharper(both, [plan, second], more, the_run()) == ()


def test_where_the_bound_cannot_move_the_next_candidate_is_claimed():
    run = the_run()
    values = {one.id: one.quantities["logS_ESOL"].value for one in run.candidates}
    ranked = [one.model_copy(update={"rank": place}) for place, one in enumerate(run.candidates, 1)]
    run = view(tuple(ranked), molecule_brief())
    bound = sorted(values.values())[3]
    first = next(one.id for one in ranked if values[one.id] > bound)
    claim = about(int(first[1:]), bound)
    plan = experiment(decision(">", bound, arms=(first,)), tests=claim.id, identity=f"x{first[1:]}")
    told = results(plan, [bound + 0.8, bound + 0.1, bound + 0.9, bound + 0.2])
    vague = believed([claim], [plan], told)
    state = vague[0].belief
    assert state is not None
    supported = vague[0].model_copy(update={"belief": state.model_copy(update={"state": "supported"})})
    (found,) = sharper([supported], [plan], told, run)
    (subject,) = found.subjects
    assert subject != first and values[subject] > bound and found.prediction.value == bound
    assert found.statement.text.startswith(f"What {claim.id} says of {first} holds for the next") and found.origin
    assert found.prior is not None and found.evidence_for == ()


def test_two_sided_claims_have_no_near_end():
    plan = experiment(decision("between", 1.0, 3.0))
    told = results(plan, APART)
    known = believed([hypothesis(1, relation="between", value=1.0, high=3.0)], [plan], told)
    assert known[0].belief is not None and known[0].belief.state == "supported"
    assert sharper(known, [plan], told, the_run()) == ()
