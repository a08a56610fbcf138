"""The TV in the waiting room."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from queueing import selectors
from queueing.speech import call_text
from services.accounts import access
from services.accounts.http import Request
from services.offices.calendar import OfficeCalendar


@access.device("display")
@never_cache
def display(request: Request) -> HttpResponse:
    board = selectors.board(request.office)
    latest = max([*board.now, *board.earlier], key=lambda c: c.id, default=None)
    context = {
        "board": board,
        "spoken": [(c.id, call_text(c.number, c.counter)) for c in sorted(board.now, key=lambda c: c.id)],
        "latest": latest,
        "door": OfficeCalendar(request.office).state(),
    }
    template = "queueing/display.html#board" if request.htmx else "queueing/display.html"
    return render(request, template, context)
