"""Books and readers of Belitung Timur, the office whose standard lends (BT5)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from library.models import Copy, Publication
from library.search import index
from services.guestbook.models import Visitor

TUESDAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # 09.00 WIB
BACKEND = "django.contrib.auth.backends.ModelBackend"


def title(office, words: str = "Belitung Timur Dalam Angka 2025") -> Publication:
    book = Publication.objects.create(title=words, year=2025, keeper=office)
    index.write([book])
    return book


def copy_of(book, office, barcode="B1", **more) -> Copy:
    return Copy.objects.create(office=office, publication=book, barcode=barcode, **more)


def reader(office, name="Wahyu Lestari", phone="+6281234567890", email="") -> Visitor:
    return Visitor.objects.create(office=office, name=name, phone=phone, email=email)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def fresh(row):
    return type(row).objects.get(pk=row.pk)
