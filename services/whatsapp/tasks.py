"""What the worker does for WhatsApp messages that go out."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from services.whatsapp import outbox, statuses
from services.whatsapp.models import OutgoingWhatsApp, StatusSeen

KEPT = timedelta(days=90)
UNREAD = timedelta(days=3)


@app.task(name=outbox.TASK)
def send_whatsapp(pk: int) -> None:
    """As soon as it is written. Whatever becomes of it stands in its row."""
    outbox.send(pk)


@app.task(name=statuses.TASK)
def apply_status(pk: int) -> None:
    statuses.apply(pk)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="whatsapp.sweep")
def sweep_whatsapp(timestamp: int) -> None:
    outbox.sweep()


@app.periodic(cron="55 18 * * *")
@app.task
def forget_whatsapp(timestamp: int) -> None:
    """Every night: old statuses, and the texts of messages that were sent and of which nothing was heard for days."""
    now = timezone.now()
    StatusSeen.objects.filter(at__lt=now - KEPT).delete()
    sent = OutgoingWhatsApp.objects.filter(state=OutgoingWhatsApp.State.SENT, sent_at__lt=now - UNREAD)
    sent.exclude(text="").update(text="")
