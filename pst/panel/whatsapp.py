"""WhatsApp, for the supervisor: what failed and why, what waits, what could not be placed, and whether Meta reaches us."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints import outgoing as about_complaints
from consultation.models import IncomingWhatsApp
from consultation.whatsapp_in import keeping
from pst.panel.rooms import again_or_drop, shown_to
from services import channels
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.audit.models import AuditEntry
from services.guestbook.returning import mask_phone
from services.responses import changed
from services.whatsapp import outbox
from services.whatsapp.models import OutgoingWhatsApp
from services.workflow import IllegalMove

State = OutgoingWhatsApp.State
ROOMS = {
    "gagal": (gettext_lazy("Gagal"), (State.DEAD,)),
    "menunggu": (gettext_lazy("Menunggu"), OutgoingWhatsApp.QUEUED),
    "terkirim": (gettext_lazy("Terkirim"), (State.SENT,)),
    "dialihkan": (gettext_lazy("Dialihkan"), (State.DIVERTED, State.DROPPED)),
}
KINDS = {
    "answered": gettext_lazy("Jawaban"),
    "asked_back": gettext_lazy("Pertanyaan balik"),
    "receipt": gettext_lazy("Tanda terima"),
    "receipt_unknown": gettext_lazy("Tanda terima, nomor baru"),
    "reminder": gettext_lazy("Pengingat"),
    "closed": gettext_lazy("Ditutup otomatis"),
    "complaint": gettext_lazy("Kabar pengaduan"),
}
ON_A_PAGE = 50
LATELY = timedelta(days=7)


@access.supervisor
@never_cache
def messages(request: Request) -> HttpResponse:
    """The office's outbox; above it what came in and could not be placed."""
    sent = shown_to(request, OutgoingWhatsApp.objects.filter(office=request.office))
    counts = dict(sent.order_by().values_list("state").annotate(Count("pk")))
    rooms = [
        {"key": key, "text": text, "count": sum(counts.get(state, 0) for state in states)}
        for key, (text, states) in ROOMS.items()
    ]
    here = request.GET.get("status", "gagal" if counts.get(State.DEAD) else "menunggu")
    if here not in ROOMS:
        raise Http404
    rows = sent.filter(state__in=ROOMS[here][1]).select_related("contact").defer("text", "places")
    page = Paginator(rows.annotate(has_text=~Q(text="")), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [(row, KINDS.get(row.kind, row.kind)) for row in page]
    hidden = about_complaints.with_hidden_address([row for row, _title in shown])
    for row, _title in shown:
        row.contact.phone = mask_phone(row.contact.phone) if row.pk in hidden else row.contact.phone
    trail.record_reads(
        [row for row, _title in shown], by=request.actor, office_id=request.office.pk, why="outbox"
    )
    unplaced = IncomingWhatsApp.objects.filter(
        office=request.office, state=IncomingWhatsApp.State.FAILED
    ).select_related("contact")
    context = {
        "rooms": rooms, "here": here, "page": page, "shown": shown, "query": f"status={here}",
        "number": channels.whatsapp(request.office), "unplaced": list(unplaced[:ON_A_PAGE]),
        "wrong": _wrong_signatures(request),
    }  # fmt: skip
    return render(request, "panel/whatsapp.html", context)


def _wrong_signatures(request: Request) -> int:
    """Many of them: the app's secret in the file is not the one at Meta, or somebody tries."""
    entries = AuditEntry.objects.filter(action="whatsapp.wrong_signature", office=request.office)
    return entries.filter(at__gt=timezone.now() - LATELY).count()


@access.supervisor
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(shown_to(request, OutgoingWhatsApp.objects.filter(office=request.office)), pk=pk)
    told = {"again": _("Pesan dikirim lagi."), "drop": _("Pesan tidak dikirim.")}
    return again_or_drop(
        request, row, page=reverse("panel:whatsapp"), again=outbox.again, drop=outbox.drop, told=told
    )


@access.supervisor
@require_POST
def came_again(request: Request, pk: int) -> HttpResponse:
    """One that could not be placed is tried once more."""
    row = get_object_or_404(IncomingWhatsApp, office=request.office, pk=pk)
    try:
        keeping.again(row, by=request.actor)
    except IllegalMove as problem:
        told = _("Pesan ini sudah berstatus “%s”.") % problem
        return changed(request, reverse("panel:whatsapp"), told, level="error")
    return changed(request, reverse("panel:whatsapp"), _("Pesan dicoba lagi."))
