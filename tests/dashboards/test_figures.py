"""What a chart says beside its lines."""

import pandas

from dashboards.components.figures import plot_history
from dashboards.components.language import Locale


def test_a_new_definition_is_marked_between_its_periods_and_the_restated_series_stands_beside() -> None:
    history = pandas.DataFrame(
        {
            "period_id": ["2024-Q1", "2024-Q2", "2024-Q3"],
            "value": [8.0, None, 12.0],
            "definition_version": [1, None, 2],
            "restated": [10.0, None, 12.0],
            "peers_low": [None] * 3,
            "peers_median": [None] * 3,
            "peers_high": [None] * 3,
        }
    )
    figure = plot_history(history, "Kruševac", "persons", Locale("en"))
    assert [(trace.name, list(trace.y)) for trace in figure.data] == [
        ("restated by one definition", [10.0, None, 12.0]),
        ("Kruševac", [8.0, None, 12.0]),
    ][::-1]
    assert [(note.x, note.text) for note in figure.layout.annotations] == [(1.5, "new definition")]
    assert [line.x0 for line in figure.layout.shapes] == [1.5]


def test_one_definition_throughout_is_not_marked() -> None:
    columns = ["value", "definition_version", "restated", "peers_low", "peers_median", "peers_high"]
    history = pandas.DataFrame({"period_id": ["2024-Q1", "2024-Q2"]} | {column: [1.0, 1.0] for column in columns})
    assert not plot_history(history, "Kruševac", "persons", Locale("en")).layout.annotations
