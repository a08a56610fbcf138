"""For Django's admin site, the system administrator's back door."""

from django.contrib import admin


class KeptAdmin(admin.ModelAdmin):
    """Rows that are switched off, retired or revoked, but never deleted."""

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class ReadOnlyAdmin(KeptAdmin):
    """Rows that are only looked at."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False
