from django.urls import path, re_path

from services.lockers import views

app_name = "lockers"
urlpatterns = [
    path("meja/kunjungan/<int:pk>/titip-kartu/", views.deposit_card, name="deposit_card"),
    path("meja/kunjungan/<int:pk>/titip-tas/", views.deposit_bag, name="deposit_bag"),
    re_path(
        r"^meja/kunjungan/(?P<pk>[0-9]{1,18})/kembali/(?P<what>bag|card)/$", views.give_back, name="give_back"
    ),
]
