"""An xlsx as the package it is: parts in a zip. Parts that nobody changes keep their bytes.

Office Open XML, ISO/IEC 29500: part 2 for packages, relationships and content types, part 1 for workbooks.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import Any

from lxml import etree

from munimon.disk import whole_file

_CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SUFFIXES = {
    f"{_SPREADSHEET}.sheet.main+xml": ".xlsx",
    f"{_SPREADSHEET}.template.main+xml": ".xltx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": ".xltm",
}
# The least that is a workbook; it has no sheet yet.
_EMPTY: Mapping[str, str] = {
    _CONTENT_TYPES: f'<Types xmlns="{_TYPES[1:-1]}">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SPREADSHEET}.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS[1:-1]}">'
    f'<Relationship Id="rId1" Type="{_TRANSITIONAL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>',
}


class WorkbookNotMarked(Exception):
    """The workbook's parts do not hang together as the standard says, so nothing can be written into it safely."""


@dataclass(frozen=True)
class SheetEntry:
    """A sheet of the workbook: its name, its part, and whether it shows among the tabs."""

    name: str
    part: str
    is_visible: bool


@dataclass
class Package:
    """The parts of a workbook: as they came, and as they are to be."""

    original: zipfile.ZipFile | None
    infos: Mapping[str, zipfile.ZipInfo]
    changed: dict[str, bytes] = field(default_factory=dict)
    workbook: str = ""

    @classmethod
    def open(cls, content: bytes) -> Package:
        """The package in these bytes.

        Raises:
            WorkbookNotMarked: If it has no workbook part.
        """
        archive = zipfile.ZipFile(io.BytesIO(content))
        package = cls(archive, {info.filename: info for info in archive.infolist() if not info.is_dir()})
        package.workbook = package._find_workbook()
        return package

    @classmethod
    def make(cls) -> Package:
        """A new package with a workbook that has no sheet yet."""
        package = cls(None, {}, {name: xml.encode() for name, xml in _EMPTY.items()})
        package.workbook = package._find_workbook()
        return package

    @property
    def suffix(self) -> str:
        """The ending that a file of this content must have, or Excel refuses to open it."""
        types = {entry.get("PartName"): entry.get("ContentType") for entry in self.parse(_CONTENT_TYPES).iter(f"{_TYPES}Override")}
        return _SUFFIXES.get(types.get(f"/{self.workbook}", ""), ".xlsx")

    @property
    def main(self) -> str:
        """The namespace of the workbook's elements, in braces: that of the transitional or of the strict standard."""
        return f"{{{etree.QName(self.parse(self.workbook)).namespace}}}"

    @property
    def related(self) -> str:
        """The namespace of the relationships that go with ``main``."""
        return _STRICT if "purl.oclc.org" in self.main else _TRANSITIONAL

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self.changed or part in self.infos

    def read(self, part: str) -> bytes:
        """A part's bytes as they are to be.

        Raises:
            WorkbookNotMarked: If there is no such part, or it is damaged.
        """
        if part in self.changed:
            return self.changed[part]
        if self.original is None or part not in self.infos:
            raise WorkbookNotMarked(f"{part}: the part is missing")
        try:
            return self.original.read(self.infos[part])
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
            raise WorkbookNotMarked(f"{part}: {error}") from error

    def parse(self, part: str) -> Any:
        """A part's root element; nothing outside is read and no entity of its own is expanded.

        Raises:
            WorkbookNotMarked: If it is no XML, or defines entities.
        """
        try:
            root = etree.fromstring(self.read(part), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
        except etree.XMLSyntaxError as error:
            raise WorkbookNotMarked(f"{part}: {error}") from error
        if root.getroottree().docinfo.doctype:
            raise WorkbookNotMarked(f"{part}: the XML defines entities of its own")
        return root

    def put(self, part: str, root: Any) -> None:
        """Write a part's XML."""
        self.changed[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The inner relationships of a part: id → (the type's last word, the target part)."""
        rels = _rels_of(part)
        if not self.has(rels):
            return {}
        return {
            relation.get("Id", ""): (relation.get("Type", "").rpartition("/")[2], _resolve(part, relation.get("Target", "")))
            for relation in self.parse(rels).iter(f"{_RELATIONSHIPS}Relationship")
            if relation.get("TargetMode") != "External"
        }

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship from a part to another; returns its id."""
        rels = _rels_of(part)
        root = self.parse(rels) if self.has(rels) else etree.Element(f"{_RELATIONSHIPS}Relationships", nsmap={None: _RELATIONSHIPS[1:-1]})
        taken = {relation.get("Id") for relation in root}
        name = next(name for number in range(1, len(taken) + 2) if (name := f"rId{number}") not in taken)
        etree.SubElement(root, f"{_RELATIONSHIPS}Relationship", Id=name, Type=f"{self.related}/{kind}", Target=relpath(target, dirname(part) or "."))
        self.put(rels, root)
        return name

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part under the first free name of a pattern such as ``xl/comments{}.xml``; returns the name."""
        taken = {name.lower() for name in (*self.infos, *self.changed)}
        numbers = ("", *range(2, len(taken) + 3))
        name = next(name for number in numbers if (name := pattern.format(number)).lower() not in taken)
        self.changed[name] = content
        types = self.parse(_CONTENT_TYPES)
        extension = name.rpartition(".")[2]
        known = {each.get("Extension", "").lower(): each.get("ContentType") for each in types.iter(f"{_TYPES}Default")}
        if extension not in known:
            types.insert(0, etree.Element(f"{_TYPES}Default", Extension=extension, ContentType=content_type))
        elif known[extension] != content_type:
            etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{name}", ContentType=content_type)
        self.put(_CONTENT_TYPES, types)
        return name

    def add_sheet(self, name: str, content: bytes, position: int) -> None:
        """Add a worksheet before the one that has this position from 0, and move what counts sheets by their position along."""
        part = self.add("xl/worksheets/munimon{}.xml", content, f"{_SPREADSHEET}.worksheet+xml")
        relation = self.relate(self.workbook, "worksheet", part)
        root = self.parse(self.workbook)
        sheets = root.find(f"{self.main}sheets")
        if sheets is None:
            raise WorkbookNotMarked("the workbook has no list of sheets")
        ids = [int(sheet.get("sheetId", 0)) for sheet in sheets]
        sheet = etree.Element(f"{self.main}sheet", name=name, sheetId=str(max(ids, default=0) + 1))
        sheet.set(f"{{{self.related}}}id", relation)
        sheets.insert(position, sheet)
        for defined in root.iter(f"{self.main}definedName"):
            if (local := int(defined.get("localSheetId", -1))) >= position:
                defined.set("localSheetId", str(local + 1))
        self.put(self.workbook, root)

    def open_at_first_sheet(self) -> None:
        """Let the workbook open with its first sheet before the reader."""
        root = self.parse(self.workbook)
        views = root.find(f"{self.main}bookViews")
        if views is None:
            views = etree.Element(f"{self.main}bookViews")
            etree.SubElement(views, f"{self.main}workbookView")
            root.find(f"{self.main}sheets").addprevious(views)
        for view in views:
            for name in ("activeTab", "firstSheet"):
                view.attrib.pop(name, None)
        self.put(self.workbook, root)

    def sheets(self) -> Iterator[SheetEntry]:
        """The sheets in the order of their tabs, charts on sheets of their own among them."""
        relations = self.relations(self.workbook)
        for sheet in self.parse(self.workbook).iter(f"{self.main}sheet"):
            _, part = relations.get(sheet.get(f"{{{self.related}}}id", ""), ("", ""))
            if self.has(part):
                yield SheetEntry(sheet.get("name", ""), part, sheet.get("state", "visible") == "visible")

    def write(self, target: Path) -> None:
        """Write the package: parts that were not changed with the bytes, the place and the time that they had."""
        with whole_file(target) as aside, zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as out:
            for name, info in self.infos.items():
                kept = zipfile.ZipInfo(name, info.date_time)
                kept.compress_type = zipfile.ZIP_STORED if info.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
                kept.external_attr = info.external_attr
                out.writestr(kept, self.read(name))
            for name, content in self.changed.items():
                if name not in self.infos:
                    out.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)

    def _find_workbook(self) -> str:
        found = [target for kind, target in self.relations("").values() if kind == "officeDocument" and self.has(target)]
        if not found:
            raise WorkbookNotMarked("the package has no workbook")
        return found[0]


def _rels_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return join(folder, "_rels", f"{name}.rels")


def _resolve(part: str, target: str) -> str:
    return target[1:] if target.startswith("/") else normpath(join(dirname(part), target))
