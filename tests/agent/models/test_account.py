import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BudgetSpent
from agent.models.account import SHORTEST_REPLY, Account, estimate_tokens
from agent.models.config import ModelConfig
from agent.records import Usage


def config(**changes) -> ModelConfig:
    return ModelConfig(model="m", base_url="http://127.0.0.1:1/v1", **changes)


def test_an_account_without_caps_grants_what_is_wanted():
    assert Account(config()).claim(1000, 300).reply_tokens == 300


def test_a_claim_leaves_room_for_the_question():
    account = Account(config(max_tokens=1000))
    assert account.claim(900, 400).reply_tokens == 100


def test_claims_in_flight_count_as_spent():
    account = Account(config(max_tokens=1000))
    account.claim(100, 400)
    assert account.claim(100, 1000).reply_tokens == 400
    with pytest.raises(BudgetSpent, match="1,000 tokens"):
        account.claim(1, SHORTEST_REPLY)


def test_settling_frees_what_was_not_used():
    account = Account(config(max_tokens=1000))
    claim = account.claim(100, 900)
    account.settle(claim, 90, 10)
    assert account.claim(100, 1000).reply_tokens == 800
    assert account.spent == Usage(input_tokens=90, output_tokens=10)


def test_money_bounds_the_reply_by_the_output_price():
    # 0.01 USD: 1,000 input tokens at 2 USD a million take 0.002; the rest buys 1,000 output tokens at 8.
    account = Account(config(input_price=2.0, output_price=8.0, max_cost=0.01))
    assert account.claim(1000, 4096).reply_tokens == 1000


def test_money_that_does_not_cover_the_question_refuses_it():
    account = Account(config(input_price=10.0, max_cost=0.001))
    with pytest.raises(BudgetSpent, match=r"0\.001 USD") as caught:
        account.claim(101, 100)
    assert "max_cost" in caught.value.remedy


def test_a_model_without_prices_spends_no_money():
    assert Account(config(max_cost=0.0)).claim(1000, 50).reply_tokens == 50


def test_what_an_earlier_part_of_the_run_spent_counts():
    with pytest.raises(BudgetSpent):
        Account(config(max_tokens=1000), Usage(input_tokens=700, output_tokens=290)).claim(1, 100)


@given(st.text(max_size=400))
def test_the_estimate_is_no_less_than_a_token_for_three_bytes(text):
    assert estimate_tokens([text]) * 3 >= len(text.encode())


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 300), st.floats(0, 1)), max_size=12),
    st.integers(100, 2000),
)
def test_nothing_is_overdrawn_while_the_server_keeps_to_its_limits(calls, cap):
    account = Account(config(max_tokens=cap, input_price=1.0, output_price=3.0, max_cost=0.002))
    for question, wanted, share in calls:
        try:
            claim = account.claim(question, wanted)
        except BudgetSpent:
            continue
        account.settle(claim, question, int(claim.reply_tokens * share))
    assert account.spent.input_tokens + account.spent.output_tokens <= cap
    assert account.spent.cost_usd <= 0.002 + 1e-12
