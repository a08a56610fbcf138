"""Rating a service received: once by each person served, never in the way of leaving."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visit, VisitService
from services.guestbook.workflows import record_step
from services.live.publish import VISITS, publish
from services.offices.models import Office
from services.ratings.models import Rating
from services.workflow import IllegalMove

# How long the tablet at the exit offers a rating; the visitor's own link offers it for a week.
ON_TABLET = timedelta(minutes=30)
BY_LINK = timedelta(days=7)


def offered_on_tablet(office: Office, now: datetime | None = None):
    """Services just received and not yet rated, newest first, for the tablet; named by number only."""
    now = now or timezone.now()
    return (
        VisitService.objects.filter(
            office=office, state=VisitService.State.DONE, ended_at__gte=now - ON_TABLET, ratings=None
        )
        .select_related("visit__office", "service")
        .prefetch_related("visit__services")
        .order_by("-ended_at")
    )


@transaction.atomic
def rate(
    received: VisitService,
    *,
    stars: int,
    comment: str = "",
    channel: str,
    rater: str = "",
    by: Actor,
    at: datetime | None = None,
) -> Rating:
    """Store the stars. Raises IllegalMove when everybody served, or this phone (`rater`), has rated this service or the
    time for it is over."""
    at = at or timezone.now()
    Visit.objects.select_for_update(no_key=True).get(pk=received.visit_id)
    received = VisitService.objects.select_related("visit__office", "office").get(pk=received.pk)
    if received.ended_at is None or received.state != VisitService.State.DONE:
        raise IllegalMove(_("Layanan ini belum selesai, jadi belum dapat dinilai."))
    if at > received.ended_at + BY_LINK:
        raise IllegalMove(_("Masa penilaian untuk kunjungan ini sudah lewat."))
    given = received.ratings.count()  # nobody adds one meanwhile: the visit is locked
    if given >= received.visit.party_size or (rater and received.ratings.filter(rater=rater).exists()):
        raise IllegalMove(_("Layanan ini sudah dinilai. Terima kasih."))
    rating = Rating.objects.create(
        office=received.office,
        received=received,
        place=given + 1,
        rater=rater,
        stars=stars,
        comment=comment,
        channel=channel,
        at=at,
    )
    if not given and received.visit.ended_at is None:
        record_step(received.visit, "rating", by=by, at=at)
    trail.record("rating.given", rating, by=by, office_id=received.office_id, at=at)
    publish(received.office.code, VISITS)
    return rating


@transaction.atomic
def rate_online(
    office: Office, *, stars: int, comment: str = "", by: Actor, at: datetime | None = None
) -> Rating:
    """Of something that was done without a visit; what it was leads to the rating (the caller sees to it, and to its
    being given once)."""
    at = at or timezone.now()
    rating = Rating.objects.create(
        office=office, stars=stars, comment=comment, channel=Rating.Channel.ONLINE, at=at
    )
    trail.record("rating.given", rating, by=by, office_id=office.pk, at=at)
    return rating
