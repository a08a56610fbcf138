"""The first day of an office, step by step. Nothing of it is stored: what is there says how far one has come, so it can be left
and continued, and every page also stands alone. `?mulai=1` in a page's address: opened as a step of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from pst.setup.state import State
from services.accounts.http import Request

MARK = "mulai"


@dataclass(frozen=True)
class Step:
    """`rooms`: what has to be in order in the overview for this step to be done."""

    url_name: str
    title: Any
    rooms: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"{reverse(self.url_name)}?{MARK}=1"


STEPS = (
    Step("setup:office", gettext_lazy("Data kantor"), ("office",)),
    Step("setup:hours", gettext_lazy("Jam layanan"), ("hours",)),
    Step("setup:services", gettext_lazy("Layanan dan standarnya"), ("services",)),
    Step("setup:counters", gettext_lazy("Loket"), ("counters",)),
    Step("setup:lockers", gettext_lazy("Loker"), ("lockers",)),
    Step("setup:staff", gettext_lazy("Petugas"), ("staff",)),
    Step("setup:devices", gettext_lazy("Tablet, TV, printer"), ("devices",)),
    Step("setup:trial", gettext_lazy("Tiket uji"), ("trial",)),
)


def walking(request: Request) -> bool:
    return MARK in request.GET


def bar(request: Request) -> dict[str, Any] | None:
    """Where in the walk this page is, for setup/_walk.html; None for a page that stands alone."""
    if not walking(request):
        return None
    name = str(request.resolver_match and request.resolver_match.view_name)
    number = next((n for n, step in enumerate(STEPS) if step.url_name == name), None)
    if number is None:
        return {"inside": True}
    after = STEPS[number + 1] if number + 1 < len(STEPS) else None
    return {
        "number": number + 1, "count": len(STEPS), "title": STEPS[number].title,
        "before": STEPS[number - 1].url if number else "", "next": after.url if after else reverse("setup:start"),
        "next_title": after.title if after else gettext_lazy("Selesai"),
    }  # fmt: skip


def page(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A room of the set-up, with the walk's bar above it when it was opened from there."""
    return render(request, template, {**context, "walk": bar(request)}, status=status)


def address(request: Request, url_name: str, *args: Any) -> str:
    """Of another room, within the walk when this one is."""
    url = reverse(url_name, args=args)
    return f"{url}?{MARK}=1" if walking(request) else url


def back(request: Request, url_name: str, *args: Any) -> HttpResponse:
    return redirect(address(request, url_name, *args))


def progress(state: State) -> list[dict[str, Any]]:
    """For components/steps.html: the first that is not done is where to go on."""
    levels = {room.key: room.level for room in state.rooms}
    notes = {room.key: room.text for room in state.rooms}
    rows, current = [], False
    for step in STEPS:
        done = all(levels[key] != "todo" for key in step.rooms)
        here = not done and not current
        current = current or here
        rows.append(
            {
                "title": step.title, "url": step.url, "text": notes[step.rooms[0]],
                "state": "done" if done else "current" if here else "todo",
            }
        )  # fmt: skip
    return rows
