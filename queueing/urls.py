from django.urls import path, re_path

from queueing.views import announcements, desk, desk_visit, display, kiosk, visit

app_name = "queueing"
urlpatterns = [
    path("kios/", kiosk.kiosk, name="kiosk"),
    path("kios/ambil/", kiosk.take_number, name="take_number"),
    path("kios/tamu/<slug:slug>/", kiosk.new_guest, name="kiosk_new_guest"),
    path("kios/tiket/<str:token>/", kiosk.ticket, name="kiosk_ticket"),
    path("kios/selamat-datang/<str:token>/", kiosk.welcome, name="kiosk_welcome"),
    path("kios/buku-tamu/", kiosk.sign_list, name="kiosk_sign"),
    path("kios/buku-tamu/<str:token>/", kiosk.guest_book, name="kiosk_guest_book"),
    path("kios/penilaian/", kiosk.rate_list, name="kiosk_rate"),
    path("kios/penilaian/<str:token>/<int:pk>/", kiosk.rate, name="kiosk_rating"),
    path("kios/terima-kasih/", kiosk.thanks, name="kiosk_thanks"),
    path("layar/", display.display, name="display"),
    path("layar/suara/", display.sound, name="display_sound"),
    path("layar/gambar/<str:name>", display.picture, name="display_picture"),
    path("panel/pengumuman/", announcements.announcements, name="announcements"),
    path("panel/pengumuman/baru/", announcements.new, name="announcement_new"),
    path("panel/pengumuman/<int:pk>/", announcements.edit, name="announcement"),
    re_path(
        r"^panel/pengumuman/(?P<pk>[0-9]{1,18})/(?P<action>up|down|on|off|delete)/$",
        announcements.act,
        name="announcement_action",
    ),
    path("panel/pengumuman/gambar/<str:name>", announcements.picture, name="announcement_picture"),
    path("k/<str:token>/", visit.visit, name="visit"),
    path("k/<str:token>/buku-tamu/", visit.guest_book, name="visit_guest_book"),
    path("k/<str:token>/penilaian/", visit.rate, name="visit_rate"),
    path("k/<str:token>/pergi/", visit.leave, name="visit_leave"),
    path("meja/", desk.desk, name="desk"),
    path("meja/antrian/", desk.queue, name="desk_queue"),
    path("meja/tamu/", desk.current, name="desk_current"),
    path("meja/hadir/", desk.present, name="desk_present"),
    path("meja/loket/", desk.open_counter, name="open_counter"),
    re_path(r"^meja/loket/(?P<action>pause|resume|leave)/$", desk.counter_action, name="counter_action"),
    path("meja/panggil/", desk.call_next, name="call_next"),
    path("meja/panggil/<int:pk>/", desk.call_next, name="call_chosen"),
    path("meja/tamu-baru/", desk.new_visit, name="new_visit"),
    re_path(
        r"^meja/tiket/(?P<pk>[0-9]{1,18})/(?P<action>recall|arrived|skip|put-back|rejoin|no-show|cancel)/$",
        desk.ticket_action,
        name="ticket_action",
    ),
    path("meja/kunjungan/<int:pk>/", desk_visit.card, name="desk_visit"),
    path("meja/kunjungan/<int:pk>/buku-tamu/", desk_visit.guest_book, name="desk_guest_book"),
    path("meja/kunjungan/<int:pk>/kartu/", desk_visit.card_check, name="desk_card_check"),
    path("meja/kunjungan/<int:pk>/langkah/<slug:kind>/", desk_visit.step, name="desk_step"),
    path("meja/kunjungan/<int:pk>/tambah/", desk_visit.add_service, name="desk_add_service"),
    path("meja/kunjungan/<int:pk>/selesai/", desk_visit.close, name="desk_close"),
    re_path(
        r"^meja/layanan/(?P<pk>[0-9]{1,18})/(?P<action>start|end)/$", desk_visit.service, name="desk_service"
    ),
]
