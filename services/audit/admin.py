from django.contrib import admin

from services.admin import ReadOnlyAdmin
from services.audit.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The trace is read, never written, here."""

    list_display = ["at", "office", "actor", "user", "device", "action", "target_type", "target_id"]
    list_filter = ["actor", "action"]
    date_hierarchy = "at"
    list_select_related = ["office", "user", "device"]
    show_full_result_count = False
