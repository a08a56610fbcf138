"""The desk's pages of softcopies: what is told, what is kept, and whose record it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from library.models import DigitalCopy
from library.workflows import intake
from services.audit.models import AuditEntry
from tests.library.digital import support
from tests.library.support import client_of, title

pytestmark = pytest.mark.django_db
HERE = "/meja/pustaka/softcopy/"


@pytest.fixture
def desk(office, make_user):
    return client_of(make_user(office))


@pytest.fixture
def book(office):
    return title(office, "Kolaka Timur Dalam Angka 2025")


def page_of(digital: DigitalCopy) -> str:
    return f"{HERE}{digital.pk}/"


class TestBrought:
    def test_good_and_bad_files_together(self, desk, office):
        files = [support.upload(support.pdf(), "baik.pdf"), support.upload(b"<html>", "buruk.pdf")]
        answer = desk.post(HERE, {"pdf": files})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "buruk.pdf: Ini bukan berkas PDF." in page
        assert "1 berkas diterima dan sedang diperiksa." in page
        assert [d.file_name for d in office.digital_copies.all()] == ["baik.pdf"]

    def test_one_for_the_script(self, desk):
        accept = {"accept": "application/json"}
        good = desk.post(HERE, {"pdf": support.upload(support.pdf())}, headers=accept)
        row = DigitalCopy.objects.get()
        told = {"problem": "", "key": row.pk, "address": page_of(row)}
        assert (good.status_code, good.json()) == (200, told)
        again = desk.post(HERE, {"pdf": support.upload(support.pdf())}, headers=accept)
        assert again.status_code == 422
        assert "sama dengan softcopy yang sudah ada" in again.json()["problem"]
        none = desk.post(HERE, {}, headers=accept)
        assert (none.status_code, none.json()) == (422, {"problem": "Pilih berkas PDF."})

    def test_for_a_publication(self, desk, book):
        assert (
            "Softcopy untuk “Kolaka Timur Dalam Angka 2025”"
            in desk.get(HERE, {"pustaka": book.pk}).content.decode()
        )
        desk.post(HERE, {"pdf": support.upload(support.pdf()), "publication": book.pk})
        assert DigitalCopy.objects.get().publication == book

    @pytest.mark.parametrize("key", ["0", "x", "9" * 30, "-1"])
    def test_for_a_publication_that_is_none(self, desk, key):
        assert desk.get(HERE, {"pustaka": key}).status_code == 200
        assert desk.post(HERE, {"pdf": support.upload(support.pdf()), "publication": key}).status_code == 422

    def test_not_for_another_office_s_record(self, desk, offices):
        other = title(offices["1906"], "Belitung Timur Dalam Angka 2025")
        answer = desk.post(HERE, {"pdf": support.upload(support.pdf()), "publication": other.pk})
        assert answer.status_code == 404
        assert not DigitalCopy.objects.exists()

    def test_a_name_that_is_no_name(self, desk, office):
        desk.post(HERE, {"pdf": support.upload(support.pdf(), "a" * 300 + "<script>.pdf")})
        digital = office.digital_copies.get()
        assert len(digital.file_name) == 200
        assert "<script>" not in desk.get(HERE).content.decode().replace("<script src", "")


class TestLinked:
    def test_by_what_the_name_says_or_by_searching(self, desk, office, book):
        digital = support.brought(office, support.pdf(), name="kolaka_timur-dalam.angka.pdf")
        page = desk.get(page_of(digital)).content.decode()
        assert "Mungkin salah satu dari ini" in page
        assert book.title in page
        assert book.title in desk.get(page_of(digital), {"q": "kolaka 2025"}).content.decode()
        assert "Tidak ada publikasi yang cocok." in desk.get(page_of(digital), {"q": "zzzz"}).content.decode()
        assert (
            desk.post(
                f"{page_of(digital)}hubungkan/", {"publication": book.pk, "access": "recorded"}
            ).status_code
            == 302
        )
        assert support.fresh(digital).publication == book

    @pytest.mark.parametrize("key", ["", "x", "9" * 30, "999999"])
    def test_nothing_chosen_is_told(self, desk, office, book, key):
        digital = support.brought(office, support.pdf(), name="kolaka timur.pdf")
        answer = desk.post(f"{page_of(digital)}hubungkan/", {"publication": key})
        assert "Pilih publikasinya." in answer.content.decode()
        assert support.fresh(digital).publication is None

    def test_never_with_another_office_s_record(self, desk, office, offices):
        digital = support.brought(office, support.pdf(), name="belitung.pdf")
        other = title(offices["1906"], "Belitung Timur Dalam Angka 2025")
        assert "data milik kantor lain" in desk.get(page_of(digital)).content.decode()
        assert desk.post(f"{page_of(digital)}hubungkan/", {"publication": other.pk}).status_code == 404

    def test_somebody_was_faster(self, desk, office, book):
        digital = support.ready(office, book)
        answer = desk.post(
            f"{page_of(digital)}hubungkan/",
            {"publication": title(office, "Lain 2024").pk, "access": "public"},
            follow=True,
        )
        assert "Berkas ini sudah dihubungkan" in answer.content.decode()


class TestAccess:
    def test_the_hour_is_the_office_s_own_and_it_is_in_the_audit(self, desk, office, book, time_machine):
        time_machine.move_to(datetime(2026, 3, 10, 2, tzinfo=UTC))
        digital = support.ready(office, book)
        form = {"access": "registered", "day": "2026-03-16", "hour": "10:00"}
        assert desk.post(f"{page_of(digital)}akses/", form).status_code == 302
        book.refresh_from_db()
        assert book.access == "registered"
        assert book.embargo_until == datetime(2026, 3, 16, 2, tzinfo=UTC)  # WITA
        assert AuditEntry.objects.filter(action="publication.access", target_id=book.pk).count() == 1
        page = desk.get(page_of(digital)).content.decode()
        assert 'value="2026-03-16"' in page
        assert 'value="10:00"' in page

    @pytest.mark.parametrize(
        ("form", "told"),
        [
            ({"access": "", "day": "", "hour": ""}, "field-error"),
            ({"access": "siapa", "day": "", "hour": ""}, "field-error"),
            ({"access": "public", "day": "2026-03-16", "hour": ""}, "Tulis juga pukul berapa dirilis."),
            ({"access": "public", "day": "", "hour": "10:00"}, "Tulis juga tanggalnya"),
            ({"access": "public", "day": "2026-03-09", "hour": "10:00"}, "Saat rilis ini sudah lewat."),
            ({"access": "public", "day": "besok", "hour": "pagi"}, "besok"),
        ],
    )
    def test_what_makes_no_sense_is_told_and_kept(self, desk, office, book, time_machine, form, told):
        time_machine.move_to(datetime(2026, 3, 10, 2, tzinfo=UTC))
        digital = support.ready(office, book)
        answer = desk.post(f"{page_of(digital)}akses/", form)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        book.refresh_from_db()
        assert (book.access, book.embargo_until) == ("public", None)

    def test_a_release_that_is_over_may_stand_in_the_form(self, desk, office, book, time_machine):
        time_machine.move_to(datetime(2026, 3, 10, 2, tzinfo=UTC))
        digital = support.ready(office, book)
        book.embargo_until = datetime(2026, 3, 9, 2, tzinfo=UTC)
        book.save()
        form = {"access": "in_house", "day": "2026-03-09", "hour": "10:00"}
        assert desk.post(f"{page_of(digital)}akses/", form).status_code == 302
        book.refresh_from_db()
        assert (book.access, book.embargo_until) == ("in_house", None)

    def test_a_form_that_stood_open_lifts_no_embargo(self, desk, office, book, time_machine):
        """Two officers: one sets the release, the other only who may read, in a form shown before."""
        time_machine.move_to(datetime(2026, 3, 10, 2, tzinfo=UTC))
        digital = support.ready(office, book)
        first = {"access": "public", "day": "2026-03-16", "hour": "10:00"}
        assert desk.post(f"{page_of(digital)}akses/", first).status_code == 302
        stale = {"access": "registered", "day": "", "hour": ""}
        answer = desk.post(f"{page_of(digital)}akses/", stale)
        assert "hanya dapat dilakukan supervisor" in answer.content.decode()
        book.refresh_from_db()
        assert (book.access, book.embargo_until) == ("public", datetime(2026, 3, 16, 2, tzinfo=UTC))


def test_withdrawing_needs_a_reason(desk, office, book):
    digital = support.ready(office, book)
    assert desk.post(f"{page_of(digital)}tarik/", {"why": " "}).status_code == 422
    assert desk.post(f"{page_of(digital)}tarik/", {"why": "salah berkas"}).status_code == 302
    assert digital.steps.last().why == "salah berkas"
    assert (
        "sudah berstatus “Ditarik”"
        in desk.post(f"{page_of(digital)}tarik/", {"why": "lagi"}, follow=True).content.decode()
    )


def test_why_one_was_refused_and_what_was_changed(desk, office, book):
    digital = support.brought(office, b"%PDF-1.7 rusak", publication=book)
    intake.check(digital.pk)
    assert (
        "rusak dan tidak dapat dibaca" in desk.get(HERE).content.decode().lower()
        or support.fresh(digital).fault == "no_pages"
    )
    changed = support.ready(office, book)
    DigitalCopy.objects.filter(pk=changed.pk).update(notes=["scripts"], without_text=[1, 2])
    page = desk.get(page_of(changed)).content.decode()
    assert "Skrip di dalamnya dibuang." in page
    assert "2 halaman hasil pindaian" in page


class TestFound:
    def test_a_record_written_for_a_file_gets_it(self, desk, office):
        digital = support.brought(office, support.pdf(), name="zirkonium 2025.pdf")
        page = desk.get(page_of(digital)).content.decode()
        new = f"/meja/pustaka/publikasi/baru/?berkas={digital.pk}"
        assert new in page
        form = desk.get(new).content.decode()
        assert "zirkonium 2025.pdf dihubungkan dengan publikasi ini" in form
        given = {"title": "Zirkonium 2025", "language": "id", "berkas": digital.pk}
        answer = desk.post("/meja/pustaka/publikasi/baru/", given)
        assert answer["Location"] == page_of(digital)
        book = support.fresh(digital).publication
        assert book.title == "Zirkonium 2025"
        assert digital.file_name in desk.get(f"/meja/pustaka/publikasi/{book.pk}/").content.decode()

    @pytest.mark.parametrize("key", ["x", "9" * 30, "999999"])
    def test_a_file_that_is_none_changes_nothing(self, desk, key):
        given = {"title": "Zirkonium 2025", "language": "id", "berkas": key}
        assert "#eksemplar" in desk.post("/meja/pustaka/publikasi/baru/", given)["Location"]

    def test_never_another_office_s_file(self, desk, offices):
        digital = support.brought(offices["1906"], support.pdf())
        desk.post("/meja/pustaka/publikasi/baru/", {"title": "Buku", "language": "id", "berkas": digital.pk})
        assert support.fresh(digital).publication is None

    def test_both_pages_lead_to_each_other(self, desk, office, book):
        edit = f"/meja/pustaka/publikasi/{book.pk}/"
        assert f"/meja/pustaka/softcopy/?pustaka={book.pk}" in desk.get(edit).content.decode()
        digital = support.ready(office, book)
        shown = desk.get(edit).content.decode()
        assert page_of(digital) in shown
        assert f"/baca/{book.pk}/" in shown
        page = desk.get(page_of(digital)).content.decode()
        book.refresh_from_db()
        for part in (f"/baca/{book.pk}/", book.get_absolute_url(), edit, book.cover_url):
            assert part in page


class TestListed:
    def names(self, desk, **asked) -> list[str]:
        return [row.file_name for row, _level, _problem in desk.get(HERE, asked).context["rows"]]

    def test_by_state_and_by_words(self, desk, office, book):
        ready = support.ready(office, book)
        DigitalCopy.objects.filter(pk=ready.pk).update(file_name="siap.pdf", without_text=[1, 2, 3])
        refused = support.brought(office, b"%PDF-1.7 rusak", name="rusak.pdf")
        intake.check(refused.pk)
        support.brought(office, support.pdf(2), name="baru.pdf")
        assert self.names(desk) == ["baru.pdf", "rusak.pdf", "siap.pdf"]
        assert self.names(desk, keadaan="refused") == ["rusak.pdf"]
        assert self.names(desk, keadaan="unlinked") == ["baru.pdf"]
        assert self.names(desk, keadaan="scanned") == ["siap.pdf"]
        assert self.names(desk, q="kolaka angka") == ["siap.pdf"]
        assert self.names(desk, keadaan="nonsense") == ["baru.pdf", "rusak.pdf", "siap.pdf"]
        assert "Pindaian, tidak dapat dicari" in desk.get(HERE).content.decode()
        DigitalCopy.objects.update(added_at=timezone.now() - timedelta(days=8))
        assert self.names(desk) == ["baru.pdf", "siap.pdf"]
        assert self.names(desk, keadaan="refused") == ["rusak.pdf"]

    def test_what_is_not_released_yet_is_told(self, desk, office, book):
        support.ready(office, book)
        type(book).objects.update(embargo_until=datetime(2999, 1, 1, tzinfo=UTC), access="registered")
        page = desk.get(HERE, {"keadaan": "embargo"}).content.decode()
        assert page.count("Belum dirilis") == 2  # the choice and the badge
        assert "Pengguna terdaftar" in page or "terdaftar" in page
