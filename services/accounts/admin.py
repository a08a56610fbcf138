from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from services.accounts import visitors
from services.accounts.models import Device, Membership, User
from services.admin import KeptAdmin


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1
    autocomplete_fields = ["office"]


@admin.register(User)
class UserAdmin(KeptAdmin, DjangoUserAdmin):
    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_staff"]
    search_fields = ["email", "name"]
    list_filter = ["is_active", "is_staff"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Orang"), {"fields": ["name"]}),
        (_("Hak"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]
    inlines = [MembershipInline]

    def save_model(self, request, obj, form, change) -> None:
        """Officers cannot change their own address, so here is the only place; Django's admin saves in one transaction."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            visitors.address_given(obj, by=visitors.actor_of(request.user))


@admin.register(Device)
class DeviceAdmin(KeptAdmin):
    list_display = ["name", "purpose", "office", "last_seen_at", "revoked_at"]
    list_filter = ["purpose"]
    fields = ["office", "purpose", "name", "paired_at", "last_seen_at", "revoked_at"]
    readonly_fields = ["office", "purpose", "paired_at", "last_seen_at"]

    def has_add_permission(self, request) -> bool:
        return False  # a device is paired by its code, at the desk
