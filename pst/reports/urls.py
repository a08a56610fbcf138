from django.urls import path, re_path

from pst.reports import views

app_name = "reports"
urlpatterns = [
    path("panel/laporan/", views.reports, name="list"),
    path("panel/laporan/terbit/", views.issued, name="issued"),
    re_path(
        r"^panel/laporan/terbit/(?P<pk>[0-9]{1,18})\.(?P<form>pdf|xlsx)$",
        views.issued_file,
        name="issued_file",
    ),
    path("panel/laporan/kop/", views.letterhead, name="letterhead"),
    path("panel/laporan/jadwal/", views.schedules, name="schedules"),
    path("panel/laporan/jadwal/<int:pk>/hentikan/", views.unschedule, name="unschedule"),
    path("panel/laporan/<slug:key>/", views.report, name="report"),
    re_path(r"^panel/laporan/(?P<key>[-a-z]{1,20})\.(?P<form>pdf|xlsx)$", views.preview, name="preview"),
    path("panel/laporan/<slug:key>/terbitkan/", views.issue, name="issue"),
]
