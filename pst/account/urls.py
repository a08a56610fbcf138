from django.urls import path, re_path

from pst.account import surveys, views

app_name = "account"
urlpatterns = [
    path("", views.home, name="home"),
    path("pastikan-alamat/", views.verify, name="verify"),
    path("profil/", views.profile, name="profile"),
    path("keamanan/", views.safety, name="safety"),
    path("unduhan/", views.downloads, name="downloads"),
    path("unduh/", views.take_along, name="take_along"),
    path("tutup/", views.close, name="close"),
    re_path(r"^survei/(?P<pk>[0-9]{1,18})/(?P<kind>skm|skd)/$", surveys.survey, name="survey"),
    path("data/<slug:at>/", views.data, name="own_data"),
    path("data/<slug:at>/berkas/", views.file, name="own_file"),
    path("data/<slug:at>/kode/", views.code, name="own_code"),
    path("data/<slug:at>/minta/", views.ask_office, name="own_request"),
    path("data/<slug:at>/buku/<slug:what>/<int:pk>/", views.book, name="own_book"),
]
