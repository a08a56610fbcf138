"""Requests no browser of ours sends: stale and stolen tokens, huge bodies, odd addresses, cookies and methods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from queueing.models import Ticket
from services.accounts.devices import cookie_name
from services.guestbook.models import Visit
from tests.guestbook.support import FILLED, arrive

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TAKE = "/kios/ambil/"
HUGE = "9" * 30


def token_of(client: Client) -> str:
    return client.get("/kios/").context["token"]


def take(client: Client, token: str, service: str = "library"):
    return client.post(TAKE, {"token": token, "service": service})


class TestKioskToken:
    def test_a_page_open_for_thirteen_hours_is_told_to_choose_again(self, kiosk):
        with time_machine.travel(NINE, tick=False):
            token = token_of(kiosk)
        with time_machine.travel(NINE + timedelta(hours=13), tick=False):
            response = take(kiosk, token)
        assert response.status_code == 409
        assert "terlalu lama terbuka" in response.content.decode()
        assert Ticket.objects.count() == 0

    def test_the_page_of_another_tablet_gives_no_number(self, kiosk, make_device, office):
        other = Client()
        other.cookies[cookie_name("kiosk")] = make_device(office)[1]
        response = take(kiosk, token_of(other))
        assert response.status_code == 409
        assert "tablet lain" in response.content.decode()
        assert Ticket.objects.count() == 0

    @pytest.mark.parametrize("token", ["", "x", "a:b:c", "W10:1:x", "\x00", "x" * 10_000])
    def test_garbage_gives_the_first_screen_with_words(self, kiosk, token):
        response = take(kiosk, token)
        assert response.status_code == 409
        assert "tidak lengkap" in response.content.decode()

    def test_a_page_sent_twice_gives_the_same_number(self, kiosk):
        token = token_of(kiosk)
        places = {take(kiosk, token).headers["Location"] for _n in range(3)}
        assert len(places) == 1
        assert Ticket.objects.count() == 1

    def test_where_there_is_no_queue_a_page_sent_twice_is_one_visit(self, make_device, offices):
        tablet = Client()
        tablet.cookies[cookie_name("kiosk")] = make_device(offices["1906"])[1]
        token = token_of(tablet)
        for place in [take(tablet, token).headers["Location"] for _n in range(3)]:
            assert tablet.post(place, {"consent": "no"}).status_code == 302
        assert Visit.objects.count() == 1

    @pytest.mark.parametrize("service", ["", "nothing", "library\x00x", "' OR 1=1"])
    def test_a_service_that_is_not_there_is_told(self, kiosk, service):
        assert take(kiosk, token_of(kiosk), service).status_code == 422


class TestSizes:
    def test_a_body_beyond_the_limit_is_refused_in_words(self, db):
        response = Client().post("/7411/pengaduan/", {"text": "x" * 2_600_000})
        assert response.status_code in (400, 413)

    def test_an_urlencoded_body_beyond_the_limit_is_refused(self, db):
        response = Client().post(
            "/7411/pengaduan/", "text=" + "x" * 2_600_000, content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code in (400, 413)

    def test_a_thousand_fields_are_refused(self, db):
        assert Client().post("/7411/pengaduan/", {f"f{n}": "1" for n in range(1000)}).status_code == 400

    def test_the_same_field_many_times_counts_once(self, db, office):
        assert Client().post("/7411/pengaduan/", {"text": ["a", "b", "c"]}).status_code == 200

    def test_an_uploaded_file_in_place_of_text_is_ignored(self, db, office):
        assert Client().post("/7411/pengaduan/", {"text": BytesIO(b"x")}).status_code in (200, 422)


STRANGE = [
    f"/meja/kunjungan/{HUGE}/", "/meja/kunjungan/" + "9" * 5000 + "/", "/meja/kunjungan/-1/", "/meja/kunjungan/0/",
    f"/meja/konsultasi/{HUGE}/", f"/meja/perpustakaan/{HUGE}/", f"/meja/pengaduan/{HUGE}/", f"/panel/standar/{HUGE}/",
    f"/meja/perangkat/{HUGE}/cabut/", "/meja/tiket/999999999999999999/cancel/", "/meja/kunjungan/٣/",
    "/k/%00/", "/k/a%00b/", "/k/%00/buku-tamu/", "/k/%ff%fe/", "/k/%ED%A0%80/", "/k/" + "x" * 5000 + "/", "/k/%0d%0aX: 1/",
    "/kios/tiket/%00/", "/kios/buku-tamu/%00/", "/kios/penilaian/%00/1/", f"/kios/penilaian/x/{HUGE}/",
    "/0001/", "/0000/pengaduan/", "/9999/", "/9999/pengaduan/", "/9999/pengaduan/status/", "/7411%00/", "/٧٤١١/", "/7411/standar/x/",
    "/7411/standar/%00/", "/7411/standar/library/poster.pdf/", "/%00", "/..%2f..%2fetc/passwd", "/7411/..",
    "/static/%00", "/static/..%2f..%2fpst/settings.py",
]  # fmt: skip


@pytest.mark.parametrize("address", STRANGE, ids=range(len(STRANGE)))
def test_an_address_that_leads_nowhere_is_not_found(desk, kiosk, address):
    for client in (desk, kiosk, Client()):
        for response in (client.get(address), client.post(address, {"x": "1"})):
            assert response.status_code in (302, 301, 403, 404, 405), response.status_code


QUERIES = ["kunjungan=%C2%B2", "kunjungan=%D9%A3", f"kunjungan={HUGE}", "kunjungan=%00", "kunjungan=%0%0000", "kunjungan=-1",
           "kunjungan=%FF", "untuk=%00", "&&&=", "%", "kunjungan[]=1", "x=" + "y" * 5000]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_a_strange_query_opens_the_ordinary_page(desk, query):
    assert desk.get(f"/meja/?{query}").status_code == 200
    assert desk.get(f"/perangkat/?{query}").status_code == 200


@pytest.mark.parametrize("number", ["²", "٣", "-1", "99999", HUGE, "", "1 OR 1=1", "1.0", "\x00"])
def test_a_number_that_is_no_counter_or_locker_is_told(desk, office, number):
    visit = arrive(office)
    assert desk.post("/meja/loket/", {"counter": number}).status_code in (302, 404)
    for what, form in (("titip-tas", {}), ("titip-kartu", {"card_type": "ktp"})):
        response = desk.post(f"/meja/kunjungan/{visit.pk}/{what}/", {"locker": number, **form})
        assert response.status_code == 302


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1"])
def test_only_utf_8_is_read(db, office, charset):
    body = b'--B\r\nContent-Disposition: form-data; name="text"\r\n\r\n+2AA-x\r\n--B--\r\n'
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    client = Client(enforce_csrf_checks=True)
    client.get("/masuk/")  # with the cookie, Django's own error page would read the form again
    for method, address in (("POST", "/7411/pengaduan/"), ("GET", "/7411/?a=%ff"), ("POST", "/")):
        answer = client.generic(method, address, body, content_type=kind)
        assert answer.status_code == 400
        assert b"UTF-8" in answer.content


COOKIES = [
    '"\\000aaaaaaaaaaa"',
    '"abcdefgh\\000"',
    "x" * 4000,
    '"\\377\\376"',
    "'; --",
    "%00aaaaaaaa",
    "é" * 20,
]


@pytest.mark.parametrize("value", COOKIES)
@pytest.mark.parametrize("name", ["pst_session", "pst_csrf", "pst_device_kiosk", "django_language"])
def test_a_spoilt_cookie_is_no_cookie(office, name, value):
    header = f"{name}={value}".encode().decode("latin-1")
    for address in ("/meja/", "/kios/", "/7411/", "/masuk/"):
        assert Client().get(address, HTTP_COOKIE=header).status_code in (200, 302)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize(
    "address", ["/", "/7411/", "/masuk/", "/meja/", "/kios/", "/layar/", "/perangkat/", TAKE, "/keluar/"]
)
def test_other_methods_change_nothing(desk, kiosk, office, method, address):
    for client in (desk, kiosk, Client()):
        response = client.generic(method, address)
        assert response.status_code in (200, 302, 405)
        if method == "HEAD":
            assert response.content == b""
    assert Visit.objects.count() == 0


class TestForgedForms:
    """CSRF: a form from elsewhere, or too old, gets a page that says what to do."""

    @pytest.mark.parametrize(
        "address", ["/masuk/", "/7411/pengaduan/", "/perangkat/", "/meja/panggil/", TAKE]
    )
    def test_a_form_without_its_token_is_explained(self, db, office, address):
        response = Client(enforce_csrf_checks=True).post(address, {"text": "x"})
        assert response.status_code == 403
        assert "Halaman ini sudah kedaluwarsa" in response.content.decode()

    def test_a_form_with_its_token_works(self, db, office):
        client = Client(enforce_csrf_checks=True)
        token = client.get("/7411/pengaduan/").context["csrf_token"]
        assert (
            client.post("/7411/pengaduan/", {"text": "x", "csrfmiddlewaretoken": str(token)}).status_code
            == 200
        )

    def test_a_visitors_page_is_protected_too(self, office):
        visit = arrive(office)
        url = reverse("queueing:visit_guest_book", args=[visit.token])
        assert Client(enforce_csrf_checks=True).post(url, FILLED).status_code == 403
        visit.refresh_from_db()
        assert visit.guest_book_at is None


def test_an_unknown_host_is_refused(db):
    assert Client().get("/", HTTP_HOST="evil.example").status_code == 400


def test_pages_may_not_be_framed_and_run_no_foreign_script(db):
    headers = Client().get("/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
