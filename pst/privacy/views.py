"""What the supervisor sees of the rules about personal data: the policy, tonight's work, and what was done."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from pst.privacy import retention
from services.accounts import access
from services.accounts.http import Request
from services.audit.models import AuditEntry

RUNS_SHOWN = 14


@access.supervisor
@never_cache
def policy(request: Request) -> HttpResponse:
    """The numbers are those of all offices together: the rules are the deployment's, not an office's."""
    runs = AuditEntry.objects.filter(action="retention.applied").order_by("-pk")[:RUNS_SHOWN]
    context = {
        "due": retention.preview(),
        "elsewhere": retention.policy().elsewhere.values(),
        "runs": [(run.at, sum(run.detail.get("rows", {}).values())) for run in runs],
    }
    return render(request, "panel/privacy.html", context)
