"""Sound files that use much of what PDF offers: transparency, layers, forms, notes, fonts, tags, pictures."""

from __future__ import annotations

import io

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from tests.library.pdf.corpus.made import case, form, paper, picture, saved, words

PLACE = [30, 30, 370, 470]


def _drawn(content: bytes, **resources) -> Pdf:
    pdf = paper(content=content)
    for page in pdf.pages:
        for key, value in resources.items():
            page.obj.Resources[f"/{key}"] = value(pdf) if callable(value) else value
    return pdf


@case()
def page_group_and_blending() -> bytes:
    pdf = _drawn(
        b"/M gs " + words("Paduan") + b" 0.9 g 0 0 400 500 re f",
        ExtGState=Dictionary(M=Dictionary(BM=Name.Multiply, ca=0.5, CA=0.2)),
    )
    for page in pdf.pages:
        page.obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB, I=True, K=True)
    return saved(pdf)


@case()
def invisible_by_state() -> bytes:
    return saved(_drawn(words("Bening") + b" /N gs", ExtGState=Dictionary(N=Dictionary(ca=0, CA=0))))


@case()
def soft_mask_left_on() -> bytes:
    def states(pdf: Pdf) -> Dictionary:
        group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
        mask = Dictionary(S=Name.Luminosity, G=form(pdf, b"0 g 0 0 400 500 re f", Group=group))
        return Dictionary(K=Dictionary(SMask=mask))

    return saved(_drawn(words("Topeng") + b" /K gs", ExtGState=states))


@case()
def overprinting() -> bytes:
    state = Dictionary(O=Dictionary(OP=True, op=True, OPM=1))
    return saved(_drawn(b"/O gs 1 0 0 0 k 0 0 400 500 re f " + words("Timpa"), ExtGState=state))


@case()
def layers_hidden_and_shown() -> bytes:
    pdf = paper(content=b"/OC /A BDC " + words("Terlihat") + b" EMC /OC /B BDC 0 g 0 0 400 500 re f EMC")
    shown, hidden = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=name)) for name in ("A", "B"))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([shown, hidden]), D=Dictionary(OFF=Array([hidden]), BaseState=Name.ON)
    )
    for page in pdf.pages:
        page.obj.Resources.Properties = Dictionary(A=shown, B=hidden)
    return saved(pdf)


@case()
def tiling_and_shading() -> bytes:
    def patterns(pdf: Pdf) -> Dictionary:
        tile = Stream(
            pdf, b"0.7 g 2 2 6 6 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1,
            BBox=Array([0, 0, 10, 10]), XStep=10, YStep=10, Resources=Dictionary(),
        )  # fmt: skip
        return Dictionary(T=tile)

    ramp = Dictionary(
        ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 400, 500]), Extend=Array([True, True]),
        Function=Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([0.2, 0.3, 0.9]), N=1),
    )  # fmt: skip
    content = b"/S sh /Pattern cs /T scn 50 50 200 200 re f " + words("Pola")
    return saved(_drawn(content, Pattern=patterns, Shading=Dictionary(S=ramp)))


@case()
def letters_that_are_drawings() -> bytes:
    def fonts(pdf: Pdf) -> Dictionary:
        glyph = pdf.make_stream(b"700 0 0 0 600 600 d1 0 0 600 600 re f")
        return Dictionary(
            F1=Dictionary(
                Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 700, 700]), FirstChar=97, LastChar=97,
                FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(kotak=glyph), Widths=Array([700]),
                Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.kotak])), Resources=Dictionary(),
            )
        )  # fmt: skip

    return saved(_drawn(b"BT /F1 30 Tf 50 300 Td (aaa a aa) Tj ET", Font=fonts))


@case()
def letters_of_no_known_font() -> bytes:
    return saved(
        _drawn(words("Huruf"), Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.TrueType)))
    )


@case()
def drawings_inside_drawings() -> bytes:
    pdf = paper(content=b"/X Do")
    for page in pdf.pages:
        inner = form(pdf, words("Dalam"), Resources=page.obj.Resources)
        for _n in range(30):
            inner = form(
                pdf, b"q 0.99 0 0 0.99 1 1 cm /X Do Q", Resources=Dictionary(XObject=Dictionary(X=inner))
            )
        page.obj.Resources = Dictionary(XObject=Dictionary(X=inner))
    return saved(pdf)


@case()
def drawing_that_draws_itself() -> bytes:
    pdf = paper(content=b"/X Do " + words("Diri"))
    drawing = pdf.make_indirect(form(pdf, b"0.5 g 9 9 50 50 re f /X Do"))
    drawing.Resources = Dictionary(XObject=Dictionary(X=drawing))
    for page in pdf.pages:
        page.obj.Resources.XObject = Dictionary(X=drawing)
    return saved(pdf)


@case()
def scanned_pages() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 380), 60).save(out, "JPEG", quality=60)
    pdf = paper(content=b"q 400 0 0 500 0 0 cm /I Do Q")
    scan = Stream(
        pdf, out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=300, Height=380, ColorSpace=Name.DeviceGray,
        BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
    for page in pdf.pages:
        page.obj.Resources.XObject = Dictionary(I=scan)
    return saved(pdf)


@case(notes={"unreadable"})
def scans_cut_off() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 380), 60).save(out, "JPEG", quality=60)
    pdf = paper(content=b"q 400 0 0 500 0 0 cm /I Do Q")
    scan = Stream(
        pdf, out.getvalue()[:9_000], Type=Name.XObject, Subtype=Name.Image, Width=300, Height=380,
        ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
    for page in pdf.pages:
        page.obj.Resources.XObject = Dictionary(I=scan)
    return saved(pdf)


@case()
def pictures_among_operators() -> bytes:
    inline = b"q 80 0 0 80 200 200 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xffQ\x80 EI Q "
    return saved(paper(content=inline + words("Sebaris")))


@case()
def picture_with_mask() -> bytes:
    def images(pdf: Pdf) -> Dictionary:
        image = picture(pdf, bytes(range(27)), 3)
        image.SMask = Stream(
            pdf, b"\x40" * 9, Type=Name.XObject, Subtype=Name.Image, Width=3, Height=3, ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )  # fmt: skip
        return Dictionary(I=image)

    return saved(_drawn(b"q 300 0 0 300 50 50 cm /I Do Q " + words("Topeng"), XObject=images))


def _weasy(variant: str, tags: bool) -> bytes:
    from weasyprint import HTML

    html = (
        "<html lang=id><title>Kabupaten Muna Dalam Angka</title><style>h1{break-before:page}h1:first-child{break-before:auto}"
        "</style><body><h1>Geografi</h1><p>Luas wilayah, <a href='#b'>penduduk</a>.</p><h1 id=b>Penduduk</h1>"
        "<table><tr><th>Kecamatan<th>Jiwa<tr><td>Raha<td>31.204</table></body></html>"
    )
    return HTML(string=html).write_pdf(pdf_variant=variant, pdf_tags=tags)


@case()
def pdf_a_2b() -> bytes:
    return _weasy("pdf/a-2b", tags=False)


@case()
def pdf_a_1b() -> bytes:
    return _weasy("pdf/a-1b", tags=False)


@case()
def tagged() -> bytes:
    return _weasy("pdf/ua-1", tags=True)


@case()
def outline_in_circles() -> bytes:
    pdf = paper()
    one, two = (
        pdf.make_indirect(Dictionary(Title=String(t), Dest=Array([pdf.pages[0].obj, Name.Fit]))) for t in "ab"
    )
    one.Next, two.Next, one.First, two.First = two, one, two, one
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=one, Last=two, Count=2))
    return saved(pdf)


@case()
def article_threads_and_thumbnails() -> bytes:
    pdf = paper()
    bead = pdf.make_indirect(Dictionary(P=pdf.pages[0].obj, R=Array(PLACE)))
    bead.N = bead.V = bead
    pdf.Root.Threads = Array([Dictionary(F=bead, I=Dictionary(Title=String("Artikel")))])
    for page in pdf.pages:
        page.obj.B, page.obj.Thumb = Array([bead]), picture(pdf)
        page.obj.Trans = Dictionary(S=Name.Dissolve)
    return saved(pdf)


@case()
def presentation_with_page_labels() -> bytes:
    pdf = paper(Tabs=Name.S, Dur=3)
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))
    pdf.Root.PageMode, pdf.Root.ViewerPreferences = Name.FullScreen, Dictionary(HideToolbar=True)
    return saved(pdf)
