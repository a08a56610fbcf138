"""What the office does with its surveys: forms from paper, when who is asked, plans, results that everybody may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.audit import trail
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.audit.settings import record_setting, values
from services.offices.models import Office
from services.surveys import figures, withheld
from services.surveys.models import FollowUp, Instrument, Published, Response, SurveyRule
from services.surveys.results import Selection
from services.workflow import IllegalMove

TAKEN_BACK = "survey.taken_back"


class TakenBack(models.TextChoices):
    """Why a form typed in from paper is taken back; a code, because the trail keeps it."""

    TWICE = "twice", gettext_lazy("Diketik dua kali")
    TYPING = "typing", gettext_lazy("Salah ketik")
    WRONG_DAY = "wrong_day", gettext_lazy("Salah tanggal atau layanan")
    NOT_OURS = "not_ours", gettext_lazy("Formulir bukan dari kantor ini")


def last_entered(office: Office, *, by: Actor, at: datetime | None = None) -> Response | None:
    """The officer's own latest form of today, while it may be taken back: not when one was taken back since, or a whole day's pile
    could go the same way, one last form after the other."""
    last = entered_today(office, by=by, at=at).order_by("-pk").first()
    if last is None:
        return None
    since = AuditEntry.objects.filter(office=office, user=by.user_id, action=TAKEN_BACK, at__gte=last.at)
    return None if since.exists() else last


def entered_today(
    office: Office, *, by: Actor, at: datetime | None = None
) -> models.QuerySet[Response, Response]:
    start = office.local(at or timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return Response.objects.filter(
        office=office, channel=Response.Channel.PAPER, entered_by=by.user_id, at__gte=start
    )


@transaction.atomic
def take_back(response: Response, *, reason: str, by: Actor, at: datetime | None = None) -> None:
    """It was never entered; the trail keeps that, and why. Raises IllegalMove for any but the officer's last of today."""
    Office.objects.select_for_update(no_key=True).get(pk=response.office_id)
    last = last_entered(response.office, by=by, at=at)
    if last is None or last.pk != response.pk:
        raise IllegalMove(
            _(
                "Hanya isian terakhir Anda hari ini yang dapat ditarik, dan satu kali sampai Anda mengetik yang berikutnya."
            )
        )
    trail.record(TAKEN_BACK, last, by=by, office_id=last.office_id, at=at, reason=TakenBack(reason).value)
    last.delete()


@transaction.atomic
def set_rule(
    *, office: Office, kind: str, instrument: Instrument, offer: str, every: int, by: Actor
) -> SurveyRule:
    """Which questionnaire, and to whom. Raises ValueError for an instrument of another kind."""
    if instrument.kind != kind or instrument.retired:
        raise ValueError("this questionnaire is not of that kind, or retired")
    said = {"instrument": instrument, "offer": offer, "every": every}
    rule, new = SurveyRule.objects.select_for_update(of=("self",)).get_or_create(
        office=office, kind=kind, defaults=said
    )
    before = {} if new else values(rule, said)
    for name, value in said.items():
        setattr(rule, name, value)
    rule.save()
    record_setting(
        rule, before, after=values(rule, said), action="setting.survey", by=by, office_id=office.pk
    )
    return rule


@transaction.atomic
def plan(
    *,
    office: Office,
    since: date,
    until: date,
    element: str,
    plan: str,
    owner_id: int | None,
    owner_name: str,
    due_on: date,
    by: Actor,
) -> FollowUp:
    """What is done about an element, by whom and until when."""
    row = FollowUp.objects.create(
        office=office, since=since, until=until, element=element, plan=plan.strip(), owner_id=owner_id,
        owner_name=owner_name.strip(), due_on=due_on,
    )  # fmt: skip
    trail.record("survey.follow_up_planned", row, by=by, office_id=office.pk, element=element)
    return row


@transaction.atomic
def follow_up_done(row: FollowUp, *, proof: str, by: Actor, at: datetime | None = None) -> FollowUp:
    """Raises IllegalMove without a proof, or when it is done already."""
    row = FollowUp.objects.select_for_update().get(pk=row.pk)
    if row.done_at:
        raise IllegalMove(_("Tindak lanjut ini sudah selesai."))
    if not proof.strip():
        raise IllegalMove(_("Tulis buktinya: apa yang sudah berubah, atau di mana dokumennya."))
    row.done_at, row.proof = at or timezone.now(), proof.strip()
    row.save(update_fields=["done_at", "proof"])
    trail.record("survey.follow_up_done", row, by=by, office_id=row.office_id, at=row.done_at)
    return row


@transaction.atomic
def drop_plan(row: FollowUp, *, by: Actor) -> None:
    """Planned by mistake. Raises IllegalMove for one that is done: it stands in reports."""
    row = FollowUp.objects.select_for_update().get(pk=row.pk)
    if row.done_at:
        raise IllegalMove(_("Tindak lanjut ini sudah selesai."))
    trail.record("survey.follow_up_dropped", row, by=by, office_id=row.office_id, element=row.element)
    row.delete()


@transaction.atomic
def publish(office: Office, selection: Selection, *, by: Actor, at: datetime | None = None) -> Published:
    """The figures as they are now, for everybody; they replace those of the same period and service. Raises IllegalMove
    where there is no result, or so few answered, also less what was published before, that somebody could be recognised."""
    at = at or timezone.now()
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    found: dict[str, Any] = figures.of(selection)
    if found.get("withheld") or not withheld.may_be_published(office, selection):
        raise IllegalMove(
            _("Belum dapat diterbitkan: selisihnya dengan hasil lain hanya %d responden atau kurang.")
            % (figures.FEWEST - 1)
        )
    if not found["shown"] or not found["elements"]:
        raise IllegalMove(_("Belum cukup responden untuk diterbitkan: paling sedikit %d.") % figures.FEWEST)
    instrument = Instrument.objects.get(key=found["instrument"])
    same = Published.objects.filter(
        office=office, instrument__kind=selection.kind, service=selection.service, since=selection.since,
        until=selection.until, withdrawn_at=None,
    )  # fmt: skip
    same.update(withdrawn_at=at)
    row = Published.objects.create(
        office=office, instrument=instrument, service=selection.service, since=selection.since, until=selection.until,
        figures=found, at=at, by_user_id=by.user_id,
    )  # fmt: skip
    trail.record("survey.published", row, by=by, office_id=office.pk, at=at, kind=selection.kind)
    return row


@transaction.atomic
def withdraw(row: Published, *, by: Actor, at: datetime | None = None) -> Published:
    """No longer for everybody; what it said stays on record. Raises IllegalMove the second time."""
    row = Published.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.withdrawn_at:
        raise IllegalMove(_("Hasil ini sudah ditarik."))
    row.withdrawn_at = at or timezone.now()
    row.save(update_fields=["withdrawn_at"])
    trail.record("survey.withdrawn", row, by=by, office_id=row.office_id, at=row.withdrawn_at)
    return row
