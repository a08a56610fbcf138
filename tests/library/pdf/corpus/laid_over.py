"""What viewers draw over a page: notes, stamps, links, forms."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.library.pdf.corpus.made import case, form, paper, saved

PLACE = [30, 30, 370, 470]


@case(notes={"annotations"})
def stamp_in_a_hidden_layer() -> bytes:
    pdf = paper()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Konsep")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    for page in pdf.pages:
        looks = Dictionary(N=form(pdf, b"0 g 0 0 400 500 re f", Resources=Dictionary()))
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 400, 500]), F=4, AP=looks, OC=layer
        )
        page.obj.Annots = Array([pdf.make_indirect(note)])
    return saved(pdf)


def _annotated(subtype: Name, content: bytes, **more) -> bytes:
    pdf = paper()
    for page in pdf.pages:
        looks = Dictionary(N=form(pdf, content, Resources=Dictionary()))
        note = Dictionary(
            Type=Name.Annot, Subtype=subtype, Rect=Array([0, 0, 400, 500]), F=4, AP=looks, **more
        )
        page.obj.Annots = Array([pdf.make_indirect(note)])
    return saved(pdf)


@case(notes={"annotations"})
def stamp_over_the_whole_page() -> bytes:
    return _annotated(Name.Stamp, b"1 1 0.8 rg 0 0 400 500 re f")


@case(notes={"annotations"})
def free_text_over_the_page() -> bytes:
    return _annotated(
        Name.FreeText, b"0.9 g 0 100 400 300 re f", DA=String("/Helv 12 Tf"), Contents=String("Catatan")
    )


@case(notes={"annotations"})
def watermark_annotation() -> bytes:
    return _annotated(Name.Watermark, b"0.7 0.8 1 rg 0 0 400 500 re f")


@case(notes={"annotations"})
def highlight_without_looks() -> bytes:
    pdf = paper()
    for page in pdf.pages:
        page.obj.Annots = Array(
            [Dictionary(Type=Name.Annot, Subtype=Name.Highlight, Rect=Array(PLACE), C=Array([1, 1, 0]),
                        QuadPoints=Array([30, 470, 370, 470, 30, 30, 370, 30]))]
        )  # fmt: skip
    return saved(pdf)


@case()
def link_with_a_border_like_a_page() -> bytes:
    pdf = paper()
    for page in pdf.pages:
        page.obj.Annots = Array(
            [
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Link, Rect=Array([190, 240, 210, 260]), Border=Array([0, 0, 600]),
                    C=Array([1, 1, 1]), BS=Dictionary(W=600), A=Dictionary(S=Name.URI, URI=String("https://bps.go.id/")),
                ),
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array(PLACE), Dest=Array([pdf.pages[1].obj, Name.Fit])),
            ]
        )  # fmt: skip
    return saved(pdf)


def _with_field(**more) -> Pdf:
    pdf = paper()
    fields = []
    for n, page in enumerate(pdf.pages):
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(f"nama{n}"), V=String("Siti"), F=4,
                Rect=Array([40, 20, 300, 50]), DA=String("/Helv 11 Tf 0 g"), P=page.obj,
            )
        )  # fmt: skip
        page.obj.Annots = Array([field])
        fields.append(field)
    faces = Dictionary(Font=Dictionary(Helv=pdf.pages[0].obj.Resources.Font.F1))
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields), DR=faces, DA=String("/Helv 11 Tf 0 g"), **more)
    return pdf


@case(notes={"forms"})
def form_to_fill_in() -> bytes:
    return saved(_with_field(NeedAppearances=True))


@case(notes={"forms"})
def form_with_xfa_beside() -> bytes:
    pdf = _with_field(NeedAppearances=False)
    pdf.Root.AcroForm.XFA = Stream(pdf, b"<xdp:xdp/>")
    return saved(pdf)


@case("dynamic_form")
def form_made_by_the_reader() -> bytes:
    pdf = _with_field()
    pdf.Root.AcroForm.XFA, pdf.Root.NeedsRendering = Stream(pdf, b"<xdp:xdp/>"), True
    return saved(pdf)


@case(notes={"forms"})
def signed() -> bytes:
    pdf = _with_field(SigFlags=3)
    field = pdf.Root.AcroForm.Fields[0]
    field.FT, field.V = (
        Name.Sig,
        Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("\0" * 64)),
    )
    pdf.Root.Perms = Dictionary(DocMDP=field.V)
    return saved(pdf)
