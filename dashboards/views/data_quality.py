"""Who reported and when, what was wrong, and which rows could not be used."""

from dashboards.components.downloads import offer_csv
from dashboards.components.figures import STATE_COLOURS, STATES, plot_reporting, show_chart
from dashboards.components.filters import choose
from dashboards.components.findings import word_findings
from dashboards.components.layout import begin_page, say_empty, show_legend, show_section
from dashboards.components.tables import show_table
from dashboards.warehouse.choices import read_municipalities, read_programmes
from dashboards.warehouse.reports import read_findings, read_quarantined_rows, read_reporting
from ingest.findings import title_of
from ingest.sections import load_sections

choices = begin_page("page.data_quality", lists_records=True)
locale = choices.locale
places = {str(row["municipality_code"]): row for row in read_municipalities().to_dict("records")}


def name_place(code: object) -> str:
    return locale.name(places[str(code)]) if str(code) in places else locale.say("common.not_known")


show_section(locale.say("quality.reporting"), locale.say("quality.reporting_explanation"))
reporting = read_reporting(choices.country, choices.recorded, choices.period)
if reporting.empty:
    say_empty(locale.say("quality.no_expected"), locale.say("quality.no_expected_to_do"))
else:
    calendars = tuple(dict.fromkeys(str(code) for code in reporting["programme_id"]))
    if len(calendars) > 1:
        titles = {str(row["programme_id"]): locale.title(row) for row in read_programmes().to_dict("records")}
        chosen = choose("calendar", locale.say("filter.programme"), calendars, calendars[0], titles.__getitem__)
        reporting = reporting[reporting["programme_id"] == chosen]
    state = reporting["is_received"].fillna(False).astype(bool).map({True: "late", False: "missing"})
    state = state.mask(reporting["is_on_time"].fillna(False).astype(bool), "on_time")
    codes = sorted(set(reporting["municipality_code"]), key=lambda code: locale.order(name_place(code)))
    shown = reporting.assign(
        state=state,
        place=[codes.index(code) for code in reporting["municipality_code"]],
        hint=[
            ", ".join(
                (
                    name_place(row["municipality_code"]),
                    locale.period(str(row["period_id"])),
                    locale.say("quality.due", day=locale.day(row["due_on"])),
                    locale.say("quality.sent", day=locale.moment(row["sent_at"])) if row["is_received"] else locale.say("quality.not_sent"),
                )
            )
            for row in reporting.to_dict("records")
        ],
    )
    show_legend([(STATE_COLOURS[name], f"{locale.say(f'quality.{name}')}: {locale.number(int((state == name).sum()))}") for name in STATES])
    calendar = plot_reporting(shown, [name_place(code) for code in codes], locale)
    show_chart(calendar, locale, 60 + 20 * len(codes), "reporting", locale.say("quality.reporting"))

findings = read_findings(choices.country, choices.recorded, choices.period)
show_section(locale.say("quality.findings"), locale.say("quality.findings_explanation"))
if findings.empty:
    say_empty(locale.say("quality.no_findings"), locale.say("quality.no_findings_to_do"))
else:
    findings = word_findings(findings, locale).assign(place=[name_place(code) for code in findings["municipality_code"]])
    summary = findings.groupby(["severity", "level", "title"], as_index=False).agg(count=("title", "size"), files=("submission_id", "nunique"))
    summary = summary.sort_values(["severity", "count"], ascending=[True, False])
    show_table(
        summary,
        {
            "level": locale.say("column.severity"),
            "title": locale.say("column.rule"),
            "count": locale.say("column.findings"),
            "files": locale.say("column.submissions"),
        },
        locale,
        key="finding_rules",
        rows=8,
    )
    rules = ("all", *sorted(set(findings["rule"])))
    rule = choose(
        "rule",
        locale.say("column.rule"),
        rules,
        "all",
        lambda name: locale.say("quality.all_rules") if name == "all" else title_of(name, locale.language),
    )
    listed = findings if rule == "all" else findings[findings["rule"] == rule]
    show_table(
        listed,
        {
            "level": locale.say("column.severity"),
            "place": locale.say("column.municipality"),
            "file_name": locale.say("column.file"),
            "sheet": locale.say("column.sheet"),
            "cell": locale.say("column.cell"),
            "value_as_reported": locale.say("column.as_reported"),
            "message": locale.say("column.message"),
            "title": locale.say("column.rule"),
            "submission_id": locale.say("column.submission"),
        },
        locale,
        key="findings",
        wide=("message",),
    )
    columns = ["severity", "rule", "municipality_code", "file_name", "submission_id", "sheet", "cell", "field", "value_as_reported", "message"]
    offer_csv(listed[columns], "munimon_findings", locale, key="download_findings")

broken = {
    key: " ".join(f"{row['cell']}: {row['message']}" if row["cell"] else str(row["message"]) for row in of_row.to_dict("records"))
    for key, of_row in (findings[findings["severity"] == "error"] if len(findings) else findings).groupby(["submission_id", "sheet", "source_row"])
}
quarantined = read_quarantined_rows(choices.country, choices.recorded, choices.period)
show_section(locale.say("quality.quarantined"), locale.say("quality.quarantined_explanation"))
if quarantined.empty:
    say_empty(locale.say("quality.no_quarantined"), locale.say("quality.no_quarantined_to_do"))
else:
    show_table(
        quarantined.assign(
            why=[broken.get((row["submission_id"], row["source_sheet"], row["source_row"]), "") for row in quarantined.to_dict("records")],
            place=[name_place(code) for code in quarantined["municipality_code"]],
            shown_section=[locale.label(load_sections()[str(section)].labels) for section in quarantined["section"]],
            period=[locale.period(str(period)) for period in quarantined["period_id"]],
        ),
        {
            "place": locale.say("column.municipality"),
            "programme_id": locale.say("column.programme"),
            "period": locale.say("column.period"),
            "shown_section": locale.say("column.section"),
            "file_name": locale.say("column.file"),
            "source_sheet": locale.say("column.sheet"),
            "source_row": locale.say("column.row"),
            "why": locale.say("column.message"),
            "submission_id": locale.say("column.submission"),
        },
        locale,
        key="quarantined",
        formats={"source_row": str},
        wide=("why",),
    )
