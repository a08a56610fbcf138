"""Mail that came in, for the supervisor: what could not be placed, what waits, what became of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from complaints import visibility
from complaints.models import Complaint
from consultation.mail_in import keeping, placing
from consultation.models import IncomingMail
from pst.panel import rooms
from services import channels
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.mail.reading.parse import read
from services.responses import changed
from services.workflow import IllegalMove

State = IncomingMail.State
ROOMS = {
    "periksa": (gettext_lazy("Perlu diperiksa"), IncomingMail.OPEN),
    "menunggu": (gettext_lazy("Menunggu"), (State.NEW,)),
    "selesai": (gettext_lazy("Selesai"), (State.DONE,)),
    "diabaikan": (gettext_lazy("Diabaikan"), (State.DROPPED,)),
}
NOTHING = {"periksa": (gettext_lazy("Tidak ada surat yang perlu diperiksa"), "check")}
ON_A_PAGE = 20
SHOWN = 4_000  # characters of a mail that waits for somebody to look
ACTS = {
    "again": (keeping.again, gettext_lazy("Surat dicoba lagi dalam satu menit.")),
    "take_up": (keeping.take_up, gettext_lazy("Surat menjadi konsultasi.")),
    "put": (keeping.put, gettext_lazy("Surat masuk ke pengaduannya.")),
    "drop": (keeping.drop, gettext_lazy("Surat diabaikan.")),
}


@access.supervisor
@never_cache
@vary_on_headers("HX-Request")
def incoming(request: Request) -> HttpResponse:
    """The office's mails of the last months; what somebody has to decide about stands first. HTMX: the list alone."""
    mails = _shown_to(request)
    counts = dict(mails.order_by().values_list("state").annotate(Count("pk")))
    here = request.GET.get("status", "periksa")
    if here not in ROOMS:
        raise Http404
    rows = mails.filter(state__in=ROOMS[here][1]).select_related("message__consultation").defer("raw")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [(row, _words(row)) for row in page]
    complaints = _complaints(row for row, _text in shown)
    for row, _text in shown:
        row.complaint = complaints.get(row.about_id or 0)  # type: ignore[attr-defined]
    rooms.record_shown(request, list(page), why="mail_in")
    context: dict[str, Any] = {
        "rooms": rooms.tabs(ROOMS, counts, alarm="periksa"), "here": here, "page": page, "shown": shown, "query": f"status={here}",
        "box": channels.mailbox(request.office),
    }  # fmt: skip
    context |= {"rows_template": "panel/_mail_in_row.html", "nothing": NOTHING.get(here, rooms.NO_MAIL)}
    return render(request, rooms.template(request, "panel/mail_in.html"), context)


def _shown_to(request: Request) -> QuerySet[IncomingMail]:
    """The office's mails; an answer to what was written about a complaint only for those who read that, whatever mailbox it came to, and
    only until it is done with: then it stands there."""
    ours = IncomingMail.objects.filter(office=request.office, about_id=None)
    waiting = IncomingMail.objects.filter(state__in=(State.NEW, *IncomingMail.OPEN))
    answers = visibility.answers(waiting, request.user, request.office, request.role or "")
    return IncomingMail.objects.filter(
        Q(pk__in=ours.values("pk")) | Q(pk__in=answers.order_by().values("pk"))
    )


def _complaints(rows: Iterable[IncomingMail]) -> dict[int, Complaint]:
    keys = [row.about_id for row in rows if row.about_id]
    return Complaint.objects.only("number", "privacy").in_bulk(keys) if keys else {}


def _words(row: IncomingMail) -> str:
    """Of one that was set aside: what it says. One that could not be read is not read here either."""
    if row.state != State.ASIDE:
        return ""
    return read(bytes(row.raw), own=placing.own_addresses()).text[:SHOWN]


@access.supervisor
@require_POST
def incoming_act(request: Request, pk: int) -> HttpResponse:
    """`do`: again, take_up or drop. One that somebody else has dealt with by now is told in words."""
    row = get_object_or_404(_shown_to(request).defer("raw"), pk=pk)
    act, text = ACTS.get(request.POST.get("do", ""), (None, ""))
    if act is None:
        raise Http404
    back = reverse("panel:mail_in")
    try:
        act(row, by=request.actor)
    except IllegalMove as problem:
        told = _("Surat ini sudah berstatus “%s”.") % problem
        return changed(request, back, told, level="error")
    return changed(request, back, str(text))


@access.supervisor
@never_cache
def incoming_whole(request: Request, pk: int) -> HttpResponse:
    """The mail as it came, to be opened in a mail program."""
    row = get_object_or_404(_shown_to(request), pk=pk)
    trail.record_read(row, by=request.actor, office_id=request.office.pk, why="mail_in_whole")
    trail.record_export("mail", row, by=request.actor, office_id=request.office.pk, form="eml")
    headers = {
        "Content-Disposition": f'attachment; filename="surat-{row.pk}.eml"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(bytes(row.raw), content_type="message/rfc822", headers=headers)
