"""Counting what was enough before a question was sent: nobody's name, one row a day for each thing."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone

from services.offices.models import Office

COUNT = """
    INSERT INTO consultation_suggested (day, office_id, kind, key, enough) VALUES (%s, %s, %s, %s, 1)
    ON CONFLICT (day, office_id, kind, key)
    DO UPDATE SET enough = consultation_suggested.enough + 1
"""


def enough(*, kind: str, key: str, office: Office | None, at: datetime | None = None) -> None:
    """ "This answered it"."""
    day = office.today(at) if office else timezone.localdate(at)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [day, office.pk if office else None, kind, key])
