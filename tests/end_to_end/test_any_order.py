"""Workbooks and CSV files of small histories, received in any order by clocks that disagree, come to the same state."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.end_to_end.histories import Ends, History, histories

# The same few examples each time; `make any-order` says how many, and takes others each time.
MANY = int(os.environ.get("MUNIMON_ANY_ORDER", "0"))
CHECK: dict[str, Any] = {"max_examples": MANY} if MANY else {"max_examples": 10, "derandomize": True}


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ends]:
    with pytest.MonkeyPatch.context() as patch:
        yield Ends(tmp_path_factory.mktemp("ends"), lambda moment: patch.setenv("MUNIMON_NOW", moment.isoformat()))


@settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), **CHECK)
@given(together=histories())
def test_any_order_of_arrival_ends_in_the_same_state(ends: Ends, together: list[History]) -> None:
    for as_sent, otherwise in ends.of(together):
        assert otherwise == as_sent
