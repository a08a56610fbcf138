# ruff: noqa: S608 (all queries are made of names and constants of our own)
"""What the software keeps true of itself, asked of all rows: `check_invariants` names every rule that is broken, and how often.

Each rule is a query of its own that finds the broken rows; nothing here knows how the rows were made. Good for any database, and a
demo year must be clean. What the database itself holds by constraints is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection
from django.utils import timezone

AT_COUNTER_END = "interval '3 hours'"  # after closing the last of a long queue are still served


@dataclass(frozen=True)
class Rule:
    """`rows`: a SELECT of what breaks it; `{visit}` and the like stand for tables."""

    name: str
    rows: str


RULES = (
    Rule("an ended visit holds nothing", "SELECT id FROM guestbook_visit WHERE ended_at IS NOT NULL AND held_items <> 0"),
    Rule(
        "held items are the open deposits",
        "SELECT v.id FROM guestbook_visit v LEFT JOIN (SELECT visit_id, count(*) n FROM lockers_deposit WHERE returned_at IS NULL GROUP BY visit_id) d ON d.visit_id = v.id WHERE v.held_items <> coalesce(d.n, 0)",
    ),
    Rule("an ended visit has a reason", "SELECT id FROM guestbook_visit WHERE (ended_at IS NULL) <> (end_reason = '')"),
    Rule(
        "a visit's day is the office's own",
        "SELECT v.id FROM guestbook_visit v JOIN offices_office o ON o.id = v.office_id WHERE v.day <> (v.arrived_at AT TIME ZONE o.time_zone)::date",
    ),
    Rule(
        "an ended visit has no service that goes on",
        "SELECT s.id FROM guestbook_visitservice s JOIN guestbook_visit v ON v.id = s.visit_id WHERE v.ended_at IS NOT NULL AND s.state IN ('waiting', 'serving')",
    ),
    Rule("every visit is for a service", "SELECT v.id FROM guestbook_visit v WHERE NOT EXISTS (SELECT 1 FROM guestbook_visitservice s WHERE s.visit_id = v.id)"),
    Rule(
        "served times run forward, within the visit",
        "SELECT s.id FROM guestbook_visitservice s JOIN guestbook_visit v ON v.id = s.visit_id WHERE s.started_at < v.arrived_at OR s.ended_at < s.started_at OR s.ended_at > v.ended_at",
    ),
    Rule("who is done was served by somebody's start", "SELECT id FROM guestbook_visitservice WHERE state = 'done' AND started_at IS NULL"),
    Rule(
        "a signed book has a consent, and a visitor only with one",
        "SELECT v.id FROM guestbook_visit v LEFT JOIN guestbook_consent c ON c.visit_id = v.id WHERE (v.guest_book_at IS NOT NULL) <> (c.id IS NOT NULL) OR (v.visitor_id IS NOT NULL AND NOT coalesce(c.given, false))",
    ),
    Rule(
        "a book is signed between arrival and end",
        "SELECT id FROM guestbook_visit WHERE guest_book_at < arrived_at OR (guest_book_at > ended_at AND guest_book_channel <> 'paper')",
    ),
    # -- the clock of the promise (services.guestbook.clocks)
    Rule(
        "a promise is due after its minutes",
        "SELECT s.id FROM guestbook_visitservice s JOIN offices_office o ON o.id = s.office_id WHERE s.clock_started_at IS NOT NULL AND NOT o.break_pauses_promise AND NOT s.clock_over_break AND s.clock_due_at <> s.clock_started_at + s.clock_minutes * interval '1 minute'",
    ),
    Rule("a started promise has a due time", "SELECT id FROM guestbook_visitservice WHERE (clock_started_at IS NULL) <> (clock_due_at IS NULL)"),
    Rule(
        "kept and missed are what the times say",
        "SELECT id FROM guestbook_visitservice WHERE (clock_result = 'kept' AND clock_stopped_at > clock_due_at) OR (clock_result = 'missed' AND (clock_stopped_at IS NULL OR clock_due_at IS NULL OR clock_stopped_at <= clock_due_at))",
    ),
    Rule(
        "a promise stops when service begins, not before it runs",
        "SELECT id FROM guestbook_visitservice WHERE clock_stopped_at <> started_at OR clock_started_at > clock_stopped_at",
    ),
    Rule("kept or missed were measured", "SELECT id FROM guestbook_visitservice WHERE clock_result IN ('kept', 'missed') AND clock_stopped_at IS NULL"),
    Rule("nothing runs in a visit that is over", "SELECT s.id FROM guestbook_visitservice s JOIN guestbook_visit v ON v.id = s.visit_id WHERE v.ended_at IS NOT NULL AND s.clock_minutes IS NOT NULL AND s.clock_result IN ('', 'running')"),
    Rule(
        "from the guest book means from the guest book",
        "SELECT s.id FROM guestbook_visitservice s JOIN guestbook_visit v ON v.id = s.visit_id WHERE s.clock_start_event = 'guest_book' AND s.clock_started_at < v.guest_book_at",
    ),
    Rule(
        "what ran in an interruption is not counted, and only that",
        "SELECT s.id FROM guestbook_visitservice s LEFT JOIN LATERAL (SELECT i.kind FROM guestbook_interruption i WHERE i.office_id = s.office_id AND i.withdrawn_at IS NULL AND s.clock_started_at < i.ended_at AND least(s.clock_stopped_at, s.clock_due_at) > i.started_at ORDER BY i.id LIMIT 1) i ON true WHERE (s.clock_result IN ('running', 'kept', 'missed') AND i.kind IS NOT NULL) OR (s.clock_result = 'excluded' AND s.clock_reason IN ('power_cut', 'network', 'emergency') AND s.clock_reason IS DISTINCT FROM i.kind)",
    ),
    Rule(
        "nobody is served where the calendar has the office closed",
        "SELECT s.id FROM guestbook_visitservice s JOIN guestbook_visit v ON v.id = s.visit_id JOIN offices_office o ON o.id = s.office_id LEFT JOIN offices_servicehours h ON h.office_id = o.id AND h.weekday = extract(isodow FROM v.day) - 1 LEFT JOIN offices_hoursexception e ON e.office_id = o.id AND e.date = v.day LEFT JOIN LATERAL (SELECT c.kind FROM offices_calendarday c WHERE c.date = v.day AND (c.office_id = o.id OR c.office_id IS NULL) ORDER BY c.office_id NULLS LAST LIMIT 1) c ON true WHERE s.started_at IS NOT NULL AND ((e.id IS NULL AND (h.opens IS NULL OR coalesce(c.kind, 'working') <> 'working' OR (s.started_at AT TIME ZONE o.time_zone)::time < h.opens OR s.started_at AT TIME ZONE o.time_zone > v.day + h.closes + "
        f"{AT_COUNTER_END})) OR (e.id IS NOT NULL AND (e.opens IS NULL OR (s.started_at AT TIME ZONE o.time_zone)::time < e.opens)))",
    ),
    # -- tickets and numbers
    Rule(
        "a ticket belongs to its visit's office, day and service",
        "SELECT t.id FROM queueing_ticket t JOIN guestbook_visitservice s ON s.id = t.received_id JOIN guestbook_visit v ON v.id = s.visit_id WHERE t.office_id <> v.office_id OR t.day <> v.day OR t.service_id <> s.service_id OR s.number <> t.prefix || lpad(t.number::text, greatest(3, length(t.number::text)), '0')",
    ),
    Rule("a numbered visit has its ticket", "SELECT s.id FROM guestbook_visitservice s LEFT JOIN queueing_ticket t ON t.received_id = s.id WHERE s.number <> '' AND t.id IS NULL"),
    Rule(
        "numbers of a day have no gaps",
        "SELECT office_id FROM queueing_ticket WHERE NOT manual GROUP BY office_id, day, prefix HAVING max(number) - min(number) + 1 <> count(*)",
    ),
    Rule(
        "the sequence stands at the last number",
        "SELECT t.office_id FROM (SELECT office_id, day, prefix, max(number) AS last FROM queueing_ticket WHERE NOT manual GROUP BY 1, 2, 3) t LEFT JOIN queueing_numbersequence n USING (office_id, day, prefix) WHERE n.last IS NULL OR n.last <> t.last",
    ),
    Rule(
        "a paper number stands on a printed slip",
        "SELECT t.id FROM queueing_ticket t WHERE t.manual AND NOT EXISTS (SELECT 1 FROM queueing_slipblock b WHERE b.service_id = t.service_id AND t.number BETWEEN b.first AND b.last)",
    ),
    Rule(
        "a ticket's times run forward",
        "SELECT id FROM queueing_ticket WHERE first_called_at < issued_at OR called_at < first_called_at OR ended_at < coalesce(called_at, issued_at)",
    ),
    Rule(
        "a ticket and its service agree",
        "SELECT t.id FROM queueing_ticket t JOIN guestbook_visitservice s ON s.id = t.received_id WHERE (s.state = 'done' AND t.state <> 'finished') OR (t.state IN ('no_show', 'cancelled') AND s.state <> 'cancelled')",
    ),
    Rule("a number over has an end", "SELECT id FROM queueing_ticket WHERE state IN ('finished', 'no_show', 'cancelled') AND ended_at IS NULL"),
    Rule("no number waits on a day that is over", "SELECT t.id FROM queueing_ticket t JOIN guestbook_visitservice s ON s.id = t.received_id JOIN guestbook_visit v ON v.id = s.visit_id WHERE v.ended_at IS NOT NULL AND t.state NOT IN ('finished', 'no_show', 'cancelled')"),
    Rule(
        "no counter has two people at once",
        "SELECT id FROM (SELECT id, ended_at, lead(called_at) OVER (PARTITION BY counter_id ORDER BY called_at) AS next FROM queueing_ticket WHERE counter_id IS NOT NULL AND NOT manual) t WHERE next < ended_at",
    ),
    Rule("who came by appointment has a ticket", "SELECT id FROM queueing_appointment WHERE (state = 'checked_in') AND ticket_id IS NULL"),
    # -- lockers
    Rule(
        "no locker holds two bags at once",
        "SELECT id FROM (SELECT id, coalesce(returned_at, 'infinity') AS until, lead(deposited_at) OVER (PARTITION BY locker_id, what = 'bag' ORDER BY deposited_at) AS next FROM lockers_deposit WHERE locker_id IS NOT NULL) d WHERE next < until",
    ),
    Rule("what came back came after it was given", "SELECT id FROM lockers_deposit WHERE returned_at < deposited_at OR (returned_at IS NULL) <> (outcome = '')"),
    # -- library
    Rule(
        "no copy is in two hands at once",
        "SELECT id FROM (SELECT id, CASE state WHEN 'out' THEN 'infinity' ELSE coalesce(back_at, out_at) END AS until, lead(out_at) OVER (PARTITION BY copy_id ORDER BY out_at, id) AS next FROM library_loan) l WHERE next < until",
    ),
    Rule("a copy that is out stands so in the catalogue", "SELECT c.id FROM library_copy c LEFT JOIN library_loan l ON l.copy_id = c.id AND l.state = 'out' WHERE (c.state = 'out') <> (l.id IS NOT NULL)"),
    Rule("a book back has a time", "SELECT id FROM library_loan WHERE state IN ('returned', 'damaged') AND back_at IS NULL OR back_at < out_at"),
    Rule(
        "an excerpt stays under the cap unless a supervisor allowed more",
        "SELECT m.visitor_id FROM library_markedcopy m JOIN library_digitalcopy d ON d.id = m.digital_id CROSS JOIN LATERAL unnest(m.pages) AS page WHERE m.kind = 'excerpt' AND m.visitor_id IS NOT NULL GROUP BY m.visitor_id, m.publication_id HAVING count(DISTINCT page) > max(d.pages) * 20 / 100 AND NOT bool_or(m.allowed_by_id IS NOT NULL)",
    ),
    # -- consultations and complaints
    Rule("one number for each consultation of an office and year, without gaps", "SELECT left(number, 8) FROM consultation_consultation GROUP BY left(number, 8) HAVING max(substr(number, 10)::int) <> count(*)"),
    Rule(
        "the counter stands at the last consultation",
        "SELECT c.id FROM consultation_consultationcounter c JOIN offices_office o ON o.id = c.office_id WHERE c.last < (SELECT max(substr(number, 10)::int) FROM consultation_consultation WHERE number LIKE 'K' || o.code || '-' || lpad((c.year % 100)::text, 2, '0') || '-%%')",
    ),
    Rule(
        "a consultation is due when its running round is",
        "SELECT c.id FROM consultation_consultation c JOIN consultation_round r ON r.consultation_id = c.id AND r.ended_at IS NULL WHERE c.state IN ('submitted', 'assigned', 'reopened') AND c.due_at IS DISTINCT FROM r.due_at",
    ),
    Rule(
        "over means no round and no pause runs",
        "SELECT c.id FROM consultation_consultation c JOIN consultation_round r ON r.consultation_id = c.id LEFT JOIN consultation_pause p ON p.round_id = r.id AND p.until IS NULL WHERE c.state IN ('closed', 'auto_closed') AND (r.ended_at IS NULL OR p.id IS NOT NULL OR c.ended_at IS NULL)",
    ),
    Rule("awaited since long means closed", "SELECT id FROM consultation_consultation WHERE closes_at < now() - interval '3 days'"),
    Rule("times of a consultation run forward", "SELECT id FROM consultation_consultation WHERE first_answered_at < submitted_at OR ended_at < submitted_at OR updated_at < submitted_at"),
    Rule("a complaint that is the office's turn is due", "SELECT id FROM complaints_complaint WHERE (state IN ('received', 'handled') AND due_at IS NULL) OR (state IN ('incomplete', 'answered') AND awaited_until IS NULL)"),
    Rule("an anonymous complaint has no identity", "SELECT c.id FROM complaints_complaint c JOIN complaints_identity i ON i.complaint_id = c.id WHERE c.privacy = 'anonymous'"),
    Rule("a decided complaint has an answer", "SELECT c.id FROM complaints_complaint c WHERE c.decided_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM complaints_message m WHERE m.complaint_id = c.id AND m.who = 'office')"),
    # -- ratings, surveys, privacy
    Rule("not more ratings than people", "SELECT r.received_id FROM ratings_rating r JOIN guestbook_visitservice s ON s.id = r.received_id JOIN guestbook_visit v ON v.id = s.visit_id GROUP BY r.received_id, v.party_size HAVING count(*) > v.party_size"),
    Rule("rated is what is done", "SELECT r.id FROM ratings_rating r JOIN guestbook_visitservice s ON s.id = r.received_id WHERE s.state <> 'done' OR r.at < s.ended_at OR r.at > s.ended_at + interval '7 days'"),
    Rule(
        "a questionnaire is whole",
        "SELECT r.id FROM surveys_response r JOIN surveys_instrument i ON i.id = r.instrument_id LEFT JOIN (SELECT response_id, count(*) n FROM surveys_answer GROUP BY 1) a ON a.response_id = r.id WHERE coalesce(a.n, 0) <> jsonb_array_length(i.content -> 'questions')",
    ),
    Rule("a request has 72 hours", "SELECT id FROM privacy_privacyrequest WHERE due_at <> received_at + interval '72 hours' OR answered_at < received_at"),
    Rule(
        "withdrawn and erased people are empty",
        "SELECT v.id FROM privacy_privacyrequest r JOIN guestbook_visitor v ON v.id = r.visitor_id WHERE r.state = 'done' AND r.kind IN ('withdrawal', 'erasure') AND (v.name <> '' OR v.email <> '' OR v.phone <> '')",
    ),
    # -- office walls
    Rule("a visit's visitor is of its office", "SELECT v.id FROM guestbook_visit v JOIN guestbook_visitor p ON p.id = v.visitor_id WHERE p.office_id <> v.office_id"),
    Rule("a service received is of its visit's office", "SELECT s.id FROM guestbook_visitservice s JOIN guestbook_visit v ON v.id = s.visit_id JOIN offices_service o ON o.id = s.service_id WHERE s.office_id <> v.office_id OR o.office_id <> v.office_id"),
    Rule(
        "nothing is written of a time to come",
        "SELECT id FROM audit_auditentry WHERE at > clock_timestamp() + interval '1 minute' UNION ALL SELECT id FROM guestbook_visit WHERE ended_at > clock_timestamp() UNION ALL SELECT id FROM ratings_rating WHERE at > clock_timestamp() UNION ALL SELECT id FROM consultation_message WHERE at > clock_timestamp() UNION ALL SELECT id FROM complaints_message WHERE at > clock_timestamp() UNION ALL SELECT id FROM library_loan WHERE back_at > clock_timestamp()",
    ),
)  # fmt: skip


def check_invariants(at: datetime | None = None) -> list[str]:
    """Every broken rule in words, with how often and one example; empty when all is well. `at`: instead of now."""
    faults = []
    now = f"'{(at or timezone.now()).isoformat()}'::timestamptz"
    with connection.cursor() as cursor:
        for rule in [*RULES, *_machines()]:
            cursor.execute(
                f"SELECT count(*), min(x::text) FROM ({rule.rows.replace('now()', now)}) AS broken(x)"
            )
            count, example = cursor.fetchone()
            if count:
                faults.append(f"{rule.name}: {count} (for instance {example})")
    return faults


def _machines() -> Iterator[Rule]:
    """Of each thing with states: its steps are moves of its dict in the order of time, and end in the state it has."""
    for model in apps.get_models():
        moves, step = (
            getattr(model, "MOVES", None),
            next((r.related_model for r in model._meta.related_objects if r.name == "steps"), None),
        )
        if not moves or step is None or not hasattr(model, "state"):
            continue
        allowed = (
            {(a, b) for a, to in moves.items() for b in to}
            | {(a, a) for a in moves}
            | set(MORE.get(model._meta.label, ()))
        )
        allowed |= {(a, b) for a, to in getattr(model, "UNDO", {}).items() for b in to}
        pairs = ", ".join(f"('{a}', '{b}')" for a, b in sorted(allowed))
        table, steps = model._meta.db_table, step._meta.db_table
        ordered = f"SELECT subject_id, state, at, why, lead(state) OVER w AS next, lead(at) OVER w AS then FROM {steps} WINDOW w AS (PARTITION BY subject_id ORDER BY id)"
        yield Rule(
            f"steps of {model._meta.label} are moves, in order of time",
            f"SELECT subject_id FROM ({ordered}) s WHERE next IS NOT NULL AND ((state, next) NOT IN ({pairs}) OR s.then < at)",
        )
        yield Rule(
            f"{model._meta.label} is in the state of its last step",
            f"SELECT m.id FROM {table} m LEFT JOIN LATERAL (SELECT state FROM {steps} s WHERE s.subject_id = m.id ORDER BY s.id DESC LIMIT 1) l ON true WHERE l.state IS DISTINCT FROM m.state",
        )


# Paper slips skip the call; a correction by its owner has one step.
MORE = {"queueing.Ticket": [("waiting", "serving")]}
