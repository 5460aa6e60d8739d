"""Comments on the cells of a sheet, beside those that it has: their text in one part, the boxes that show it in a drawing (VML).

A comment that stands on the cell already keeps its text, and ours follows below it.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from openpyxl.utils import get_column_letter

from ingest.findings import Severity
from ingest.spreadsheet_cells import Geometry, Place
from ingest.spreadsheet_package import Package, WorkbookNotMarked

AUTHOR = "munimon"

_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NEW_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'
)
_SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" o:spt="202" coordsize="21600,21600"'
    ' path="m,l,21600r21600,l21600,xe" style="position:absolute;visibility:hidden;width:{width}px;height:{height}px;z-index:{z}"'
    ' fillcolor="{colour}" o:insetmode="auto"><v:stroke joinstyle="miter"/><v:fill color2="{colour}"/><v:shadow color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_IDMAP = re.compile(rb"(<o:idmap\b[^>]*?\bdata=[\"'])([\d,]*)([\"'])")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_COLOURS = {"error": "#ffe4e4", "warning": "#fff8dc"}
# A drawing counts its shapes in blocks of 1,024 that no other drawing of the workbook uses.
_BLOCK = 1024
_WIDTH = 340
_CHARACTERS = 46
_LINE = 18
_PIXELS_PER_CHARACTER = 7
_PIXELS_PER_POINT = 4 / 3


@dataclass(frozen=True)
class Note:
    """What a comment says: each finding as its kind ("Error") and its text. `severity` is that of the worst."""

    severity: Severity
    findings: tuple[tuple[str, str], ...]


def add_comments(package: Package, sheet: str, notes: Mapping[Place, Note], geometry: Geometry, legacy_drawing: str | None) -> str | None:
    """Put comments on the cells of a sheet.

    Args:
        sheet: The sheet's part.
        legacy_drawing: The relationship by which the sheet draws its comments; None where it has none yet.

    Returns:
        The relationship that the sheet's XML has yet to name; None where it names it already.
    """
    relations = package.relations(sheet)
    part = next((target for kind, target in relations.values() if kind == "comments" and package.has(target)), None)
    if part is None:
        empty = f'<comments xmlns="{package.main[1:-1]}"><authors/><commentList/></comments>'.encode()
        part = package.add("xl/comments{}.xml", empty, _COMMENTS)
        package.relate(sheet, "comments", part)
    new = _write_texts(package, part, notes)
    if not new:
        return None
    shapes = {place: note for place, note in notes.items() if place in new}
    if legacy_drawing is not None:
        _, drawing = relations.get(legacy_drawing, ("", ""))
        package.changed[drawing] = _draw_beside(package, package.read(drawing), shapes, geometry)
        return None
    drawing = package.add("xl/drawings/vmlDrawing{}.vml", _draw_beside(package, _NEW_VML.encode(), shapes, geometry), _VML)
    return package.relate(sheet, "vmlDrawing", drawing)


def _write_texts(package: Package, part: str, notes: Mapping[Place, Note]) -> set[Place]:
    """Write the texts; returns the cells that had no comment before."""
    root, main = package.parse(part), package.main
    authors, comments = root.find(f"{main}authors"), root.find(f"{main}commentList")
    if authors is None or comments is None:
        raise WorkbookNotMarked(f"{part}: there is no list of comments")
    known = {comment.get("ref"): comment for comment in comments}
    names = [author.text for author in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, f"{main}author").text = AUTHOR
        names.append(AUTHOR)
    new: set[Place] = set()
    for place, note in sorted(notes.items()):
        row, column = place
        cell = f"{get_column_letter(column)}{row}"
        comment = known.get(cell)
        if comment is None:
            new.add(place)
            comment = etree.SubElement(comments, f"{main}comment", ref=cell, authorId=str(names.index(AUTHOR)))
        text = comment.find(f"{main}text")
        if text is None:
            text = etree.SubElement(comment, f"{main}text")
        _append_runs(text, main, note.findings)
    package.put(part, root)
    return new


def _append_runs(text: Any, main: str, findings: Sequence[tuple[str, str]]) -> None:
    for kind, said in findings:
        gap = "\n\n" if len(text) else ""
        for run, is_bold in ((f"{gap}{kind}\n", True), (said, False)):
            element = etree.SubElement(text, f"{main}r")
            properties = etree.SubElement(element, f"{main}rPr")
            if is_bold:
                etree.SubElement(properties, f"{main}b")
            etree.SubElement(properties, f"{main}sz", val="10")
            etree.SubElement(properties, f"{main}rFont", val="Calibri")
            written = etree.SubElement(element, f"{main}t")
            written.text = run
            written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _draw_beside(package: Package, drawing: bytes, notes: Mapping[Place, Note], geometry: Geometry) -> bytes:
    """A drawing's bytes with boxes for new comments after what it draws already.

    The drawing is not parsed: what Excel writes there, in text boxes say, is often no XML.
    """
    first = 1 + max(_blocks_used(package), default=0)
    count = math.ceil(len(notes) / (_BLOCK - 1))
    mine = ",".join(str(block) for block in range(first, first + count)).encode()
    numbers = (block * _BLOCK + number for block in range(first, first + count) for number in range(1, _BLOCK))
    shapes = "".join(_shape(number, place, notes[place], geometry) for number, place in zip(numbers, sorted(notes), strict=False)).encode()
    end = drawing.rfind(b"</xml>")
    if end < 0:
        raise WorkbookNotMarked("the drawing of a sheet's comments does not end as one")
    named = _IDMAP.sub(lambda found: found[1] + b",".join(part for part in (found[2], mine) if part) + found[3], drawing[:end], count=1)
    return named + shapes + drawing[end:]


def _blocks_used(package: Package) -> set[int]:
    drawings = [package.read(name) for name in {*package.infos, *package.changed} if name.lower().endswith(".vml")]
    named = {int(block) for drawing in drawings for found in _IDMAP.finditer(drawing) for block in found[2].split(b",") if block}
    return named | {int(number) // _BLOCK for drawing in drawings for number in _SHAPE_ID.findall(drawing)}


def _shape(number: int, place: Place, note: Note, geometry: Geometry) -> str:
    row, column = place
    said = [line for kind, text in note.findings for line in (kind, *textwrap.wrap(text, _CHARACTERS), "")]
    height = _LINE * len(said)
    right, right_offset = _walk(column + 1, _WIDTH + 15, lambda each: geometry.width(each) * _PIXELS_PER_CHARACTER + 5)
    top = max(row - 1, 1)
    bottom, bottom_offset = _walk(top, height, lambda each: geometry.height(each) * _PIXELS_PER_POINT)
    anchor = ", ".join(str(part) for part in (column, 15, top - 1, 4, right - 1, right_offset, bottom - 1, bottom_offset))
    return _SHAPE.format(
        number=number, width=_WIDTH, height=height, z=number % _BLOCK, colour=_COLOURS[note.severity], anchor=anchor, row=row - 1, column=column - 1
    )


def _walk(start: int, pixels: float, size_of: Any) -> tuple[int, int]:
    """The row or column that lies so many pixels further on, and how far into it."""
    while pixels > (size := size_of(start)):
        pixels -= size
        start += 1
    return start, int(pixels)
