"""What a page needs to be drawn, key by key. Anything else that fonts, pictures and states carry along (descriptions, keys of
a program's own) may lead to other pages, so it stays behind when some pages are cut from a file."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Object, ObjectSet, Stream

PLAIN, RESOURCES, NAMED = range(3)  # NAMED: its keys are anybody's names
HOLD_NAMES = {"/CharProcs", "/Colorants", "/Solidities", "/DotGain"}
NUMBERS = {"/Widths", "/W", "/W2", "/Differences"}  # long, and nothing of ours to look into

# As the standard names them (ISO 32000).
WORDS = """
    Type Subtype MediaBox CropBox Rotate UserUnit Group Resources Contents Annots Rect Border F A S URI
    Font XObject ExtGState ColorSpace Pattern Shading Properties ProcSet
    Length Filter DecodeParms DL Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign
    Rows EndOfBlock BlackIs1 DamagedRowsBeforeError JBIG2Globals ColorTransform
    Name Width Height Intent ImageMask Mask Decode Interpolate SMask SMaskInData Matte FormType BBox Matrix OC CS I
    BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode DescendantFonts CIDSystemInfo Registry
    Ordering Supplement W DW W2 DW2 CIDToGIDMap FontBBox FontMatrix CharProcs BaseEncoding Differences WMode UseCMap
    CMapName FontName FontFamily FontStretch FontWeight Flags ItalicAngle Ascent Descent Leading CapHeight XHeight
    StemV StemH AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 CharSet Style Panose Lang FD CIDSet
    Length1 Length2 Length3
    LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK BG BG2 UCR UCR2 TR TR2 G BC
    PatternType PaintType TilingType XStep YStep ShadingType Background AntiAlias Domain Function Coords Extend
    BitsPerCoordinate BitsPerFlag VerticesPerRow FunctionType Range Size BitsPerSample Order Encode C0 C1 N Functions
    Bounds WhitePoint BlackPoint Gamma Alternate Colorants Process Components MixingHints Solidities PrintingOrder
    DotGain
    OCGs P VE Usage MCID ActualText Alt E Attached
"""
KEYS = {f"/{key}" for key in WORDS.split()}


def keep(page: Object) -> None:
    """Of `page` and all it leads to, in memory."""
    seen, stack = ObjectSet(), [(page, PLAIN)]
    while stack:
        thing, kind = stack.pop()
        if not seen.add(thing):
            continue
        if isinstance(thing, Array):
            stack += [(item, PLAIN) for item in thing if _leads_on(item)]
            continue
        for key in list(thing.keys()):
            if kind != NAMED and key not in KEYS:
                del thing[key]
            elif key not in NUMBERS and _leads_on(value := thing[key]):
                stack.append((value, _kind_of(kind, key)))


def _kind_of(holder: int, key: str) -> int:
    if holder == RESOURCES or key in HOLD_NAMES:
        return NAMED
    return RESOURCES if key == "/Resources" and holder == PLAIN else PLAIN


def _leads_on(value: Any) -> bool:
    return isinstance(value, Dictionary | Stream | Array)
