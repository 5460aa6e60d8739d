"""The group a municipality is compared within: all, a class of size, a district, or a list of the reader's own."""

import pandas

from dashboards.components.filters import ALL, choose, choose_many
from dashboards.components.language import Locale, write_cyrillic

OWN = "own"
# The upper ends of the classes of size in `dashboards.warehouse.totals.SIZE_CLASS`; the last class has none.
SIZES = (20_000, 50_000, 100_000)


def choose_group(places: pandas.DataFrame, locale: Locale) -> pandas.DataFrame:
    """Let the reader choose; returns the places of the group. Choices stand in the address as `group` and `list`."""
    labels = {ALL: locale.say("group.all")}
    labels |= {f"size-{number}": _say_size(int(number), locale) for number in sorted(places["size_class"].dropna().unique())}
    districts = places.dropna(subset=["district"]).drop_duplicates("district_code").sort_values("district")
    for row in districts.to_dict("records"):
        name = write_cyrillic(str(row["district"])) if locale.is_cyrillic else str(row["district"])
        labels[str(row["district_code"])] = f"{locale.say('municipality.district')}: {name}"
    labels[OWN] = locale.say("group.own")
    group = choose("group", locale.say("group.choose"), tuple(labels), ALL, labels.__getitem__)
    if group == ALL:
        return places
    if group == OWN:
        names = {str(row["municipality_code"]): locale.name(row) for row in places.to_dict("records")}
        options = sorted(names, key=lambda code: locale.order(names[code]))
        return places[places["municipality_code"].isin(choose_many("list", locale.say("group.list"), options, names.__getitem__))]
    if group.startswith("size-"):
        return places[(places["size_class"] == int(group.removeprefix("size-"))).fillna(False)]
    return places[(places["district_code"] == group).fillna(False)]


def _say_size(number: int, locale: Locale) -> str:
    if number == 1:
        return locale.say("group.under", to=locale.number(SIZES[0]))
    if number > len(SIZES):
        return locale.say("group.from", start=locale.number(SIZES[-1]))
    return locale.say("group.between", start=locale.number(SIZES[number - 2]), to=locale.number(SIZES[number - 1]))
