"""The office's standards: every version of every service, and one version with its rules, its history and what is to do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from services.accounts import access
from services.accounts.http import Request
from services.guestbook.models import VisitService
from services.offices.models import Standard
from services.offices.rule_names import RULE_NAMES, show_value
from services.offices.sections import sections
from services.offices.standards import drafts, reading, states, theirs
from services.offices.standards.strangers import strangers
from services.offices.workflows import confirm_rules
from services.workflow import IllegalMove

Status = Standard.Status
LEVELS = {
    "published": "ok",
    "scheduled": "info",
    "review": "warn",
    "draft": "",
    "retired": "",
    "withdrawn": "",
}
ICONS = {"published": "check", "scheduled": "clock", "review": "eye", "draft": "edit"}
PAST = (Status.PUBLISHED, Status.RETIRED, Status.WITHDRAWN)
BEGUN = (Status.DRAFT, Status.REVIEW, Status.SCHEDULED)


def of_office(request: Request):
    """The office's versions; another office's are not there."""
    return Standard.objects.filter(service__office=request.office).select_related("service__office")


def version(request: Request, pk: int) -> Standard:
    rows = of_office(request).select_related("base__service__office", "asked_by", "reviewed_by")
    return get_object_or_404(rows.prefetch_related("items", "rule_set__confirmed_by"), pk=pk)


@access.supervisor
@never_cache
def standards(request: Request) -> HttpResponse:
    """What is in force, what is being written, what was; and how today's promises stand."""
    waiting = Count("rule_set", filter=Q(rule_set__confirmed_at=None))
    rows = list(
        of_office(request).light().annotate(open_rules=waiting).order_by("service__position", "-version")
    )
    services = list(request.office.services.all())
    shown = [
        {
            "service": service,
            "in_force": next((r for r in rows if r.service_id == service.pk and r.status == Status.PUBLISHED), None),
            "begun": [_badged(r) for r in rows if r.service_id == service.pk and r.status in BEGUN],
            "past": [_badged(r) for r in rows if r.service_id == service.pk and r.status not in (*BEGUN, Status.PUBLISHED)],
        }
        for service in services
    ]  # fmt: skip
    today = VisitService.objects.filter(
        office=request.office, visit__day=request.office.today(timezone.now())
    )
    tally = today.aggregate(
        **{
            name: Count("id", filter=Q(clock_result=name))
            for name in ("kept", "missed", "excluded", "running")
        }
    )
    return render(request, "panel/standards.html", {"services": shown, "tally": tally})


def _badged(standard: Standard) -> dict[str, Any]:
    return {"standard": standard, "level": LEVELS[standard.status], "icon": ICONS.get(standard.status, "")}


@access.supervisor
@never_cache
def standard(request: Request, pk: int) -> HttpResponse:
    """The rules beside the sentences they were read from; what could not be placed; history; what may be done now."""
    found = version(request, pk)
    texts = {(i.section, i.position): i.text for i in found.items.all()}
    rules: list[dict[str, Any]] = [
        {
            "rule": rule,
            "name": RULE_NAMES.get(rule.key, rule.key),
            "value": show_value(rule.key, rule.value),
            "texts": [texts[tuple(e)] for e in rule.evidence if tuple(e) in texts],
        }
        for rule in found.rule_set.all()
    ]
    order = list(RULE_NAMES)
    rules.sort(key=lambda r: order.index(r["rule"].key) if r["rule"].key in order else len(order))
    context = {
        "standard": found, "rules": rules, "sections": sections(found), "badge": _badged(found), "told": told(found),
        "against": [d for d in reading.disagreements(found) if not d.unsaid], "steps": _history(found), "moves": Standard.MOVES[found.status],
        "others": _others(request, found), "mine": found.asked_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "panel/standard.html", context)


def _history(standard: Standard) -> list[Any]:
    rows = list(standard.steps.select_related("by_user"))
    names = dict(Status.choices)
    for row in rows:
        row.name = names.get(row.state, row.state)  # type: ignore[attr-defined]
    return rows


def told(standard: Standard) -> list[str]:
    """What the words leave open: as the reader said it of the text; of an edited draft, as it would say it now."""
    found = [] if standard.status in PAST else theirs.still_open(standard)
    copied_from = theirs.from_elsewhere(standard)
    if standard.edited_at is None and standard.warnings:
        found += standard.warnings
    else:
        found += reading.warnings(standard)
        if copied_from:
            found += theirs.Ours(copied_from, standard.service.office).left_over(standard)
    # Of a copy the items are named by where they came from.
    return found + strangers(standard, items=not copied_from)


def _others(request: Request, standard: Standard) -> list[Standard]:
    """With which versions of the service it may be compared, the one it was made from first."""
    rows = list(of_office(request).light().filter(service=standard.service_id).exclude(pk=standard.pk))
    return sorted(rows, key=lambda row: (row.pk != standard.base_id, row.status != Status.PUBLISHED))


@access.supervisor
@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """The supervisor has read the rules and stands by them: one of them, or all still open."""
    standard = get_object_or_404(of_office(request), pk=pk)
    key = request.POST.get("key", "")[:40]
    keys = confirm_rules(standard, by=request.actor, key=key)
    if keys:
        messages.success(request, _("%d aturan dikonfirmasi.") % len(keys))
    page = reverse("panel:standard", args=[pk])
    return redirect(f"{page}#rule-{key}" if key in keys else page)


ACTS = {
    "ask": (states.ask_review, gettext_lazy("Pemeriksaan diminta. Atasan lain menerbitkannya.")),
    "back": (states.back_to_draft, gettext_lazy("Versi ini menjadi rancangan lagi.")),
    "withdraw": (states.withdraw, gettext_lazy("Rancangan ditarik.")),
}


@access.supervisor
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """`do`: ask, back or withdraw (with `why`), or copy: a new draft from this version."""
    found = get_object_or_404(of_office(request), pk=pk)
    do = request.POST.get("do", "")
    if do == "copy":
        draft = drafts.from_version(found, by=request.actor)
        messages.success(
            request, _("Rancangan versi %(new)s disalin dari versi %(old)s.") % {"new": draft.version, "old": found.version}
        )  # fmt: skip
        return redirect("panel:standard_edit", draft.pk)
    if do not in ACTS:
        raise Http404
    move, said = ACTS[do]
    try:
        move(found, by=request.actor, why=" ".join(request.POST.get("why", "").split())[:300])
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, str(said))
    return redirect("panel:standard", pk)
