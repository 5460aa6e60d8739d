"""What a build warns of is read from what is published, and can be said in every language."""

from ingest.findings import Finding, full_message
from munimon.settings import Home
from publish.build_warnings import count_build_warnings, read_all_build_warnings, read_build_warnings
from tests.publish.conftest import publish_build

WARNINGS = """
create table marts.fct_build_warnings as select * from (values
    ('s2', 'reported_elsewhere', 'grants', 'Grantovi', null, 7, null,
        '{"other_place_latn":"Štip","other_place_cyrl":"Штип","programme":"P","other_submission":"s1","other_sheet":"Грантови","other_row":3}'),
    ('s2', 'amount_to_date_fell', 'grants', 'Grantovi', 'H3', 3, 'spent_amount',
        '{"label":"grants.spent_amount","value":40.0,"before":12500.5,"period":"2024-Q1"}'),
    ('s1', 'municipality_not_participating', null, null, null, null, null, '{"place_latn":"Štip","place_cyrl":"Штип","programme":"P"}'))
    as warnings (submission_id, rule, section, sheet, cell, source_row, field, params)
cross join (select null::timestamp as recorded_to)
union all
select 's2', 'amount_to_date_fell', 'grants', 'Grantovi', 'H3', 3, 'spent_amount',
    '{"label":"grants.spent_amount","value":30.0,"before":12500.5,"period":"2024-Q1"}', timestamp '2024-07-01'
"""


def test_what_a_submission_is_warned_of_now_are_findings_that_can_be_said_in_any_language(home: Home) -> None:
    publish_build(home, "20240101T000000-aaaa", WARNINGS)
    fell, elsewhere = read_build_warnings(home, "s2")

    params = {"label": "grants.spent_amount", "value": 40, "before": 12500.5, "period": "2024-Q1"}
    assert fell == Finding("warning", "amount_to_date_fell", "grants", "Grantovi", "H3", 3, "spent_amount", None, params)
    assert full_message(elsewhere, "mk") == (
        "Лист „Grantovi“, ред 7: Истото, со истите броеви, стои во извештајот на општината Штип во програмата P, лист „Грантови“, ред 3. "
        "Ако е тоа иста работа, договорете се кој ја пријавува."
    )
    assert full_message(elsewhere, "sr-Latn").startswith(
        "List „Grantovi“, red 7: Isto, s istim brojevima, stoji u izveštaju opštine Štip u programu P"
    )
    assert full_message(fell, "sr-Latn") == (
        "List „Grantovi“, ćelija H3: Utrošeni iznos (do sada) (40) je manje od 12.500,5, koliko je već navedeno u izveštaju za 2024-Q1. "
        "Zbir do danas nikad ne opada: ispravite podatak ili raniji izveštaj."
    )
    assert {key: [each.rule for each in found] for key, found in read_all_build_warnings(home).items()} == {
        "s1": ["municipality_not_participating"],
        "s2": ["amount_to_date_fell", "reported_elsewhere"],
    }
    assert count_build_warnings(home) == 3


def test_nothing_published_and_an_older_build_warn_of_nothing(home: Home) -> None:
    assert (read_build_warnings(home, "s1"), count_build_warnings(home)) == ([], 0)
    publish_build(home, "20240101T000000-aaaa", "create table marts.dim_programmes (programme_id varchar)")
    assert (read_all_build_warnings(home), count_build_warnings(home)) == ({}, 0)
    publish_build(home, "20240102T000000-aaaa", "create table marts.fct_build_warnings as select 's1' as submission_id, 'rate_missing' as rule")
    assert (read_all_build_warnings(home), count_build_warnings(home)) == ({}, 0)
