"""A file of some pages holds nothing of the others."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.pdf import child
from library.pdf.cut import cut
from library.pdf.examine import take_in
from tests.library.pdf.book import ABOUT, SECRETS, WHOLE, bound, expanded, secret
from tests.library.pdf.corpus.made import paper, saved

PAGES = 7
SHARING = ("own", "shared", "inherited")


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> dict[str, Path]:
    """As they were brought, and as intake leaves them."""
    folder, made = tmp_path_factory.mktemp("books"), {}
    for sharing in SHARING:
        original, clean = folder / f"{sharing}.pdf", folder / f"{sharing}-clean.pdf"
        original.write_bytes(bound(PAGES, sharing))
        take_in(original, clean, folder / "texts")
        made[sharing], made[f"{sharing} as brought"] = clean, original
    return made


def test_the_books_hold_their_secrets(books):
    for sharing in SHARING:
        brought, taken = (expanded(books[name].read_bytes()) for name in (f"{sharing} as brought", sharing))
        for n in range(1, PAGES + 1):
            assert all(secret(kind, n) in brought for kind in (*SECRETS, *ABOUT)), sharing
            assert all(secret(kind, n) in taken for kind in SECRETS), sharing
        assert all(secret(kind, 0) in brought for kind in WHOLE)


@pytest.mark.parametrize("name", [*SHARING, *[f"{sharing} as brought" for sharing in SHARING]])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.lists(st.integers(1, PAGES), min_size=1, max_size=PAGES, unique=True))
def test_nothing_of_other_pages(books, tmp_path, name, pages):
    out = tmp_path / "part.pdf"
    cut(books[name], pages, out)
    raw, plain = out.read_bytes(), expanded(out.read_bytes())
    for n in range(1, PAGES + 1):
        for kind in SECRETS:
            assert (secret(kind, n) in plain) == (n in pages), (kind, n)
            assert n in pages or secret(kind, n) not in raw
        for kind in ABOUT:
            assert secret(kind, n) not in plain, (kind, n)
    for kind in WHOLE:
        assert secret(kind, 0) not in plain
    with pikepdf.open(out) as part:
        assert [_words(page) for page in part.pages] == [secret("words", n) for n in pages]
        assert part.check_pdf_syntax() == []
        assert set(part.Root.keys()) <= {"/Type", "/Pages", "/OCProperties"}
        assert all(
            not isinstance(t, pikepdf.Dictionary) or t.get("/Type") != "/Page" for t in _strangers(part)
        )


def _words(page: pikepdf.Page) -> bytes:
    """A page with a picture among its operators is drawn inside a form (library/pdf/contents.py)."""
    forms = page.obj.Resources.get("/XObject", {})
    source = forms.get("/Content", page)
    shown = [i.operands[0] for i in pikepdf.parse_content_stream(source, "Tj")]
    return bytes(shown[0])


def _strangers(part: pikepdf.Pdf) -> list:
    """Objects beside the pages of the page tree."""
    known = {page.obj.objgen for page in part.pages}
    return [thing for thing in part.objects if thing.objgen not in known]


def test_layers_open_as_they_did(books, tmp_path):
    """The first and every third layer are hidden."""
    cut(books["shared"], [4, 1, 2], tmp_path / "part.pdf")
    with pikepdf.open(tmp_path / "part.pdf") as part:
        hidden = {group.objgen for group in part.Root.OCProperties.D.OFF}
        shown = []
        for page in part.pages:
            drawn = page.obj.Resources.get("/XObject", {}).get("/Content", page.obj)
            (thing,) = drawn.Resources.Properties.values()
            groups = [thing] if thing.Type == "/OCG" else list(thing.OCGs)
            shown.append([group.objgen not in hidden for group in groups])
    assert shown == [[False], [False], [True]]


@pytest.mark.parametrize("pages", [[], [0], [PAGES + 1], [1, -1]])
def test_pages_that_are_not_there(books, tmp_path, pages):
    with pytest.raises(ValueError, match="of 7"):
        cut(books["own"], pages, tmp_path / "part.pdf")
    assert not (tmp_path / "part.pdf").exists()


def test_a_page_may_come_twice_and_in_any_order(books, tmp_path):
    cut(books["shared"], [5, 2, 5], tmp_path / "part.pdf")
    with pikepdf.open(tmp_path / "part.pdf") as part:
        assert [_words(page) for page in part.pages] == [secret("words", n) for n in (5, 2, 5)]


def test_a_list_of_layers_that_holds_itself(tmp_path):
    pdf = paper(2, content=b"/OC /M BDC 0 0 9 9 re f EMC")
    around = pdf.make_indirect(pikepdf.Array([]))
    around.extend([around, around])
    layers = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCMD, OCGs=around, VE=around))
    pdf.pages[0].obj.Resources.Properties = pikepdf.Dictionary(M=layers)
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([]), D=pikepdf.Dictionary())
    (tmp_path / "whole.pdf").write_bytes(saved(pdf))
    given = {"clean": tmp_path / "whole.pdf", "pages": [1], "out": tmp_path / "part.pdf"}
    child.call("tests.library.pdf.test_cut:cut_here", seconds=20, megabytes=800, file_megabytes=9, **given)
    with pikepdf.open(tmp_path / "part.pdf") as part:
        assert len(part.pages) == 1


def cut_here(clean: str, pages: list[int], out: str) -> None:
    cut(Path(clean), pages, Path(out))
