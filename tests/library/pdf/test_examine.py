"""What intake finds out about a file, and what it leaves of it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from library.pdf import child, examine, limits
from library.pdf.examine import take_in
from library.pdf.faults import Refused
from tests.library.pdf.book import expanded
from tests.library.pdf.corpus import CASES
from tests.library.pdf.corpus.made import font, paper, saved


@pytest.fixture
def taken(tmp_path):
    """Takes bytes in: what is known, the clean file's path, the pages' texts."""

    def take(data: bytes) -> tuple[examine.Taken, Path, list[str]]:
        (tmp_path / "original.pdf").write_bytes(data)
        found = take_in(tmp_path / "original.pdf", tmp_path / "clean.pdf", tmp_path / "texts")
        lines = [json.loads(line) for line in (tmp_path / "texts").read_text().splitlines()]
        assert [line["page"] for line in lines] == list(range(1, found.pages + 1))
        return found, tmp_path / "clean.pdf", [line["text"] for line in lines]

    return take


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("plain", (400, 500)), ("rotated_90", (500, 400)), ("rotated_backwards", (500, 400)), ("cropped", (300, 240)),
        ("cropped_and_rotated", (240, 300)), ("crop_box_larger_than_media_box", (400, 500)),
        ("crop_box_half_outside", (200, 250)), ("crop_box_beside_media_box", (400, 500)), ("reversed_boxes", (360, 470)),
        ("user_unit", (1000, 1250)), ("user_unit_rotated_and_cropped", (1200, 900)), ("negative_origin", (400, 500)),
        ("everything_inherited", (480, 380)), ("page_of_no_size", (612, 792)), ("fractions_of_points", (400.08, 500.11)),
    ],
)  # fmt: skip
def test_sizes_as_seen(taken, name, size):
    found, clean, _texts = taken(CASES[name].make())
    assert found.sizes == [pytest.approx(size, abs=0.01)] * 2
    with pikepdf.open(clean) as pdf:
        for page in pdf.pages:
            assert {"/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents"} <= set(page.obj.keys())


def test_text_of_each_page(taken):
    found, _clean, texts = taken(saved(paper(3)))
    assert [text.split("\n")[0] for text in texts] == [f"Halaman {n} baris 0" for n in (1, 2, 3)]
    assert found.without_text == []


def test_pages_without_text_are_named(taken):
    pdf = paper(4)
    for n in (1, 3):
        pdf.pages[n].obj.Contents = pdf.make_stream(
            b"0.5 g 0 0 100 100 re f BT /F1 9 Tf 9 9 Td (- 17 -) Tj ET"
        )
    found, _clean, texts = taken(saved(pdf))
    assert found.without_text == [2, 4]
    assert "17" in texts[1]


def test_words_broken_at_the_end_of_a_line(taken):
    lines = ["lapangan usaha perta-", "nian dan rata-", "rata wilayah Jawa-", "Bali naik 2019-", "2025"]
    shown = "".join(f"BT /F1 12 Tf 40 {400 - 20 * n} Td ({line}) Tj ET\n" for n, line in enumerate(lines))
    _found, _clean, texts = taken(saved(paper(1, content=shown.encode())))
    flat = texts[0].replace("\n", " ")
    assert "pertanian" in flat
    assert "rata-rata" in flat
    assert "Jawa-Bali" in flat
    assert "2019-2025" in flat


def test_text_holds_nothing_that_a_database_refuses(taken):
    pdf = paper(1)
    table = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange 4 "
    table += b"beginbfchar <61> <0000> <62> <D800> <63> <202E> <64> <FB01> endbfchar endcmap end end"
    letters = pdf.make_indirect(font(pdf))
    letters.ToUnicode = Stream(pdf, table)
    pdf.pages[0].obj.Resources.Font.F1 = letters
    pdf.pages[0].obj.Contents = pdf.make_stream(b"BT /F1 12 Tf 40 400 Td (aXbXcXdX) Tj ET")
    _found, _clean, (text,) = taken(saved(pdf))
    assert not set(text) & {chr(0), chr(0xD800), chr(0x202E)}
    assert text.endswith("XfiX")


def test_outline_and_title(taken):
    pdf = paper(4)
    pdf.docinfo["/Title"] = "  Kabupaten Muna\nDalam Angka 2025 "
    with pdf.open_outline() as outline:
        first = pikepdf.OutlineItem("Geografi", 0)
        first.children.append(pikepdf.OutlineItem("Iklim", 1))
        outline.root.extend(
            [first, pikepdf.OutlineItem("Penduduk", 2), pikepdf.OutlineItem("Ke mana pun", None)]
        )
    found, clean, _texts = taken(saved(pdf))
    assert found.title == "Kabupaten Muna Dalam Angka 2025"
    assert found.outline == [(0, "Geografi", 1), (1, "Iklim", 2), (0, "Penduduk", 3)]
    with pikepdf.open(clean) as again, again.open_outline() as outline:
        assert [(item.title, [c.title for c in item.children]) for item in outline.root] == [
            ("Geografi", ["Iklim"]), ("Penduduk", []),
        ]  # fmt: skip


def test_outline_by_names_of_both_kinds(taken):
    pdf = paper(3)
    pages = [page.obj for page in pdf.pages]
    pdf.Root.Names = Dictionary(
        Dests=Dictionary(
            Kids=Array([Dictionary(Names=Array([String("b"), Dictionary(D=Array([pages[1], Name.Fit]))]))])
        )
    )
    pdf.Root.Dests = Dictionary(c=Array([pages[2], Name.Fit]))
    one = pdf.make_indirect(Dictionary(Title=String("B"), A=Dictionary(S=Name.GoTo, D=String("b"))))
    two = pdf.make_indirect(Dictionary(Title=String("C"), Dest=Name.c, Prev=one))
    one.Next = two
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=one, Last=two, Count=2))
    assert taken(saved(pdf))[0].outline == [(0, "B", 2), (0, "C", 3)]


def test_outline_has_bounds(taken):
    pdf = paper(1)
    goal = Array([pdf.pages[0].obj, Name.Fit])
    items = [
        pdf.make_indirect(Dictionary(Title=String("x" * 5_000), Dest=goal))
        for _n in range(limits.OUTLINE_ITEMS + 90)
    ]
    for item, following in pairwise(items):
        item.Next = following
    deep = items[5]
    for _n in range(50):
        deep.First = pdf.make_indirect(Dictionary(Title=String("dalam"), Dest=goal))
        deep = deep.First
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=items[0], Last=items[-1], Count=len(items)))
    outline = taken(saved(pdf))[0].outline
    assert len(outline) == limits.OUTLINE_ITEMS
    assert max(level for level, _title, _page in outline) == limits.OUTLINE_DEPTH - 1
    assert max(len(title) for _level, title, _page in outline) == limits.TITLE_LETTERS


@pytest.mark.parametrize(
    "name",
    [
        "script_on_opening", "scripts_by_name", "scripts_on_pages_and_links", "starts_a_program", "leads_to_another_file",
        "files_inside", "portfolio", "file_pinned_to_a_page", "film_and_space", "content_from_another_file",
        "form_with_xfa_beside", "signed", "article_threads_and_thumbnails",
    ],
)  # fmt: skip
def test_nothing_that_acts_is_left(taken, name):
    left = expanded(taken(CASES[name].make())[1].read_bytes())
    for word in (
        b"/JavaScript", b"app.alert", b"/Launch", b"cmd.exe", b"/GoToR", b"/server/", b"/EmbeddedFile", b"isi lampiran",
        b"/Collection", b"/RichMedia", b"/XFA", b"xdp", b"/AcroForm", b"/Sig", b"/etc/passwd", b"/Thumb", b"/Threads",
        b"/OpenAction", b"/AA",
    ):  # fmt: skip
        assert word not in left, word


def test_links_stay_and_hide_nothing(taken):
    _found, clean, _texts = taken(CASES["link_with_a_border_like_a_page"].make())
    with pikepdf.open(clean) as pdf:
        web, inside = pdf.pages[0].obj.Annots
        assert str(web.A.URI) == "https://bps.go.id/"
        assert inside.Dest[0].objgen == pdf.pages[1].obj.objgen
        for link in (web, inside):
            assert [int(n) for n in link.Border] == [0, 0, 0]
            assert not {"/BS", "/AP", "/C"} & set(link.keys())


def test_links_to_scripts_go(taken):
    pdf = paper(1)
    bad = [
        Dictionary(S=Name.URI, URI=String(address))
        for address in ("javascript:alert(1)", "file:///etc/passwd", "https://a\nb", "data:text/html,x")
    ]
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action) for action in bad]
    )
    with pikepdf.open(taken(saved(pdf))[1]) as clean:
        assert "/Annots" not in clean.pages[0].obj


def test_the_same_file_gives_the_same_bytes(taken):
    data = CASES["tagged"].make()
    first = taken(data)[1].read_bytes()
    assert taken(data)[1].read_bytes() == first


def test_restrictions_are_gone(taken):
    found, clean, texts = taken(CASES["owner_password_aes_256"].make())
    assert found.notes == ["owner_password"]
    assert "Halaman 1" in texts[0]
    with pikepdf.open(clean) as pdf:
        assert not pdf.is_encrypted


def test_what_a_form_says_is_drawn_and_found(taken):
    _found, _clean, texts = taken(CASES["form_to_fill_in"].make())
    assert all("Siti" in text for text in texts)


def test_a_note_in_a_hidden_layer_stays_hidden(taken, tmp_path):
    """As the format has it; PDFium shows such a note all the same, so the page without any is what it must look like."""
    _found, clean, _texts = taken(CASES["stamp_in_a_hidden_layer"].make())
    (tmp_path / "without.pdf").write_bytes(saved(paper()))
    given = {"one": tmp_path / "without.pdf", "other": clean}
    changed = child.call(
        "tests.library.pdf.drawn:differences", seconds=60, megabytes=1_500, file_megabytes=9, **given
    )
    assert [page["all"] for page in changed] == [0, 0]


def test_too_large(tmp_path):
    with (tmp_path / "large.pdf").open("wb") as file:
        file.write(b"%PDF-1.4\n")
        file.truncate(limits.FILE_BYTES + 1)
    with pytest.raises(Refused) as refused:
        take_in(tmp_path / "large.pdf", tmp_path / "clean.pdf", tmp_path / "texts")
    assert (refused.value.code, refused.value.values) == ("too_large", {"megabytes": 301, "most": 300})


def test_too_slow(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.01)
    (tmp_path / "a.pdf").write_bytes(saved(paper()))
    with pytest.raises(Refused) as refused:
        take_in(tmp_path / "a.pdf", tmp_path / "clean.pdf", tmp_path / "texts")
    assert refused.value.code == "too_slow"
    assert [file.name for file in tmp_path.iterdir()] == ["a.pdf"]


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "a.pdf").write_bytes(saved(paper()))
    with pytest.raises(OSError, match="No such file"):
        take_in(tmp_path / "a.pdf", tmp_path / "nowhere" / "clean.pdf", tmp_path / "texts")
