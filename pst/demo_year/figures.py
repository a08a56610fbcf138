"""What a year amounts to, without keys, tokens and codes made by chance: the same for the same seed and end."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import connection

QUERIES = {
    "visits": "SELECT o.code, v.day, v.arrived_at, v.ended_at, v.end_reason, v.party_size, v.guest_book_channel, v.card_type FROM guestbook_visit v JOIN offices_office o ON o.id = v.office_id",
    "services": "SELECT s.number, s.state, s.started_at, s.ended_at, s.clock_started_at, s.clock_result, s.clock_reason FROM guestbook_visitservice s",
    "tickets": "SELECT o.code, t.day, t.prefix, t.number, t.state, t.calls, t.called_at, t.ended_at FROM queueing_ticket t JOIN offices_office o ON o.id = t.office_id",
    "people": "SELECT name, gender, birth_year, education, job, institution_category FROM guestbook_visitor",
    "steps": "SELECT kind, outcome, at FROM guestbook_visitstep",
    "deposits": "SELECT what, deposited_at, returned_at, outcome FROM lockers_deposit",
    "uses": "SELECT kind, what, at FROM library_libraryuse",
    "loans": "SELECT kind, state, out_at, due_on, back_at, renewals FROM library_loan",
    "marked copies": "SELECT kind, handed, made_at, pages FROM library_markedcopy",
    "ratings": "SELECT about, stars, reasons, at FROM ratings_rating",
    "answers": "SELECT r.day, r.channel, a.code, a.score, a.importance FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id",
    "consultations": "SELECT number, channel, state, submitted_at, first_answered_at, ended_at FROM consultation_consultation",
    "complaints": "SELECT kind, privacy, channel, element, state, created_at, decided_at, ended_at, satisfied FROM complaints_complaint",
    "appointments": "SELECT starts_at, state, created_at FROM queueing_appointment",
    "requests": "SELECT kind, channel, state, received_at, answered_at FROM privacy_privacyrequest",
    "trail": "SELECT action, count(*) FROM audit_auditentry WHERE target_type <> 'demo.year' GROUP BY action",
}  # fmt: skip


def figures() -> dict[str, dict[str, Any]]:
    """By kind: how many rows, and a digest of what stands in them, in whatever order they were written."""
    found = {}
    with connection.cursor() as cursor:
        for kind, query in QUERIES.items():
            cursor.execute(
                f"SELECT count(*), md5(coalesce(string_agg(h, '' ORDER BY h), '')) FROM (SELECT md5(q::text) AS h FROM ({query}) q) x"  # noqa: S608 (constants)
            )
            rows, digest = cursor.fetchone()
            found[kind] = {"rows": rows, "digest": digest}
    return found


def digest() -> str:
    return hashlib.sha256(json.dumps(figures(), sort_keys=True).encode()).hexdigest()
