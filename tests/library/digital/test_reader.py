"""Who may read a softcopy, and that nothing but marked pictures of its pages leaves the house."""

from __future__ import annotations

import io
import os
import signal
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageChops

from library.digital import files, rights
from library.models import CopyLink, DigitalPage, Publication, PublicationUse, Region
from library.pdf import drawing, pool
from library.pdf.documents import close_all
from library.search import index
from library.views import reader_pages
from library.views.reader import address
from library.workflows import intake
from services.accounts import limits
from services.audit.actors import SYSTEM
from tests.library.digital.readers import addresses, device, everybody, holder, link, picture
from tests.library.digital.support import SECRET, fresh, pdf, ready
from tests.library.pdf.papers import unmarked
from tests.library.support import client_of, title

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture(autouse=True)
def nothing_open():
    yield
    close_all()


@pytest.fixture
def digital(office):
    return ready(office, title(office, "Profil Kemiskinan Kolaka Timur 2024"))


def access_of(digital, access: str, **more) -> None:
    Publication.objects.filter(pk=digital.publication_id).update(access=access, **more)


OFFICERS = {"officer", "supervisor elsewhere"}
COMPUTERS = {"computer", "computer elsewhere"}
LINKS = {"link", "download link"}
MAY_READ = {"registered": OFFICERS | COMPUTERS | LINKS, "in_house": OFFICERS | COMPUTERS}


class TestRights:
    @pytest.mark.parametrize("access", ["public", "registered", "in_house"])
    def test_of_everybody_at_every_address(self, digital, office, offices, access):
        other = ready(office, title(office, "Buku Lain"), content=pdf(1, "Buku Lain"))
        access_of(digital, access)
        places = addresses(digital)
        got = {
            who: {client.get(place).status_code for place in places}
            for who, client in everybody(digital, other, offices).items()
        }
        may = MAY_READ.get(access, set(got))
        assert got == {who: {200} if who in may else {403} for who in got}

    def test_before_its_release_it_is_not_there_for_anybody(self, digital, office, offices):
        soon = timezone.now() + timedelta(hours=1)
        access_of(digital, "public", embargo_until=soon)
        clients = everybody(digital, digital, offices).values()
        assert {c.get(place).status_code for c in clients for place in addresses(digital)} == {404}
        with time_machine.travel(soon + timedelta(seconds=1)):
            assert {Client().get(place).status_code for place in addresses(digital)} == {200}

    def test_withdrawn_or_replaced_it_is_gone(self, digital, office):
        reads = holder(link(digital, office))
        access_of(digital, "registered")
        assert reads.get(picture(digital)).status_code == 200
        ready(office, Publication.objects.get(pk=digital.publication_id), content=pdf(1, "Baru"))
        assert reads.get(picture(digital)).status_code == 403  # the link was to the other file
        access_of(digital, "public")
        assert Client().get(picture(digital, 1)).status_code == 200
        assert Client().get(picture(digital, 3)).status_code == 404  # the new one has one page
        intake.withdraw(
            Publication.objects.get(pk=digital.publication_id).digital_copies.get(state="ready"),
            why="salah",
            by=SYSTEM,
        )
        assert {Client().get(place).status_code for place in addresses(digital)} == {404, 410}

    def test_a_right_that_ends_ends_at_once(self, digital, office):
        access_of(digital, "registered")
        given = link(digital, office)
        reads = holder(given)
        assert reads.get(picture(digital)).status_code == 200
        CopyLink.objects.filter(pk=given.pk).update(expires_at=timezone.now())
        assert reads.get(picture(digital)).status_code == 403
        assert reads.get(picture(digital), HTTP_IF_NONE_MATCH="*").status_code == 403

    def test_who_has_another_mailbox_now_reads_no_more_by_the_old_one(self, digital, office):
        access_of(digital, "registered")
        given = link(digital, office)
        reads = holder(given)
        given.visitor.email = "lain@example.test"
        given.visitor.save()
        assert reads.get(picture(digital)).status_code == 403

    def test_a_session_with_nonsense_in_it_reads_nothing(self, digital, office):
        access_of(digital, "registered")
        for nonsense in ("1", {"1": 1}, [True, "1", None, -1, 10**30], [[1], ["1", "x"], [1, 2]]):
            client = holder()
            session = client.session
            session[rights.READ_LINKS] = nonsense
            session.save()
            assert client.get(picture(digital)).status_code == 403

    def test_who_may_not_is_told_why_and_where(self, digital, office, make_device):
        make_device(office, "reader")
        access_of(digital, "in_house")
        page = Client().get(address(digital.publication))
        assert page.status_code == 403
        assert "komputer PST" in page.content.decode()
        assert office.get_absolute_url() in page.content.decode()
        access_of(digital, "registered")
        assert "tautan baca" in Client().get(address(digital.publication)).content.decode()
        assert SECRET not in page.content.decode()


class TestMark:
    def mark(self, client, digital) -> tuple[str, ...]:
        request = client.get(address(digital.publication)).wsgi_request
        found = rights.reading(request, rights.softcopy(digital.publication_id))
        assert found
        return found.mark

    def test_says_who_reads_and_where(self, digital, office, frontliner):
        access_of(digital, "registered")
        with time_machine.travel("2026-03-10T02:00:00Z", tick=False):
            assert self.mark(client_of(frontliner), digital) == (
                f"Petugas {frontliner.name}",
                office.name,
                "10-03-2026",
            )
            assert self.mark(device(office, "reader"), digital) == ("Komputer PST", office.name, "10-03-2026")
            reads = holder(link(digital, office))
            assert self.mark(reads, digital) == ("Rina Wati", "rina@example.test", "10-03-2026")
            access_of(digital, "public")
            assert self.mark(Client(), digital) == ("Dibaca daring", "PST BPS", "10-03-2026")

    def test_the_day_is_the_office_s(self, digital, offices):
        with time_machine.travel("2026-03-10T16:30:00Z", tick=False):
            east, west = (self.mark(device(offices[code], "reader"), digital)[2] for code in ("7411", "1373"))
        assert (east, west) == ("11-03-2026", "10-03-2026")


class TestNothingLeaks:
    def test_no_address_gives_the_file_or_a_page_without_a_mark(self, digital, office, offices):
        path = str(files.path_of(digital.prepared))
        clean = {(page, width): unmarked(path, width, page) for page in (1, 2) for width in drawing.WIDTHS}
        pictures = 0
        for client in everybody(digital, digital, offices).values():
            for place in addresses(digital):
                answer = client.get(place)
                assert answer["Content-Type"].split(";")[0] in {"text/html", "image/webp", "application/json"}
                body = answer.getvalue()
                assert b"%PDF" not in body
                assert b"softcopy/" not in body  # nor where the file lies
                if answer["Content-Type"] == "image/webp":
                    pictures += 1
                    self._is_marked(body, clean, 2 if "/2-" in place else 1)
        assert pictures >= 6 * 13

    def _is_marked(self, body: bytes, clean: dict, page: int) -> None:
        image = Image.open(io.BytesIO(body)).convert("RGB")
        before = clean[page, image.width]
        changed = ImageChops.difference(image, before).convert("L").point(lambda value: 255 * (value > 12))
        share = sum(changed.histogram()[255:]) / (image.width * image.height)
        assert share > 0.02, (page, image.size)

    @pytest.mark.parametrize("width", [0, 1, 161, 901, 3000, 10**30])
    def test_only_a_few_widths(self, digital, width):
        assert Client().get(picture(digital, 1, width)).status_code == 404

    @pytest.mark.parametrize("page", [0, 4, 99, 10**30])
    def test_only_its_pages(self, digital, page):
        assert Client().get(picture(digital, page)).status_code == 404
        place = reverse("library:read_text", args=[digital.publication_id, page])
        assert Client().get(place).status_code == 404

    @pytest.mark.parametrize(
        "ending", ["", ".pdf", "hal/1.webp", "hal/1-480.png", "berkas/asli/", "hal/1-480.webp/asli"]
    )
    def test_no_other_address(self, digital, ending):
        place = (
            f"/baca/{digital.publication_id}/{ending}"
            if ending != ".pdf"
            else f"/baca/{digital.publication_id}.pdf"
        )
        assert Client().get(place).status_code == 404

    def test_pages_are_nobody_else_s(self, digital, office):
        access_of(digital, "registered")
        answer = holder(link(digital, office)).get(picture(digital))
        assert answer["Cache-Control"].startswith("private, max-age=")
        assert "Cookie" in answer["Vary"]
        other = link(digital, office)
        other.visitor.name = "Orang Lain"
        other.visitor.save()
        assert holder(other).get(picture(digital))["ETag"] != answer["ETag"]

    def test_the_same_page_is_not_sent_twice(self, digital):
        first = Client().get(picture(digital))
        again = Client().get(picture(digital), HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == first["Cache-Control"]

    def test_what_is_written_must_be_private_in_refusals_too(self, digital):
        access_of(digital, "in_house")
        assert "no-store" in Client().get(picture(digital))["Cache-Control"]
        assert (
            Client()
            .get(reverse("library:read_text", args=[digital.publication_id, 2]))
            .content.find(SECRET.encode())
            < 0
        )


class TestPage:
    def test_one_page_with_links_to_the_next(self, digital):
        page = Client().get(f"{address(digital.publication)}?hal=2").content.decode()
        assert f"/baca/{digital.publication_id}/hal/2-900.webp" in page
        assert 'fetchpriority="high"' in page
        assert 'rel="prev"' in page
        assert 'rel="next"' in page
        assert SECRET in page  # for those who have it read to them
        assert "style=" not in page

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [("", 1), ("0", 1), ("x", 1), ("3", 3), ("99", 3), ("-1", 1), ("٣", 1), ("9" * 40, 1)],
    )
    def test_an_odd_page_number_is_no_error(self, digital, typed, shown):
        assert Client().get(address(digital.publication), {"hal": typed}).context["page"] == shown

    def test_searching_without_a_script(self, digital):
        page = Client().get(address(digital.publication), {"q": "miskin ekstrem"})
        hits = page.context["hits"]
        assert [hit.page for hit in hits.rows] == [2]
        assert "<mark>kemiskinan</mark>" in hits.rows[0].snippet
        assert "q=miskin" in page.context["src"]
        assert Client().get(address(digital.publication), {"q": "\0<script>"}).status_code == 200

    def test_hits_have_places_and_colour(self, digital):
        place = reverse("library:read_text", args=[digital.publication_id, 2])
        plain, found = Client().get(place).json(), Client().get(place, {"q": "miskin"}).json()
        assert SECRET in " ".join(plain["lines"])
        assert plain["hits"] == []
        assert len(found["hits"]) == 1
        assert all(0 <= value <= 1 for value in found["hits"][0])
        pictures = [
            Image.open(io.BytesIO(Client().get(picture(digital, 2, 900) + more).content)).convert("RGB")
            for more in ("", "?q=miskin")
        ]
        assert ImageChops.difference(*pictures).getbbox()

    def test_another_title_in_the_address_leads_to_the_right_one(self, digital):
        key = digital.publication_id
        answer = Client().get(f"/baca/{key}/apa-saja/?hal=3&q=a%20b")
        assert answer.status_code == 301
        assert answer["Location"] == f"{address(digital.publication)}?hal=3&q=a+b"

    def test_a_book_called_search_has_an_address(self, office):
        book = ready(office, title(office, "Cari"), content=pdf(1, "Cari"))
        assert Client().get(address(book.publication)).status_code == 200

    def test_copying_is_made_awkward_where_it_is_forbidden(self, digital, office):
        def is_guarded(client) -> bool:
            return client.get(address(digital.publication)).context["guarded"]

        assert not is_guarded(Client())
        assert is_guarded(device(office, "reader"))
        access_of(digital, "in_house")
        assert is_guarded(client_of(new_officer(office)))

    def test_counts_once_for_a_browser(self, digital):
        client = Client()
        for page in (1, 2, 3):
            client.get(address(digital.publication, page), **BROWSER)
        Client().get(address(digital.publication), HTTP_USER_AGENT="Googlebot/2.1")
        Client().get(address(digital.publication), **BROWSER, HTTP_SEC_PURPOSE="prefetch")
        use = PublicationUse.objects.get(kind="read_online")
        assert (use.times, use.office) == (1, None)

    def test_at_the_computer_it_is_the_office_s_and_forgotten(self, digital, office):
        computer = device(office, "reader")
        for _reader in range(2):
            for page in (1, 2):
                computer.get(address(digital.publication, page), **BROWSER)
            answer = computer.get(reverse("library:computer") + "?baru=1")
            assert answer["Location"] == reverse("library:computer")
        assert PublicationUse.objects.get(kind="read_online", office=office).times == 2
        page = computer.get(address(digital.publication)).content.decode()
        assert "data-remembers" not in page
        assert 'data-idle-url="/komputer/?baru=1"' in page

    def test_asks_the_database_little_for_a_page(self, digital):
        Client().get(picture(digital))
        with CaptureQueriesContext(connection) as asked:
            Client().get(picture(digital))
        assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 2, [q["sql"][:90] for q in asked]


def new_officer(office):
    from tests.conftest import new_user

    return new_user(office)


class TestFaults:
    def test_a_killed_worker_is_not_noticed(self, digital):
        assert Client().get(picture(digital, 1)).status_code == 200
        for pid in pool.pool().pids():
            os.kill(pid, signal.SIGKILL)
        assert Client().get(picture(digital, 2)).status_code == 200

    def test_a_file_that_is_gone_is_said_and_logged(self, digital, caplog):
        kept = Client().get(picture(digital, 1))
        files.path_of(digital.prepared).unlink()
        answer = Client().get(picture(digital, 2))
        assert answer.status_code == 503
        assert "tidak dapat dibuka" in answer.content.decode()
        assert f"Softcopy {digital.pk}" in caplog.text
        assert Client().get(picture(digital, 1)).content == kept.content  # what was drawn is still there
        assert Client().get(address(digital.publication)).status_code == 200

    def test_a_damaged_file_is_said_and_the_next_book_goes_on(self, digital, office, caplog):
        other = ready(office, title(office, "Buku Lain"), content=pdf(1, "Buku Lain"))
        files.path_of(digital.prepared).write_bytes(b"%PDF-1.7 and nothing else")
        answer = Client().get(picture(digital))
        assert answer.status_code == 500
        assert "rusak" in answer.content.decode()
        assert "cannot be drawn" in caplog.text
        assert Client().get(picture(other)).status_code == 200

    def test_a_cache_that_cannot_be_written_costs_time_only(self, digital, caplog):
        folder = settings.VAR_DIR / "cache"
        folder.mkdir(exist_ok=True)
        (folder / "pages").write_text("a file where a folder should be")
        assert [Client().get(picture(digital)).status_code for _time in range(2)] == [200, 200]
        assert "cache of pages cannot be" in caplog.text

    def test_too_many_at_once_are_told_to_come_again(self, digital, monkeypatch, caplog):
        small = pool.Pool(pool.Limits(workers=1, waiting=0))
        worker = small._take(20)  # somebody is drawing
        monkeypatch.setattr(pool, "_pool", small)
        try:
            answer = Client().get(picture(digital))
            assert (answer.status_code, answer["Retry-After"]) == (503, "1")
            assert "Sedang ramai" in answer.content.decode()
            assert "Service Unavailable" not in caplog.text  # no error
            small._give_back(worker)
            assert Client().get(picture(digital)).status_code == 200
        finally:
            small.close()

    def test_the_cache_is_used(self, digital):
        first = Client().get(picture(digital)).content
        kept = [path for path in (settings.VAR_DIR / "cache" / "pages").rglob("*") if path.is_file()]
        assert len(kept) == 1
        files.path_of(digital.prepared).unlink()
        assert Client().get(picture(digital)).content == first


class TestLimit:
    def test_nobody_carries_off_whole_books(self, digital, office, monkeypatch):
        monkeypatch.setattr(reader_pages, "COUNTED", 2)
        monkeypatch.setitem(limits.LIMITS, reader_pages.LIMIT, 2)
        client = Client()
        assert [client.get(picture(digital)).status_code for _n in range(7)] == [200] * 4 + [429] * 3
        # nor its text
        places = [place for place in addresses(digital) if "webp" not in place]
        assert {client.get(place).status_code for place in places} == {429}
        assert device(office, "reader").get(picture(digital)).status_code == 200

    def test_who_waits_a_minute_is_still_refused(self, digital, monkeypatch):
        monkeypatch.setattr(reader_pages, "COUNTED", 10)
        monkeypatch.setitem(limits.LIMITS, reader_pages.LIMIT, 1)
        now = timezone.now()
        with time_machine.travel(now, tick=False):
            assert [Client().get(picture(digital)).status_code for _n in range(11)] == [200] * 10 + [429]
        with time_machine.travel(now + timedelta(seconds=70), tick=False):
            assert Client().get(picture(digital)).status_code == 429

    def test_an_hour_later_it_goes_on(self, digital, monkeypatch):
        monkeypatch.setattr(reader_pages, "COUNTED", 1)
        monkeypatch.setitem(limits.LIMITS, reader_pages.LIMIT, 1)
        now = timezone.now()
        with time_machine.travel(now, tick=False):
            assert [Client().get(picture(digital)).status_code for _n in range(2)] == [200, 429]
        with time_machine.travel(now + timedelta(minutes=62), tick=False):
            assert Client().get(picture(digital)).status_code == 200


class TestComputer:
    def test_its_home_shows_what_can_be_read_and_the_rules(self, digital, office, offices):
        hidden = ready(office, title(office, "Belum Dirilis"), content=pdf(1, "Belum"))
        access_of(hidden, "public", embargo_until=timezone.now() + timedelta(days=1))
        page = device(office, "reader").get("/komputer/").content.decode()
        assert address(digital.publication) in page
        assert "Belum Dirilis" not in page
        strict = device(offices["1906"], "reader").get("/komputer/").content.decode()
        assert "paling banyak 20% dari satu publikasi" in strict
        assert "tidak diperbolehkan" in strict

    def test_paired_it_goes_there(self, office):
        assert device(office, "reader").get("/perangkat/?untuk=reader")["Location"] == "/komputer/"

    def test_it_forgets_the_language(self, office):
        computer = device(office, "reader")
        computer.post("/bahasa/", {"language": "en"})
        computer.get("/komputer/?baru=1")
        assert 'lang="id"' in computer.get("/komputer/").content.decode()


class TestPublicationPage:
    def test_offers_to_read_whoever_may(self, digital, office):
        place = digital.publication.get_absolute_url()
        href = f'href="{address(digital.publication)}"'
        assert f'class="btn btn-primary" {href}' in Client().get(place).content.decode()
        access_of(digital, "in_house")
        page = Client().get(place).content.decode()
        assert "Hanya dapat dibaca di komputer PST" in page
        assert f'class="btn btn-primary" {href}' not in page
        assert f'class="btn btn-primary" {href}' in device(office, "reader").get(place).content.decode()
        access_of(digital, "registered")
        assert "Untuk pengguna terdaftar" in Client().get(place).content.decode()

    def test_a_record_without_a_file_has_nothing_to_read(self, office):
        book = title(office)
        Publication.objects.filter(pk=book.pk).update(has_digital=True)
        assert "/baca/" not in Client().get(book.get_absolute_url()).content.decode()


class TestGeneralSearch:
    def search(self, words: str, **more):
        cache.clear()
        return Client().get("/cari/", {"q": words, **more})

    def found(self, words: str, **more) -> list:
        return [row["hit"] for row in self.search(words, **more).context["inside"]]

    def test_finds_the_page_where_all_the_words_stand(self, digital):
        (hit,) = self.found("kemiskinan ekstrem menurun")
        assert (hit.pk, hit.pages, hit.more) == (digital.publication_id, [2], False)
        assert "<mark>ekstrem</mark>" in hit.snippet
        page = self.search("kemiskinan ekstrem menurun").content.decode()
        assert "?hal=2&amp;q=kemiskinan+ekstrem+menurun" in page
        assert self.found("ekstrem halaman 1") == []  # on two pages

    @pytest.mark.parametrize(
        "words",
        ["kolaka ekstrem", "2025 ekstrem", "ekstrem kolaka timur angka", "kolaka timur 2025 ekstrem menurun"],
    )
    def test_words_of_the_page_and_words_of_its_publication_together(self, office, words):
        Region.objects.create(code="7411", name="Kolaka Timur")
        cache.clear()
        book = title(office, "Kolaka Timur Dalam Angka 2025")
        Publication.objects.filter(pk=book.pk).update(year=2025)
        index.write([fresh_book := Publication.objects.get(pk=book.pk)])
        ready(office, fresh_book, content=pdf(3, "x"))
        title(office, "Belitung Timur Dalam Angka 2025")
        (hit,) = self.found(words)
        assert (hit.pk, hit.pages) == (book.pk, [2])
        assert self.found("belitung ekstrem") == []

    def test_what_the_publication_has_alone_is_no_hit_inside(self, office):
        ready(office, title(office, "Statistik Daerah Halaman Depan"), content=pdf(2, "x"))
        assert self.found("depan statistik halaman") == []

    @pytest.mark.parametrize("access", ["registered", "in_house"])
    def test_what_not_everybody_may_read_says_nothing_of_its_text(self, digital, access):
        access_of(digital, access)
        (hit,) = self.found("ekstrem menurun")
        assert (hit.pages, hit.snippet) == ([2], "")
        assert "dua persen" not in self.search("ekstrem menurun").content.decode()

    def test_not_before_its_release(self, digital):
        soon = timezone.now() + timedelta(hours=1)
        access_of(digital, "public", embargo_until=soon)
        assert self.found("ekstrem menurun") == []
        with time_machine.travel(soon + timedelta(seconds=1)):
            assert len(self.found("ekstrem menurun")) == 1

    def test_not_of_what_was_withdrawn(self, digital):
        intake.withdraw(fresh(digital), why="salah", by=SYSTEM)
        assert self.found("ekstrem menurun") == []

    def test_the_newest_five_and_only_beside_the_first_page(self, digital, office):
        rows = []
        for year in range(2001, 2008):
            book = title(office, f"Buku {year}")
            Publication.objects.filter(pk=book.pk).update(year=year)
            rows.append(book)
        texts = DigitalPage.objects.filter(digital=digital)
        for book in rows:
            copy = fresh(digital)
            copy.pk, copy.publication = None, book
            copy.save()
            for page in texts:
                page.pk, page.digital = None, copy
                page.save()
        Publication.objects.filter(pk=digital.publication_id).update(year=2000)
        assert [hit.pk for hit in self.found("ekstrem menurun")] == [book.pk for book in rows[:1:-1]]
        index.write(Publication.objects.filter(year=2003))
        assert [hit.title for hit in self.found("ekstrem menurun", tahun=2003)] == ["Buku 2003"]
        assert self.search("ekstrem menurun", hal=2).context["found"].number == 1

    def test_asks_once_more_and_not_at_all_without_softcopies(
        self, office, client, django_assert_num_queries
    ):
        title(office, "Buku Gurita")

        def statements() -> int:
            with CaptureQueriesContext(connection) as asked:
                client.get("/cari/?q=gurita")
            return len(asked)

        client.get("/cari/?q=gurita")
        before = statements()
        ready(office, title(office, "Lain"), content=pdf(1, "Lain"))
        cache.clear()
        client.get("/cari/?q=gurita")
        assert statements() == before + 1
