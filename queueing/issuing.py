"""What a tap on the tablet must know before it becomes a number, read in one query.

Plain SQL, because fifty tablets may tap at once and building three queries from models costs more than the number
itself (docs/decisions/014). Everywhere else the same is read through the models.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from queueing.models import OfficeQueue, ServiceQueue
from services.offices.models import Office, Service, Standard

QUERY = """
SELECT service.*, standard.id AS standard_pk, numbers.first, numbers.last, numbers.quota, rules.numbers_when_closed,
    (SELECT jsonb_object_agg(key, value) FROM offices_standardrule
     WHERE standard_id = standard.id AND key IN ('queue', 'clock_onsite')) AS rule_values,
    EXISTS (SELECT 1 FROM queueing_printer AS printer
            JOIN queueing_printer_tablets AS serves ON serves.printer_id = printer.id
            WHERE serves.device_id = %s AND printer.active AND printer.automatic) AS on_paper
FROM offices_service AS service
LEFT JOIN offices_standard AS standard ON standard.service_id = service.id AND standard.status = 'published'
LEFT JOIN queueing_servicequeue AS numbers ON numbers.service_id = service.id
LEFT JOIN queueing_officequeue AS rules ON rules.office_id = service.office_id
WHERE service.office_id = %s AND service.slug = %s AND service.active
"""


@dataclass(frozen=True)
class Wanted:
    """`service` has its standard in force and its numbers with it. `on_paper`: this tablet prints each number."""

    service: Service
    numbers_when_closed: bool
    on_paper: bool


def wanted(office: Office, slug: str, *, device_id: int) -> Wanted | None:
    """What was tapped, or None when the office does not offer it."""
    row: Any = next(iter(Service.objects.raw(QUERY, [device_id, office.pk, slug[:40]])), None)
    if row is None:
        return None
    row.office = office
    row.in_force = []
    if row.standard_pk:
        standard: Any = Standard(pk=row.standard_pk, service=row)
        standard.rule_values = json.loads(row.rule_values or "{}")
        row.in_force = [standard]
    if row.first is not None:
        row.queue_rules = ServiceQueue(service=row, first=row.first, last=row.last, quota=row.quota)
    else:
        row._state.fields_cache["queue_rules"] = None
    when_closed = row.numbers_when_closed
    if when_closed is None:
        when_closed = OfficeQueue().numbers_when_closed
    return Wanted(row, when_closed, row.on_paper)
