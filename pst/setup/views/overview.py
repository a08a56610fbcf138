"""The overview of the set-up, the first day step by step, and the page of the devices."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pst.setup import steps
from pst.setup.state import State
from queueing.devices import equipment
from services.accounts import access
from services.accounts.http import Request


@access.supervisor
@require_safe
@never_cache
def overview(request: Request) -> HttpResponse:
    """Every room with its state."""
    return render(request, "setup/overview.html", {"state": State(request.office)})


@access.supervisor
@require_safe
@never_cache
def start(request: Request) -> HttpResponse:
    """The first day: what is done, and where to go on."""
    state = State(request.office)
    rows = steps.progress(state)
    done = sum(row["state"] == "done" for row in rows)
    current = next((row for row in rows if row["state"] == "current"), None)
    context = {"steps": rows, "done": done, "current": current, "unusual": state.unusual}
    return render(request, "setup/start.html", context)


@access.supervisor
@require_safe
@never_cache
def devices(request: Request) -> HttpResponse:
    """What is paired, and how to pair; the pairing itself is done at the desk's own page."""
    return steps.page(request, "setup/devices.html", {"pieces": equipment(request.office)})
