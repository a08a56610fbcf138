"""Until when all that was written can be seen.

A record is dated when it is written and seen when its transaction ends: an import's is minutes later. A harvester that
asks in between and comes again from the date of that answer on would never hear of it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

OLDEST = """
    SELECT min(xact_start) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def settled(now: datetime) -> datetime:
    """Now, or when the oldest transaction began that still runs. Ask before reading the records."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        oldest = cursor.fetchone()[0]
    return min(now, oldest) if oldest else now
