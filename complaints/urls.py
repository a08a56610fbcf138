from django.urls import path, re_path

from complaints import views

app_name = "complaints"
urlpatterns = [
    re_path(r"^(?P<code>[0-9]{4})/pengaduan/$", views.public, name="public"),
    re_path(r"^(?P<code>[0-9]{4})/pengaduan/status/$", views.status, name="status"),
    path("k/<str:token>/pengaduan/", views.from_visit, name="from_visit"),
    path("kios/pengaduan/", views.kiosk, name="kiosk"),
    path("meja/pengaduan/", views.complaint_list, name="list"),
    path("meja/pengaduan/<int:pk>/", views.detail, name="detail"),
    re_path(r"^meja/pengaduan/(?P<pk>[0-9]{1,18})/(?P<action>take-up|answer|close)/$", views.act, name="act"),
]
