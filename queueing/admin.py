from django.contrib import admin

from queueing.models import Counter


@admin.register(Counter)
class CounterAdmin(admin.ModelAdmin):
    list_display = ["office", "number", "name", "officer"]
    list_filter = ["office"]
    filter_horizontal = ["services"]
