"""A book whose every page has words, pictures, fonts and all else of its own, each with a secret to find it by; and the
one dictionary that hands all of it to every page."""

from __future__ import annotations

import io
import random

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, StreamDecodeLevel, String

from tests.library.pdf.corpus.made import saved

# What of a page goes with it; each has a secret of its own.
SECRETS = (
    "words", "picture", "font", "glyph", "drawing", "inner", "bare", "mask", "tile", "shading", "colour", "property", "link",
)  # fmt: skip
ABOUT = (
    "heading",
    "layer",
    "goal",
    "note",
    "thread",
    "thumb",
    "piece",
    "structure",
    "private",
)  # of a page, but not to go with it
WHOLE = ("title", "metadata", "attachment")


def secret(kind: str, page: int) -> bytes:
    """Sixteen letters, the same in every run, found nowhere else."""
    chance = random.Random(f"{kind} {page}")
    return "".join(chance.choice("BCDFGHJKLMNPQRSTVWXZ") for _n in range(16)).encode()


def expanded(file: bytes) -> bytes:
    """All objects plain, all streams unpacked."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(file)) as pdf:
        pdf.save(
            out,
            qdf=True,
            normalize_content=False,
            compress_streams=False,
            fix_metadata_version=False,
            stream_decode_level=StreamDecodeLevel.all,
            object_stream_mode=ObjectStreamMode.disable,
        )
    return out.getvalue()


def bound(pages: int, sharing: str) -> bytes:
    """`sharing`: "own", "shared" or "inherited" resources."""
    pdf = Pdf.new()
    everything = pdf.make_indirect(Dictionary())
    for n in range(1, pages + 1):
        pdf.add_blank_page(page_size=(400, 500))
        page = pdf.pages[-1].obj
        page.Contents = Array([pdf.make_stream(b"q"), pdf.make_stream(_operators(n)), pdf.make_stream(b"Q")])
        own = Dictionary() if sharing == "own" else everything
        _furnish(pdf, own, n)
        page.Resources = own
    if sharing == "inherited":
        pdf.Root.Pages.Resources = everything
        for page in pdf.pages:
            del page.obj["/Resources"]
    _connect(pdf)
    return saved(pdf, fix_metadata_version=False)


def _operators(n: int) -> bytes:
    return (
        f"/OC /P{n} BDC BT /F{n} 12 Tf 40 400 Td ({secret('words', n).decode()}) Tj /T{n} 12 Tf (a) Tj ET EMC "
        f"q 50 0 0 50 40 40 cm /I{n} Do Q /D{n} Do /B{n} Do q /G{n} gs 0 0 9 9 re f Q /Pattern cs /L{n} scn 9 9 9 9 re f "
        f"q 0 0 50 50 re W n /S{n} sh Q /C{n} cs 0.5 scn 1 1 9 9 re f "
        "q 9 0 0 9 200 200 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
    ).encode("latin-1")


def _furnish(pdf: Pdf, own: Object, n: int) -> None:
    def form(content: bytes, **more) -> Stream:
        return Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 99, 99]), **more)

    def comment(kind: str) -> bytes:
        return b"%" + secret(kind, n) + b"\n"

    def add(category: str, name: str, thing: Object) -> None:
        own[category] = own.get(category, Dictionary())
        own[category][f"/{name}{n}"] = thing

    image = Stream(pdf, secret("picture", n) * 3, Type=Name.XObject, Subtype=Name.Image, Width=4, Height=4,
                   ColorSpace=Name.DeviceRGB, BitsPerComponent=8)  # fmt: skip
    image.PieceInfo = Dictionary(A=String(secret("piece", n)))
    inner = form(comment("inner") + b"0 0 5 5 re f")
    add("/XObject", "I", pdf.make_indirect(image))
    # A drawing with resources of its own (all pages' again), and one that uses those of its page.
    inside = Dictionary(
        XObject=Dictionary({f"/N{n}": inner, "/Other": own.get("/XObject", Dictionary()).get("/I1", image)})
    )
    add("/XObject", "D", form(comment("drawing") + b"/N%d Do" % n, Resources=inside))
    add("/XObject", "B", form(comment("bare") + b"q 9 0 0 9 9 9 cm /I%d Do Q" % n))
    program = pdf.make_stream(secret("font", n) * 20)
    described = Dictionary(Type=Name.FontDescriptor, FontName=Name.Helvetica, Flags=32, FontFile2=program)
    add("/Font", "F", pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name(f"/{secret('font', n).decode()}"),
                   FontDescriptor=described)))  # fmt: skip
    described.Private = Dictionary(Metadata=pdf.make_stream(secret("private", n)))
    program.Metadata = pdf.make_stream(secret("private", n))
    image.SMask = Stream(pdf, b"\x80", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
                         ColorSpace=Name.DeviceGray, BitsPerComponent=8, Metadata=pdf.make_stream(secret("private", n)))  # fmt: skip
    glyph = pdf.make_stream(comment("glyph") + b"700 0 0 0 600 600 d1 0 0 600 600 re f")
    add("/Font", "T", Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 700, 700]), FirstChar=97, LastChar=97,
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(x=glyph), Widths=Array([700]),
        Encoding=Dictionary(Differences=Array([97, Name.x]))))  # fmt: skip
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    mask = Dictionary(
        S=Name.Luminosity, G=form(comment("mask") + b"1 g 0 0 9 9 re f", Group=group, Resources=Dictionary())
    )
    add("/ExtGState", "G", Dictionary(SMask=mask))
    add("/Pattern", "L", Stream(
        pdf, comment("tile") + b"0 0 5 5 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1,
        BBox=Array([0, 0, 9, 9]), XStep=9, YStep=9, Resources=own))  # fmt: skip
    own.ExtGState[f"/G{n}"].Private = own.Pattern[f"/L{n}"].Private = Array([String(secret("private", n))])
    function = Stream(pdf, b"{%" + secret("shading", n) + b"\n dup dup}", FunctionType=4, Domain=Array([0, 1]),
                      Range=Array([0, 1, 0, 1, 0, 1]))  # fmt: skip
    add(
        "/Shading",
        "S",
        Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 9, 9]), Function=function),
    )
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0]), C1=Array([1]), N=1)
    add(
        "/ColorSpace",
        "C",
        Array([Name.Separation, Name(f"/{secret('colour', n).decode()}"), Name.DeviceGray, tint]),
    )
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(secret("layer", n))))
    add(
        "/Properties",
        "P",
        layer
        if n % 2
        else Dictionary(Type=Name.OCMD, OCGs=Array([layer]), P=Name(f"/{secret('property', n).decode()}")),
    )
    if n % 2:
        layer.Intent = Array([Name.View, Name(f"/{secret('property', n).decode()}")])


def _connect(pdf: Pdf) -> None:
    """Every page leads to every other, and the whole knows about all."""
    pages = [page.obj for page in pdf.pages]
    elements, beads, goals, items = [], [], [], []
    layers = [
        thing for thing in pdf.objects if isinstance(thing, Dictionary) and thing.get("/Type") == Name.OCG
    ]
    for n, page in enumerate(pages, start=1):
        text = {kind: String(secret(kind, n)) for kind in (*ABOUT, "link")}
        web = Dictionary(S=Name.URI, URI=String(b"https://contoh.go.id/" + secret("link", n)))
        page.Annots = Array(
            [
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=web, Contents=text["note"]),
                *[Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Dest=Array([other, Name.Fit]),
                             Contents=text["note"]) for other in pages],
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Dest=String(secret("goal", n))),
            ]
        )  # fmt: skip
        page.StructParents = n
        element = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.P, Pg=page, ActualText=text["structure"], K=0)
        )
        bead = pdf.make_indirect(Dictionary(P=page, R=Array([0, 0, 9, 9])))
        page.B, page.Thumb = Array([bead]), Stream(pdf, secret("thumb", n), Width=2, Height=2)
        items.append(pikepdf.OutlineItem(secret("heading", n).decode(), n - 1))
        goals += [text["goal"], Array([page, Name.Fit])]
        elements.append(element)
        beads.append(Dictionary(F=bead, I=Dictionary(Title=text["thread"])))
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array(elements)))
    pdf.Root.Threads = Array(beads)
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array(goals)))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array(layers), D=Dictionary(OFF=Array(layers[::3]), Order=Array(layers))
    )
    pdf.Root.Metadata = Stream(
        pdf, b"<!--" + secret("metadata", 0) + b"-->", Type=Name.Metadata, Subtype=Name.XML
    )
    pdf.docinfo["/Title"] = String(secret("title", 0))
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, secret("attachment", 0) * 9, filename="a.txt")
    with pdf.open_outline() as outline:
        outline.root.extend(items)
