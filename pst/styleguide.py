"""The living style sheet: every component in its states, and a sample of each kind of screen.

Shown only where settings.STYLE_GUIDE is on. All data here is invented; nothing is read from the database.
"""

from __future__ import annotations

import re
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
from services.charts import bar_chart, ticks
from services.ratings.forms import RatingForm

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


def line_chart(
    chart_id: str, title: str, desc: str, labels: list[str], lines: dict[str, list[float]], top: float
) -> dict:
    """What components/chart_line.svg draws, from one list of values a line."""
    width, height, left, bottom, plot = 640, 300, 44, 260, 225
    step = (width - left - 40) / max(1, len(labels) - 1)
    xs = [round(left + 14 + step * i, 1) for i in range(len(labels))]
    drawn = []
    for series, (name, values) in enumerate(lines.items(), start=1):
        points = [{"x": x, "y": round(bottom - plot * v / top, 1)} for x, v in zip(xs, values, strict=True)]
        path = "M" + " L".join(f"{p['x']} {p['y']}" for p in points)
        drawn.append(
            {
                "series": series,
                "path": path,
                "points": points,
                "name": name,
                "name_x": xs[-1] + 12,
                "name_y": points[-1]["y"] - 12,
            }
        )
    target_y = round(bottom - plot * 5 / top, 1)
    return {
        "id": chart_id, "title": title, "desc": desc, "width": width, "height": height, "left": left, "right": width - 12,
        "bottom": bottom, "label_y": bottom + 22, "tick_x": left - 8, "ticks": ticks(top, plot, bottom), "lines": drawn,
        "labels": [{"x": x, "text": text} for x, text in zip(xs, labels, strict=True)],
        "target": {"y": target_y, "text": "Standar 5 menit", "text_y": target_y - 7},
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
        "side_nav": nav,
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
        "line_chart": line_chart("tunggu", "Waktu tunggu rata-rata, menit", "Keduanya menurun sejak Rabu.", [d for d, _ in days], waits, 12),
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
