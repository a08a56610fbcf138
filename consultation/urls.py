from django.urls import path, re_path

from consultation.views import desk_canned, desk_change, desk_join, desk_list, desk_log, desk_thread, onsite

THREAD = "meja/konsultasi/utas/<slug:number>/"

app_name = "consultation"
urlpatterns = [
    path("meja/konsultasi/<int:pk>/", onsite.onsite, name="onsite"),
    path("meja/konsultasi/", desk_list.consultations, name="list"),
    path("meja/konsultasi/catat/", desk_log.log, name="log"),
    path("meja/konsultasi/catat/kenal/", desk_log.log_who, name="log_who"),
    path("meja/konsultasi/siap-pakai/", desk_canned.canned_list, name="canned"),
    path("meja/konsultasi/siap-pakai/<int:pk>/", desk_canned.canned_edit, name="canned_edit"),
    path("meja/konsultasi/siap-pakai/<int:pk>/hapus/", desk_canned.canned_delete, name="canned_delete"),
    path(THREAD, desk_thread.thread_desk, name="thread_desk"),
    path(f"{THREAD}hadir/", desk_thread.thread_presence, name="thread_presence"),
    path(f"{THREAD}siap-pakai/", desk_thread.thread_canned, name="thread_canned"),
    path(f"{THREAD}berkas/<int:pk>/", desk_thread.thread_file, name="thread_file"),
    path(f"{THREAD}kelola/", desk_change.thread_manage, name="thread_manage"),
    path(f"{THREAD}riwayat/", desk_change.thread_history, name="thread_history"),
    path(f"{THREAD}gabung/", desk_join.thread_merge, name="thread_merge"),
    path(f"{THREAD}pisah/", desk_join.thread_split, name="thread_split"),
    path(f"{THREAD}alihkan/", desk_join.thread_hand_over, name="thread_hand_over"),
    re_path(
        r"^meja/konsultasi/utas/(?P<number>[-\w]+)/(?P<action>ambil|lepas|tugaskan|tutup)/$",
        desk_change.thread_act,
        name="thread_act",
    ),
]
