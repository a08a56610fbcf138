"""What the worker does for the outbox."""

from __future__ import annotations

from procrastinate.contrib.django import app

from services.mail import outbox


@app.task(name=outbox.TASK)
def send_mail(pk: int) -> None:
    """As soon as it is written. Whatever becomes of it stands in its row, so the job itself never fails by a server."""
    outbox.send(pk)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="mail.sweep")
def sweep_outbox(timestamp: int) -> None:
    outbox.sweep()
