from django.urls import path, re_path

from services.lockers.views import deposits, lockers

app_name = "lockers"
urlpatterns = [
    path("meja/kunjungan/<int:pk>/titip-kartu/", deposits.deposit_card, name="deposit_card"),
    path("meja/kunjungan/<int:pk>/titip-tas/", deposits.deposit_bag, name="deposit_bag"),
    re_path(
        r"^meja/kunjungan/(?P<pk>[0-9]{1,18})/kembali/(?P<what>bag|card)/$",
        deposits.give_back,
        name="give_back",
    ),
    path("meja/loker/", lockers.lockers, name="lockers"),
    re_path(r"^meja/loker/(?P<pk>[0-9]{1,18})/kunci-hilang/$", lockers.key_lost, name="key_lost"),
    re_path(
        r"^meja/loker/(?P<pk>[0-9]{1,18})/tidak-dipakai/$", lockers.out_of_service, name="out_of_service"
    ),
    re_path(r"^meja/loker/(?P<pk>[0-9]{1,18})/dipakai/$", lockers.in_service, name="in_service"),
    path("meja/loker/barang/", lockers.report_item, name="report_item"),
    re_path(r"^meja/loker/catatan/(?P<pk>[0-9]{1,18})/selesai/$", lockers.resolve, name="resolve"),
    re_path(r"^meja/titipan/(?P<pk>[0-9]{1,18})/tertinggal/$", lockers.leave_behind, name="leave_behind"),
]
