from django.urls import path, re_path

from pst.privacy import own, own_library, views

app_name = "privacy"
urlpatterns = [
    path("panel/data-pribadi/", views.policy, name="policy"),
    path("meja/data-pribadi/", views.requests, name="requests"),
    path("meja/data-pribadi/baru/", views.take, name="take"),
    path("meja/data-pribadi/<int:pk>/", views.answer, name="answer"),
    path("meja/data-pribadi/<int:pk>/berkas/", views.export, name="export"),
    path("meja/data-pribadi/<int:pk>/penuhi/", views.fulfil, name="fulfil"),
    path("meja/data-pribadi/<int:pk>/tolak/", views.refuse, name="refuse"),
    re_path(r"^(?P<code>[0-9]{4})/data-saya/$", own.ask, name="own_ask"),
    path("data-saya/<str:token>/", own.data, name="own_data"),
    path("data-saya/<str:token>/berkas/", own.file, name="own_file"),
    path("data-saya/<str:token>/kode/", own.code, name="own_code"),
    path("data-saya/<str:token>/buku/<slug:what>/<int:pk>/", own_library.book, name="own_book"),
    path("data-saya/<str:token>/minta/", own.ask_office, name="own_request"),
]
