from django.contrib import admin

from services.audit.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    """The trace is read, never written, here."""

    list_display = ["at", "office", "actor", "user", "device", "action", "target_type", "target_id"]
    list_filter = ["actor", "action"]
    date_hierarchy = "at"
    list_select_related = ["office", "user", "device"]
    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
