from django.db import migrations

# When a slip was typed in stands in the trail only.
ENTERED = """
UPDATE guestbook_visit AS visit
SET entered_at = coalesce(
    (SELECT min(entry.at) FROM audit_auditentry AS entry
     WHERE entry.action = 'ticket.entered' AND entry.target_type = 'queueing.ticket' AND entry.target_id = ticket.id),
    ticket.ended_at, ticket.issued_at)
FROM queueing_ticket AS ticket
JOIN guestbook_visitservice AS received ON received.id = ticket.received_id
WHERE received.visit_id = visit.id AND ticket.manual AND visit.entered_at IS NULL
"""


class Migration(migrations.Migration):
    """Visits of paper slips are marked as typed in afterwards."""

    dependencies = [
        ('queueing', '0008_slot_label'),
        ('guestbook', '0008_entered_at'),
        ('audit', '0001_initial'),
    ]

    operations = [migrations.RunSQL(ENTERED, migrations.RunSQL.noop)]
