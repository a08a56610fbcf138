"""Whether a copy's number is genuine: open to everybody, and it names nobody."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from library.digital import ranges, serials
from library.models import MarkedCopy
from services.accounts import access, limits
from services.accounts.http import Request


@access.public
@never_cache
def verify(request: Request) -> HttpResponse:
    """`nomor`: as somebody typed it."""
    typed = request.GET.get("nomor", "").replace("\0", "")[:200].strip()
    if not typed:
        return render(request, "library/verify.html")
    if serial := serials.read(typed):
        return redirect("library:verify_one", serial=serial)
    return _said(request, typed, None)


@access.public
@never_cache
def one(request: Request, serial: str) -> HttpResponse:
    """One answer for every number that is not ours, however near it is."""
    return _said(request, serial[:200], serials.read(serial))


def _said(request: Request, typed: str, serial: str | None) -> HttpResponse:
    if limits.exceeded(request, "serial"):
        return render(
            request, "library/verify.html", {"typed": typed, "problem": limits.words()}, status=429
        )  # fmt: skip
    rows = MarkedCopy.objects.select_related("publication", "office")
    copy = rows.filter(serial=serial).first() if serial else None
    if copy is None:
        return render(request, "library/verify.html", {"typed": typed, "unknown": True}, status=404)
    context = {
        "typed": copy.serial, "copy": copy, "pages": ranges.words(copy.pages), "name": masked(copy.name),
        "made": copy.office.local(copy.made_at),
    }  # fmt: skip
    return render(request, "library/verify.html", context)


def masked(name: str) -> str:
    """ "Sitti Rahma" as "S*** R***": who knows whose it is sees it, nobody learns it."""
    return " ".join(f"{word[0]}***" for word in name.split())
