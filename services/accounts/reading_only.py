"""The PST computer is for reading: no file leaves by it, whatever the address (requirement row 19, standard BT6).

The device's cookie decides, not what its pages show. Officers' pages are not meant: whoever signs in there is an officer.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from services.accounts import devices
from services.accounts.models import Purpose
from services.offices.current import enter


def at(request: HttpRequest) -> bool:
    """Whether this browser calls itself a PST computer: enough to decide what a page offers."""
    return devices.cookie_name(Purpose.READER) in request.COOKIES


def is_file(response: HttpResponseBase) -> bool:
    """What a browser would save, or show with a button that saves it."""
    kind = response.get("Content-Type", "").partition(";")[0]
    return "attachment" in response.get("Content-Disposition", "") or kind == "application/pdf"


def instead(request: HttpRequest) -> HttpResponse | None:
    """The page that says why not; None on any other device."""
    device = devices.find(request, Purpose.READER)
    if device is None:
        return None
    enter(request, device.office)
    return render(request, "accounts/reading_only.html", status=403)
