"""XML that defines nothing of its own: no entity is expanded and nothing outside is read."""

from typing import IO
from xml.parsers import expat

from ingest.weighing import chunks_of


def parse_xml(xml: IO[bytes], start: object, end: object, take: object) -> None:
    """Parse XML as it goes by, and tell what begins, what ends and what text stands between.

    Raises:
        ValueError: If it is broken, or defines entities.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, take  # type: ignore[assignment]
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk, _ in chunks_of(xml):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


def _refuse(*declaration: object) -> None:
    raise ValueError("the XML defines entities of its own")
