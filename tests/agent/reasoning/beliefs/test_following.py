"""What follows from the beliefs: measuring, replicating, the next hypothesis."""

from support.trials import decision, experiment, hypothesis, results

from agent.reasoning.beliefs import follow, judge, open_samples

GOOD = [1.0, 1.1, 0.9, 1.2, 0.1, 0.2, 0.0, 0.3]
VAGUE = [1.0, 0.2, 0.6, -0.3, 0.1, 0.5, -0.2, 0.6]


def after(hypotheses, experiments, told):
    beliefs = {one.hypothesis: one for one in judge(hypotheses, experiments, told)}
    return [one.model_copy(update={"belief": beliefs.get(one.id)}) for one in hypotheses]


def plans(found):
    return [(one.what, one.plan) for one in found]


def test_open_plans_are_measured_first():
    plan = experiment(decision())
    found = follow([hypothesis()], [plan], results(plan, GOOD[:5]))
    assert plans(found) == [("measure", "x1")] and found[0].samples == 3
    assert "3 open samples" in found[0].sentence
    assert open_samples(plan, results(plan, GOOD[:5])) == ("x1-06", "x1-07", "x1-08")


def test_decided_ones_make_room_for_the_next_by_rank():
    hypotheses = [hypothesis(n, rank=r) for n, r in ((1, 1), (2, 4), (3, 2), (4, 3), (5, 5))]
    plan = experiment(decision())
    known = after(hypotheses, [plan], results(plan, GOOD))
    found = follow(known, [plan], results(plan, GOOD))
    assert plans(found) == [("test", "x3"), ("test", "x4"), ("test", "x2")]
    assert plans(follow(known, [plan], results(plan, GOOD), passed_over={"h4"})) == [
        ("test", "x3"), ("test", "x2"), ("test", "x5"),
    ]  # fmt: skip


def test_an_undecided_one_is_replicated_once():
    plan = experiment(decision())
    told = results(plan, VAGUE)
    known = after([hypothesis()], [plan], told)
    assert plans(follow(known, [plan], told)) == [("replicate", "x1r2")]
    second = experiment(decision(), identity="x1r2")
    assert plans(follow(known, [plan, second], told)) == [("measure", "x1r2")]
    told += results(second, VAGUE)
    known = after([hypothesis()], [plan, second], told)
    belief = known[0].belief
    assert belief is not None and belief.state == "undecided"
    assert follow(known, [plan, second], told) == ()


def test_a_supported_one_needs_nothing_more():
    plan = experiment(decision())
    told = results(plan, GOOD)
    assert follow(after([hypothesis()], [plan], told), [plan], told) == ()
