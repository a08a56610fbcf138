"""What the worker does for the guest book."""

from __future__ import annotations

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

SEND = "guestbook.send_contact_codes"


def later(task: str, **arguments: Any) -> None:
    """Enqueued in the transaction that is open; arguments hold no personal data, a job is kept for a week."""
    app.configure_task(task).defer(**arguments)


@app.task(name=SEND, retry=RetryStrategy(max_attempts=4, linear_wait=20))
def send_contact_codes(batch: str, language: str, site: str) -> None:
    """A mail server that is away for a minute delays a code; what is older than the code's life is not sent."""
    from services.guestbook import contact

    contact.send(batch, language, site)
