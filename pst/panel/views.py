"""The supervisor's first rooms: the standards with their rules to confirm, and the promise of the day."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from services.accounts import access
from services.accounts.http import Request
from services.guestbook.models import VisitService
from services.offices.models import Standard
from services.offices.rule_names import RULE_NAMES, show_value
from services.offices.sections import sections
from services.offices.workflows import confirm_rules


def _standards(request: Request):
    return Standard.objects.filter(service__office=request.office).select_related("service__office")


@access.supervisor
def standards(request: Request) -> HttpResponse:
    """Every standard of the office, what waits for confirmation, and how today's promises stand."""
    rows = (
        _standards(request)
        .filter(status=Standard.Status.PUBLISHED)
        .annotate(open_rules=Count("rule_set", filter=Q(rule_set__confirmed_at=None)))
    )
    today = VisitService.objects.filter(
        office=request.office, visit__day=request.office.today(timezone.now())
    )
    tally = today.aggregate(
        kept=Count("id", filter=Q(clock_result="kept")),
        missed=Count("id", filter=Q(clock_result="missed")),
        excluded=Count("id", filter=Q(clock_result="excluded")),
        running=Count("id", filter=Q(clock_result="running")),
    )
    return render(request, "panel/standards.html", {"standards": rows, "tally": tally})


@access.supervisor
def standard(request: Request, pk: int) -> HttpResponse:
    """The rules beside the sentences they were read from; what could not be placed; what was corrected."""
    standard = get_object_or_404(_standards(request).prefetch_related("items"), pk=pk)
    texts = {(i.section, i.position): i.text for i in standard.items.all()}
    rules = [
        {
            "rule": rule,
            "name": RULE_NAMES.get(rule.key, rule.key),
            "value": show_value(rule.key, rule.value),
            "texts": [texts[tuple(e)] for e in rule.evidence if tuple(e) in texts],
        }
        for rule in standard.rule_set.select_related("confirmed_by")
    ]
    order = list(RULE_NAMES)
    rules.sort(key=lambda r: order.index(r["rule"].key) if r["rule"].key in order else len(order))
    context = {"standard": standard, "rules": rules, "sections": sections(standard)}
    return render(request, "panel/standard.html", context)


@access.supervisor
@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """The supervisor has read the rules and stands by them: one of them, or all still open."""
    standard = get_object_or_404(_standards(request), pk=pk)
    key = request.POST.get("key", "")[:40]
    keys = confirm_rules(standard, by=request.actor, key=key)
    if keys:
        messages.success(request, _("%d aturan dikonfirmasi.") % len(keys))
    page = reverse("panel:standard", args=[pk])
    return redirect(f"{page}#rule-{key}" if key in keys else page)
