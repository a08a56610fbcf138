"""Rating what was taken home: a download or a loan that came back, once, by whoever has the signed address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from library.models import Loan, MarkedCopy, Publication
from services.audit.actors import Actor
from services.offices.models import Office, Service
from services.ratings.models import Rating
from services.ratings.workflows import rate_thing
from services.workflow import IllegalMove

SIGNER = Signer(salt="library.rating", sep=".")
WITHIN = timedelta(days=30)
About = Rating.About


@dataclass(frozen=True)
class Thing:
    """What is rated. `over_at`: since when it can be; None: not yet."""

    about: str
    pk: int
    office: Office
    service: Service | None
    publication: Publication
    over_at: datetime | None

    @property
    def rating(self) -> Rating | None:
        return Rating.objects.filter(about=self.about, about_pk=self.pk).first()

    def may_rate(self, at: datetime | None = None) -> bool:
        """It is over, not too long ago, and nobody has."""
        at = at or timezone.now()
        return self.over_at is not None and at - self.over_at < WITHIN and self.rating is None


def thing(row: MarkedCopy | Loan) -> Thing:
    if isinstance(row, MarkedCopy):
        service = row.received.service if row.received else None
        return Thing(About.DOWNLOAD, row.pk, row.office, service, row.publication, row.made_at)
    service = row.visit.main.service if row.visit and row.visit.main else None
    return Thing(About.LOAN, row.pk, row.office, service, row.copy.publication, row.back_at)


def address(row: MarkedCopy | Loan) -> str:
    """It opens the stars and nothing else; a path of this site."""
    about = About.DOWNLOAD if isinstance(row, MarkedCopy) else About.LOAN
    return reverse("library:rate", args=[SIGNER.sign(f"{about.value}-{row.pk}")])


def of(signed: str) -> Thing | None:
    """None: not an address of ours, or what it was for is gone."""
    try:
        about, pk = SIGNER.unsign(signed).split("-")
    except (BadSignature, ValueError):
        return None
    if about == About.DOWNLOAD:
        copies = MarkedCopy.objects.select_related("office", "publication", "received__service")
        row: MarkedCopy | Loan | None = copies.filter(pk=pk).first()
    else:
        row = Loan.objects.select_related("office", "copy__publication", "visit").filter(pk=pk).first()
    return thing(row) if row else None


@transaction.atomic
def rate(found: Thing, *, stars: int, comment: str = "", by: Actor, at: datetime | None = None) -> Rating:
    """Once. Raises IllegalMove."""
    if found.rating:
        raise IllegalMove(_("Layanan ini sudah dinilai. Terima kasih."))
    if not found.may_rate(at):
        raise IllegalMove(_("Ini belum, atau tidak lagi, dapat dinilai."))
    given = rate_thing(
        found.about,
        found.pk,
        office=found.office,
        service=found.service,
        stars=stars,
        comment=comment,
        by=by,
        at=at,
    )
    rows = MarkedCopy.objects if found.about == About.DOWNLOAD else Loan.objects
    rows.filter(pk=found.pk).update(rating=given)
    return given


def addresses(rows: Iterable[MarkedCopy | Loan], at: datetime | None = None) -> dict[int, str]:
    """By key, of those that can still be rated; the rows are all of one kind."""
    at, found = at or timezone.now(), list(rows)
    if not found:
        return {}
    about = About.DOWNLOAD if isinstance(found[0], MarkedCopy) else About.LOAN
    given = Rating.objects.filter(about=about, about_pk__in=[row.pk for row in found])
    rated = set(given.values_list("about_pk", flat=True))
    over = {row.pk: row.made_at if isinstance(row, MarkedCopy) else row.back_at for row in found}
    return {
        row.pk: address(row)
        for row in found
        if row.pk not in rated and (ended := over[row.pk]) and at - ended < WITHIN
    }
