"""To another office, or to another service of this one: who can answer does, by their own standard and calendar."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consultation import clocks, notices
from consultation.models import Consultation, HandOver, Message
from consultation.workflows.changing import calendar_of, locked, topics
from consultation.workflows.opening import service_of
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import accounts
from services.guestbook.models import Visitor
from services.guestbook.one_person import plain_name
from services.live.publish import publish
from services.offices.models import Office, Service
from services.workflow import IllegalMove, add_step

State = Consultation.State
# What goes along of a person: enough to be answered, nothing of the guest book's statistics.
GOES_ALONG = ("name", "email", "email_waiver", "phone", "institution", "institution_category")


@transaction.atomic
def hand_over(
    consultation: Consultation,
    *,
    office: Office,
    service: Service | None = None,
    why: str,
    by: Actor,
    at: datetime | None = None,
) -> Consultation:
    """Nobody's there, its number kept; its deadline by the new standard and calendar, from the original submission. `why`
    goes along as an internal note; the visitor is told where it is now. Raises IllegalMove."""
    at = at or timezone.now()
    found = locked(consultation)
    service = service or service_of(office)
    if found.is_over or found.merged_into_id:
        raise IllegalMove(_("Konsultasi ini sudah selesai; tidak ada yang dialihkan."))
    if (office.pk, service.pk if service else None) == (found.office_id, found.service_id):
        raise IllegalMove(_("Konsultasi ini sudah ada di sana."))
    if service and service.office_id != office.pk:
        raise IllegalMove(_("Layanan itu bukan layanan kantor yang dipilih."))
    before, before_service = found.office, found.service
    found.messages.create(
        kind=Message.Kind.NOTE, channel=found.channel, body=why, at=at, by_user_id=by.user_id
    )
    if office != before:
        found.visitor = _record_there(found, office, by, at)
        found.received = None  # the visit stays where it was
    if found.state == State.ASSIGNED:
        found.state = State.SUBMITTED
    found.office, found.service, found.officer = office, service, None
    found.standard = service.standard if service else None
    clocks.move(found, at, calendar_of(found))
    found.updated_at = at
    found.save()
    found.presences.all().delete()
    HandOver.objects.create(
        consultation=found, from_office=before, to_office=office, from_service=before_service, to_service=service,
        at=at, by_user_id=by.user_id,
    )  # fmt: skip
    if found.is_ours:  # an answered one keeps the step from which the visitor's silence is counted
        add_step(found, by=by, at=at, why=office.code)
    for place in {before, office}:
        trail.record(
            "consultation.handed_over", found, by=by, office_id=place.pk, at=at, from_office=before.code,
            to_office=office.code,
        )  # fmt: skip
        publish(place.code, *topics(found))
    _tell(found, str(service) if office == before and service else office.name, by, at)
    return locked(found)


def _tell(found: Consultation, there: str, by: Actor, at: datetime) -> None:
    """On the page of the thread, and by mail where they have one."""
    with translation.override(found.language):
        words = _("Konsultasi ini dialihkan ke %s.") % there
    found.messages.create(
        kind=Message.Kind.SYSTEM, channel=found.channel, body=words, at=at, by_user_id=by.user_id
    )
    notices.handed_over(found, there=there, at=at)


def _record_there(consultation: Consultation, office: Office, by: Actor, at: datetime) -> Visitor | None:
    """The person's record at that office: their account's, or the one that is theirs by name and mailbox (or, without one, telephone), or a
    new one. Records of two offices are never linked: each office keeps its own (docs/decisions/022)."""
    if consultation.account:
        try:
            return accounts.record_for(office=office, user=consultation.account, by=by, at=at)
        except (
            IllegalMove
        ):  # an account whose mailbox was never shown to be theirs: by what they wrote, as anybody
            pass
    known = consultation.visitor
    if known is None and consultation.received and consultation.received.visit.visitor:
        known = consultation.received.visit.visitor
    if known is None or not known.name:
        return None
    there = office.visitors.filter(merged_into=None)
    if known.email:
        there = there.filter(email__iexact=known.email)
    elif known.phone:
        there = there.filter(phone=known.phone, email="")
    else:
        there = there.none()
    same = next((v for v in there.order_by("-pk") if plain_name(v.name) == plain_name(known.name)), None)
    if same:
        return same
    return Visitor.objects.create(
        office=office, created_at=at, **{name: getattr(known, name) for name in GOES_ALONG}
    )
