"""Telling open screens that something changed: PostgreSQL NOTIFY, sent when the transaction commits.

A message carries an office and a topic name, never data: a screen refetches its fragment through the
ordinary URL and its permission check.
"""

from django.db import connection

QUEUE = "queue"  # who waits, who is called
VISITS = "visits"  # who is in the house, and where in the procedure
DEVICES = "devices"  # paired tablets and TVs
COMPLAINTS = "complaints"
CONSULTATIONS = "consultations"  # what was asked and answered; of one: consultation-<key>
ANNOUNCEMENTS = "announcements"  # the TV's strip
STOCK = "stock"  # what was scanned at the shelves
MAIL = "mail"  # mails that came in, that wait, went out or failed
OF_STAFF = "complaint"  # topics that begin so are told to officers alone: not to tickets, tablets and the TV
SOFTCOPIES = "softcopies"  # files that are being checked


def channel(office_code: str) -> str:
    """The NOTIFY channel of an office; one per office, so that others' screens are not woken."""
    return f"pst_{office_code}"


def publish(office_code: str, *topics: str) -> None:
    """Wake the office's screens that show these topics, once the running transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic",
            [channel(office_code), list(topics)],
        )
