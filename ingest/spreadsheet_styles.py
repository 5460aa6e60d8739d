"""The styles of a workbook, to which the looks of marked cells and of our own sheet are added; none that is there is changed."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest.findings import Severity
from ingest.spreadsheet_package import Package

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The order in which the standard wants what we add to.
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_MADE = {
    "fonts": '<fonts xmlns="{ns}" count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>',
    "fills": '<fills xmlns="{ns}" count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
    "borders": '<borders xmlns="{ns}" count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
    "cellStyleXfs": '<cellStyleXfs xmlns="{ns}" count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    "cellXfs": '<cellXfs xmlns="{ns}" count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>',
}
_NORMAL = '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
# An error is plain and a warning hatched, so that they differ on a grey print and to eyes that do not tell red from yellow.
_FILLS: Mapping[str, str] = {
    "error": '<fill xmlns="{ns}"><patternFill patternType="solid"><fgColor rgb="FFFF9C9C"/><bgColor indexed="64"/></patternFill></fill>',
    "warning": '<fill xmlns="{ns}"><patternFill patternType="lightUp"><fgColor rgb="FFC99700"/><bgColor rgb="FFFFF3C4"/></patternFill></fill>',
    "heading": '<fill xmlns="{ns}"><patternFill patternType="solid"><fgColor rgb="FFE3EAF2"/><bgColor indexed="64"/></patternFill></fill>',
}
_FONTS: Mapping[str, str] = {
    "title": '<font xmlns="{ns}"><b/><sz val="15"/><color rgb="FF1F2A37"/><name val="Calibri"/><family val="2"/></font>',
    "bold": '<font xmlns="{ns}"><b/><sz val="11"/><color rgb="FF1F2A37"/><name val="Calibri"/><family val="2"/></font>',
    "plain": '<font xmlns="{ns}"><sz val="11"/><color rgb="FF1F2A37"/><name val="Calibri"/><family val="2"/></font>',
    "link": '<font xmlns="{ns}"><u/><sz val="11"/><color rgb="FF1F4E79"/><name val="Calibri"/><family val="2"/></font>',
}
_BORDER = (
    '<border xmlns="{ns}">'
    + "".join(f'<{side} style="thin"><color rgb="FFB8C4D1"/></{side}>' for side in ("left", "right", "top", "bottom"))
    + "<diagonal/></border>"
)
# The looks of our own sheet: font, fill, and whether it has a border.
_LOOKS: Mapping[str, tuple[str, str | None, bool]] = {
    "title": ("title", None, False),
    "sentence": ("plain", None, False),
    "heading": ("bold", "heading", True),
    "body": ("plain", None, True),
    "text": ("plain", None, True),
    "link": ("link", None, True),
    "error": ("bold", "error", True),
    "warning": ("bold", "warning", True),
}


@dataclass
class Styles:
    """The styles part of a package while styles are added to it."""

    package: Package
    part: str
    root: Any
    _added: dict[tuple[str, str], int] = field(default_factory=dict)
    _marked: dict[tuple[int, Severity], int] = field(default_factory=dict)
    _looks: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, package: Package) -> Styles:
        """The styles of a workbook; it gets a part for them if it has none."""
        part = next((target for kind, target in package.relations(package.workbook).values() if kind == "styles" and package.has(target)), None)
        if part is None:
            made = f'<styleSheet xmlns="{{ns}}">{"".join(_MADE.values())}{_NORMAL}</styleSheet>'.replace("{ns}", package.main[1:-1])
            part = package.add("xl/styles{}.xml", made.encode(), f"{_SPREADSHEET}.styles+xml")
            package.relate(package.workbook, "styles", part)
        root = package.parse(part)
        # a comment between styles would be counted as one
        etree.strip_tags(root, etree.Comment)
        return cls(package, part, root)

    def mark(self, style: int, severity: Severity) -> int:
        """The style that is a cell's own, `style`, but for the fill of a finding."""
        key = (style, severity)
        if key not in self._marked:
            known = self._group("cellXfs")
            marked = deepcopy(known[style] if 0 <= style < len(known) else known[0])
            marked.set("fillId", str(self._add("fills", _FILLS, severity)))
            marked.set("applyFill", "1")
            self._marked[key] = self._append("cellXfs", marked)
        return self._marked[key]

    def look(self, name: str) -> int:
        """The style of a cell of our own sheet, by its name.

        A "text" is one that a spreadsheet would take for a formula as soon as somebody edits its cell; it is kept from that.
        """
        if name not in self._looks:
            font, fill, has_border = _LOOKS[name]
            style = etree.Element(f"{self.package.main}xf", numFmtId="0", applyFont="1", applyAlignment="1")
            style.set("fontId", str(self._add("fonts", _FONTS, font)))
            style.set("fillId", str(self._add("fills", _FILLS, fill)) if fill else "0")
            style.set("borderId", str(self._add("borders", {"box": _BORDER}, "box")) if has_border else "0")
            if fill:
                style.set("applyFill", "1")
            if has_border:
                style.set("applyBorder", "1")
            if name == "text":
                style.set("quotePrefix", "1")
            etree.SubElement(style, f"{self.package.main}alignment", vertical="top", wrapText="1")
            self._looks[name] = self._append("cellXfs", style)
        return self._looks[name]

    def save(self) -> None:
        """Write the part, if anything was added."""
        if self._added or self._marked or self._looks:
            self.package.put(self.part, self.root)

    def _add(self, group: str, known: Mapping[str, str], name: str) -> int:
        if (group, name) not in self._added:
            made = etree.fromstring(known[name].replace("{ns}", self.package.main[1:-1]))
            self._added[group, name] = self._append(group, made)
        return self._added[group, name]

    def _append(self, group: str, made: Any) -> int:
        into = self._group(group)
        into.append(made)
        into.set("count", str(len(into)))
        return len(into) - 1

    def _group(self, name: str) -> Any:
        found = self.root.find(f"{self.package.main}{name}")
        if found is None or not len(found):
            made = etree.fromstring(_MADE[name].replace("{ns}", self.package.main[1:-1]))
            if found is not None:
                self.root.remove(found)
            earlier = [self.root.find(f"{self.package.main}{each}") for each in _ORDER[: _ORDER.index(name)]]
            self.root.insert(max((self.root.index(each) + 1 for each in earlier if each is not None), default=0), made)
            found = made
        return found
