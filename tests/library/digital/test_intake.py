"""A softcopy comes in: looked at, checked by the worker, linked, in use; or refused by name, with nothing left of it."""

from __future__ import annotations

import threading

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from library.models import DigitalCopy, DigitalPage
from library.pdf import limits
from library.pdf.faults import Refused
from library.workflows import intake
from services.audit.actors import SYSTEM
from services.workflow import IllegalMove
from tests.library.digital import support
from tests.library.support import title

pytestmark = pytest.mark.django_db
State = DigitalCopy.State


@pytest.fixture
def book(office):
    return title(office, "Kolaka Timur Dalam Angka 2025")


class TestReceived:
    def test_it_is_stored_as_it_is_and_waits_for_the_worker(self, office, book, stored):
        content = support.pdf()
        digital = support.brought(office, content, publication=book)
        assert digital.state == State.CHECKING
        assert digital.original.read() == content
        assert digital.original.name.startswith("softcopy/original/")
        assert "buku" not in digital.original.name
        assert ProcrastinateJob.objects.filter(task_name=intake.TASK, args={"pk": digital.pk}).count() == 1

    @pytest.mark.parametrize(
        ("content", "code"),
        [(b"", "empty"), (b"<html>bukan PDF</html>", "not_pdf"), (b" " * 2_000 + b"%PDF-1.7", "not_pdf")],
    )
    def test_what_can_be_seen_at_once_is_refused_at_once(self, office, stored, content, code):
        with pytest.raises(Refused) as refused:
            support.brought(office, content)
        assert refused.value.code == code
        assert support.on_disk(stored) == []

    def test_too_large_is_refused_with_its_size(self, office, monkeypatch):
        file = ContentFile(b"%PDF-1.7")
        file.size = limits.FILE_BYTES + 1
        with pytest.raises(Refused) as refused:
            intake.receive(office, file, name="besar.pdf", by=SYSTEM)
        assert refused.value.values == {"megabytes": 301, "most": 300}

    def test_the_same_content_again_is_named_whoever_brings_it(self, office, offices, book, stored):
        support.brought(office, support.pdf(), publication=book)
        before = support.on_disk(stored)
        with pytest.raises(Refused) as refused:
            support.brought(offices["1906"], support.pdf(), name="lain.pdf")
        assert refused.value.code == "duplicate"
        assert refused.value.values == {"name": "Kolaka Timur Dalam Angka 2025"}
        assert support.on_disk(stored) == before

    def test_a_publication_number_in_the_name_says_which_it_is(self, office, book):
        book.publication_number = "74110.2501"
        book.save()
        assert support.brought(office, support.pdf(), name="74110.2501 Koltim DDA.pdf").publication == book

    def test_but_not_of_another_office_and_nothing_is_replaced_by_a_guess(self, office, offices, book):
        book.publication_number, book.has_digital = "74110.2501", True
        book.save()
        assert support.brought(office, support.pdf(), name="74110_2501.pdf").publication is None
        book.has_digital = False
        book.save()
        assert support.brought(offices["1906"], support.pdf(4), name="74110_2501.pdf").publication is None


class TestChecked:
    def test_it_is_ready_with_its_pages_text_outline_and_cover(self, office, book):
        digital = support.ready(office, book, pages=3)
        assert digital.pages == 3
        assert [[round(side) for side in size] for size in digital.sizes] == [[595, 842]] * 3
        assert [row[1:] for row in digital.outline] == [
            ["Penduduk halaman 1", 1],
            ["Penduduk halaman 2", 2],
            ["Penduduk halaman 3", 3],
        ]
        assert digital.prepared.name.startswith("softcopy/prepared/")
        assert [support.SECRET in page.text for page in digital.texts.all()] == [False, True, False]
        book.refresh_from_db()
        assert (book.has_digital, book.pages) == (True, 3)
        assert book.cover.name.endswith(".jpg")

    def test_the_original_is_never_touched(self, office, book):
        content = support.pdf()
        digital = support.ready(office, book, content=content)
        assert digital.original.read() == content

    def test_a_page_is_found_by_its_words_and_their_stems(self, office, book):
        support.ready(office, book)
        found = DigitalPage.objects.extra(where=["search @@ %s::tsquery"], params=["'~miskin' & 'ekstrem'"])
        assert [page.number for page in found] == [2]

    def test_a_scanned_page_is_flagged(self, office, book):
        import io

        from PIL import Image

        scan = io.BytesIO()
        Image.effect_noise((300, 400), 60).save(scan, "PDF")
        digital = support.ready(office, book, content=scan.getvalue())
        assert digital.without_text == [1]

    def test_what_cannot_be_read_is_refused_by_name_and_not_kept(
        self, office, book, stored, django_capture_on_commit_callbacks
    ):
        digital = support.brought(office, b"%PDF-1.7\nrusak" + b"\0" * 500, publication=book)
        with django_capture_on_commit_callbacks(execute=True):
            intake.check(digital.pk)
        digital = support.fresh(digital)
        assert (digital.state, digital.fault) in {("refused", "damaged"), ("refused", "no_pages")}
        assert support.on_disk(stored) == []
        book.refresh_from_db()
        assert not book.has_digital

    def test_a_file_that_vanished_is_named(self, office, book, stored):
        digital = support.brought(office, support.pdf(), publication=book)
        (stored / digital.original.name).unlink()
        intake.check(digital.pk)
        assert support.fresh(digital).fault == "gone"

    def test_checked_again_after_a_crash_it_is_in_use_once(self, office, book):
        digital = support.ready(office, book)
        intake.check(digital.pk)
        assert digital.texts.count() == 3
        assert digital.steps.count() == 2

    def test_a_wrong_file_that_is_taken_back_takes_its_cover_along(
        self, office, book, stored, django_capture_on_commit_callbacks
    ):
        """Its first page was drawn for everybody to see."""
        wrong = support.ready(office, book)
        book.refresh_from_db()
        seen, before = Client(), book.cover_url
        assert seen.get(before).status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            intake.withdraw(wrong, why="salah berkas", by=SYSTEM)
        book.refresh_from_db()
        assert (book.cover_url, seen.get(before).status_code) == ("", 404)
        assert support.on_disk(stored) == []

    def test_a_file_that_takes_another_s_place_brings_its_own_cover(self, office, book):
        support.ready(office, book)
        book.refresh_from_db()
        before = book.cover.name
        support.ready(office, book, content=support.pdf(2, "Baru"))
        book.refresh_from_db()
        assert book.cover.name not in ("", before)
        book.cover.save("pilihan.png", ContentFile(b"png"))
        newest = support.ready(office, book, content=support.pdf(1, "Terbaru"))
        intake.withdraw(newest, why="salah berkas", by=SYSTEM)
        book.refresh_from_db()
        assert "pilihan" in book.cover.name  # the desk chose it

    def test_a_cover_that_is_there_stays(self, office, book):
        book.cover.save("x.png", ContentFile(b"png"))
        support.ready(office, book)
        book.refresh_from_db()
        assert book.cover.name.endswith(".png")


class TestLinked:
    def test_afterwards(self, office, book):
        digital = support.brought(office, support.pdf())
        intake.check(digital.pk)
        intake.link(support.fresh(digital), book, by=SYSTEM)
        book.refresh_from_db()
        assert book.has_digital
        intake.draw_cover(digital.pk)
        book.refresh_from_db()
        assert book.cover

    def test_a_new_file_takes_the_place_of_the_old(self, office, book):
        old = support.ready(office, book, pages=3)
        new = support.ready(office, book, pages=4)
        assert support.fresh(old).state == State.REPLACED
        assert not DigitalPage.objects.filter(digital=old).exists()
        assert list(book.digital_copies.filter(state=State.READY)) == [new]

    def test_once_it_is_linked_it_is_not_another_s(self, office, book):
        digital = support.ready(office, book)
        with pytest.raises(IllegalMove):
            intake.link(digital, title(office, "Lain 2024"), by=SYSTEM)

    def test_withdrawn_it_leaves_nothing(self, office, book, stored, django_capture_on_commit_callbacks):
        digital = support.ready(office, book)
        with django_capture_on_commit_callbacks(execute=True):
            intake.withdraw(digital, why="salah berkas", by=SYSTEM)
        book.refresh_from_db()
        assert not book.has_digital
        assert [name for name in support.on_disk(stored) if not name.startswith("covers/")] == []
        assert not DigitalPage.objects.exists()
        support.brought(office, support.pdf(3, book.title), publication=book)  # the same file may come again


@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_two_desks_at_once_comes_in_once(offices, stored, monkeypatch):
    """Both have looked for the same content and found none. The later one is not told what the other office brought."""
    both = threading.Barrier(2)
    note = intake._note

    def together(*given, **more):
        both.wait(10)
        return note(*given, **more)

    monkeypatch.setattr(intake, "_note", together)
    content, outcomes = support.pdf(1), []

    def bring(office):
        try:
            outcomes.append(support.brought(office, content).state)
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    desks = [threading.Thread(target=bring, args=[offices[code]]) for code in ("7411", "1906")]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted(outcomes) == ["checking", "duplicate_elsewhere"]
    assert DigitalCopy.objects.count() == len(support.on_disk(stored)) == 1
