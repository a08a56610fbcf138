"""The living style sheet: every component in its states, and a sample of each kind of screen.

Shown only where settings.STYLE_GUIDE is on. All data here is invented; nothing is read from the database.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import segno
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe

from services.accounts import access
from services.charts import Number, Target, bar_chart, heat_map, histogram, line_chart, stacked_chart
from services.ratings.forms import RatingForm
from services.row_chart import row_chart
from services.sparklines import small_multiples

SCREENS = {
    "kios": "style/kiosk.html",
    "tiket": "style/ticket.html",
    "nilai": "style/rating.html",
    "tv": "style/display.html",
    "meja": "style/desk.html",
    "panel": "style/panel.html",
    "telepon": "style/public.html",
}


class SampleForm(forms.Form):
    """One field of each kind the component knows."""

    name = forms.CharField(label="Nama lengkap", max_length=120)
    email = forms.EmailField(
        label="E-mail", help_text="Untuk mengirim jawaban. Tidak dipakai untuk hal lain."
    )
    year = forms.IntegerField(label="Tahun lahir", required=False)
    institution = forms.ChoiceField(
        label="Kategori instansi",
        choices=[
            ("", "Pilih satu"),
            ("edu", "Pendidikan dan penelitian"),
            ("gov", "Kementerian atau lembaga"),
        ],
    )
    job = forms.ChoiceField(
        label="Pekerjaan",
        widget=forms.RadioSelect,
        choices=[
            ("s", "Pelajar atau mahasiswa"),
            ("r", "Peneliti atau dosen"),
            ("p", "ASN, TNI, atau Polri"),
            ("o", "Lainnya"),
        ],
    )
    services = forms.MultipleChoiceField(
        label="Layanan yang dicari",
        help_text="Boleh lebih dari satu.",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("lib", "Perpustakaan"),
            ("con", "Konsultasi statistik"),
            ("rec", "Rekomendasi kegiatan statistik"),
        ],
    )
    need = forms.CharField(label="Data yang dicari", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    consent = forms.BooleanField(label="Saya setuju data ini dipakai untuk layanan kunjungan hari ini.")


def _more_charts(days: list[str]) -> dict:
    waits = [(0, 1, 12), (1, 2, 18), (2, 3, 9), (3, 4, 5), (4, 5, 3), (5, 10, 2), (10, None, 1)]
    hours = [(f"{h:02}.00", [h % 4 * 3, h % 5, None, h % 3 * 2, h % 6]) for h in range(8, 13)]
    parts = {"Ditepati": [12, 20, 8, 28, 15], "Terlewat": [1, 2, 0, 2, 1], "Tidak dihitung": [1, 0, 1, 1, 1]}
    offices: list[tuple[str, str, Sequence[Number], str]] = [
        ("BPS Kabupaten Kolaka Timur", "#isi", [90, 92, 95, None, 97], "97 %"),
        ("BPS Kota Contoh", "", [80, 70, 60, 55, 50], "50 %"),
    ]
    return {
        "more_charts": [
            stacked_chart("janji", "Janji per hari", "Paling banyak pada hari Kamis.", days, parts, 40),
            histogram("lama", "Sebaran waktu tunggu", "Paling banyak 1 sampai 2 menit.", waits, "menit", target=Target(5, "5 menit")),
            row_chart("kerja", "Menurut pekerjaan", "Pelajar 120, pegawai 45, lainnya tidak disebut.", [("Pelajar/mahasiswa", 120, "120 (72,7 %)"), ("Aparatur sipil negara, TNI, dan Polri", 45, "45 (27,3 %)"), ("Lainnya", None, "<5")]),
            heat_map("jam", "Kunjungan per jam dan hari", "Paling ramai pukul 11.", days, hours, corner="Jam"),
        ],
        "multiples": small_multiples(offices, top=100),
    }  # fmt: skip


def _office() -> SimpleNamespace:
    return SimpleNamespace(
        code="7109",
        name="Pelayanan Statistik Terpadu BPS Kabupaten Kepulauan Siau Tagulandang Biaro",
        address="Kompleks Perkantoran Pemda, Desa Lalingato, Kecamatan Tirawuta 93582 (contoh)",
        phone="(0401) 000000",
        email="bps0000@example.go.id",
        website="https://kabupatencontoh.example.go.id",
        time_zone="Asia/Makassar",
        zone_name="WITA",
        get_absolute_url="/style/",
    )


def _rows() -> dict:
    people = [
        ("A010", "Siti Nurhaliza Ramadhani", "Perpustakaan", "3 mnt", "Selesai", "ok"),
        (
            "B004",
            "Muhammad Fadhlurrahman Nasution",
            "Konsultasi Statistik",
            "11 mnt",
            "Lewat standar",
            "warn",
        ),
        ("A011", "John Smith", "Perpustakaan", "1 mnt", "Dilayani", "info"),
    ]
    rows = [
        {
            "cells": [
                {"text": number, "url": "#isi"}, {"text": name}, {"text": service},
                {"text": wait, "class": "num"}, {"badge": state, "level": level},
            ]
        }
        for number, name, service, wait, state, level in people
    ]  # fmt: skip
    return {
        "columns": ["Nomor", "Nama", "Layanan", {"text": "Menunggu", "class": "num"}, "Keadaan"],
        "rows": rows,
    }


def _queue(now) -> list[dict]:
    rows = [("A013", "Perpustakaan", 1, True, False), ("B005", "Konsultasi Statistik", 4, False, False),
            ("A014", "Perpustakaan", 7, False, False), ("A009", "Ditunda: mengambil kartu", 22, False, True)]  # fmt: skip
    return [
        {
            "number": n,
            "what": w,
            "since": now - timedelta(minutes=m),
            "priority": p,
            "held": h,
            "call": f"Panggil {n}",
        }
        for n, w, m, p, h in rows
    ]


def _context(request: HttpRequest) -> dict:
    now = timezone.now()
    sprite = Path(settings.BASE_DIR, "static/img/icons.svg").read_text()
    nav = [
        {"url": "?layar=meja", "text": "Antrian", "icon": "ticket", "current": True, "count": 4},
        {"url": "?layar=meja", "text": "Kunjungan", "icon": "users"},
        {"url": "?layar=meja", "text": "Loker", "icon": "locker"},
        {"url": "?layar=panel", "text": "Laporan", "icon": "chart"},
    ]
    days = [("Sen", 14.0), ("Sel", 22.0), ("Rab", 9.0), ("Kam", 31.0), ("Jum", 17.0)]
    waits = {"Konsultasi": [9.0, 8, 10, 7, 6.5], "Perpustakaan": [4.0, 3.5, 5, 3, 2.5]}
    return {
        "office": _office(),
        "nav": nav,
        "side_nav": [{"title": "Pantau", "items": nav}],
        "screens": SCREENS,
        "state": request.GET.get("keadaan", ""),
        "icons": re.findall(r'<symbol id="([^"]+)"', sprite),
        "since": now - timedelta(minutes=2),
        "overdue": now - timedelta(minutes=9),
        "form": SampleForm(),
        "rating": RatingForm(initial={"stars": 4}),
        "bad_form": SampleForm({"name": "", "email": "siti@", "consent": ""}, prefix="salah"),
        "trail": [{"text": "BPS", "url": "#isi"}, {"text": "Sulawesi Utara", "url": "#isi"}, {"text": "Siau Tagulandang Biaro"}],
        "table": _rows(),
        "page": Paginator(range(60), 20).page(2),
        "bar_chart": bar_chart("hari", "Kunjungan per hari", "Senin 14, Selasa 22, Rabu 9, Kamis 31, Jumat 17.", days, 40),
        "line_chart": line_chart("tunggu", "Waktu tunggu rata-rata, menit", "Keduanya menurun sejak Rabu.", [d for d, _ in days], waits, 12, target=Target(5, "Standar 5 menit")),
        **_more_charts([d for d, _ in days]),
        "steps": [
            {"title": "Ambil nomor dan menunggu", "state": "done", "note": "09.12"},
            {"title": "Mengisi buku tamu", "state": "done", "note": "09.15"},
            {"title": "Menitipkan kartu identitas untuk loker", "state": "skipped", "note": "tidak membawa tas"},
            {"title": "Memakai perpustakaan tercetak atau digital", "state": "current", "text": "Dilayani paling lama 5 menit setelah buku tamu."},
            {"title": "Memberi penilaian", "state": "todo"},
        ],
        "hours": ["Senin–Kamis 07.30–15.30 WITA", "Jumat 07.30–16.00 WITA"],
        "qr": mark_safe(segno.make("https://example.go.id/n/contoh", error="m").svg_inline(border=0, omitsize=True)),  # noqa: S308 our own markup
        "tiles": [
            {"icon": "book", "title": "Perpustakaan", "text": "Baca dan salin publikasi"},
            {"icon": "chat", "title": "Konsultasi Statistik", "text": "Tanya petugas tentang data"},
        ],
        "counters": [
            {"name": "Loket 1", "note": "Perpustakaan", "number": "A011"},
            {"name": "Loket 2", "note": "Perpustakaan", "number": "A012"},
            {"name": "Loket 3", "note": "Istirahat", "paused": True},
        ],
        "waiting": [] if request.GET.get("keadaan") == "kosong" else ["A013", "B005", "A014", "A015", "B006", "A016", "A017"],
        "queue": _queue(now),
    }  # fmt: skip


@access.public
def style_guide(request: HttpRequest) -> HttpResponse:
    """/style/ shows the components, /style/?layar=kios (tv, meja, …) a whole sample screen."""
    if not settings.STYLE_GUIDE:
        raise Http404
    template = SCREENS.get(request.GET.get("layar", ""), "style/index.html")
    return render(request, template, _context(request))
