"""One reader's books: theirs alone to see (docs/decisions/021)."""

from __future__ import annotations

from datetime import date
from typing import Any

from library import lines
from library.models import Hold, Loan
from library.workflows.circulation import can_renew
from services.guestbook.models import Visitor

State = Loan.State


def books(people: list[Visitor], today: date) -> dict[str, Any]:
    """What the records of one person lead to: books in hand, places in lines, and what is back and not forgotten yet."""
    loans = (
        Loan.objects.filter(visitor__in=people)
        .select_related("copy__publication", "copy__office")
        .order_by("-out_at")
    )
    holds = Hold.objects.filter(visitor__in=people, state__in=(Hold.State.WAITING, Hold.State.READY))
    return {
        "books_out": [
            (loan, loan.overdue(today), can_renew(loan, today))
            for loan in loans
            if loan.state in (State.OUT, State.LOST)
        ],
        "books_back": [loan for loan in loans if loan.state in (State.RETURNED, State.DAMAGED)],
        "holds": [
            (hold, hold.before + 1)
            for hold in holds.annotate(before=lines.ahead()).select_related("publication").order_by("pk")
        ],
    }
