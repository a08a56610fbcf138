import django.db.models.deletion
from django.db import migrations, models

# What was one text field each becomes a row: who complained, and what was answered when.
PLACED = "UPDATE complaints_complaint SET place_id = office_id, updated_at = created_at"
WHO = """
    INSERT INTO complaints_identity (complaint_id, name, email, phone, contact, visitor_id)
    SELECT c.id, c.contact_name,
           CASE WHEN c.contact ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$' THEN lower(c.contact) ELSE '' END,
           CASE WHEN c.contact ~ '^[+0-9][-0-9 ().]{6,30}$' THEN c.contact ELSE '' END,
           CASE WHEN c.contact ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$' OR c.contact ~ '^[+0-9][-0-9 ().]{6,30}$'
                THEN '' ELSE c.contact END,
           v.visitor_id
    FROM complaints_complaint c LEFT JOIN guestbook_visitservice s ON s.id = c.received_id LEFT JOIN guestbook_visit v ON v.id = s.visit_id
    WHERE c.contact_name <> '' OR c.contact <> '' OR v.visitor_id IS NOT NULL
"""
ANSWERED = """
    INSERT INTO complaints_message (complaint_id, who, channel, body, at, by_user_id, outside_id)
    SELECT c.id, 'office', c.channel, s.reply, s.at, s.by_user_id, ''
    FROM complaints_complaintstep s JOIN complaints_complaint c ON c.id = s.subject_id WHERE s.reply <> ''
    UNION ALL
    SELECT c.id, 'office', c.channel, c.reply, c.created_at, NULL, ''
    FROM complaints_complaint c
    WHERE c.reply <> '' AND NOT EXISTS (SELECT 1 FROM complaints_complaintstep s WHERE s.subject_id = c.id AND s.reply <> '')
    ORDER BY 1, 5
"""
TIMES = """
    UPDATE complaints_complaint c SET
        complete_at = c.created_at, service_id = (SELECT s.service_id FROM guestbook_visitservice s WHERE s.id = c.received_id),
        first_answered_at = (SELECT min(m.at) FROM complaints_message m WHERE m.complaint_id = c.id),
        decided_at = (SELECT max(m.at) FROM complaints_message m WHERE m.complaint_id = c.id),
        updated_at = coalesce((SELECT max(s.at) FROM complaints_complaintstep s WHERE s.subject_id = c.id), c.created_at),
        ended_at = CASE WHEN c.state = 'closed'
                        THEN (SELECT max(s.at) FROM complaints_complaintstep s WHERE s.subject_id = c.id AND s.state = 'closed') END
"""
# Their clocks are set by the first round of complaints.rounds.
NOW = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):

    dependencies = [("complaints", "0004_handling")]

    operations = [
        migrations.RunSQL([PLACED, WHO, ANSWERED, TIMES, NOW], migrations.RunSQL.noop),
        migrations.AlterField(
            "complaint", "place",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="complaints_handled", to="offices.office"),
        ),
        migrations.AlterField("complaint", "updated_at", models.DateTimeField()),
        migrations.RemoveField("complaint", "contact_name"),
        migrations.RemoveField("complaint", "contact"),
        migrations.RemoveField("complaint", "reply"),
        migrations.RemoveField("complaintstep", "reply"),
    ]
