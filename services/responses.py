"""How a view answers a change: a fragment asker gets an event and a toast, a plain form post a redirect."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from services.workflow import IllegalMove

CHANGED = "changed"  # the DOM event on which the desk's pieces refetch themselves


def changed(request: HttpRequest, to: str, text: str = "", level: str = "success") -> HttpResponse:
    """The change is made. `to` is where a plain post goes; `text` is said to the person either way."""
    if getattr(request, "htmx", False):
        triggers: dict[str, Any] = {CHANGED: True}
        if text:
            triggers["toast"] = {"level": level, "text": text}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(triggers)})
    if text:
        messages.add_message(request, messages.ERROR if level == "error" else messages.SUCCESS, text)
    return redirect(to)


def explains(to: str) -> Callable[[Callable], Callable]:
    """A move that is no longer possible (somebody else was faster) is told in words, not as an error page."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except IllegalMove as problem:
                return changed(request, to, str(problem), level="error")

        return wrapped

    return decorate
