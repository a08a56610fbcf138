from django.contrib import admin

from queueing.models import Counter
from services.admin import KeptAdmin


@admin.register(Counter)
class CounterAdmin(KeptAdmin):
    list_display = ["office", "number", "name", "officer"]
    list_filter = ["office"]
    filter_horizontal = ["services"]
