from django.contrib import admin

from services.admin import KeptAdmin
from services.guestbook.models import ConsentWording, ReferenceItem


@admin.register(ReferenceItem)
class ReferenceItemAdmin(KeptAdmin):
    list_display = ["list", "position", "code", "label", "label_en", "retired"]
    list_filter = ["list", "retired"]
    list_editable = ["position", "label", "label_en", "retired"]


@admin.register(ConsentWording)
class ConsentWordingAdmin(KeptAdmin):
    """A wording somebody agreed to is never changed; a new one is a new version."""

    list_display = ["version", "effective_from"]

    def has_change_permission(self, request, obj=None) -> bool:
        return False
