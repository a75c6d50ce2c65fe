"""The ledger: what requests cost, how many may begin at once, and which cost nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest

from calligram.endpoints.ledger import Ledger
from calligram.errors import BudgetError, EndpointError


def test_requests_that_would_pass_the_budget_together_go_one_after_another() -> None:
    ledger, together = Ledger("any", 100), Barrier(2, timeout=0.2)

    def ask(number: int) -> bool:
        with ledger.request(asked=60, most_made=10) as bill:
            bill.told = 40
            try:
                together.wait()
            except BrokenBarrierError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask, range(2))) == [False, False]
    assert (ledger.tokens, ledger.requests) == (80, 2)


def test_a_budget_that_is_used_up_lets_nothing_begin() -> None:
    ledger = Ledger("any", 10)
    with ledger.request(5, 5) as bill:
        bill.told = 10
    with pytest.raises(BudgetError, match="has used 10 tokens in 1 requests"), ledger.request(1, 1):
        pass
    assert ledger.requests == 1


@pytest.mark.parametrize(("worked", "made", "tokens"), [(True, 0, 50), (False, 3, 53), (False, 0, 0)])
def test_a_request_that_failed_counts_where_the_endpoint_may_have_worked(
    worked: bool, made: int, tokens: int
) -> None:
    ledger = Ledger("any", 0)

    def fail() -> None:
        with ledger.request(50, 10) as bill:
            bill.made = made
            raise EndpointError("it broke off", worked=worked)

    with pytest.raises(EndpointError):
        fail()
    assert (ledger.tokens, ledger.requests) == (tokens, 1)


def test_a_cost_that_was_not_told_is_told_as_an_estimate() -> None:
    ledger = Ledger("any", 0)
    with ledger.request(50, 10) as bill:
        bill.made = 7
    assert ledger.told() == {
        "requests": 1,
        "tokens_used": 57,
        "requests_estimated": 1,
        "answers_from_disk": 0,
    }
