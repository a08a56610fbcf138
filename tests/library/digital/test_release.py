"""Who may read, and from when on: set before anybody can see it, shut by anybody at the desk, opened by a supervisor."""

from __future__ import annotations

import os
import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from library.digital import folder
from library.importing.applying import apply
from library.importing.taking_back import undo
from library.models import AccessChange, DigitalCopy, Import, ImportRow, Publication
from library.views.reader import address
from library.workflows import intake, release
from services.accounts.models import Role
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.workflow import IllegalMove
from tests.conftest import new_user
from tests.library.digital import support
from tests.library.digital.handing_support import officer
from tests.library.support import client_of, fresh, title

pytestmark = pytest.mark.django_db
NEW = "/meja/pustaka/publikasi/baru/"
SOFTCOPIES = "/meja/pustaka/softcopy/"
NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)  # 10.00 WITA
LATER = {"day": "2026-03-16", "hour": "11:00"}
AT = datetime(2026, 3, 16, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(office):
    return client_of(new_user(office))


@pytest.fixture
def chief(office):
    return client_of(new_user(office, Role.SUPERVISOR))


@pytest.fixture
def book(office):
    return title(office, "Kolaka Timur Dalam Angka 2025")


def seen(publication) -> bool:
    """By anybody: its page, a search, the reader."""
    texts = (publication.get_absolute_url(), "/cari/?q=kolaka+timur", address(publication))
    return any(
        Client().get(t).status_code == 200 and f"/{publication.pk}/" in Client().get(t).content.decode()
        for t in texts
    )


def softcopy_page(digital, action: str = "") -> str:
    return f"{SOFTCOPIES}{digital.pk}/{f'{action}/' if action else ''}"


class TestEntered:
    def test_with_its_hour_nobody_ever_sees_it_before(self, desk):
        given = {
            "title": "Kolaka Timur Dalam Angka 2026",
            "year": "2026",
            "language": "id",
            "access": "in_house",
        }
        assert desk.post(NEW, given | LATER).status_code == 302
        made = Publication.objects.get()
        assert (made.access, made.embargo_until) == ("in_house", AT)
        assert not seen(made)
        change = AccessChange.objects.get()
        assert (change.was_access, change.was_until, change.access, change.until) == (
            "public",
            None,
            "in_house",
            AT,
        )

    def test_a_release_date_to_come_proposes_the_hour(self, desk):
        given = {
            "title": "Kolaka Timur 2026",
            "language": "id",
            "released_on": "2026-03-16",
            "access": "public",
        }
        answer = desk.post(NEW, given)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Saat rilis ini diusulkan" in page
        assert 'value="2026-03-16"' in page
        assert 'value="10:00"' in page
        assert not Publication.objects.exists()
        assert desk.post(NEW, given | {"day": "2026-03-16", "hour": "10:00"}).status_code == 302
        assert not seen(Publication.objects.get())

    def test_no_hour_before_the_release_date(self, desk):
        given = {"title": "Kolaka", "language": "id", "released_on": "2026-03-20", "access": "public"}
        assert "lebih awal daripada tanggal rilisnya" in desk.post(NEW, given | LATER).content.decode()

    def test_without_any_of_it_everybody_sees_it(self, desk):
        desk.post(NEW, {"title": "Kolaka Timur 2024", "language": "id", "released_on": "2026-03-10"})
        assert seen(Publication.objects.get())
        assert not AccessChange.objects.exists()

    def test_a_release_date_corrected_to_one_to_come_hides_it(self, desk, book):
        page = f"/meja/pustaka/publikasi/{book.pk}/"
        given = {
            "title": book.title,
            "year": 2025,
            "language": "id",
            "version": fresh(book).updated_at.isoformat(),
        }
        answer = desk.post(page, given | {"released_on": "2026-03-16"}, follow=True)
        assert "baru diketahui orang pada saat rilisnya" in answer.content.decode()
        assert fresh(book).embargo_until == AT - timedelta(hours=1)  # 10.00, as is proposed
        assert not seen(book)


class TestLinked:
    @pytest.fixture
    def waiting(self, office):
        digital = support.brought(office, support.pdf(2), name="scan.pdf")
        intake.check(digital.pk)
        return support.fresh(digital)

    def test_nobody_is_chosen_beforehand(self, desk, waiting, book):
        page = desk.get(softcopy_page(waiting), {"q": "kolaka"}).content.decode()
        assert 'name="access"' in page
        assert "checked" not in page
        answer = desk.post(softcopy_page(waiting, "hubungkan"), {"publication": book.pk})
        assert "Pilih siapa yang boleh membaca." in answer.content.decode()
        assert support.fresh(waiting).publication is None

    def test_access_and_hour_hold_from_the_same_moment(self, desk, waiting, book):
        given = {"publication": book.pk, "access": "registered", **LATER}
        assert desk.post(softcopy_page(waiting, "hubungkan"), given).status_code == 302
        assert (fresh(book).access, fresh(book).embargo_until, fresh(book).has_digital) == (
            "registered",
            AT,
            True,
        )
        assert not seen(fresh(book))

    def test_it_opens_nothing(self, desk, chief, waiting, book):
        release.set_access(book, access="in_house", embargo_until=AT, office=book.keeper, by=SYSTEM)
        for client in (desk, chief):
            answer = client.post(
                softcopy_page(waiting, "hubungkan"), {"publication": book.pk, "access": "public"}
            )
            assert answer.status_code == 422
            assert (
                "Tercatat pada publikasi ini: Hanya di komputer PST · dirilis 16 Maret 2026, 11.00 WITA"
                in (answer.content.decode())
            )
        desk.post(softcopy_page(waiting, "hubungkan"), {"publication": book.pk, "access": "recorded"})
        assert support.fresh(waiting).publication == book
        assert (fresh(book).access, fresh(book).embargo_until) == ("in_house", AT)

    def test_of_a_record_with_a_release_date_to_come_nothing_is_seen(self, desk, waiting, book):
        """As records were stored before release dates counted."""
        Publication.objects.filter(pk=book.pk).update(released_on=date(2026, 3, 16))
        desk.post(softcopy_page(waiting, "hubungkan"), {"publication": book.pk, "access": "public"})
        assert fresh(book).has_digital
        assert not seen(fresh(book))


class TestBrought:
    def test_what_the_batch_wants_waits_with_the_file(self, desk, office, book):
        given = {"pdf": support.upload(support.pdf(1), "scan.pdf"), "access": "in_house", **LATER}
        assert desk.post(SOFTCOPIES, given).status_code == 302
        digital = DigitalCopy.objects.get()
        page = desk.get(softcopy_page(digital), {"q": "kolaka"}).content.decode()
        assert 'value="2026-03-16"' in page
        assert re.search(r'value="in_house"[^>]* checked', page)
        intake.check(digital.pk)
        desk.post(
            softcopy_page(digital, "hubungkan"), {"publication": book.pk, "access": "in_house", **LATER}
        )
        assert (fresh(book).access, fresh(book).embargo_until) == ("in_house", AT)

    def test_for_a_known_number_it_holds_before_the_file_can_be_read(self, desk, office, book):
        Publication.objects.filter(pk=book.pk).update(publication_number="74110.2501")
        given = {"pdf": support.upload(support.pdf(1), "74110.2501.pdf"), "access": "registered", **LATER}
        desk.post(SOFTCOPIES, given)
        digital = DigitalCopy.objects.get()
        assert digital.publication == book
        assert (fresh(book).access, fresh(book).embargo_until) == ("registered", AT)
        release.set_access(
            fresh(book), access="public", embargo_until=None, office=office, by=SYSTEM, why="dirilis"
        )
        intake.check(digital.pk)  # what was wanted held once
        assert seen(fresh(book))

    @pytest.mark.parametrize("released_on", [None, date(2026, 3, 9), date(2026, 3, 16)])
    def test_from_the_folder_the_record_decides(self, office, book, tmp_path, released_on):
        Publication.objects.filter(pk=book.pk).update(
            publication_number="74110.2501", released_on=released_on
        )
        file = tmp_path / "74110.2501.pdf"
        file.write_bytes(support.pdf(1))
        os.utime(file, (time.time() - 600, time.time() - 600))
        outcome = next(folder.take(office, tmp_path))
        intake.check(outcome.digital.pk)
        assert support.fresh(outcome.digital).state == "ready"
        assert seen(fresh(book)) == (released_on != date(2026, 3, 16))
        with time_machine.travel(datetime(2026, 3, 16, 2, tzinfo=UTC), tick=False):
            assert seen(fresh(book))


class TestImported:
    @pytest.fixture
    def batch(self, office):
        batch = Import.objects.create(office=office, kind="table", state="ready")
        data = {"title": "Kolaka Timur Dalam Angka 2026", "year": 2026, "released_on": "2026-03-16"}
        ImportRow.objects.create(batch=batch, number=1, outcome="new", data=data, key="1")
        return batch

    def test_a_record_to_be_released_later_is_hidden_and_its_trace_says_so(self, batch):
        apply(batch)
        made = Publication.objects.get()
        assert made.embargo_until == AT - timedelta(hours=1)
        assert not seen(made)
        assert AccessChange.objects.get().publication == made

    def test_a_date_that_is_imported_and_taken_back(self, batch, book, office):
        Publication.objects.filter(pk=book.pk).update(title="Kolaka Timur Dalam Angka 2026", year=2026)
        apply(batch)
        assert not fresh(book).released
        batch.applied_at = timezone.now()
        undo(batch)
        assert (fresh(book).released_on, fresh(book).embargo_until) == (None, None)


class TestOpened:
    @pytest.fixture
    def shut(self, book):
        release.set_access(book, access="registered", embargo_until=AT, office=book.keeper, by=SYSTEM)
        Publication.objects.filter(pk=book.pk).update(released_on=date(2026, 3, 16))
        return fresh(book)

    def place(self, publication) -> str:
        return f"/meja/pustaka/publikasi/{publication.pk}/akses/"

    @pytest.mark.parametrize(
        "wider",
        [
            {"access": "registered"},
            {"access": "registered", "day": "2026-03-15", "hour": "11:00"},
            {"access": "public", **LATER},
        ],
    )
    def test_a_frontliner_never_does(self, desk, shut, wider):
        answer = desk.post(self.place(shut), {**wider, "sure": "1", "why": "diminta pimpinan"})
        assert answer.status_code == 422
        assert "hanya dapat dilakukan supervisor" in answer.content.decode()
        assert (fresh(shut).access, fresh(shut).embargo_until) == ("registered", AT)

    def test_a_frontliner_shuts_it_more(self, desk, shut):
        given = {"access": "in_house", "day": "2026-03-17", "hour": "11:00"}
        assert desk.post(self.place(shut), given).status_code == 302
        assert (fresh(shut).access, fresh(shut).embargo_until) == ("in_house", AT + timedelta(days=1))

    def test_a_supervisor_is_asked_first_and_says_why(self, chief, shut):
        given = {"access": "registered", "day": "", "hour": ""}
        asked = chief.post(self.place(shut), given)
        page = asked.content.decode()
        assert asked.status_code == 422
        assert "dirilis 16 Maret 2026, 11.00 WITA → <strong>Pengguna terdaftar</strong>" in page
        assert not fresh(shut).released
        assert (
            "Tulis alasan"
            in chief.post(self.place(shut), given | {"sure": "1", "why": " ya "}).content.decode()
        )
        assert not fresh(shut).released
        given |= {"sure": "1", "why": "Rilis dimajukan oleh BPS"}
        assert chief.post(self.place(shut), given).status_code == 302
        assert fresh(shut).released
        assert fresh(shut).released_on == date(2026, 3, 10)  # or the next file would hide it again
        shown = chief.get(f"/meja/pustaka/publikasi/{shut.pk}/").content.decode()
        assert "Alasan: Rilis dimajukan oleh BPS" in shown
        assert str(AccessChange.objects.first().by_user) in shown
        assert AuditEntry.objects.filter(action="publication.access", target_id=shut.pk).count() == 2

    def test_the_workflow_itself_refuses(self, office, offices, shut):
        def lift(by, why="Rilis dimajukan"):
            release.set_access(shut, access="public", embargo_until=None, office=office, by=by, why=why)

        for by in (officer(office), officer(offices["1906"], Role.SUPERVISOR)):
            with pytest.raises(IllegalMove):
                lift(by)
        with pytest.raises(IllegalMove):
            lift(officer(office, Role.SUPERVISOR), why="ya")
        lift(officer(office, Role.SUPERVISOR))
        assert fresh(shut).released

    def test_an_embargo_that_is_over_is_nothing_to_lift(self, desk, shut):
        with time_machine.travel(AT + timedelta(minutes=1), tick=False):
            assert desk.post(self.place(shut), {"access": "registered"}).status_code == 302

    def test_not_another_office_s(self, offices, shut):
        other = client_of(new_user(offices["1906"], Role.SUPERVISOR))
        assert other.post(self.place(shut), {"access": "in_house", **LATER}).status_code == 404
