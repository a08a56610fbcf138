"""Sound files of odd shape: boxes, turns, units, dictionaries shared or missing, ways to save."""

from __future__ import annotations

from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Permissions

from tests.library.pdf.corpus.made import case, paper, saved, simple, words, written


@case()
def plain() -> bytes:
    return saved(paper())


@case()
def rotated_90() -> bytes:
    return saved(paper(Rotate=90))


@case()
def rotated_180() -> bytes:
    return saved(paper(Rotate=180))


@case()
def rotated_270() -> bytes:
    return saved(paper(Rotate=270))


@case()
def rotated_backwards() -> bytes:
    return saved(paper(Rotate=-90))


@case()
def rotated_by_no_right_angle() -> bytes:
    return saved(paper(Rotate=100))


@case(pages=4)
def every_page_turned_differently() -> bytes:
    pdf = paper(4)
    for n, page in enumerate(pdf.pages):
        page.obj.Rotate = 90 * n
        page.obj.CropBox = Array([20 * n, 10, 380, 480 - 30 * n])
    return saved(pdf)


@case()
def cropped() -> bytes:
    return saved(paper(CropBox=Array([50, 60, 350, 300])))


@case()
def cropped_and_rotated() -> bytes:
    return saved(paper(CropBox=Array([50, 60, 350, 300]), Rotate=270))


@case()
def crop_box_larger_than_media_box() -> bytes:
    return saved(paper(CropBox=Array([-100, -100, 900, 900])))


@case()
def crop_box_beside_media_box() -> bytes:
    return saved(paper(CropBox=Array([1000, 1000, 1400, 1500])))


@case()
def crop_box_half_outside() -> bytes:
    return saved(paper(CropBox=Array([200, 250, 900, 900])))


@case()
def negative_origin() -> bytes:
    return saved(paper(box=(-200, -250, 200, 250)))


@case()
def reversed_boxes() -> bytes:
    return saved(paper(box=(400, 500, 0, 0), CropBox=Array([380, 480, 20, 10])))


@case()
def fractions_of_points() -> bytes:
    return saved(paper(box=(Decimal("0.25"), Decimal("-0.125"), Decimal("400.333"), Decimal("499.98"))))


@case()
def user_unit() -> bytes:
    return saved(paper(UserUnit=Decimal("2.5")), min_version="1.6")


@case()
def user_unit_rotated_and_cropped() -> bytes:
    return saved(paper(UserUnit=3, Rotate=90, CropBox=Array([100, 100, 400, 500])))


@case(notes={"repaired"})
def no_media_box() -> bytes:
    pdf = paper()
    for page in pdf.pages:
        del page.obj["/MediaBox"]
    return saved(pdf)


@case(notes={"repaired"})
def media_box_of_words() -> bytes:
    return saved(paper(MediaBox=Array([0, 0, Name.Wide, pikepdf.String("high")])))


@case(notes={"page_size"})
def page_of_no_size() -> bytes:
    return saved(paper(box=(0, 0, 0, 0)))


@case("page_size")
def page_of_one_point() -> bytes:
    return saved(paper(box=(0, 0, 1, 1)))


@case("page_size")
def enormous_page() -> bytes:
    return saved(paper(box=(0, 0, 200_000, 200_000)))


@case("page_size")
def enormous_by_unit() -> bytes:
    return saved(paper(UserUnit=1_000))


@case()
def wall_map() -> bytes:
    return saved(paper(box=(0, 0, 3370, 2384)))


@case()
def long_strip() -> bytes:
    return saved(paper(box=(0, 0, 120, 1400)))


@case()
def broad_strip() -> bytes:
    return saved(paper(box=(0, 0, 1400, 120), Rotate=180))


@case()
def everything_inherited() -> bytes:
    objects = simple(
        pages=b"/MediaBox [0 0 400 500] /CropBox [10 10 390 490] /Rotate 90 /Resources <</Font <</F1 5 0 R>>>>"
    )
    objects[3] = b"<</Type /Page /Parent 2 0 R /Contents 4 0 R>>"
    objects[6] = b"<</Type /Page /Parent 2 0 R /Contents 7 0 R>>"
    return written(objects)


@case()
def one_dictionary_for_all_pages() -> bytes:
    pdf = paper(2)
    shared = pdf.make_indirect(Dictionary(Font=pdf.pages[0].obj.Resources.Font))
    for page in pdf.pages:
        page.obj.Resources = shared
    return saved(pdf)


@case()
def no_resources() -> bytes:
    pdf = paper(content=b"0.8 g 20 20 200 200 re f")
    for page in pdf.pages:
        del page.obj["/Resources"]
    return saved(pdf)


@case()
def no_contents() -> bytes:
    pdf = paper()
    for page in pdf.pages:
        del page.obj["/Contents"]
    return saved(pdf)


@case()
def contents_in_pieces() -> bytes:
    pdf = paper()
    for page in pdf.pages:
        half = words("Potongan")
        page.obj.Contents = Array([pdf.make_stream(b"q"), pdf.make_stream(half), pdf.make_stream(b"Q")])
    return saved(pdf)


@case()
def contents_array_with_nothing() -> bytes:
    return saved(paper(Contents=Array()))


@case()
def contents_array_of_odd_things() -> bytes:
    objects = simple()
    objects[3] = objects[3].replace(b"/Contents 4 0 R", b"/Contents [null 4 0 R 99 0 R 12 (text)]")
    return written(objects)


@case()
def one_content_for_two_pages() -> bytes:
    pdf = paper()
    pdf.pages[1].obj.Contents = pdf.pages[0].obj.Contents
    return saved(pdf)


@case()
def one_page_listed_twice() -> bytes:
    objects = simple()
    objects[2] = b"<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2>>"
    del objects[6], objects[7]
    return written(objects)


@case()
def object_streams() -> bytes:
    return saved(paper(), object_stream_mode=ObjectStreamMode.generate)


@case()
def linearised() -> bytes:
    return saved(paper(), linearize=True)


@case()
def not_compressed() -> bytes:
    return saved(paper(), qdf=True, compress_streams=False)


@case()
def changed_twice_in_place() -> bytes:
    first = written(simple())
    start = first.rindex(b"startxref\n") + 10
    place, at = first[start:].split(b"\n")[0], len(first)
    added = b"4 0 obj\n<</Length 38>>\nstream\nBT /F1 20 Tf 40 400 Td (Ralat) Tj ET  \nendstream\nendobj\n"
    table = b"xref\n4 1\n%010d 00000 n \ntrailer\n<</Size 8 /Root 1 0 R /Prev %s>>\n" % (at, place)
    return first + added + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(added))


@case()
def dark_pages() -> bytes:
    return saved(paper(content=words("Gelap", dark=True)))


@case()
def cmyk_pages() -> bytes:
    return saved(paper(content=b"0.9 0.6 0.1 0.4 k 0 0 400 500 re f 0 0 0 0 k " + words("Proses")))


def _locked(owner: str, user: str, level: int, aes: bool) -> bytes:
    no = Permissions(extract=False, modify_annotation=False, modify_other=False, print_highres=False)
    # Old methods are wanted here, so metadata stay open with none of them.
    return saved(
        paper(), encryption=Encryption(owner=owner, user=user, R=level, allow=no, aes=aes, metadata=aes)
    )


@case(notes={"owner_password"})
def owner_password_rc4() -> bytes:
    return _locked("rahasia", "", 3, aes=False)


@case(notes={"owner_password"})
def owner_password_aes_128() -> bytes:
    return _locked("rahasia", "", 4, aes=True)


@case(notes={"owner_password"})
def owner_password_aes_256() -> bytes:
    return _locked("rahasia", "", 6, aes=True)


@case("password")
def user_password_rc4() -> bytes:
    return _locked("rahasia", "buka", 3, aes=False)


@case("password")
def user_password_aes_256() -> bytes:
    return _locked("rahasia", "buka", 6, aes=True)
