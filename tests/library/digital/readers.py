"""Everybody who might read, and what they may ask the reader for."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from library.digital.rights import READ_LINKS, mailbox_sign
from library.models import CopyLink, DigitalCopy
from library.views.reader import address
from services.accounts import devices
from services.accounts.models import Role
from services.guestbook.models import Visitor
from tests.conftest import new_device, new_user
from tests.library.support import client_of


def device(office, purpose: str) -> Client:
    client = Client()
    _device, secret = new_device(office, purpose)
    client.cookies[devices.cookie_name(purpose)] = secret
    return client


def link(digital: DigitalCopy, office, **more) -> CopyLink:
    now = timezone.now()
    given = {"kind": "read", "issued_at": now, "expires_at": now + timedelta(days=7)} | more
    if "visitor" not in given:
        given["visitor"] = Visitor.objects.create(office=office, name="Rina Wati", email="rina@example.test")
    number = CopyLink.objects.count()
    return CopyLink.objects.create(digital=digital, office=office, secret_hash=f"{number:064d}", **given)


def holder(*links: CopyLink) -> Client:
    """A browser in which these links were opened."""
    client = Client()
    session = client.session
    session[READ_LINKS] = [[one.pk, mailbox_sign(one.visitor)] for one in links]
    session.save()
    client.cookies["pst_session"] = session.session_key
    return client


def everybody(digital: DigitalCopy, other: DigitalCopy, offices) -> dict[str, Client]:
    own, elsewhere = offices["7411"], offices["6571"]
    nobody = Visitor.objects.create(office=own, name="", email="")
    late = timezone.now() - timedelta(seconds=1)
    return {
        "public": Client(),
        "officer": client_of(new_user(own)),
        "supervisor elsewhere": client_of(new_user(elsewhere, Role.SUPERVISOR)),
        "administrator": client_of(new_user(is_staff=True, is_superuser=True)),
        "computer": device(own, "reader"),
        "computer elsewhere": device(elsewhere, "reader"),
        "tablet": device(own, "kiosk"),
        "tv": device(own, "display"),
        "link": holder(link(digital, own)),
        "download link": holder(link(digital, own, kind="download")),
        "late link": holder(link(digital, own, expires_at=late)),
        "link of somebody erased": holder(link(digital, own, visitor=nobody)),
        "link to another file": holder(link(other, own)),
    }


def picture(digital: DigitalCopy, page: int = 1, width: int = 480) -> str:
    return reverse("library:read_page", args=[digital.publication_id, page, width])


def addresses(digital: DigitalCopy) -> list[str]:
    """All of the reader's, with what may be asked of each."""
    key = digital.publication_id
    place = address(digital.publication)
    return [
        place, f"{place}?hal=2", f"{place}?hal=2&q=kemiskinan", f"{place}?panel=isi",
        *(picture(digital, 1, width) for width in (160, 480, 900, 1400, 2000)),
        picture(digital, 2) + "?q=kemiskinan",
        reverse("library:read_text", args=[key, 2]), reverse("library:read_text", args=[key, 2]) + "?q=kemiskinan",
        reverse("library:read_search", args=[key]) + "?q=kemiskinan",
    ]  # fmt: skip
