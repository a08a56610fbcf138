"""People and complaints of the tests; instants are said as the office's own clock shows them."""

from __future__ import annotations

from datetime import datetime

from django.test import Client

from complaints.models import Complaint
from complaints.workflows import lodging
from services.accounts.models import Membership, Role, User
from services.audit.actors import VISITOR, Actor
from services.offices.models import Office


def at(office: Office, when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=office.zone)


def local(office: Office, moment: datetime | None) -> str:
    return f"{office.local(moment):%Y-%m-%d %H:%M}" if moment else ""


def lodge(office: Office, when: str = "2026-06-08 10:00", text: str = "Kipas mati", **more) -> Complaint:
    more = {"channel": "online", "by": VISITOR, **more}
    return lodging.lodge(office=office, text=text, at=at(office, when), **more)[0]


def works(office: Office, name: str, role: str = Role.FRONTLINER) -> User:
    user = User.objects.create_user(f"{name}@example.test", name=name)
    Membership.objects.create(user=user, office=office, role=role)
    return user


def officer(user: User) -> Actor:
    return Actor("officer", user_id=user.pk)


def fresh(complaint: Complaint) -> Complaint:
    return Complaint.objects.select_related("office", "place").get(pk=complaint.pk)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
