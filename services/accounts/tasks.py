"""Forgetting what is no longer needed: pairing codes, log-in attempts and their addresses, old sessions."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from services.accounts import limits
from services.accounts.models import Pairing

KEEP_ATTEMPTS = timedelta(days=1)  # far longer than a lock-out lasts
KEEP_LOG = timedelta(
    days=90
)  # who logged in from where: personal data, kept as long as an inquiry may need it


@app.periodic(cron="40 * * * *")
@app.task
def forget_expired(timestamp: int) -> None:
    now = timezone.now()
    Pairing.objects.filter(created_at__lt=now - Pairing.LIFETIME).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - KEEP_ATTEMPTS).delete()
    for model in (AccessLog, AccessFailureLog):
        model.objects.filter(attempt_time__lt=now - KEEP_LOG).delete()
    limits.forget()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
