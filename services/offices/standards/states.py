"""From draft to decree: each act one transaction, a row of the history, an audit line; screens are told what changed."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.live.publish import ANNOUNCEMENTS, QUEUE, publish
from services.offices.models import Office, Service, Standard
from services.offices.settings import SomebodyElse
from services.offices.standards import theirs
from services.workflow import IllegalMove

log = logging.getLogger(__name__)
Status = Standard.Status
CANCEL, KEEP = "cancel", "keep"


class Undecided(IllegalMove):
    """Another version is published and waits for its day; nobody has said what becomes of it."""


def locked(standard: Standard) -> Standard:
    """The row as it is now, held. The service's row first, so that two versions of one service never cross."""
    Service.objects.select_for_update(no_key=True).get(pk=standard.service_id)
    return (
        Standard.objects.select_for_update(of=("self",)).select_related("service__office").get(pk=standard.pk)
    )


def _move(
    standard: Standard, to: str, *, by: Actor, at: datetime | None = None, why: str = "", **changes: Any
) -> Standard:
    """`standard` must be locked. Raises IllegalMove when somebody else was faster."""
    if to not in Standard.MOVES[standard.status]:
        raise IllegalMove(
            _("Versi %(version)s sudah berstatus “%(state)s”; tindakan ini tidak dapat dilakukan lagi.")
            % {"version": standard.version, "state": standard.get_status_display()}
        )
    at = at or timezone.now()
    was, standard.status = standard.status, to
    for field, value in changes.items():
        setattr(standard, field, value)
    standard.save(update_fields=["status", *changes])
    remember(standard, by=by, at=at, why=why)
    office_id = standard.service.office_id
    trail.record(f"standard.{to}", standard, by=by, office_id=office_id, at=at, was=was)
    return standard


def remember(standard: Standard, *, by: Actor, at: datetime, why: str = "") -> None:
    """A row of the history."""
    standard.steps.create(
        state=standard.status, at=at, by_user_id=by.user_id, by_device_id=by.device_id, actor=by.kind, why=why[:300]
    )  # fmt: skip


def _tell(office: Office) -> None:
    """Another standard is in force: tablets, TVs and the office's public page ask anew."""
    publish(office.code, QUEUE, ANNOUNCEMENTS)


@transaction.atomic
def ask_review(standard: Standard, *, by: Actor, why: str = "") -> Standard:
    """Whoever edited it asks another supervisor to read it."""
    row = locked(standard)
    if row.is_draft and not row.items.exists():
        raise IllegalMove(_("Rancangan ini belum berisi satu butir pun."))
    if blank := theirs.to_fill(row):
        raise IllegalMove(_("Lengkapi dahulu: %s.") % "; ".join(blank))
    return _move(row, Status.REVIEW, by=by, why=why, asked_by_id=by.user_id)


@transaction.atomic
def back_to_draft(standard: Standard, *, by: Actor, why: str = "") -> Standard:
    """Sent back by the reviewer, taken back by who asked, brought back after it was withdrawn, or not to come into
    force on its day after all."""
    return _move(
        locked(standard), Status.DRAFT, by=by, why=why, asked_by=None, reviewed_by=None, published_at=None,
        effective_on=None,
    )  # fmt: skip


@transaction.atomic
def withdraw(standard: Standard, *, by: Actor, why: str = "") -> Standard:
    """Will not be published; stays to be read."""
    return _move(locked(standard), Status.WITHDRAWN, by=by, why=why, asked_by=None)


def must_say_why(standard: Standard, user_id: int | None) -> bool:
    """Whether this supervisor would publish what they themselves asked to be reviewed, and nobody else could.

    Raises IllegalMove when somebody else can."""
    if standard.asked_by_id is None or standard.asked_by_id != user_id:
        return False
    others = standard.service.office.memberships.filter(role="supervisor", user__is_active=True)
    if others.exclude(user_id=user_id).exists():
        raise IllegalMove(
            _("Anda yang meminta pemeriksaan. Atasan lain di kantor ini yang memeriksa dan menerbitkannya.")
        )
    return True


def last_edit(standard: Standard) -> str:
    """The mark of its words and rules as they stand: another one after every edit."""
    return standard.edited_at.isoformat() if standard.edited_at else "-"


@transaction.atomic
def publish_version(
    standard: Standard, *, effective_on: date, by: Actor, decree_number: str = "", decree_date: date | None = None,
    why: str = "", despite: list[str] | None = None, seen: str | None = None, waiting: str = "", at: datetime | None = None,
) -> Standard:  # fmt: skip
    """Reviewed and published: in force at once when `effective_on` is the office's today, else from its midnight on.

    `despite`: rules that say otherwise than the text, which the reviewer has seen. `seen`: the mark of what the reviewer read
    (None: whoever calls does not mind). `waiting`: what becomes of a version published for a later day, CANCEL or KEEP. Raises
    SomebodyElse when it was edited since, Undecided when one waits and `waiting` says nothing usable, IllegalMove otherwise, also
    when somebody else must review or the day is over.
    """
    at = at or timezone.now()
    row = locked(standard)
    if seen is not None and seen != last_edit(row):
        raise SomebodyElse
    if left := theirs.still_open(row):
        raise IllegalMove(" ".join(left))
    office = row.service.office
    if must_say_why(row, by.user_id) and not why.strip():
        raise IllegalMove(_("Tulis alasan mengapa Anda memeriksa rancangan Anda sendiri."))
    today = office.today(at)
    if effective_on < today:
        raise IllegalMove(_("Tanggal berlaku sudah lewat."))
    changes = {
        "decree_number": decree_number, "decree_date": decree_date, "effective_on": effective_on,
        "reviewed_by_id": by.user_id, "published_at": at,
    }  # fmt: skip
    if despite:
        trail.record("standard.despite", row, by=by, office_id=office.pk, at=at, keys=despite)
    _settle(row, waiting, later=effective_on > today, by=by)
    if effective_on > today:
        return _move(row, Status.SCHEDULED, by=by, at=at, why=why, **changes)
    return _into_force(row, by=by, at=at, why=why, **changes)


def _settle(row: Standard, waiting: str, *, later: bool, by: Actor) -> None:
    """One published before for a day to come would replace this later decision: whoever publishes says what becomes of it."""
    other = row.service.standards.filter(status=Status.SCHEDULED).first()
    if other is None or (waiting == KEEP and not later):
        return
    if waiting != CANCEL:
        raise Undecided(
            _("Hanya satu versi yang dapat menunggu tanggalnya. Batalkan versi %s, atau terbitkan mulai hari ini.") % other.version
            if waiting == KEEP
            else _("Versi %s sudah terbit dan menunggu tanggalnya. Pilih apa yang terjadi dengannya.") % other.version
        )  # fmt: skip
    back_to_draft(other, by=by, why=_("Digantikan versi %s.") % row.version)


def _into_force(row: Standard, *, by: Actor, at: datetime, why: str = "", **changes: Any) -> Standard:
    """The one before is retired in the same moment; visits that began under it keep it."""
    before = row.service.standards.select_for_update().filter(status=Status.PUBLISHED).first()
    if before and Status.PUBLISHED in Standard.MOVES[row.status]:
        _move(before, Status.RETIRED, by=by, at=at)
    row = _move(row, Status.PUBLISHED, by=by, at=at, why=why, **changes)
    _tell(row.service.office)
    return row


def switch_due(at: datetime | None = None) -> int:
    """What was published for a day that has come is in force. Returns how many."""
    at = at or timezone.now()
    count = 0
    for row in Standard.objects.filter(status=Status.SCHEDULED).select_related("service__office"):
        if row.effective_on and row.effective_on <= row.service.office.today(at):
            try:
                count += _switch(row, at)
            except Exception:  # the other offices' are in force all the same
                log.exception("Standard %s", row.pk)
    return count


@transaction.atomic
def _switch(standard: Standard, at: datetime) -> bool:
    row = locked(standard)
    if row.status != Status.SCHEDULED or not row.effective_on:  # somebody took it back meanwhile
        return False
    if row.effective_on > row.service.office.today(at):
        return False
    _into_force(row, by=SYSTEM, at=at)
    log.info("standard %s of %s is in force", row.version, row.service.office.code)
    return True
