from django.urls import path, re_path

from complaints.views import desk, desk_change, desk_flood, desk_list, entry, public, rules, status

app_name = "complaints"
urlpatterns = [
    re_path(r"^(?P<code>[0-9]{4})/pengaduan/$", public.public, name="public"),
    re_path(r"^(?P<code>[0-9]{4})/pengaduan/status/$", status.status, name="status"),
    re_path(r"^(?P<code>[0-9]{4})/pengaduan/kode/(?P<token>[-\w:]+)/$", public.claim, name="claim"),
    re_path(r"^(?P<code>[0-9]{4})/anda-sampaikan/$", public.published, name="published"),
    path("k/<str:token>/pengaduan/", public.from_visit, name="from_visit"),
    path("kios/pengaduan/", public.kiosk, name="kiosk"),
    path("akun/pengaduan/<str:number>/", status.mine, name="mine"),
    path("meja/pengaduan/", desk_list.complaint_list, name="list"),
    path("meja/pengaduan/banjir/<int:pk>/", desk_flood.flood_page, name="flood"),
    path("meja/pengaduan/catat/", entry.entry, name="entry"),
    path("meja/pengaduan/<int:pk>/", desk.detail, name="detail"),
    path("meja/pengaduan/<int:pk>/berkas/<int:key>/", desk.file, name="file"),
    path("meja/pengaduan/<int:pk>/identitas/", desk.identity, name="identity"),
    path("meja/pengaduan/<int:pk>/disampaikan/<int:key>/", desk.told, name="told"),
    path("meja/pengaduan/<int:pk>/kelola/", desk_change.manage, name="manage"),
    path("panel/pengaduan/", rules.rules, name="rules"),
]
