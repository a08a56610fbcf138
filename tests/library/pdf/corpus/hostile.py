"""Files that want to do something, or to take everything."""

from __future__ import annotations

import zlib

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, Stream, String

from tests.library.pdf.corpus.made import case, paper, picture, saved, simple, stream, words, written

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))


@case(notes={"scripts"})
def script_on_opening() -> bytes:
    pdf = paper()
    pdf.Root.OpenAction = pdf.make_indirect(Dictionary(SCRIPT))
    return saved(pdf)


@case(notes={"scripts"})
def scripts_by_name() -> bytes:
    pdf = paper()
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), Dictionary(SCRIPT)])))
    return saved(pdf)


@case(notes={"scripts"})
def scripts_on_pages_and_links() -> bytes:
    pdf = paper(AA=Dictionary(O=Dictionary(SCRIPT)))
    for page in pdf.pages:
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 400, 500]), A=Dictionary(SCRIPT)
        )
        page.obj.Annots = Array([link])
    return saved(pdf)


@case(notes={"launch"})
def starts_a_program() -> bytes:
    pdf = paper()
    run = Dictionary(S=Name.Launch, F=String("cmd.exe"), Next=Dictionary(SCRIPT))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 400, 500]), A=run)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
    return saved(pdf)


@case(notes={"remote"})
def leads_to_another_file() -> bytes:
    pdf = paper()
    away = Dictionary(S=Name.GoToR, F=String("//server/berkas.pdf"), D=Array([0, Name.Fit]))
    pdf.pages[0].obj.Annots = Array(
        [pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=away))]
    )
    item = pdf.make_indirect(Dictionary(Title=String("Luar"), A=away))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))
    return saved(pdf)


@case(notes={"attachments"})
def files_inside() -> bytes:
    pdf = paper()
    pdf.attachments["rahasia.xlsx"] = AttachedFileSpec(pdf, b"isi lampiran" * 50, filename="rahasia.xlsx")
    pdf.Root.AF = Array([pdf.attachments["rahasia.xlsx"].obj])
    return saved(pdf)


@case(notes={"attachments"})
def portfolio() -> bytes:
    pdf = paper()
    pdf.attachments["a.pdf"] = AttachedFileSpec(pdf, b"%PDF-1.4 isi", filename="a.pdf")
    pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.T)
    return saved(pdf)


@case(notes={"attachments", "annotations"})
def file_pinned_to_a_page() -> bytes:
    pdf = paper()
    inside = Stream(pdf, b"isi", Type=Name.EmbeddedFile)
    spec = pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=inside)))
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 20, 20]), FS=spec)
    pdf.pages[0].obj.Annots = Array([pin])
    return saved(pdf)


@case(notes={"media", "annotations"})
def film_and_space() -> bytes:
    pdf = paper()
    pdf.pages[0].obj.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.RichMedia,
                Rect=Array([0, 0, 400, 500]),
                RichMediaContent=Dictionary(),
            ),
            Dictionary(Type=Name.Annot, Subtype=Name("/3D"), Rect=Array([0, 0, 400, 500])),
        ]
    )
    return saved(pdf)


@case(notes={"remote"})
def content_from_another_file() -> bytes:
    objects = simple()
    objects[4] = stream(b"", b"/F (/etc/passwd) /FFilter /FlateDecode")
    return written(objects)


def _deflated(pdf: Pdf, size: int, times: int = 1, byte: bytes = b" ") -> Stream:
    data = byte * 1_000_000 * size
    for _n in range(times):
        data = zlib.compress(data, 9)
    return Stream(pdf, data, Filter=Array([Name.FlateDecode] * times))


def _untouched(pdf: Pdf) -> bytes:
    from pikepdf import StreamDecodeLevel

    return saved(pdf, stream_decode_level=StreamDecodeLevel.none, compress_streams=False)


@case("bomb")
def content_of_400_megabytes() -> bytes:
    pdf = paper()
    pdf.pages[0].obj.Contents = _deflated(pdf, 400)
    return _untouched(pdf)


@case("bomb")
def content_packed_three_times() -> bytes:
    pdf = paper()
    pdf.pages[0].obj.Contents = _deflated(pdf, 300, 3)
    return _untouched(pdf)


@case("bomb")
def content_with_a_thousand_filters() -> bytes:
    pdf = paper()
    pdf.pages[0].obj.Contents = Stream(pdf, b"", Filter=Array([Name.FlateDecode] * 1_000))
    return _untouched(pdf)


@case("bomb")
def picture_data_of_400_megabytes() -> bytes:
    pdf = paper(content=words("Gambar") + b" q 9 0 0 9 9 9 cm /I Do Q")
    image = pdf.make_indirect(_deflated(pdf, 400))
    image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
    image.Width, image.Height, image.BitsPerComponent = 10_000, 40, 8
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)
    return _untouched(pdf)


@case("bomb")
def picture_a_million_points_wide() -> bytes:
    pdf = paper(content=b"q 400 0 0 500 0 0 cm /I Do Q")
    image = picture(pdf)
    image.Width = image.Height = 1_000_000
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)
    return saved(pdf)


@case("bomb")
def text_drawn_a_million_million_times() -> bytes:
    """Each drawing draws the next ten times, twelve deep."""
    pdf = paper(content=b"/X Do")
    inner = Stream(pdf, b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    for _n in range(12):
        inner = Stream(
            pdf, b"/X Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
            Resources=Dictionary(XObject=Dictionary(X=inner)),
        )  # fmt: skip
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=inner))
    return saved(pdf)


@case("too_many_pages")
def sixty_thousand_pages() -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 60_003))
    objects = {1: b"<</Type /Catalog /Pages 2 0 R>>", 2: b"<</Type /Pages /Kids [%s] /Count 60000>>" % kids}
    objects |= dict.fromkeys(
        range(3, 60003), b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources <<>>>>"
    )
    return written(objects)


@case("damaged")
def page_listed_two_million_times() -> bytes:
    objects = simple()
    objects[2] = b"<</Type /Pages /Kids [%s] /Count 2000000>>" % (b"3 0 R " * 2_000_000)
    return written(objects)


@case("damaged")
def page_tree_in_a_circle() -> bytes:
    objects = {1: b"<</Type /Catalog /Pages 2 0 R>>", 2: b"<</Type /Pages /Kids [3 0 R] /Count 9>>"}
    objects[3] = b"<</Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 9>>"
    return written(objects)


@case(notes={"repaired"}, pages=1)
def arrays_in_arrays() -> bytes:
    objects = simple()
    objects[3] = objects[3].replace(b"/MediaBox", b"/Deep %s%s /MediaBox" % (b"[" * 90_000, b"]" * 90_000))
    return written(objects)


@case(notes={"unreadable"})
def operands_in_operands() -> bytes:
    return saved(paper(content=words("Dalam") + b"[" * 50_000 + b"]" * 50_000 + b" TJ"))


@case("protected")
def locked_by_a_publisher() -> bytes:
    objects = simple()
    objects[8] = b"<</Filter /EBX_HANDLER /V 4 /Length 128>>"
    return written(objects, trailer=b"/Root 1 0 R /Encrypt 8 0 R /ID [<61> <61>]")
