"""The TV's strip: what is shown when, pictures looked at by content, and the supervisor's screen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile, PngImagePlugin

from queueing import announcements
from queueing.models import Announcement
from queueing.workflows import announcements as work
from services.accounts.devices import cookie_name
from services.accounts.models import Role
from services.audit.models import AuditEntry

ALL, NEW = "/panel/pengumuman/", "/panel/pengumuman/baru/"
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Uploads go to a folder of the test."""
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    return tmp_path


@pytest.fixture
def boss(make_user, office) -> Client:
    client = Client()
    client.force_login(
        make_user(office, Role.SUPERVISOR), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def tv(make_device, office) -> Client:
    client = Client()
    client.cookies[cookie_name("display")] = make_device(office, "display")[1]
    return client


def picture(format_: str = "PNG", size=(64, 48), mode: str = "RGB", **more) -> SimpleUploadedFile:
    content = BytesIO()
    Image.new(mode, size, "orange" if mode != "L" else 120).save(content, format_, **more)
    return SimpleUploadedFile(f"gambar.{format_.lower()}", content.getvalue())


def send(client: Client, page: str = NEW, **fields):
    return client.post(page, {"kind": "text", "text": "Kantor tutup", "active": "on", **fields})


def add(office, text: str = "Halo", **fields) -> Announcement:
    position = office.announcements.count() + 1
    return Announcement.objects.create(office=office, text=text, position=position, **fields)


def errors(response) -> dict:
    assert response.status_code == 422
    return dict(response.context["form"].errors)


class TestOnTheDay:
    @pytest.mark.parametrize(
        ("dates", "shown"),
        [
            ({}, True),
            ({"starts": DAY, "ends": DAY}, True),
            ({"starts": date(2026, 3, 3)}, False),
            ({"ends": date(2026, 3, 1)}, False),
            ({"active": False}, False),
        ],
    )
    def test_dates_are_included_and_switched_off_is_away(self, office, dates, shown):
        add(office, **dates)
        assert bool(announcements.on_day(office, DAY)) is shown

    def test_the_day_is_the_offices_own(self, office, tv):
        """16.30 UTC is half past midnight of the next day in Kolaka Timur (UTC+8)."""
        add(office, "Libur besok", starts=DAY)
        with time_machine.travel(datetime(2026, 3, 1, 15, 30, tzinfo=UTC), tick=False):
            assert "Libur besok" not in tv.get("/layar/").content.decode()
        with time_machine.travel(datetime(2026, 3, 1, 16, 30, tzinfo=UTC), tick=False):
            assert "Libur besok" in tv.get("/layar/").content.decode()

    def test_the_strip_is_a_fragment_of_its_own(self, office, tv):
        add(office, "Halo semua")
        answer = tv.get("/layar/", headers={"HX-Request": "true", "HX-Target": "strip"}).content.decode()
        assert 'id="strip"' in answer
        assert "Halo semua" in answer
        assert 'id="board"' not in answer

    def test_another_offices_is_not_shown(self, offices, tv):
        add(offices["6571"], "Tarakan saja")
        assert "Tarakan saja" not in tv.get("/layar/").content.decode()


class TestPages:
    @given(st.text(max_size=400))
    def test_nothing_is_lost_and_nothing_too_long(self, text):
        pages = announcements.paged(text)
        assert "".join("".join(pages).split()) == "".join(text.split())
        assert all(0 < len(p) <= announcements.PAGE for p in pages)

    def test_pages_are_about_equally_long(self):
        lengths = [len(p) for p in announcements.paged("kata " * 20)]
        assert len(lengths) == 2
        assert abs(lengths[0] - lengths[1]) < 12

    def test_there_is_time_to_read(self):
        assert announcements.seconds("Halo") == 8
        assert announcements.seconds("x" * 84) == 10


class TestAdding:
    def test_a_text_with_its_dates(self, boss, office):
        response = send(boss, text="Tutup  pukul\n12", starts="2026-03-02", ends="2026-03-03")
        assert response.status_code == 302
        kept = office.announcements.get()
        assert (kept.kind, kept.text, kept.starts, kept.ends, kept.position) == (
            "text", "Tutup pukul 12", DAY, date(2026, 3, 3), 1,
        )  # fmt: skip
        assert AuditEntry.objects.filter(action="announcement.added", target_id=kept.pk).exists()

    def test_a_picture_is_kept_as_pixels_only(self, boss, office):
        about = PngImagePlugin.PngInfo()
        about.add_text("Author", "Rahasia")
        send(boss, kind="image", text="Poster", image=picture("PNG", pnginfo=about))
        name = office.announcements.get().image.name
        assert name.startswith("announcements/")
        assert "gambar" not in name
        stored = default_storage.open(name).read()
        assert b"Rahasia" not in stored
        assert Image.open(BytesIO(stored)).format == "PNG"

    def test_the_place_a_photo_was_taken_is_not_kept_and_it_stands_upright(self, boss, office):
        exif = Image.Exif()
        exif[0x0112], exif[0x010F] = 6, "Kamera Rahasia"
        send(boss, kind="image", text="Foto", image=picture("JPEG", size=(80, 40), exif=exif))
        with Image.open(default_storage.open(office.announcements.get().image.name)) as kept:
            assert kept.size == (40, 80)
            assert not dict(kept.getexif())

    @pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
    def test_a_large_picture_is_made_as_large_as_a_tv(self, boss, office, format_):
        send(boss, kind="image", text="Poster", image=picture(format_, size=(3000, 1000)))
        with Image.open(default_storage.open(office.announcements.get().image.name)) as kept:
            assert (kept.format, kept.size) == (format_, (1920, 640))

    @pytest.mark.parametrize(
        "upload",
        [
            SimpleUploadedFile("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 broken"),
            SimpleUploadedFile("a.png", picture("PNG").read()[:60]),
            SimpleUploadedFile("a.png", picture("GIF").read()),
            SimpleUploadedFile("a.png", b"GIF89a<script>"),
        ],
        ids=["svg", "broken jpeg", "half a png", "gif", "script"],
    )
    def test_what_is_no_picture_is_refused_at_the_field(self, boss, office, upload, monkeypatch):
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
        assert "bukan gambar" in errors(send(boss, kind="image", text="Poster", image=upload))["image"][0]
        assert not office.announcements.exists()

    def test_too_many_pixels_and_too_many_bytes_are_told(self, boss):
        wide = picture("PNG", size=(6001, 2))
        assert "6001 × 2" in errors(send(boss, kind="image", text="x", image=wide))["image"][0]
        heavy = SimpleUploadedFile("a.png", picture().read() + b"\0" * (5 * 1024 * 1024))
        assert "paling besar 5" in errors(send(boss, kind="image", text="x", image=heavy))["image"][0]

    def test_a_huge_picture_in_a_small_file_is_refused_before_it_is_unpacked(self, boss):
        bomb = bytearray(picture("PNG", size=(8, 8)).read())
        bomb[16:24] = (60_000).to_bytes(4, "big") * 2
        problem = errors(send(boss, kind="image", text="x", image=SimpleUploadedFile("a.png", bytes(bomb))))
        assert problem["image"]

    def test_pixels_that_would_fill_the_memory_only_as_jpeg(self, boss, office, files):
        told = errors(send(boss, kind="image", text="x", image=picture("PNG", size=(5000, 4000))))
        assert "5000 × 4000" in told["image"][0]
        assert send(boss, kind="image", text="x", image=picture("JPEG", size=(5000, 4000))).status_code == 302

    def test_a_cameras_jpeg_with_a_second_picture_in_it(self, boss, office, files):
        both = BytesIO()
        one, two = (Image.new("RGB", (64, 48), colour) for colour in ("red", "blue"))
        one.save(both, "MPO", save_all=True, append_images=[two])
        upload = SimpleUploadedFile("foto.jpg", both.getvalue(), "image/jpeg")
        assert send(boss, kind="image", text="x", image=upload).status_code == 302

    def test_a_picture_without_a_picture_and_a_text_without_a_text(self, boss):
        assert "Pilih gambar" in errors(send(boss, kind="image", text="Poster"))["image"][0]
        assert errors(send(boss, text="   "))["text"]
        assert errors(send(boss, text="x" * 401))["text"]
        assert errors(send(boss, kind="film"))["kind"]

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_a_day_at_either_end_of_the_calendar_is_told_at_its_field(self, boss, day):
        for field in ("starts", "ends"):
            assert "Tahun dari 2000" in errors(send(boss, text="Tutup", **{field: day}))[field][0]

    def test_dates_in_the_wrong_order_are_told_and_nothing_typed_is_lost(self, boss):
        response = send(boss, text="Tutup besok", starts="2026-03-03", ends="2026-03-02")
        assert "sebelum tanggal mulai" in errors(response)["ends"][0]
        page = response.content.decode()
        assert "Tutup besok" in page
        assert 'value="2026-03-03"' in page

    def test_a_good_picture_beside_a_mistake_is_asked_for_again(self, boss):
        response = send(boss, kind="image", text="x", image=picture(), starts="2026-03-03", ends="2026-03-02")
        assert "sekali lagi" in errors(response)["image"][0]


class TestChanging:
    def test_a_new_picture_replaces_the_file(self, boss, office, files, django_capture_on_commit_callbacks):
        send(boss, kind="image", text="Lama", image=picture())
        kept = office.announcements.get()
        with django_capture_on_commit_callbacks(execute=True):
            send(boss, f"/panel/pengumuman/{kept.pk}/", kind="image", text="Baru", image=picture("JPEG"))
        assert [f.suffix for f in (files / "announcements").iterdir()] == [".jpg"]

    def test_the_picture_stays_when_only_the_text_changes(self, boss, office):
        send(boss, kind="image", text="Lama", image=picture())
        kept = office.announcements.get()
        send(boss, f"/panel/pengumuman/{kept.pk}/", kind="image", text="Baru")
        again = office.announcements.get()
        assert (again.text, again.image.name) == ("Baru", kept.image.name)

    def test_made_a_text_it_loses_its_picture(self, boss, office, files, django_capture_on_commit_callbacks):
        send(boss, kind="image", text="Lama", image=picture())
        kept = office.announcements.get()
        with django_capture_on_commit_callbacks(execute=True):
            send(boss, f"/panel/pengumuman/{kept.pk}/", text="Baru")
        assert not office.announcements.get().image
        assert list((files / "announcements").iterdir()) == []

    def test_order_off_on_and_away(self, boss, office, files, django_capture_on_commit_callbacks):
        one, two, three = (add(office, t) for t in ("satu", "dua", "tiga"))

        def order() -> str:
            return " ".join(office.announcements.values_list("text", flat=True))

        def press(which, action: str) -> None:
            with django_capture_on_commit_callbacks(execute=True):
                assert boss.post(f"/panel/pengumuman/{which.pk}/{action}/").status_code == 302

        press(three, "up")
        assert order() == "satu tiga dua"
        press(one, "down")
        assert order() == "tiga satu dua"
        press(three, "up")
        assert order() == "tiga satu dua"
        press(two, "off")
        assert not office.announcements.get(pk=two.pk).active
        press(two, "on")
        assert office.announcements.get(pk=two.pk).active
        press(two, "delete")
        assert order() == "tiga satu"
        done = set(
            AuditEntry.objects.filter(action__startswith="announcement.").values_list("action", flat=True)
        )
        assert done == {f"announcement.{w}" for w in ("moved", "switched_off", "switched_on", "deleted")}


def test_what_somebody_else_deleted_does_not_come_back(boss, office, by, monkeypatch):
    announcement = work.save(Announcement(office=office, text="x"), by=by)
    save = work.save

    def too_late(changed, *, by):
        work.delete(Announcement.objects.get(pk=changed.pk), by=by)
        return save(changed, by=by)

    monkeypatch.setattr(work, "save", too_late)
    answer = boss.post(f"{ALL}{announcement.pk}/", {"kind": "text", "text": "y"}, follow=True)
    assert "baru saja dihapus" in answer.content.decode()
    assert not Announcement.objects.exists()


class TestPictures:
    def test_it_is_served_to_the_offices_tv_and_staff_only(
        self, boss, tv, desk, office, offices, make_device
    ):
        send(boss, kind="image", text="Poster", image=picture("WEBP"))
        name = announcements.picture_name(office.announcements.get())
        for client, place in ((tv, "/layar/gambar/"), (desk, ALL + "gambar/"), (boss, ALL + "gambar/")):
            answer = client.get(place + name)
            assert answer.status_code == 200
            assert answer["Content-Type"] == "image/webp"
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Cache-Control"] == "private, max-age=604800, immutable"
        other = Client()
        other.cookies[cookie_name("display")] = make_device(offices["6571"], "display")[1]
        assert other.get(f"/layar/gambar/{name}").status_code == 404
        assert Client().get(f"/layar/gambar/{name}").status_code == 302

    def test_a_file_that_is_gone_is_not_found(self, tv, office):
        add(office, kind="image", image="announcements/abc.png")
        assert tv.get("/layar/gambar/abc.png").status_code == 404
        assert tv.get("/layar/gambar/..%2Fsettings.py").status_code == 404
