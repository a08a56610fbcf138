"""Files that are broken: structure, operators, streams."""

from __future__ import annotations

import re
import zlib

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Stream, String

from tests.library.pdf.corpus.made import case, paper, saved, simple, stream, words, written


@case("empty")
def nothing_at_all() -> bytes:
    return b""


@case("not_pdf")
def a_web_page() -> bytes:
    return b"<!doctype html><html><title>404</title><body>Halaman tidak ditemukan" + b" " * 2000


@case("not_pdf")
def a_zip() -> bytes:
    return b"PK\x03\x04\x14\x00" + b"\x00" * 3000 + b"%PDF-1.4"


@case("not_pdf")
def a_photograph() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x11" * 3000


@case("damaged")
def only_a_header() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@case("damaged")
def a_header_and_noise() -> bytes:
    return b"%PDF-1.7\n" + bytes(range(256)) * 40


@case()
def header_at_byte_900() -> bytes:
    return b"\n" * 900 + saved(paper())


@case("not_pdf")
def header_at_byte_2000() -> bytes:
    return b"\n" * 2000 + saved(paper())


@case()
def followed_by_a_zip() -> bytes:
    return saved(paper()) + b"PK\x03\x04" + b"muatan" * 400


@case()
def version_nobody_knows() -> bytes:
    return written(simple(), header=b"%PDF-9.7\n")


@case(notes={"repaired"})
def no_size_in_trailer() -> bytes:
    return re.sub(rb"/Size \d+", b"", written(simple()))


@case("damaged")
def no_size_and_object_streams() -> bytes:
    return re.sub(rb"/Size \d+", b"      ", saved(paper(), object_stream_mode=ObjectStreamMode.generate))


@case(notes={"repaired"})
def cross_references_wrong() -> bytes:
    return re.sub(rb"(\d{9})\d 00000 n", rb"\g<1>7 00000 n", written(simple()))


@case(notes={"repaired"})
def cross_references_missing() -> bytes:
    made = written(simple())
    return made[: made.rindex(b"xref\n0 ")] + b"trailer\n<</Root 1 0 R>>\n"


@case(notes={"repaired"})
def start_of_cross_references_wrong() -> bytes:
    return re.sub(rb"startxref\n\d+", b"startxref\n77777777", written(simple()))


@case(notes={"repaired"}, pages=2)
def cut_off_at_the_end() -> bytes:
    made = written(simple())
    return made[: made.rindex(b"xref\n0 ") - 3]


@case("damaged")
def cut_off_in_the_middle() -> bytes:
    made = saved(paper(20), object_stream_mode=ObjectStreamMode.generate)
    return made[: len(made) // 2]


@case("damaged")
def no_catalogue() -> bytes:
    return written({3: b"<</Type /Page>>"}, trailer=b"/Info 3 0 R")


@case("no_pages")
def no_pages() -> bytes:
    return written({1: b"<</Type /Catalog /Pages 2 0 R>>", 2: b"<</Type /Pages /Kids [] /Count 0>>"})


@case()
def wrong_length_of_stream() -> bytes:
    objects = simple()
    objects[4] = re.sub(rb"/Length \d+", b"/Length 12", objects[4])
    return written(objects)


@case()
def count_of_pages_wrong() -> bytes:
    objects = simple()
    objects[2] = objects[2].replace(b"/Count 2", b"/Count 70000")
    return written(objects)


@case(notes={"balanced"})
def left_open() -> bytes:
    return saved(paper(content=b"q q q 0.3 0 0 0.3 90 90 cm " + words("Terbuka")))


@case(notes={"balanced"})
def closed_too_often() -> bytes:
    return saved(paper(content=b"Q Q 0.5 0 0 0.5 0 0 cm Q " + words("Tertutup") + b" Q Q Q"))


@case(notes={"balanced"})
def closed_before_opened() -> bytes:
    return saved(paper(content=b"Q " + words("Terbalik") + b" q"))


@case(notes={"balanced"})
def clip_left_over() -> bytes:
    return saved(paper(content=words("Potong") + b" q 10 10 30 30 re W n"))


@case()
def clip_without_q() -> bytes:
    return saved(paper(content=words("Potong") + b" 10 10 30 30 re W n 5 0 0 5 900 900 cm"))


@case(notes={"balanced"})
def text_left_open() -> bytes:
    return saved(paper(content=words("Teks") + b" BT /F1 8 Tf 3 Tr"))


@case(notes={"balanced"})
def marked_content_left_open() -> bytes:
    pdf = paper(content=words("Lapisan") + b" /OC /Hidden BDC")
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Tersembunyi"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    for page in pdf.pages:
        page.obj.Resources.Properties = Dictionary(Hidden=layer)
    return saved(pdf)


@case(notes={"unreadable"})
def ends_inside_a_string() -> bytes:
    return saved(paper(content=words("Untai") + b" BT /F1 12 Tf (tidak selesai"))


@case(notes={"unreadable"})
def ends_inside_a_dictionary() -> bytes:
    return saved(paper(content=words("Kamus") + b" /Span <</ActualText (a) /MCID"))


@case(notes={"unreadable"})
def ends_inside_a_picture() -> bytes:
    return saved(paper(content=words("Gambar") + b" q BI /W 40 /H 40 /CS /G /BPC 8 ID \x01\x02"))


@case(notes={"unreadable"})
def operators_of_noise() -> bytes:
    return saved(paper(content=bytes((n * 7919 + n // 3) % 256 for n in range(4000))))


@case(notes={"balanced"})
def content_half_inflated() -> bytes:
    pdf = paper()
    for page in pdf.pages:
        packed = zlib.compress(words("Separuh") * 30)
        page.obj.Contents = Stream(pdf, packed[: len(packed) // 2] + b"\xff" * 60, Filter=Name.FlateDecode)
    return saved(pdf, compress_streams=False)


@case(notes={"unreadable"})
def content_not_inflatable() -> bytes:
    pdf = paper()
    pdf.pages[0].obj.Contents = Stream(pdf, b"bukan flate", Filter=Name.FlateDecode)
    return saved(pdf, compress_streams=False)


@case(notes={"unreadable"})
def content_as_photograph() -> bytes:
    pdf = paper()
    pdf.pages[0].obj.Contents = Stream(pdf, b"\xff\xd8\xff\xe0", Filter=Name.DCTDecode)
    return saved(pdf)


@case(notes={"unreadable"})
def picture_not_inflatable() -> bytes:
    pdf = paper(content=words("Gambar") + b" q 90 0 0 90 200 300 cm /I Do Q")
    broken = Stream(
        pdf, b"bukan flate", Type=Name.XObject, Subtype=Name.Image, Width=9, Height=9, ColorSpace=Name.DeviceGray,
        BitsPerComponent=8, Filter=Name.FlateDecode,
    )  # fmt: skip
    for page in pdf.pages:
        page.obj.Resources.XObject = Dictionary(I=broken)
    return saved(pdf, compress_streams=False)


@case()
def dictionaries_that_are_none() -> bytes:
    pdf = paper()
    for page in pdf.pages:
        page.obj.Resources.XObject = Array([1, 2])
        page.obj.Resources.ExtGState = 7
        page.obj.Annots = Dictionary(A=1)
    pdf.Root.Outlines, pdf.Root.Names, pdf.Root.AcroForm = Name.No, Array(), 3
    pdf.Root.Metadata = Dictionary()
    return saved(pdf, fix_metadata_version=False)


@case()
def description_not_xml() -> bytes:
    pdf = paper()
    pdf.Root.Metadata = Stream(pdf, b"<x:xmpmeta><rdf", Type=Name.Metadata, Subtype=Name.XML)
    return saved(pdf, fix_metadata_version=False)


@case()
def title_of_odd_letters() -> bytes:
    pdf = paper()
    title = "Kabupaten\x00Muna\x07 \u202eDalam \ud83d Angka" * 90
    pdf.docinfo["/Title"] = String(b"\xfe\xff" + title.encode("utf-16-be", "surrogatepass"))
    return saved(pdf)


@case()
def xref_entry_for_free_object_used() -> bytes:
    objects = simple(page=b"/Annots 44 0 R /Group 45 0 R")
    objects[8] = stream(b"tak dipakai")
    return written(objects)
