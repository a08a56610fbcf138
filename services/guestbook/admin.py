from django.contrib import admin
from django.utils import timezone

from services.admin import KeptAdmin
from services.guestbook.models import ConsentWording, ReferenceItem
from services.guestbook.reference import reword


@admin.register(ReferenceItem)
class ReferenceItemAdmin(KeptAdmin):
    list_display = ["list", "position", "code", "label", "label_en", "effective_from", "until"]
    list_filter = ["list"]
    list_editable = ["position"]
    readonly_fields = ["until"]

    def save_model(self, request, obj, form, change) -> None:
        """Other words are a new version from today; the old ones stay for the visits that chose them."""
        if change and {"label", "label_en"} & set(form.changed_data):
            reword(obj, label=obj.label, label_en=obj.label_en, day=timezone.localdate())
        else:
            super().save_model(request, obj, form, change)


@admin.register(ConsentWording)
class ConsentWordingAdmin(KeptAdmin):
    """A wording somebody agreed to is never changed; a new one is a new version."""

    list_display = ["version", "effective_from"]

    def has_change_permission(self, request, obj=None) -> bool:
        return False
