"""Each example of a property is a case of the run."""

from collections.abc import Iterator

import pytest

from tests.fuzz.record import write_counts


@pytest.fixture(scope="session", autouse=True)
def counts() -> Iterator[None]:
    yield
    write_counts()
