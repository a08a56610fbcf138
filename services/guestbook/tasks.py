"""What the worker does for the guest book."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from services.guestbook import contact


@app.task(name=contact.TASK, retry=RetryStrategy(max_attempts=4, linear_wait=20))
def send_contact_codes(batch: str, language: str, site: str) -> None:
    """A mail server that is away for a minute delays a code; what is older than the code's life is not sent."""
    contact.send(batch, language, site)
