"""What a tap on the tablet must know before it becomes a number, read in one query.

Plain SQL, because fifty tablets may tap at once and building three queries from models costs more than the number
itself (docs/decisions/014). Everywhere else the same is read through the models.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from queueing.models import OfficeQueue, ServiceQueue
from services import prepared
from services.offices.models import Office, Service, Standard

QUERY = """
SELECT {columns}, standard.id AS standard_pk, numbers.first, numbers.last, numbers.quota, rules.numbers_when_closed,
    (SELECT jsonb_object_agg(key, value) FROM offices_standardrule
     WHERE standard_id = standard.id AND key IN ('queue', 'clock_onsite')) AS rule_values,
    EXISTS (SELECT 1 FROM queueing_printer AS printer
            JOIN queueing_printer_tablets AS serves ON serves.printer_id = printer.id
            WHERE serves.device_id = %s AND printer.active AND printer.automatic) AS on_paper,
    EXISTS (SELECT 1 FROM queueing_withdrawnchoice WHERE submission = %s) AS withdrawn
FROM offices_service AS service
LEFT JOIN offices_standard AS standard ON standard.service_id = service.id AND standard.status = 'published'
LEFT JOIN queueing_servicequeue AS numbers ON numbers.service_id = service.id
LEFT JOIN queueing_officequeue AS rules ON rules.office_id = service.office_id
WHERE service.office_id = %s AND service.slug = %s AND service.active
"""
COLUMNS = [field.column for field in Service._meta.concrete_fields]
QUERY = QUERY.replace("{columns}", ", ".join(f"service.{column}" for column in COLUMNS))
FIELDS = [field.attname for field in Service._meta.concrete_fields]
BESIDE = (
    "standard_pk",
    "first",
    "last",
    "quota",
    "numbers_when_closed",
    "rule_values",
    "on_paper",
    "withdrawn",
)


@dataclass(frozen=True)
class Wanted:
    """`service` has its standard in force and its numbers with it. `on_paper`: this tablet prints each number.
    `withdrawn`: this very choice was called off."""

    service: Service
    numbers_when_closed: bool
    on_paper: bool
    withdrawn: bool = False


def wanted(office: Office, slug: str, *, device_id: int, submission: str = "") -> Wanted | None:
    """What was tapped, or None when the office does not offer it."""
    row = prepared.fetchone(QUERY, [device_id, submission, office.pk, slug[:40]])
    if row is None:
        return None
    service: Any = Service.from_db(connection.alias, FIELDS, row[: len(FIELDS)])
    beside: dict[str, Any] = dict(zip(BESIDE, row[len(FIELDS) :], strict=True))
    service.office = office
    service.in_force = []
    if beside["standard_pk"]:
        standard: Any = Standard(pk=beside["standard_pk"], service=service)
        standard.rule_values = _plain(beside["rule_values"])
        service.in_force = [standard]
    if beside["first"] is not None:
        numbers = {name: beside[name] for name in ("first", "last", "quota")}
        service.queue_rules = ServiceQueue(service=service, **numbers)
    else:
        service._state.fields_cache["queue_rules"] = None
    when_closed = beside["numbers_when_closed"]
    if when_closed is None:
        when_closed = OfficeQueue().numbers_when_closed
    return Wanted(service, when_closed, beside["on_paper"], beside["withdrawn"])


def _plain(rules: Any) -> dict[str, Any]:
    """psycopg gives JSON as objects, Django's cursors as text."""
    return json.loads(rules) if isinstance(rules, str) else rules or {}
