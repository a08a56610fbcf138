"""Who did what and who read whose record (UU 27/2022: an access log is kept)."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One line of the trace. Lines are only ever added; who stands in one can be switched off, not deleted."""

    at = models.DateTimeField(db_index=True)
    office = models.ForeignKey("offices.Office", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    device = models.ForeignKey("accounts.Device", models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["office", "-at", "-id"], name="audit_of_office"),
            models.Index(fields=["office", "user", "-at", "-id"], name="audit_of_user"),
            # Of a kind of action, for the registers: by its beginning.
            models.Index(
                fields=["office", "action", "-at"],
                name="audit_of_action",
                opclasses=["int8_ops", "varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"
