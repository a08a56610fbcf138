"""Small helpers to write XML with the standard library: namespaces named once, text cleaned."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from library.export.citation import CONTROL

XSI = "http://www.w3.org/2001/XMLSchema-instance"


def child(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, tag, attributes)
    if text is not None:
        made.text = CONTROL.sub("", text)
    return made


def document(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
