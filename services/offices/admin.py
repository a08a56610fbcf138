from django.contrib import admin

from services.admin import ReadOnlyAdmin
from services.offices.models import CalendarDay, HoursException, Office, Service, ServiceHours, Standard


class ServiceHoursInline(admin.TabularInline):
    model = ServiceHours
    extra = 0


class HoursExceptionInline(admin.TabularInline):
    model = HoursException
    extra = 0


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "time_zone"]
    list_filter = ["level", "time_zone"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]
    inlines = [ServiceHoursInline, HoursExceptionInline]


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ["office", "name", "kind", "prefix", "attended", "active"]
    list_filter = ["kind", "active"]
    search_fields = ["name", "office__name"]
    autocomplete_fields = ["office"]


@admin.register(Standard)
class StandardAdmin(ReadOnlyAdmin):
    """To look at only: a standard changes by a new version, not here."""

    list_display = ["title", "version", "status", "decree_number"]
    list_filter = ["status"]


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    list_display = ["date", "name", "kind", "office", "provisional", "decree"]
    list_filter = ["kind", "provisional"]
    date_hierarchy = "date"
    autocomplete_fields = ["office"]
