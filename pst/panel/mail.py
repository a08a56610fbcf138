"""Mail that goes out, for the supervisor: what waits, what failed and why, and how each mail looks."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from complaints import outgoing as about_complaints
from pst.panel import rooms
from services import channels
from services.accounts import access
from services.accounts.http import Request
from services.guestbook.returning import mask_email
from services.mail import kinds, outbox, sending, writing
from services.mail.models import Outgoing

State = Outgoing.State
# By the word in the address: heading, states.
ROOMS = {
    "gagal": (gettext_lazy("Gagal"), (State.DEAD,)),
    "menunggu": (gettext_lazy("Menunggu"), Outgoing.QUEUED),
    "terkirim": (gettext_lazy("Terkirim"), (State.SENT,)),
    "tidak-dikirim": (gettext_lazy("Tidak dikirim"), (State.DROPPED,)),
}
NOTHING = {
    "gagal": (gettext_lazy("Tidak ada surat yang gagal"), "check"),
    "menunggu": (gettext_lazy("Tidak ada surat yang menunggu"), "check"),
}
ON_A_PAGE = 50
LANGUAGES = ("id", "en")
# The mails' own style sheet and nothing else: no script, no picture, no address is opened from inside the frame.
PREVIEW_POLICY = "default-src 'none'; style-src %s; sandbox; frame-ancestors 'self'"


@access.supervisor
@never_cache
@vary_on_headers("HX-Request")
def outgoing(request: Request) -> HttpResponse:
    """The office's outbox. Whose mail failed stands first; without any, what waits. HTMX: the list alone."""
    mails = rooms.shown_to(request, Outgoing.objects.filter(office=request.office))
    counts = dict(mails.order_by().values_list("state").annotate(Count("pk")))
    here = request.GET.get("status", "gagal" if counts.get(State.DEAD) else "menunggu")
    if here not in ROOMS:
        raise Http404
    order = ["next_try_at", "pk"] if here == "menunggu" else ["-created_at", "-pk"]
    rows = mails.filter(state__in=ROOMS[here][1]).order_by(*order).defer("text", "html", "headers")
    rows = rows.annotate(has_text=~Q(text=""))  # one that came back is written anew by who wrote it
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    titles = {kind.name: kind.title for kind in kinds.all_kinds()}
    shown = [(row, titles.get(row.kind, row.kind)) for row in page]
    hidden = about_complaints.with_hidden_address([row for row, _title in shown])
    for row, _title in shown:
        row.to = mask_email(row.to) if row.pk in hidden else row.to
    rooms.record_shown(request, [row for row, _title in shown], why="outbox")
    context: dict[str, Any] = {
        "rooms": rooms.tabs(ROOMS, counts, alarm="gagal"), "here": here, "page": page, "shown": shown, "query": f"status={here}",
        "box": channels.mailbox(request.office), "sender": sending.sender(request.office),
        "can_send": sending.can_send(request.office),
    }  # fmt: skip
    context |= {"rows_template": "panel/_mail_row.html", "nothing": NOTHING.get(here, rooms.NO_MAIL)}
    return render(request, rooms.template(request, "panel/mail.html"), context)


@access.supervisor
@require_POST
def outgoing_act(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(rooms.shown_to(request, Outgoing.objects.filter(office=request.office)), pk=pk)
    told = {"again": _("Surat dikirim lagi."), "drop": _("Surat tidak dikirim.")}
    return rooms.again_or_drop(
        request, row, page=reverse("panel:mail"), again=outbox.again, drop=outbox.drop, told=told
    )


@access.supervisor
def mail_kinds(request: Request) -> HttpResponse:
    """Every mail this installation can write."""
    return render(request, "panel/mail_kinds.html", {"kinds": kinds.all_kinds()})


@access.supervisor
def mail_kind(request: Request, kind: str) -> HttpResponse:
    """One of them with invented people, in both languages: as text, and as HTML in a frame."""
    found = _kind(kind)
    shown = [(language, _written(request, found, language)) for language in LANGUAGES]
    return render(
        request,
        "panel/mail_kind.html",
        {"kind": found, "shown": shown, "sender": sending.sender(request.office)},
    )


@access.supervisor
@xframe_options_sameorigin
def mail_html(request: Request, kind: str, language: str) -> HttpResponse:
    """What stands in the frame: the mail's HTML as it is sent, under a policy of its own."""
    if language not in LANGUAGES:
        raise Http404
    policy = PREVIEW_POLICY % writing.sheet_policy()
    html = _written(request, _kind(kind), language).html
    return HttpResponse(html, headers={"Content-Security-Policy": policy})


def _kind(name: str) -> kinds.Kind:
    try:
        return kinds.get(name)
    except KeyError:
        raise Http404 from None


def _written(request: Request, kind: kinds.Kind, language: str) -> writing.Written:
    with override(language):
        context = kind.sample(request.office)
    return writing.write(kind.name, context, office=request.office, language=language)
