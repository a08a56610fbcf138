from django.urls import path

from services.ratings import panel, stopping

app_name = "ratings"
urlpatterns = [
    path("nilai/berhenti/<str:key>/", stopping.stop, name="stop"),
    path("panel/penilaian/aturan/", panel.rules, name="rules"),
]
