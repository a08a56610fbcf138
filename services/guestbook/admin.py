from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services.admin import KeptAdmin
from services.guestbook.models import ConsentWording, ReferenceItem
from services.guestbook.reference import retire, reword


@admin.register(ReferenceItem)
class ReferenceItemAdmin(KeptAdmin):
    list_display = ["list", "position", "code", "label", "label_en", "effective_from", "until"]
    list_filter = ["list"]
    list_editable = ["position"]
    readonly_fields = ["until"]
    actions = ["retire_chosen"]

    def has_change_permission(self, request, obj=None) -> bool:
        """An answer that is no longer in force stays as the visits of its time have it."""
        return super().has_change_permission(request, obj) and (obj is None or obj.until is None)

    @admin.action(description=_("Tidak ditawarkan lagi mulai hari ini"))
    def retire_chosen(self, request, queryset) -> None:
        for item in queryset.filter(until=None):
            retire(item, day=timezone.localdate())

    def save_model(self, request, obj, form, change) -> None:
        """Other words are a new version from today; the old ones stay for the visits that chose them."""
        words = {"label", "label_en"} & set(form.changed_data)
        if not (change and words):
            super().save_model(request, obj, form, change)
            return
        rest = [name for name in form.changed_data if name not in ("label", "label_en")]
        if rest:
            obj.save(update_fields=rest)
        reword(obj, label=obj.label, label_en=obj.label_en, day=timezone.localdate())


@admin.register(ConsentWording)
class ConsentWordingAdmin(KeptAdmin):
    """A wording somebody agreed to is never changed; a new one is a new version."""

    list_display = ["purpose", "version", "effective_from"]

    def has_change_permission(self, request, obj=None) -> bool:
        return False
