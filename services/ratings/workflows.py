"""Rating a service received: once by each person served, never in the way of leaving."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visit, VisitService
from services.guestbook.workflows import record_step
from services.live.publish import VISITS, publish
from services.offices.models import Office, Service
from services.ratings.models import Rating, RatingRules
from services.ratings.reasons import CODES
from services.workflow import IllegalMove

# How long the tablet at the exit offers a rating; the visitor's own link offers it for a week.
ON_TABLET = timedelta(minutes=30)
BY_LINK = timedelta(days=7)
LOW = 2
EXPLAINED_WITHIN = timedelta(minutes=10)
SIGNER = TimestampSigner(salt="services.ratings.explain")


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
    reasons: Iterable[str] = (),
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
    given = _given(received, rater, at)
    rating = Rating.objects.create(
        office=received.office,
        service=received.service,
        officer_id=received.officer_id if rules_of(received.office).of_officers else None,
        received=received,
        place=given + 1,
        rater=rater,
        stars=stars,
        reasons=list(reasons),
        comment=comment,
        channel=channel,
        at=at,
    )
    if not given and received.visit.ended_at is None:
        record_step(received.visit, "rating", by=by, at=at)
    trail.record("rating.given", rating, by=by, office_id=received.office_id, at=at)
    publish(received.office.code, VISITS)
    return rating


def _given(received: VisitService, rater: str, at: datetime) -> int:
    """How many have rated it, where one more may; nobody adds one meanwhile: the visit is locked. Raises IllegalMove."""
    if received.ended_at is None or received.state != VisitService.State.DONE:
        raise IllegalMove(_("Layanan ini belum selesai, jadi belum dapat dinilai."))
    if at > received.ended_at + BY_LINK:
        raise IllegalMove(_("Masa penilaian untuk kunjungan ini sudah lewat."))
    given = received.ratings.count()
    if given >= received.visit.party_size or (rater and received.ratings.filter(rater=rater).exists()):
        raise IllegalMove(_("Layanan ini sudah dinilai. Terima kasih."))
    return given


@transaction.atomic
def rate_thing(
    about: str,
    key: int,
    *,
    office: Office,
    service: Service | None = None,
    stars: int,
    reasons: Iterable[str] = (),
    comment: str = "",
    channel: str = Rating.Channel.ONLINE,
    by: Actor,
    at: datetime | None = None,
) -> Rating:
    """Of a consultation, download or loan, once; the caller knows that it is over, and whose it was. Raises IllegalMove."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            rating = Rating.objects.create(
                office=office, about=about, about_pk=key, service=service, stars=stars, reasons=list(reasons),
                comment=comment, channel=channel, at=at,
            )  # fmt: skip
    except IntegrityError:
        raise IllegalMove(_("Layanan ini sudah dinilai. Terima kasih.")) from None
    trail.record("rating.given", rating, by=by, office_id=office.pk, at=at)
    return rating


def signed(rating: Rating) -> str:
    """For the page of thanks, where reasons and a word may be added for some minutes by whoever has just rated."""
    return SIGNER.sign(str(rating.pk))


def just_given(key: str) -> Rating | None:
    """The rating that `signed` named, while why may still be said: for some minutes, once."""
    try:
        pk = int(SIGNER.unsign(key, max_age=EXPLAINED_WITHIN))
    except (BadSignature, ValueError):
        return None
    return Rating.objects.filter(pk=pk, reasons=[], comment="").first()


def explained(key: str) -> tuple[list[str], str] | None:
    """What was said to the rating that `signed` named, reasons and word, however long ago."""
    try:
        found = Rating.objects.filter(pk=int(SIGNER.unsign(key))).first()
    except (BadSignature, ValueError):
        return None
    return (sorted(found.reasons), found.comment) if found else None


@transaction.atomic
def explain(rating: Rating, *, reasons: Iterable[str] = (), comment: str = "") -> None:
    """Add why, to what nobody explained yet; sent twice it counts once."""
    rows = Rating.objects.filter(pk=rating.pk, reasons=[], comment="")
    rows.update(reasons=sorted(CODES & set(reasons)), comment=comment.strip())


def rules_of(office: Office) -> RatingRules:
    return RatingRules.objects.filter(office=office).first() or RatingRules(office=office)


@transaction.atomic
def set_rules(office: Office, *, by: Actor, at: datetime | None = None, **values: bool | int) -> RatingRules:
    """Which changed stands in the trail with what they are now. Ratings that were stored with their officer stay so."""
    rules = RatingRules.objects.select_for_update().filter(office=office).first() or RatingRules(
        office=office
    )
    changed = {name: value for name, value in values.items() if getattr(rules, name) != value}
    for name, value in changed.items():
        setattr(rules, name, value)
    rules.full_clean(exclude=["office"], validate_constraints=False)
    rules.save()
    if changed:
        trail.record("rating.rules_set", rules, by=by, office_id=office.pk, at=at, **changed)
    return rules


def low_and_still_here(office: Office) -> QuerySet[Rating]:
    """Ratings of one or two stars by somebody who has not gone home, that no supervisor has seen yet."""
    rows = Rating.objects.filter(
        office=office,
        stars__lte=LOW,
        noticed_at=None,
        received__visit__ended_at=None,
        received__visit__day=office.today(),
    )
    return rows.select_related("service").order_by("-at")


@transaction.atomic
def notice(office: Office, keys: Iterable[int], *, by: Actor, at: datetime | None = None) -> None:
    """A supervisor has seen them."""
    at = at or timezone.now()
    rows = low_and_still_here(office).filter(pk__in=keys)
    found = list(rows)
    Rating.objects.filter(pk__in=[r.pk for r in found]).update(noticed_at=at, noticed_by=by.user_id)
    trail.record_many("rating.noticed", found, by=by, office_id=office.pk, at=at)
    publish(office.code, VISITS)
