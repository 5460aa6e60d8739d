"""A small published file: two countries, one real programme and one synthetic, three quarters, figures worked out by hand."""

# ruff: noqa: E501 (a row of a table stays on its line)

from itertools import product
from pathlib import Path

import duckdb

BUILD = "20260105T120000"
PROVENANCE = "submission_id varchar, source_sheet varchar, source_row bigint, recorded_from timestamp, recorded_to timestamp"
PERIOD = "period_id varchar, period_start date, period_end date"
DIMENSIONS = "sex varchar, community varchar, age_group varchar, target_group varchar"
VALUES = f"""
    indicator_code varchar, definition_version integer, programme_id varchar, {PERIOD}, {DIMENSIONS}, value decimal(38, 6),
    value_low decimal(38, 6), value_high decimal(38, 6), interval_low double, interval_high double, numerator decimal(38, 4),
    denominator decimal(38, 4), whole decimal(38, 4), known_share decimal(38, 6), qualifier varchar, is_complete boolean, baseline decimal(38, 4),
    target decimal(38, 4), is_approved boolean, recorded_from timestamp, recorded_to timestamp, from_cause varchar, to_cause varchar,
    numerator_unpaired decimal(38, 4), known_rows bigint, reported_rows bigint, percent_complete double
"""
FACTS = {
    "grants": "grantee_name varchar, awarded_amount decimal(18, 2), awarded_amount_qualifier varchar, currency varchar",
    "engagements": """employer_name varchar, employer_type varchar, started_on_edtf varchar, started_on_earliest date, started_on_latest date,
        engaged_persons bigint, engaged_persons_qualifier varchar, retained_persons bigint, retained_persons_qualifier varchar, note varchar""",
    "trainings": "title varchar, completed_persons bigint, completed_persons_qualifier varchar",
    "equipment": "item_name varchar, quantity bigint, quantity_qualifier varchar",
    "services": "service_type varchar, users bigint, users_qualifier varchar",
    "local_plans": "plan_type varchar, valid_from_year integer, valid_to_year integer, adopted_on_edtf varchar",
    "household_support": "utility_type varchar, households bigint, households_qualifier varchar",
    "events": "event_type varchar, title varchar, held_on_edtf varchar",
    "observations": "measure_code varchar, source_id varchar, value decimal(18, 4), unit varchar",
}
INDICATORS = {
    "persons_engaged": (
        "Persons engaged",
        "Angažovana lica",
        "Ангажована лица",
        "Ангажирани лица",
        "Persona të angazhuar",
        "persons",
        "engaged_persons",
        None,
    ),
    "retention_rate": (
        "Persons kept on by the employer",
        "Lica zadržana kod poslodavca",
        "Лица задржана код послодавца",
        "Лица задржани кај работодавачот",
        "Persona të mbajtur nga punëdhënësi",
        "share",
        "retained_persons",
        "outcome_known_persons",
    ),
    "households_supported": (
        "Households supported",
        "Podržana domaćinstva",
        "Подржана домаћинства",
        "Поддржани домаќинства",
        "Familje të mbështetura",
        "households",
        "households_supported",
        None,
    ),
    "pupils": ("Pupils", "Učenici", "Ученици", "Ученици", "Nxënës", "persons", "pupils", None),
}
PLACES = (
    ("70670", "RS", "Kruševac", "Крушевац", 113582, 43.58, 21.33),
    ("70025", "RS", "Aleksinac", "Алексинац", 43098, 43.52, 21.69),
    ("71048", "RS", "Svrljig", "Сврљиг", 11145, 43.41, 22.12),
    ("70343", "RS", "Vrnjačka Banja", "Врњачка Бања", 24861, 43.62, 20.89),
    ("MK00404", "MK", "Kičevo", "Кичево", 39669, 41.51, 20.96),
    ("MK00101", "MK", "Veles", "Велес", 48463, 41.72, 21.78),
    ("MK00201", "MK", "Berovo", "Берово", 10890, 41.70, 22.86),
)
QUARTERS = (("2024-Q1", "2024-01-01", "2024-03-31"), ("2024-Q2", "2024-04-01", "2024-06-30"), ("2024-Q3", "2024-07-01", "2024-09-30"))
HOSTILE_TEXT = "=cmd|'/c calc'!A1 <img src=http://example.org/x.png> ![x](http://example.org/y.png)"


def write_published(home: Path) -> None:
    """Publish the small build in `home`."""
    folder = home / "published" / BUILD
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "coordinator.duckdb")) as connection:
        create_tables(connection)
        fill_dimensions(connection)
        fill_figures(connection)
        fill_records(connection)
        connection.execute("checkpoint")
    (home / "published" / "CURRENT").write_text(BUILD, encoding="utf-8")


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """All tables the pages read, empty."""
    connection.execute(f"""
        create schema marts;
        create table marts.dim_municipalities (municipality_code varchar, country_code varchar, level varchar, parent_code varchar, district_code varchar, district varchar,
            name_latn varchar, name_cyrl varchar, name_en varchar, population bigint, latitude double, longitude double);
        create table marts.dim_programmes (programme_id varchar, title varchar, title_sr_latn varchar, title_mk varchar, country_code varchar,
            parent_programme_id varchar, reporting_frequency varchar, due_days integer, municipalities_stated integer, is_synthetic boolean);
        create table marts.bridge_programme_organisations (programme_id varchar, organisation_name varchar, role varchar);
        create table marts.dim_measures (measure_code varchar, title varchar, section varchar, field varchar, unit varchar, kind varchar, counted_by varchar,
            over_periods varchar, over_municipalities varchar, over_programmes varchar);
        create table marts.dim_indicators (indicator_code varchar, definition_version integer, title varchar, title_sr_latn varchar,
            title_sr_cyrl varchar, title_mk varchar, title_sq varchar, definition varchar, unit varchar, scale integer, level varchar, direction varchar,
            numerator_measure varchar, denominator_measure varchar, whole_measure varchar, valid_from date, valid_to date,
            restates_indicator_code varchar);
        create table marts.indicator_values (municipality_code varchar, {VALUES});
        create table marts.indicator_totals (level varchar, place_code varchar, {VALUES});
        create table marts.indicator_changes (submission_id varchar, changed_at timestamp, cause varchar);
        create table marts.fct_measures (measure_code varchar, value decimal(38, 4), programme_id varchar, municipality_code varchar, {PERIOD},
            {DIMENSIONS}, {PROVENANCE});
        create table marts.fct_participations (programme_id varchar, component varchar, phase varchar, municipality_code varchar, role varchar, {PROVENANCE});
        create table marts.fct_submissions (submission_id varchar, file_name varchar, file_sha256 varchar, municipality_code varchar, programme_id varchar,
            {PERIOD}, sent_at timestamp, sent_by varchar, recorded_at timestamp, status varchar, accepted_rows bigint, quarantined_rows bigint);
        create table marts.fct_submission_sections (submission_id varchar, section varchar, columns varchar);
        create table marts.fct_build_warnings (submission_id varchar, section varchar, sheet varchar, cell varchar, source_row bigint, field varchar,
            severity varchar, rule varchar, params varchar, recorded_from timestamp, recorded_to timestamp);
        create table marts.fct_findings (finding_id varchar, submission_id varchar, severity varchar, rule varchar, section varchar, sheet varchar,
            cell varchar, field varchar, source_row bigint, value_as_reported varchar, message_en varchar, params varchar);
        create table marts.fct_reporting (programme_id varchar, municipality_code varchar, {PERIOD}, due_on date, sent_at timestamp, is_received boolean,
            is_on_time boolean);
        create table marts.fct_quarantined_rows (submission_id varchar, section varchar, programme_id varchar, municipality_code varchar,
            period_id varchar, source_sheet varchar, source_row bigint, recorded_to timestamp);
    """)
    for section, fields in FACTS.items():
        connection.execute(f"create table marts.fct_{section} ({fields}, programme_id varchar, municipality_code varchar, {PERIOD}, {PROVENANCE})")


def fill_dimensions(connection: duckdb.DuckDBPyConnection) -> None:
    """Municipalities, programmes, measures and indicators."""
    connection.executemany(
        "insert into marts.dim_municipalities values ($1, $2, 'municipality', null, $2 || '1', 'Okrug', $3, $4, $3, $5, $6, $7)",
        [list(place) for place in PLACES],
    )
    connection.execute("""
        insert into marts.dim_programmes values
            ('RS-GIZ-ZZZ', 'Together for the community', 'Zajedno za zajednicu', null, 'RS', null, null, null, 18, false),
            ('MK-ROSP', 'Responsible social support', 'Odgovorna socijalna podrška', 'Одговорна социјална поддршка', 'MK', null, null, null, null, false),
            ('SAMPLE', 'Sample programme', 'Izmišljeni program', 'Измислена програма', null, null, 'quarter', 15, 7, true);
        insert into marts.bridge_programme_organisations values ('RS-GIZ-ZZZ', 'GIZ', 'implementing');
        insert into marts.dim_measures
        select code, code, section, code, unit, 'flow', 'period', 'sum', 'sum', 'sum'
        from (values ('engaged_persons', 'engagements', 'persons'), ('retained_persons', 'engagements', 'persons'),
            ('outcome_known_persons', 'engagements', 'persons'), ('households_supported', 'household_support', 'households'),
            ('pupils', 'observations', 'persons')) as measures (code, section, unit);
    """)
    for code, (title, latn, cyrl, mk, sq, unit, numerator, denominator) in INDICATORS.items():
        connection.execute(
            "insert into marts.dim_indicators values (?, 1, ?, ?, ?, ?, ?, 'As defined.', ?, 1, 'output', 'increasing', ?, ?, ?, null, null, null)",
            [code, title, latn, cyrl, mk, sq, unit, numerator, denominator, "engaged_persons" if denominator else None],
        )


def fill_figures(connection: duckdb.DuckDBPyConnection) -> None:
    """Kruševac as reported (32 engaged, 4 kept, outcomes not stated), about 30 households in Kičevo, and the synthetic programme's quarters."""
    totals: list[tuple[object, ...]] = []

    def add(
        places: tuple[tuple[str, str], ...], code: str, programmes: tuple[str, ...], period: tuple[str, str | None, str | None], *figure: object
    ) -> None:
        for level, place in places:
            totals.extend((level, place, code, programme, *period, *figure) for programme in programmes)

    to_date = ("to-date", None, None)
    krusevac = (("municipality", "70670"), ("country", "RS"))
    views = (
        (krusevac, ("RS-GIZ-ZZZ", "all")),
        ((("programme", "all"),), ("RS-GIZ-ZZZ",)),
        ((("all", "all"),), ("all",)),
    )
    for period, (places, programmes) in product((to_date, ("XXXX-06/XXXX-09", None, None)), views):
        add(places, "persons_engaged", programmes, period, 32, None, None, None, None, 32, None, None, None, "exact", True)
        add(places, "retention_rate", programmes, period, None, 0.125, 1, None, None, None, None, 32, 0, "exact", False)
    add((("municipality", "MK00404"), ("country", "MK"), ("all", "all"), ("programme", "all")), "households_supported", ("MK-ROSP", "all"), to_date, 30, *[None] * 4, 30,
        None, None, None, "about", True)  # fmt: skip
    # by one source 8, by another 11
    add((("municipality", "MK00404"),), "pupils", ("MK-ROSP",), to_date, 11, 8, 11, None, None, 11, None, None, None, "about", True)
    for number, (place, *_) in enumerate(PLACES):
        known = number != 2
        for step, period in enumerate((*QUARTERS, ("2024", "2024-01-01", "2024-12-31"), to_date)):
            persons = (10 + 5 * number) * (3 if step > 2 else 1) + step % 3
            kept = persons // 3
            add((("municipality", place),), "persons_engaged", ("SAMPLE",), period, persons if known else None, *[None] * 4, persons if known else None,
                None, None, None, "exact" if known else None, known)  # fmt: skip
            add((("municipality", place),), "retention_rate", ("SAMPLE",), period, kept / persons, kept / persons, kept / persons,
                max(0, kept / persons - 0.1), kept / persons + 0.12, kept, persons, persons, 1, "exact", True)  # fmt: skip
    for place in (("country", "RS"), ("country", "MK"), ("programme", "all")):
        for period in (*QUARTERS, ("2024", "2024-01-01", "2024-12-31"), to_date):
            add((place,), "persons_engaged", ("SAMPLE",), period, 1234, *[None] * 4, 1234, None, None, None, "exact", False)
            add((place,), "retention_rate", ("SAMPLE",), period, 0.333, 0.3, 0.4, 0.3, 0.36, 333, 1000, 1200, 0.8333, "exact", False)
    connection.executemany(
        """
        insert into marts.indicator_totals
        values ($1, $2, $3, 1, $4, $5, $6, $7, 'all', 'all', 'all', 'all', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, null, null, false,
            timestamp '2024-11-01', null, 'received', null, $13, 1, 1, null)
        """,
        totals,
    )
    # half of the way is done, and the same persons may be in several programmes
    connection.execute("""
        update marts.indicator_totals set baseline = 234, target = 2234, percent_complete = 0.5, value_low = 1000, value_high = 1234
        where programme_id = 'SAMPLE' and indicator_code = 'persons_engaged' and level = 'programme' and period_id = 'to-date'
    """)
    connection.execute("""
        insert into marts.indicator_values
        select place_code, * exclude (level, place_code) from marts.indicator_totals
        where level = 'municipality' and programme_id <> 'all' and period_id <> 'to-date'
    """)


def fill_records(connection: duckdb.DuckDBPyConnection) -> None:
    """Submissions, statements, expected reports, findings and one quarantined row."""
    connection.execute("""
        insert into marts.fct_submissions values
            ('s-krusevac', 'krusevac.xlsx', 'ab', '70670', 'RS-GIZ-ZZZ', 'XXXX-06/XXXX-09', null, null, '2023-04-01 10:00', 'grad@example.org',
                '2023-04-01 10:00', 'accepted', 2, 0),
            ('s-kicevo', 'kicevo.xlsx', 'cd', 'MK00404', 'MK-ROSP', 'not-stated', null, null, '2021-12-23 09:00', null, '2021-12-23 09:00', 'accepted', 1, 0),
            ('s-sample', 'uzorak.xlsx', 'ef', '70025', 'SAMPLE', '2024-Q1', '2024-01-01', '2024-03-31', '2024-04-20 09:00', null, '2024-04-20 09:00',
                'partly_accepted', 3, 1)
    """)
    connection.execute(
        """
        insert into marts.fct_engagements values
            ('JKP „Kruševac“', 'public_utility', 'XXXX-06', null, null, 32, 'exact', 4, 'exact', ?, 'RS-GIZ-ZZZ', '70670', 'XXXX-06/XXXX-09', null, null,
                's-krusevac', 'engagements', 7, '2023-04-01 10:00', null)
        """,
        [HOSTILE_TEXT],
    )
    connection.execute("""
        insert into marts.fct_household_support values ('electricity', 30, 'about', 'MK-ROSP', 'MK00404', 'not-stated', null, null, 's-kicevo',
            'household_support', 5, '2021-12-23 09:00', null);
        insert into marts.fct_measures values
            ('engaged_persons', 32, 'RS-GIZ-ZZZ', '70670', 'XXXX-06/XXXX-09', null, null, 'all', 'all', 'all', 'all', 's-krusevac', 'engagements', 7,
                '2023-04-01 10:00', null),
            ('retained_persons', 4, 'RS-GIZ-ZZZ', '70670', 'XXXX-06/XXXX-09', null, null, 'all', 'all', 'all', 'all', 's-krusevac', 'engagements', 7,
                '2023-04-01 10:00', null);
        insert into marts.fct_measures
        select 'pupils', value, 'MK-ROSP', 'MK00404', 'not-stated', null, null, 'all', 'all', 'all', 'all', 's-kicevo', 'observations', row, '2021-12-23 09:00', null
        from (values (8, 2), (11, 3)) as claims (value, row);
        insert into marts.fct_observations
        select 'pupils', source, value, 'persons', 'MK-ROSP', 'MK00404', 'not-stated', null, null, 's-kicevo', 'observations', row, '2021-12-23 09:00', null
        from (values ('news', 8, 2), ('school', 11, 3)) as claims (source, value, row);
        insert into marts.indicator_changes values ('s-krusevac', '2023-04-01 10:00', 'late');
        insert into marts.fct_findings values
            ('f1', 's-sample', 'error', 'more_than_whole', 'engagements', 'engagements', 'H8', 'engaged_women', 8, '40', 'Women (40) exceed persons (12).',
                '{"label": "engagements.engaged_women", "value": 40, "other_label": "engagements.engaged_persons", "other_value": 12}'),
            ('f2', 's-sample', 'warning', 'hidden_row', 'trainings', 'trainings', null, null, null, null, 'A hidden row was left out.', null);
        insert into marts.fct_build_warnings values
            ('s-sample', 'trainings', 'trainings', 'B3', 3, 'hours', 'warning', 'unusual_value', '{"label": "trainings.hours", "value": 1300.5, "high": 1200}',
                '2024-05-01', null),
            ('s-sample', 'trainings', 'trainings', 'B3', 3, 'hours', 'warning', 'unusual_value', '{"label": "trainings.hours", "value": 1250.5, "high": 1200}',
                '2024-04-21', '2024-05-01');
        insert into marts.fct_quarantined_rows values ('s-sample', 'engagements', 'SAMPLE', '70025', '2024-Q1', 'engagements', 8, null);
        insert into marts.fct_submission_sections values ('s-krusevac', 'engagements', '{"engaged_persons": "H", "retained_persons": "I"}');
    """)
    connection.execute(
        "insert into marts.fct_participations select 'RS-GIZ-ZZZ', null, null, '70670', 'supported', 's-krusevac', 'p', 2, now(), null"
    )
    connection.execute("insert into marts.fct_participations select 'MK-ROSP', null, null, 'MK00404', 'supported', 's-kicevo', 'p', 2, now(), null")
    connection.executemany(
        "insert into marts.fct_participations values ('SAMPLE', null, null, ?, 'supported', 's-sample', 'p', 2, '2024-01-01', null)",
        [[place[0]] for place in PLACES],
    )
    for number, (place, *_) in enumerate(PLACES):
        for step, (period, start, end) in enumerate(QUARTERS):
            state = (number + step) % 4
            connection.execute(
                """
                insert into marts.fct_reporting values ('SAMPLE', $1, $2, $3, $4, $4::date + 15,
                    case when $5 = 3 then null when $5 = 2 then $4::timestamp + interval 30 day else $4::timestamp + interval 9 day end, $5 <> 3, $5 < 2)
                """,
                [place, period, start, end, state],
            )
