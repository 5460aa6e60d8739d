"""Workbooks and CSV files of many small histories, received in different orders by clocks that disagree, come to the same state."""

from pathlib import Path

import pytest

from tests.end_to_end.histories import difference, generate_histories


def test_any_order_of_arrival_ends_in_the_same_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    histories = generate_histories(60)

    assert difference(tmp_path, histories, ["as sent", "at random"], lambda moment: monkeypatch.setenv("MUNIMON_NOW", moment.isoformat())) is None
