"""The owner's own visits of the last week, for which a survey is open. The answers lead to nobody, here as elsewhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import User
from services.guestbook import accounts
from services.guestbook.models import VisitService
from services.responses import changed
from services.surveys import offering
from services.surveys.answering import AFTERWARDS
from services.surveys.models import Instrument
from services.surveys.views.filling import take_survey

MOST = 20


def open_surveys(user: User) -> list[tuple[VisitService, Instrument]]:
    """What may still be filled in, the latest first."""
    people = accounts.people_of(user)
    rows = VisitService.objects.filter(
        visit__visitor__in=people,
        state=VisitService.State.DONE,
        ended_at__gte=timezone.now() - AFTERWARDS,
    )
    services = list(rows.select_related("visit__office", "service", "office").order_by("-ended_at")[:MOST])
    found: dict[int, list[Instrument]] = {}
    for office in {received.office for received in services}:
        found |= offering.open_for(office, [r for r in services if r.office_id == office.pk], own=True)
    return [(received, instrument) for received in services for instrument in found.get(received.pk, [])]


@access.visitor
@never_cache
def survey(request: Request, pk: int, kind: str) -> HttpResponse:
    """Somebody else's visit is not there."""
    rows = VisitService.objects.filter(visit__visitor__in=accounts.people_of(request.user))
    received = get_object_or_404(rows.select_related("visit__office", "service", "office"), pk=pk)
    home = reverse("account:home")
    asked = offering.open_for(received.office, [received], kinds=(kind,), own=True).get(received.pk)
    if not asked:
        return changed(request, home, _("Survei untuk layanan ini sudah diisi. Terima kasih."))
    return take_survey(
        request,
        received,
        asked[0],
        channel="online",
        template="account/survey.html",
        done=home,
        place_of=offering.own_place, thanks=_("Terima kasih. Jawaban Anda membantu kami memperbaiki pelayanan."),
    )  # fmt: skip
