"""Answers as a table, as CSV and as JSON."""

import duckdb
import pytest

from publish.formats import write_answer
from publish.queries import Answer, QueryRefused


def ask(sql: str) -> Answer:
    with duckdb.connect() as connection:
        result = connection.execute(sql)
        return Answer(tuple(column[0] for column in result.description), tuple(result.fetchall()))


def test_json_keeps_integers_as_numbers_and_decimals_as_text_at_full_scale() -> None:
    answer = ask("""
        select
            sum(range)::hugeint as hugeint, 1.50::decimal(18, 2) as money, 1e-7::decimal(18, 8) as small, 0.125::double as share,
            true as is_known, null as unknown, date '2024-05-01' as held_on, timestamp '2024-05-01 12:00:00.5' as recorded_at,
            'Ђорђе "Đ"' as name, [1, 2] as list, {'a': 1.0::decimal(3, 1)} as struct
        from range(3)
    """)
    assert write_answer(answer, "json") == (
        '[\n {\n  "hugeint": 3,\n  "money": "1.50",\n  "small": "0.00000010",\n  "share": 0.125,\n  "is_known": true,\n  "unknown": null,\n'
        '  "held_on": "2024-05-01",\n  "recorded_at": "2024-05-01T12:00:00.500000",\n  "name": "Ђорђе \\"Đ\\"",\n  "list": [\n   1,\n   2\n  ],\n'
        '  "struct": {\n   "a": "1.0"\n  }\n }\n]\n'
    )


def test_json_of_no_rows_is_an_empty_list() -> None:
    assert write_answer(ask("select 1 as a where false"), "json") == "[]\n"


def test_json_has_no_numbers_that_json_does_not_know() -> None:
    assert write_answer(ask("select 'nan'::double as a, 'infinity'::double as b"), "json") == '[\n {\n  "a": "nan",\n  "b": "inf"\n }\n]\n'


def test_json_refuses_two_columns_of_one_name() -> None:
    with pytest.raises(QueryRefused, match=r"^sql: two columns are named 'a'; give each a name of its own with AS$"):
        write_answer(ask("select 1 as a, 2 as a"), "json")


def test_csv_keeps_text_from_becoming_a_formula_and_leaves_numbers_alone() -> None:
    answer = ask("""
        select * from (values
            ('=1+1', -1, -2.50::decimal(18, 2)), ('+38', 1, 0), ('-', 2, 0), ('@a', 3, 0), (chr(9) || 'x', 4, 0), ('a=b, "c"', 5, null), (null, 6, 0)
        ) as answer (text, number, amount)
    """)
    assert write_answer(answer, "csv") == (
        'text,number,amount\n\'=1+1,-1,-2.50\n\'+38,1,0.00\n\'-,2,0.00\n\'@a,3,0.00\n\'\tx,4,0.00\n"a=b, ""c""",5,\n,6,0.00\n'
    )


def test_a_table_lines_up_in_both_scripts_and_shows_control_letters_as_codes() -> None:
    answer = ask(
        "select * from (values ('Крушевац', 32), ('Čačak' || chr(27) || '[31m', null), ('a' || chr(10) || 'b', 4)) as answer (name, persons)"
    )
    assert write_answer(answer, "table") == (
        "name           persons\n-------------  -------\nКрушевац            32\nČačak\\x1b[31m\na\\nb                 4\n"
    )
