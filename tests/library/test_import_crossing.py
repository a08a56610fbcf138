"""An import is applied or taken back while desks go on: it does not fail for it, and takes nothing away from them."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction
from django.urls import reverse

from library.importing import applying as writing
from library.models import Copy, Import, Loan, Publication, Series
from library.workflows import catalogue, circulation, copies, crossing
from library.workflows import imports as work
from services.audit.actors import Actor
from services.workflow import IllegalMove
from tests.library.import_support import applied, fresh, load, problem, undone
from tests.library.support import client_of
from tests.together import Beside, Held

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "id,judul,abstrak,seri,barcode\n"
ROW = "1,Survei Gurita 2020,satu,Survei Gurita,K1\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path, monkeypatch):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    monkeypatch.setattr(work, "PAUSE", 0.01)


@pytest.fixture
def officer(office, make_user) -> Actor:
    return Actor("officer", user_id=make_user(office).pk)


def applying(batch: Import, by: Actor) -> Import:
    """Ordered, and not yet done by the worker."""
    work.apply(batch, by=by)
    return batch


def add_copy(book, office, by, **more):
    given = {"barcodes": [], "count": 1, "shelf": "", "in_house_only": False} | more
    return copies.add(book, office, by=by, **given)


class TestTheDeskWasFaster:
    def test_with_the_same_series(self, office, officer):
        batch = applying(load(office, officer, HEAD + ROW), officer)
        with Held(lambda: Series.objects.create(title="SURVEI gurita")) as desk:
            worker = Beside(partial(work.work, batch.pk))
            desk.let_go()
            worker.finish()
        assert fresh(batch).state == "done"
        assert Publication.objects.get().series == Series.objects.get()

    def test_with_the_same_barcode(self, office, officer):
        batch = applying(load(office, officer, HEAD + ROW + "2,Survei Lain 2021,,,K2\n"), officer)
        book = Publication.objects.create(title="Yang Lain", keeper=office)
        with Held(partial(add_copy, book, office, officer, barcodes=["k1"])) as desk:
            worker = Beside(partial(work.work, batch.pk))
            desk.let_go()
            worker.finish()
        assert (fresh(batch).state, fresh(batch).counts) == ("done", {"new": 1, "faulty": 1})
        assert Copy.objects.get(barcode="k1").publication == book

    def test_with_a_correction_of_the_same_record(self, office, officer):
        applied(load(office, officer, HEAD + ROW), officer)
        batch = applying(load(office, officer, HEAD + ROW.replace("satu", "dua")), officer)

        def correct():
            record = Publication.objects.select_related("series", "region", "subject").get()
            seen, record.producer = catalogue.version(record), "Ditulis petugas"
            catalogue.change(record, seen=seen, office=office, by=officer)

        with Held(correct) as desk:
            worker = Beside(partial(work.work, batch.pk))
            desk.let_go()
            worker.finish()
        record = Publication.objects.get()
        assert (record.abstract, record.producer) == ("dua", "Ditulis petugas")

    def test_and_lends_a_book_whose_import_is_taken_back(self, office, officer):
        batch = applied(load(office, officer, HEAD + ROW), officer)
        work.undo(batch, by=officer)
        with Held(lambda: circulation.read_here(Copy.objects.get(), by=officer)) as desk:
            worker = Beside(partial(work.work, batch.pk))
            desk.let_go()
            worker.finish()
        assert fresh(batch).state == "undone"
        assert problem(fresh(batch)).startswith("1 publikasi tetap ada")
        assert (Loan.objects.get().copy, Copy.objects.get().state) == (Copy.objects.get(), "out")

    def test_with_a_correction_of_a_record_that_is_taken_back(self, office, officer):
        """The correction and the record stay."""
        batch = applied(load(office, officer, "id,judul\n1,Survei Gurita 2020\n"), officer)
        work.undo(batch, by=officer)

        def correct():
            record = Publication.objects.select_related("series", "region", "subject").get()
            seen, record.producer = catalogue.version(record), "Ditulis petugas"
            catalogue.change(record, seen=seen, office=office, by=officer)

        with Held(correct) as desk:
            worker = Beside(partial(work.work, batch.pk))
            desk.let_go()
            worker.finish()
        assert Publication.objects.get().producer == "Ditulis petugas"
        assert problem(fresh(batch)).startswith("1 publikasi tetap ada")

    @pytest.mark.parametrize("row", [ROW, "1,Survei gurita 2020,,,K1\n"])
    def test_with_a_new_book_that_the_import_brings_too(self, office, officer, monkeypatch, row):
        """It was entered when the import had looked and written already: it is one book in the end."""
        batch = applying(load(office, officer, HEAD + row), officer)
        write, turns = work.applying.apply, []

        def and_a_desk_meanwhile(locked, tell):
            write(locked, tell)
            turns.append(1)
            if len(turns) == 1:
                book = Publication(title="Survei Gurita 2020", year=2020)
                Beside(lambda: catalogue.add(book, office=office, by=officer)).finish()

        monkeypatch.setattr(work.applying, "apply", and_a_desk_meanwhile)
        work.work(batch.pk)
        assert (fresh(batch).state, len(turns)) == ("done", 2)
        assert Publication.objects.get().source == "desk"
        assert Copy.objects.get().publication == Publication.objects.get()
        undone(fresh(batch), officer)
        assert (Publication.objects.count(), Copy.objects.count()) == (1, 0)

    def test_with_another_new_book(self, office, officer, monkeypatch):
        """Of the same series and year: nothing begins anew."""
        batch = applying(load(office, officer, HEAD + ROW), officer)
        write, turns = work.applying.apply, []

        def and_a_desk_meanwhile(locked, tell):
            turns.append(1)
            write(locked, tell)
            book = Publication(title="Survei Cumi 2020", year=2020)
            Beside(lambda: catalogue.add(book, office=office, by=officer)).finish()

        monkeypatch.setattr(work.applying, "apply", and_a_desk_meanwhile)
        work.work(batch.pk)
        assert (fresh(batch).state, len(turns), Publication.objects.count()) == ("done", 1, 2)

    def test_so_often_that_the_import_gives_up_and_says_so(self, office, officer, monkeypatch):
        batch = applying(load(office, officer, HEAD + ROW), officer)
        turns = []

        def always_crossed(_batch, _tell):
            turns.append(1)
            Copy.objects.bulk_create(Copy(office=office, publication_id=1, barcode="X1") for _n in "ab")

        monkeypatch.setattr(work.applying, "apply", always_crossed)
        work.work(batch.pk)
        assert (len(turns), fresh(batch).state) == (work.TRIES, "ready")
        assert "Tidak ada yang diterapkan" in problem(fresh(batch))


class TestTheImportWasFaster:
    @pytest.fixture
    def held(self, office, officer, monkeypatch):
        """An import that has written all and is not at its end."""
        monkeypatch.setattr(crossing, "LONGEST", "300ms")
        batch = applying(load(office, officer, HEAD + ROW), officer)

        def write():
            writing.lock()
            writing.apply(Import.objects.select_related("office", "source").get(pk=batch.pk))

        with Held(write) as worker:
            yield worker

    def test_the_same_book_is_seen_in_the_very_moment(self, office, officer, monkeypatch):
        """The desk enters it when the import has looked for the last time, and is not at its end."""
        batch = applying(load(office, officer, HEAD + ROW), officer)
        with Held(partial(work._apply_once, batch)) as worker:
            book = Publication(title="Survei gurita 2020", year=2020)
            desk = Beside(lambda: catalogue.add(book, office=office, by=officer))
            worker.let_go()
            with pytest.raises(catalogue.Alike):
                desk.finish()
        assert Publication.objects.count() == 1

    def test_a_desk_does_not_wait_for_its_series(self, held, office, make_user):
        filled = {"title": "Survei Gurita 2021", "series": "Survei Gurita", "year": "2021", "language": "id"}
        client = client_of(make_user(office))
        answer = client.post(reverse("library:publication_new"), filled)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Sebuah impor sedang menulis" in page
        assert 'value="Survei Gurita"' in page
        held.let_go()
        assert client.post(reverse("library:publication_new"), filled).status_code == 302
        assert Publication.objects.get(year=2021).series == Series.objects.get()

    def test_the_same_words_hold_nobody_up(self, held, office, officer):
        book = Publication(title="Gurita Tirawuta 2022", year=2022)
        assert catalogue.add(book, office=office, by=officer).pk

    def test_its_barcodes_are_taken(self, held, office, officer, make_user):
        book = Publication.objects.create(title="Yang Lain", keeper=office)
        client, address = client_of(make_user(office)), reverse("library:copies_add", args=[book.pk])
        answer = client.post(address, {"barcodes": "K1"})
        assert "Sebuah impor sedang menulis" in answer.content.decode()
        held.let_go()
        answer = client.post(address, {"barcodes": "K1"})
        assert (answer.status_code, Copy.objects.count()) == (422, 1)
        assert "sudah dipakai" in answer.content.decode()

    def test_in_the_very_moment(self, held, office, officer, monkeypatch):
        """The desk looked for the barcode before the import was done, and writes after it."""
        monkeypatch.setattr(crossing, "LONGEST", "20s")
        book = Publication.objects.create(title="Yang Lain", keeper=office)
        desk = Beside(partial(add_copy, book, office, officer, barcodes=["K1"]))
        held.let_go()
        with pytest.raises(copies.Taken):
            desk.finish()


class TestTakenBackWhileABookGoesOut:
    @pytest.fixture
    def held(self, office, officer, monkeypatch):
        """All is taken back but for the last moment."""
        batch = applied(load(office, officer, HEAD + ROW), officer)
        work.undo(batch, by=officer)
        with Held(partial(work._undo_once, batch)) as worker:
            yield worker

    @pytest.mark.parametrize("action", ["read", "back"])
    def test_a_desk_does_not_wait_for_it(self, held, office, make_user, monkeypatch, action):
        monkeypatch.setattr(crossing, "LONGEST", "300ms")
        client = client_of(make_user(office))
        address = reverse("library:shelf_act", args=[Copy.objects.get().pk, action])
        answer = client.post(address, follow=True)
        held.let_go()
        assert answer.status_code == 200
        assert "Sebuah impor sedang menulis" in answer.content.decode()
        assert client.post(address).status_code == 404

    def test_it_is_told_that_the_book_is_gone(self, held, officer, monkeypatch):
        monkeypatch.setattr(crossing, "LONGEST", "20s")
        copy = Copy.objects.get()
        desk = Beside(lambda: circulation.read_here(copy, by=officer))
        held.let_go()
        with pytest.raises(IllegalMove, match="tidak ada lagi"):
            desk.finish()


def test_two_imports_at_once_of_the_same_books(office, officer):
    one, two = (applying(load(office, officer, HEAD + ROW, f"{n}.csv"), officer) for n in "ab")
    workers = [Beside(partial(work.work, batch.pk)) for batch in (one, two)]
    for worker in workers:
        worker.finish()
    assert {fresh(one).state, fresh(two).state} == {"done"}
    assert (Publication.objects.count(), Copy.objects.count()) == (1, 1)
    assert [undone(fresh(batch), officer).state for batch in (two, one)] == ["undone", "undone"]
    assert (Publication.objects.count(), Copy.objects.count(), Series.objects.count()) == (0, 0, 0)


def test_the_words_of_an_import_are_known_after_it(office, officer):
    from library.search import engine

    applied(load(office, officer, HEAD + ROW), officer)
    assert engine.search("giruta", engine.Filters()).count == 1


def test_the_nights_words_and_a_desks_at_once(office, officer):
    from library.search import index

    with Held(lambda: catalogue.add(Publication(title="Satu Gurita"), office=office, by=officer)) as desk:
        night = Beside(index.refresh_words)
        desk.let_go()
        night.finish()
    with transaction.atomic():
        index.refresh_words()
