"""Some pages for one visitor: the standard's share, all visits counted (requirement row 21)."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pikepdf
import pytest
from django.utils import timezone

from library import tasks
from library.handed_out import cap_of
from library.models import CopyLink, LibraryUse, MarkedCopy, PublicationUse
from library.workflows import excerpts, handing, intake
from pst.privacy import retention
from services.audit.actors import SYSTEM
from services.codes import new_key
from services.guestbook import merging
from services.guestbook.models import Visitor
from services.workflow import IllegalMove
from tests.library.digital import support
from tests.library.digital.handing_support import (
    SITE,
    described,
    desk_of,
    flat,
    officer,
    softcopy,
    texts,
    visitor,
)
from tests.library.digital.test_downloads import bytes_of, post
from tests.mail_server import links_in, text_of, work_off


@pytest.fixture
def lender(offices):
    """Belitung Timur: the one whose standard lets an officer copy 20 %."""
    return offices["1906"]


def make(received, digital, pages, **more) -> MarkedCopy:
    """As the desk does, by an officer of the office unless another is named."""
    given = {"handed": "desk", "submission": new_key(), "site": SITE, "by": SYSTEM, **more}
    return excerpts.excerpt(received, digital, pages, **given)


@pytest.mark.parametrize(
    ("pages", "percent", "cap"),
    [(187, 20, 37), (5, 20, 1), (4, 20, 1), (1, 20, 1), (100, 20, 20), (10, 0, 1)],
)
def test_the_share_is_rounded_down_and_at_least_one(pages, percent, cap):
    assert cap_of(pages, percent) == cap


def test_the_worked_example_of_187_pages(lender):
    received, digital = visitor(lender), softcopy(lender, 187)
    row = make(received, digital, range(1, 38))
    assert len(texts(row.file.read())) == 37
    with pytest.raises(excerpts.CapReached, match="Batas 37 halaman: 1 halaman baru diminta, tersisa 0"):
        make(received, digital, [38])


def test_the_file_holds_only_those_pages_with_the_mark(lender, tmp_path):
    received, digital = visitor(lender), softcopy(lender, 20)
    row = make(received, digital, [7, 3, 12], by=officer(lender))
    content = row.file.read()
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert len(content) == row.size
    pages = texts(content)
    assert len(pages) == 3
    for page, number in zip(pages, (3, 7, 12), strict=True):
        assert flat(f"Penduduk halaman {number}") in flat(page)
        for said in (row.serial, "Sitti Rahma", "sitti@example.test", lender.name, "WIB"):
            assert flat(said) in flat(page)
    assert described(content, tmp_path / "got.pdf")[0] == row.serial
    with pikepdf.open(tmp_path / "got.pdf") as pdf:
        held = b"".join(s.read_bytes() for s in pdf.objects if isinstance(s, pikepdf.Stream))
        described_as = " ".join(
            str(o) for o in pdf.objects if isinstance(o, pikepdf.String | pikepdf.Dictionary)
        )
    assert support.SECRET not in described_as
    assert b"kemiskinan ekstrem" not in held
    assert LibraryUse.objects.get().kind == "excerpt"
    assert PublicationUse.objects.get(kind="excerpt").times == 1


@pytest.mark.parametrize("code", ["7411", "6571", "1373"])
def test_where_the_standard_names_no_share_there_is_none(offices, code):
    office = offices[code]
    with pytest.raises(IllegalMove, match="tidak menyebut salinan sebagian"):
        make(visitor(office), softcopy(office), [1])


def test_pages_count_once_and_may_be_given_again(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    make(received, digital, [1, 2, 3])
    make(received, digital, [1, 2, 3])
    make(received, digital, [3, 4])
    with pytest.raises(excerpts.CapReached):
        make(received, digital, [5])
    assert len(texts(make(received, digital, [4, 1]).file.read())) == 2


def test_the_cap_says_what_is_left_and_who_got_what_from_whom(lender, make_user):
    received, digital = visitor(lender), softcopy(lender, 20)
    by = officer(lender)
    make(received, digital, [1, 2, 9], by=by)
    with pytest.raises(excerpts.CapReached) as refused:
        make(received, digital, [9, 10, 11])
    words = str(refused.value)
    name = MarkedCopy.objects.get().made_by.name
    assert "2 halaman baru diminta, tersisa 1" in words
    assert f"halaman 1–2, 9, oleh {name}" in words
    assert f"{lender.today():%d-%m-%Y}" in words


def test_another_visit_another_record_a_merged_one_and_an_earlier_file_count(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    make(received, digital, [1])
    again = visitor(lender)  # the same name and mailbox
    assert again.visit.visitor_id != received.visit.visitor_id
    make(again, digital, [2])
    merged = visitor(lender, name="S. Rahma", email="lain@example.test")
    make(merged, digital, [3])
    merging.merge(received.visit.visitor, merged.visit.visitor, by=SYSTEM)
    newer = support.ready(lender, digital.publication, content=support.pdf(20, words="Baru"))
    make(again, newer, [1, 4])
    last = visitor(lender)
    with pytest.raises(excerpts.CapReached):
        make(last, newer, [5])
    make(visitor(lender, name="Orang Lain", email="x@example.test"), newer, [5, 6, 7, 8])


def test_an_erased_person_is_nobody(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    row = make(received, digital, [1, 2, 3, 4])
    retention.erase(received.visit.visitor, by=SYSTEM, why="erasure")
    received = (
        type(received)
        .objects.select_related("visit__office", "visit__visitor", "standard")
        .get(pk=received.pk)
    )
    with pytest.raises(IllegalMove, match="dihapus"):
        make(received, digital, [5])
    tasks.nightly(timestamp=0)
    row.refresh_from_db()
    assert (row.name, row.email, row.file.name, row.pages) == ("", "", "", [1, 2, 3, 4])


def test_only_a_supervisor_of_this_office_may_allow_more_and_says_why(lender, offices):
    received, digital = visitor(lender), softcopy(lender, 20)
    make(received, digital, [1, 2, 3, 4], reason="tidak perlu alasan", by=officer(lender, "supervisor"))
    assert not MarkedCopy.objects.filter(allowed_by__isnull=False).exists()
    for by in (officer(lender), officer(offices["7411"], "supervisor"), SYSTEM):
        with pytest.raises(excerpts.CapReached):
            make(received, digital, [5], reason="Skripsi tentang seluruh bab ini", by=by)
    boss = officer(lender, "supervisor")
    with pytest.raises(excerpts.CapReached):
        make(received, digital, [5], reason="   ", by=boss)
    with pytest.raises(IllegalMove, match="Tulis alasan"):
        make(received, digital, [5], reason="ya", by=boss)
    row = make(received, digital, [5, 6], reason="Skripsi tentang seluruh bab ini", by=boss)
    assert (row.allowed_by_id, row.reason) == (boss.user_id, "Skripsi tentang seluruh bab ini")
    with pytest.raises(excerpts.CapReached, match="tersisa 0"):
        make(received, digital, [7], by=boss)


def test_the_same_form_twice_makes_one_copy(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    first = make(received, digital, [1], submission="form-1")
    again = make(received, digital, [1], submission="form-1")
    assert first == again
    assert MarkedCopy.objects.count() == LibraryUse.objects.count() == 1


@pytest.mark.parametrize("pages", [[], [0], [21], [-1]])
def test_pages_that_are_not_there(lender, pages):
    with pytest.raises(IllegalMove, match="Pilih halaman"):
        make(visitor(lender), softcopy(lender, 20), pages)


def test_under_embargo_nothing_is_cut(lender):
    digital = softcopy(lender, 20)
    type(digital.publication).objects.update(embargo_until=timezone.now() + timedelta(days=2))
    with pytest.raises(IllegalMove, match="tidak tersedia"):
        make(visitor(lender), support.fresh(digital), [1])


def test_what_fails_leaves_nothing_behind(lender, stored, monkeypatch):
    received, digital = visitor(lender), softcopy(lender, 20)
    before = support.on_disk(stored)

    def broken(*_args, **_more):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(excerpts.statistics, "count", broken)
    with pytest.raises(RuntimeError):
        make(received, digital, [1])
    assert support.on_disk(stored) == before
    assert not MarkedCopy.objects.exists()


def test_by_mail_the_very_file_arrives_and_ends(lender, mailbox, stored, django_capture_on_commit_callbacks):
    received, digital = visitor(lender), softcopy(lender, 20)
    row = make(received, digital, [2, 3], handed="link")
    assert work_off() >= 1
    path = links_in(mailbox.messages[-1])[0]
    assert row.serial in text_of(mailbox.messages[-1])
    answer = post(path)
    assert answer.status_code == 200
    content = bytes_of(answer)
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert MarkedCopy.objects.count() == 1
    assert CopyLink.objects.get().used == 1
    name = row.file.name
    assert excerpts.forget_files() == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert excerpts.forget_files(timezone.now() + handing.LASTS + timedelta(minutes=1)) == 1
    assert name not in support.on_disk(stored)
    assert post(path).status_code == 409


def test_without_an_address_it_is_not_mailed(lender):
    with pytest.raises(IllegalMove, match="tidak menulis e-mail"):
        make(visitor(lender, email=""), softcopy(lender, 20), [1], handed="link")
    row = make(
        visitor(lender, email="", name="Tanpa Surat"),
        softcopy(lender, 10, "Buku Lain 2025"),
        [1],
        handed="print",
    )
    assert flat("Tanpa Surat") in flat(texts(row.file.read())[0])


def test_a_visitor_who_signed_nothing(lender):
    received = visitor(lender)
    Visitor.objects.update(name="")
    received.visit.visitor.refresh_from_db()
    with pytest.raises(IllegalMove, match="sudah dihapus"):
        make(received, softcopy(lender, 20), [1])


def test_some_pages_of_what_is_read_in_the_house_only(lender, mailbox):
    """The officer copies; no link lets anybody read or download it."""
    digital = softcopy(lender, 20)
    type(digital.publication).objects.update(access="in_house")
    received = visitor(lender)
    make(received, support.fresh(digital), [1], handed="link")
    assert work_off() >= 1
    path = links_in(mailbox.messages[-1])[0]
    assert post(path).status_code == 200
    type(digital.publication).objects.update(embargo_until=timezone.now() + timedelta(days=2))
    assert post(path).status_code == 409
    type(digital.publication).objects.update(embargo_until=None)
    type(digital).objects.update(state="withdrawn")
    assert post(path).status_code == 409


def test_a_form_that_comes_back_with_other_pages_is_not_called_done(lender):
    """The browser's back button brings the sent form again: the officer must not think that other pages were made."""
    received, digital, key = visitor(lender), softcopy(lender, 20), new_key()
    row = make(received, digital, [1], submission=key)
    assert make(received, digital, [1], submission=key).pk == row.pk
    for pages, handed in (([2], "desk"), ([1], "print")):
        with pytest.raises(IllegalMove, match=f"sudah dipakai untuk salinan {row.serial}"):
            make(received, digital, pages, submission=key, handed=handed)
    assert MarkedCopy.objects.count() == 1


@pytest.mark.parametrize("what", ["withdrawn", "embargo", "erased"])
def test_the_desk_gives_no_file_that_the_mail_would_not(lender, what):
    received, digital = visitor(lender), softcopy(lender, 20)
    row = make(received, digital, [1])
    desk, address = desk_of(lender), f"/meja/perpustakaan/{received.pk}/salinan/{row.pk}.pdf"
    assert desk.get(address).status_code == 200
    if what == "withdrawn":
        intake.withdraw(digital, why="salah berkas", by=SYSTEM)
    elif what == "embargo":
        until = timezone.now() + timedelta(days=2)
        type(digital.publication).objects.update(embargo_until=until)
    else:
        retention.erase(received.visit.visitor, by=SYSTEM, why="asked")
    assert desk.get(address).status_code == 404
