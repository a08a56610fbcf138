"""A kind of mail for tests of the outbox, with every sort of paragraph."""

from datetime import UTC, datetime

from services.mail import kinds

NAME = "test_sample"
TEXT = """{% load i18n %}{% translate "Pengaduan dan saran" %} {{ office.name }}

Yth. {{ name }},
{{ words }} {{ moment|date:"H.i" }}

Buka konsultasi:
{{ site }}/konsultasi/

- satu
- dua

> kata mereka

---

Terima kasih.
"""
CONTEXT = {
    "name": "Zubaidah",
    "words": "Baris & <b>tebal</b> https://bps.go.id/data",
    "moment": datetime(2026, 3, 25, 7, 30, tzinfo=UTC),
}


def register(templates) -> None:
    """`templates`: a folder of templates that is only there for the test."""
    (templates / "mail").mkdir(exist_ok=True)
    (templates / "mail" / f"{NAME}.txt").write_text(TEXT)
    kinds.register(NAME, "Contoh", lambda office: CONTEXT)
