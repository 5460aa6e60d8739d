"""The public facts, loaded as reports, come back out of the marts exactly: as stated, no more and no less."""

from tests.end_to_end.conftest import Ask

SOCIAL_PROTECTION = {
    "Ada", "Aleksinac", "Aranđelovac", "Babušnica", "Bela Palanka", "Beočin", "Blace", "Kragujevac", "Kruševac", "Odžaci",
    "Paraćin", "Petrovac na Mlavi", "Rača", "Raška", "Smederevska Palanka", "Svrljig", "Šid", "Tutin", "Užice", "Vrnjačka Banja",
}  # fmt: skip
ROMA_INCLUSION = {"Čačak", "Kanjiža", "Kikinda", "Novi Beograd", "Obrenovac", "Požega", "Sečanj", "Vrbas", "Vrnjačka Banja", "Žabalj"}
PHASES = {
    "1": {"Битола", "Велес", "Крива Паланка", "Штип", "Демир Капија", "Чучер-Сандево", "Кавадарци", "Струмица", "Пробиштип", "Кочани", "Делчево"},
    "2": {"Македонски Брод", "Куманово", "Прилеп", "Центар Жупа", "Кисела Вода", "Ѓорче Петров", "Центар", "Чаир"},
}
REAL = "programme_id <> 'SAMPLE' and recorded_to is null"


def test_krusevac_engaged_32_at_three_employers_and_one_of_them_kept_4_of_whom_2_roma(ask: Ask) -> None:
    rows = ask(
        f"""
        select programme_id, municipality_code, period_id, period_start, period_end, employer_name, employer_count, started_on_edtf,
            engaged_persons, engaged_persons_qualifier, engaged_women, engaged_roma, outcome_known_persons,
            retained_persons, retained_women, retained_roma
        from marts.fct_engagements where {REAL} order by source_row
        """
    )

    place = {"programme_id": "RS-GIZ-ZZZ", "municipality_code": "70670", "period_id": "XXXX-06/XXXX-09", "period_start": None, "period_end": None}
    unknown = {"started_on_edtf": None, "engaged_women": None, "engaged_roma": None, "outcome_known_persons": None, "retained_women": None}
    assert rows == [
        {
            **place,
            **unknown,
            "employer_name": "JKP „Vodovod“, udruženje „Romsko srce“, JKP „Kruševac“",
            "employer_count": 3,
            "engaged_persons": 32,
            "engaged_persons_qualifier": "exact",
            "retained_persons": None,
            "retained_roma": None,
        },
        {
            **place,
            **unknown,
            "employer_name": "JKP „Kruševac“",
            "employer_count": None,
            "engaged_persons": None,
            "engaged_persons_qualifier": None,
            "retained_persons": 4,
            "retained_roma": 2,
        },
    ]


def test_four_of_32_is_a_lower_bound_and_no_retention_rate(ask: Ask) -> None:
    rows = ask(
        """
        select cast(value as varchar) as value, round(value_low, 4) as low, round(value_high, 4) as high, numerator, denominator, whole
        from marts.indicator_values
        where programme_id = 'RS-GIZ-ZZZ' and indicator_code = 'retention_rate' and sex = 'all' and community = 'all' and recorded_to is null
        """
    )

    [rate] = rows
    assert rate["value"] is None
    assert (float(rate["low"]), float(rate["high"])) == (0.125, 1.0)
    assert float(rate["whole"]) == 32


def test_krusevac_trained_30_persons_in_an_unknown_number_of_trainings(ask: Ask) -> None:
    rows = ask(
        f"""
        select programme_id, municipality_code, period_id, trainings_count, training_type, enrolled_persons, completed_persons, completed_women, title
        from marts.fct_trainings where {REAL}
        """
    )

    [training] = rows
    assert training == {
        "title": "Aktivno traženje posla, pisanje radne biografije, izrada biznis plana, radionice sa roditeljima srednjoškolaca, "
        "osnaživanje žena, stručna obuka (prekvalifikacija i dokvalifikacija)",
        "programme_id": "RS-GIZ-INCLUSION",
        "municipality_code": "70670",
        "period_id": "not-stated",
        "trainings_count": None,
        "training_type": None,
        "enrolled_persons": None,
        "completed_persons": 30,
        "completed_women": None,
    }


def test_krusevac_received_20_tablets_2_laptops_and_one_multifunction_printer(ask: Ask) -> None:
    rows = ask(
        f"""
        select programme_id, municipality_code, equipment_type, quantity, recipient_name, recipient_type, end_user_group, unit_cost, delivered_on_edtf
        from marts.fct_equipment where {REAL} order by source_row
        """
    )

    place = {"programme_id": "RS-SIPRU-COVID", "municipality_code": "70670", "unit_cost": None, "delivered_on_edtf": None}
    office = {"recipient_name": None, "recipient_type": "local_government", "end_user_group": None}
    assert rows == [
        {
            **place,
            "equipment_type": "tablet",
            "quantity": 20,
            "recipient_name": "OŠ „Dragomir Marković“",
            "recipient_type": "school",
            "end_user_group": "roma_pupils",
        },
        {**place, **office, "equipment_type": "laptop", "quantity": 2},
        {**place, **office, "equipment_type": "multifunction_printer", "quantity": 1},
    ]


def test_kicevo_supported_about_30_roma_households_with_amounts_and_hours_unknown(ask: Ask) -> None:
    assert ask(
        f"""
        select programme_id, municipality_code, period_id, households, households_qualifier, household_group, utility_type,
            arrears_settled_amount, arrears_settled_amount_eur, hours_agreed, hours_worked, host_institution
        from marts.fct_household_support where {REAL}
        """
    ) == [
        {
            "programme_id": "MK-ROSP",
            "municipality_code": "MK00307",
            "period_id": "not-stated",
            "households": 30,
            "households_qualifier": "about",
            "household_group": "roma",
            "utility_type": "electricity_and_communal",
            "arrears_settled_amount": None,
            "arrears_settled_amount_eur": None,
            "hours_agreed": None,
            "hours_worked": None,
            "host_institution": "Јавни претпријатија",
        }
    ]


def test_local_plans_keep_their_years_and_dates_as_exactly_as_they_were_stated(ask: Ask) -> None:
    rows = ask(
        f"""
        select m.name_cyrl as name, valid_from_year as first, valid_to_year as last, duration_years as years,
            needs_mapped_on_edtf as mapped, adopted_on_edtf as adopted, adopted_on_earliest as earliest, adopted_on_latest as latest, adopted_by
        from marts.fct_local_plans as plans inner join marts.dim_municipalities as m on plans.municipality_code = m.municipality_code
        where {REAL} and plans.programme_id = 'MK-LSP' and plans.plan_type = 'local_social_plan' order by name
        """
    )

    empty = dict.fromkeys(("first", "last", "years", "mapped", "adopted", "earliest", "latest", "adopted_by"))
    years = {**empty, "first": 2021, "last": 2024}
    assert {row.pop("name"): row for row in rows} == {
        "Битола": years,
        "Демир Капија": years,
        "Кавадарци": {**years, "adopted": "2021-05", "earliest": "2021-05-01", "latest": "2021-05-31"},
        "Штип": {**years, "mapped": "2020"},
        "Пробиштип": {**empty, "first": 2022, "last": 2025, "adopted": "XXXX-12", "adopted_by": "Совет на општината"},
        "Крива Паланка": {**empty, "years": 3},
    }


def test_skgo_has_30_participations_of_29_municipalities(ask: Ask) -> None:
    rows = ask(
        """
        select component, role, m.name_latn as name, p.municipality_code
        from marts.fct_participations as p inner join marts.dim_municipalities as m on p.municipality_code = m.municipality_code
        where p.programme_id = 'RS-SKGO-IPA2020' and recorded_to is null
        """
    )

    assert len(rows) == 30
    assert len({row["municipality_code"] for row in rows}) == 29
    assert {row["role"] for row in rows} == {"supported"}
    assert {row["name"] for row in rows if row["component"] == "social-protection"} == SOCIAL_PROTECTION
    assert {row["name"] for row in rows if row["component"] == "roma-inclusion"} == ROMA_INCLUSION


def test_local_social_plans_have_11_municipalities_in_phase_1_and_8_in_phase_2(ask: Ask) -> None:
    rows = ask(
        """
        select phase, m.name_cyrl as name, p.since_edtf, p.until_edtf
        from marts.fct_participations as p inner join marts.dim_municipalities as m on p.municipality_code = m.municipality_code
        where p.programme_id = 'MK-LSP' and recorded_to is null
        """
    )

    assert len(rows) == len({row["name"] for row in rows}) == 19
    assert {phase: {row["name"] for row in rows if row["phase"] == phase} for phase in ("1", "2")} == PHASES
    assert {(row["phase"], row["since_edtf"], row["until_edtf"]) for row in rows} == {("1", "2020", "2021"), ("2", "2022", None)}


def test_municipalities_supported_are_counted_once_each(ask: Ask) -> None:
    rows = ask(
        """
        select programme_id, numerator from marts.indicator_totals
        where indicator_code = 'municipalities_supported' and level = 'programme' and period_id = 'to-date' and recorded_to is null
            and programme_id not in ('SAMPLE', 'all') and sex = 'all' and community = 'all'
        """
    )

    assert {row["programme_id"]: int(float(row["numerator"])) for row in rows} == {
        "RS-SKGO-IPA2020": 29,
        "MK-LSP": 19,
        "MK-ROSP": 1,
        "RS-GIZ-ZZZ": 1,
        "RS-SIPRU-COVID": 1,
        # Kruševac, in both of the programmes below it
        "RS-GIZ-INCLUSION": 1,
    }


def test_only_supported_municipalities_take_part_and_krusevac_in_three_programmes(ask: Ask) -> None:
    rows = ask(f"select distinct programme_id, role from marts.fct_participations where {REAL} and municipality_code = '70670'")

    assert {(row["programme_id"], row["role"]) for row in rows} == {
        ("RS-SKGO-IPA2020", "supported"),
        ("RS-GIZ-ZZZ", "supported"),
        ("RS-SIPRU-COVID", "supported"),
    }


def test_events_are_held_on_days_as_exact_as_stated(ask: Ask) -> None:
    rows = ask(
        f"""
        select programme_id, municipality_code, event_type, held_on_edtf, held_on_earliest, place, attending_municipalities,
            attending_municipalities_qualifier
        from marts.fct_events where {REAL} order by programme_id, municipality_code
        """
    )

    nobody = {"attending_municipalities": None, "attending_municipalities_qualifier": None}
    call = {"programme_id": "MK-LSP", "event_type": "public_call", "held_on_edtf": None, "held_on_earliest": None, "place": None, **nobody}
    assert rows == [
        {**call, "municipality_code": "MK00703"},
        {**call, "municipality_code": "MK00814"},
        {
            "programme_id": "MK-ROSP",
            "municipality_code": None,
            "event_type": "conference",
            "held_on_edtf": "2021-12-22",
            "held_on_earliest": "2021-12-22",
            "place": "Кичево",
            "attending_municipalities": 10,
            "attending_municipalities_qualifier": "about",
        },
        {
            "programme_id": "RS-GIZ-ZZZ",
            "municipality_code": None,
            "event_type": "closing_conference",
            "held_on_edtf": "2023-03-29",
            "held_on_earliest": "2023-03-29",
            "place": "Beograd",
            **nobody,
        },
        {
            "programme_id": "RS-SKGO-IPA2020",
            "municipality_code": None,
            "event_type": "signing_ceremony",
            "held_on_edtf": "XXXX-10-03",
            "held_on_earliest": None,
            "place": "Beograd",
            **nobody,
        },
    ]


def test_claims_that_disagree_stand_side_by_side_each_with_its_source(ask: Ask) -> None:
    rows = ask(
        f"""
        select programme_id, municipality_code, measure_code, source_id, cast(value as integer) as value, unit
        from marts.fct_observations where {REAL} order by programme_id, source_id
        """
    )

    plans = {"programme_id": "MK-LSP", "municipality_code": None, "measure_code": "municipalities_with_local_plan", "unit": "municipalities"}
    members = {"municipality_code": None, "measure_code": "municipalities_in_programme", "unit": "municipalities", "source_id": "Z", "value": 18}
    assert rows == [
        {**plans, "source_id": "D", "value": 8},
        {**plans, "source_id": "L", "value": 11},
        {**members, "programme_id": "RS-GIZ-ZZZ"},
        {**members, "programme_id": "RS-SIPRU-COVID"},
    ]


def test_programmes_have_their_parents_funders_and_stated_municipalities(ask: Ask) -> None:
    programmes = ask("select programme_id, country_code, parent_programme_id, municipalities_stated from marts.dim_programmes where not is_synthetic")
    funders = ask("select programme_id, organisation_name from marts.bridge_programme_organisations where role = 'funding'")

    assert {tuple(row.values()) for row in programmes} == {
        ("MK-ROSP", "MK", None, None),
        ("MK-LSP", "MK", None, None),
        ("RS-SKGO-IPA2020", "RS", None, None),
        ("RS-GIZ-INCLUSION", "RS", None, None),
        ("RS-GIZ-ZZZ", "RS", "RS-GIZ-INCLUSION", 18),
        ("RS-SIPRU-COVID", "RS", "RS-GIZ-INCLUSION", 18),
    }
    assert {tuple(row.values()) for row in funders} == {
        ("MK-ROSP", "Ministry of Foreign Affairs of Germany"),
        ("RS-SKGO-IPA2020", "European Union (IPA 2020)"),
        ("RS-GIZ-ZZZ", "German development cooperation"),
        ("RS-SIPRU-COVID", "German development cooperation"),
    }


def test_every_figure_leads_back_to_a_row_of_a_sheet_of_a_file(ask: Ask) -> None:
    rows = ask(
        """
        select f.engaged_persons, s.file_name, f.source_sheet, f.source_row
        from marts.fct_engagements as f inner join marts.fct_submissions as s on f.submission_id = s.submission_id
        where f.programme_id <> 'SAMPLE' and f.recorded_to is null and f.engaged_persons is not null
        """
    )

    assert rows == [
        {"engaged_persons": 32, "file_name": "rs-giz-zzz-krusevac-engagements.xlsx", "source_sheet": "Angažovani radnici", "source_row": 3}
    ]


def test_the_public_reports_are_accepted_whole_and_without_a_finding(ask: Ask) -> None:
    statuses = ask("select distinct status, quarantined_rows from marts.fct_submissions where programme_id <> 'SAMPLE'")
    findings = ask(
        "select f.rule from marts.fct_findings as f inner join marts.fct_submissions as s on f.submission_id = s.submission_id "
        "where s.programme_id <> 'SAMPLE'"
    )

    assert statuses == [{"status": "accepted", "quarantined_rows": 0}]
    assert findings == []


def test_the_synthetic_sample_is_told_from_public_facts_by_its_programme(ask: Ask) -> None:
    [sample] = ask("select programme_id, is_synthetic from marts.dim_programmes where is_synthetic")
    [counts] = ask(
        "select count(distinct municipality_code) as municipalities from marts.fct_participations "
        "where programme_id = 'SAMPLE' and recorded_to is null"
    )
    statuses = ask("select distinct status from marts.fct_submissions where programme_id = 'SAMPLE'")

    assert sample == {"programme_id": "SAMPLE", "is_synthetic": True}
    assert counts == {"municipalities": 60}
    assert {row["status"] for row in statuses} >= {"accepted", "partly_accepted", "waiting_for_answer", "refused"}
