"""Noting a call, a WhatsApp message or a mail that came past PST; who asked is recognised as in the guest book."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from consultation import finding
from consultation.desk_forms import LogForm
from consultation.views.desk_common import page_of
from consultation.workflows import logged
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.guestbook import returning
from services.guestbook.models import Visitor


@access.staff
@never_cache
def log(request: Request) -> HttpResponse:
    """`?dikenal=<key>` (`known` in the form): somebody recognised."""
    key = request.POST.get("known", "") or request.GET.get("dikenal", "")
    known = returning.of_key(request.office, key) if key else None
    if key and known is None:
        messages.warning(
            request, _("Pilihan itu sudah terlalu lama. Cari lagi, atau isi nama dan kontaknya.")
        )
        key = ""
    initial = {"known": key, "when": request.office.local(timezone.now()), "channel": "phone"}
    form = LogForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _logged(request, form.cleaned_data, known)
    if known:
        trail.record_read(known, by=request.actor, office_id=request.office.pk, why="recognised")
    context = {"form": form, "known": known}
    return render(request, "consultation/log.html", context, status=422 if form.errors else 200)


def _logged(request: Request, data: dict[str, Any], known: Visitor | None) -> HttpResponse:
    who: Visitor | logged.Person | None = known
    if who is None and data["name"]:
        who = logged.Person(data["name"], data["email"], data["phone"])
    new = logged.log(
        office=request.office, channel=data["channel"], question=data["question"], officer=request.user,
        by=request.actor, who=who, subject=data["subject"], answer=data["answer"], promised=data["promised"],
        finished=data["finished"], submission=data["key"], at=data["when"],
    )  # fmt: skip
    finding.forget_count(request.office)
    messages.success(request, _("Dicatat sebagai %s.") % new.number)
    return redirect(page_of(new))


@access.staff
@require_POST
@never_cache
def log_who(request: Request) -> HttpResponse:
    """Fragment: who this may be, masked. What was asked for is in no address and no log."""
    found = returning.search(request.office, request.POST.get("asked", "")[:254])
    trail.record("visitor.searched", None, by=request.actor, office_id=request.office.pk, found=len(found))
    context = {
        "asked": bool(request.POST.get("asked", "").strip()),
        "found": found[: returning.MOST_SHOWN],
        "more": len(found) > returning.MOST_SHOWN,
        "form": None if request.htmx else LogForm(),
    }
    template = "consultation/_log_who.html" if request.htmx else "consultation/log_who.html"
    return render(request, template, context)
