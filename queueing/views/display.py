"""The TV in the waiting room."""

from __future__ import annotations

import json
from functools import cache

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing import speech
from queueing.announcements import strip
from queueing.board import board
from queueing.views.announcements import picture_response
from services.accounts import access, devices
from services.accounts.http import Request
from services.live.release import release
from services.offices.calendar import OfficeCalendar

# What the TV may report about its sound → the words (a msgid) for whoever reads the list of devices.
SOUND_FAULTS = {
    "locked": gettext_noop("Suara belum aktif. Ketuk layar TV satu kali."),
    "broken": gettext_noop("Suara panggilan tidak dapat diputar pada TV ini."),
}


@cache
def recordings() -> str:
    """The address of each recording, for the script that joins them."""
    return json.dumps({name: static(f"audio/{name}.mp3") for name in speech.recordings()})


@access.device("display")
@never_cache
def display(request: Request) -> HttpResponse:
    """The page; for HTMX the board, or the strip when that is what is asked for."""
    if request.htmx and request.htmx.target == "strip":
        return render(request, "queueing/display.html#strip", _strip(request))
    shown = board(request.office)
    context = {
        "board": shown,
        "latest": max([*shown.now, *shown.earlier], key=lambda c: c.id, default=None),
        "door": OfficeCalendar(request.office).state(),
        "release": release(),
    }
    if request.htmx:
        return render(request, "queueing/display.html#board", context)
    context |= {"recordings": recordings(), **_strip(request)}
    return render(request, "queueing/display.html", context)


def _strip(request: Request) -> dict:
    return {"strip": strip(request.office, request.office.today())}


@access.device("display")
@require_POST
def sound(request: Request) -> HttpResponse:
    """The TV says how its sound is: "ok", "locked" (nobody has tapped it yet) or "broken"."""
    state = request.POST.get("state", "")
    if state != "ok" and state not in SOUND_FAULTS:
        return HttpResponse(status=422)
    devices.report_fault(request.device, fault=SOUND_FAULTS.get(state, ""), by=request.actor)
    return HttpResponse(status=204)


@access.device("display")
def picture(request: Request, name: str) -> FileResponse:
    """A picture of the strip."""
    return picture_response(request.office, name)
