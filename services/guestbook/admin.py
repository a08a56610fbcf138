from django.contrib import admin

from services.admin import KeptAdmin, ReadOnlyAdmin
from services.guestbook.models import ConsentWording, ReferenceItem


@admin.register(ReferenceItem)
class ReferenceItemAdmin(ReadOnlyAdmin):
    """They are changed at /panel/atur/jawaban/ alone (services/guestbook/answers.py): traced, from a day on, and none of those the
    software itself asks for."""

    list_display = ["list", "position", "code", "label", "label_en", "effective_from", "until"]
    list_filter = ["list"]


@admin.register(ConsentWording)
class ConsentWordingAdmin(KeptAdmin):
    """A wording somebody agreed to is never changed; a new one is a new version."""

    list_display = ["purpose", "version", "effective_from"]

    def has_change_permission(self, request, obj=None) -> bool:
        return False
