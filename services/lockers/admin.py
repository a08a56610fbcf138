from django.contrib import admin

from services.lockers.models import Locker


@admin.register(Locker)
class LockerAdmin(admin.ModelAdmin):
    list_display = ["office", "number", "out_of_service"]
    list_filter = ["office"]
