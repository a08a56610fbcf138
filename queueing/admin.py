from django.contrib import admin

from queueing.models import Announcement, Counter, OfficeQueue, Printer, ServiceQueue
from services.admin import KeptAdmin


@admin.register(Counter)
class CounterAdmin(KeptAdmin):
    list_display = ["office", "number", "name", "officer"]
    list_filter = ["office"]
    filter_horizontal = ["services"]


@admin.register(OfficeQueue)
class OfficeQueueAdmin(admin.ModelAdmin):
    list_display = ["office", "most_calls", "priority_run", "more_minutes", "voice"]
    autocomplete_fields = ["office"]


@admin.register(ServiceQueue)
class ServiceQueueAdmin(admin.ModelAdmin):
    list_display = ["service", "first", "last", "quota", "slot_people"]
    autocomplete_fields = ["service"]


@admin.register(Printer)
class PrinterAdmin(KeptAdmin):
    list_display = ["office", "name", "kind", "host", "active"]
    list_filter = ["office"]
    exclude = ["last_ok_at", "fault", "fault_at"]


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    list_display = ["office", "text", "kind", "starts", "ends", "active"]
    list_filter = ["office", "kind"]
