from django.urls import path, re_path

from consultation.views import (
    asking,
    classification,
    desk_canned,
    desk_change,
    desk_join,
    desk_list,
    desk_log,
    desk_thread,
    knowledge,
    mine,
    onsite,
    rate,
)

THREAD = "meja/konsultasi/utas/<slug:number>/"

app_name = "consultation"
urlpatterns = [
    path("meja/konsultasi/<int:pk>/", onsite.onsite, name="onsite"),
    path("konsultasi/tanya/", asking.ask, name="ask"),
    path("konsultasi/tanya/saran/", asking.suggestions, name="suggestions"),
    path("konsultasi/terjawab/", asking.enough, name="enough"),
    path("konsultasi/terima-kasih/", asking.thanks, name="thanks"),
    path("konsultasi/k/<str:token>/", mine.thread, name="thread"),
    path("konsultasi/k/<str:token>/berkas/<int:pk>/", mine.visitor_file, name="visitor_file"),
    path("konsultasi/nilai/<str:signed>/", rate.rate, name="rate"),
    path("akun/konsultasi/<str:number>/", mine.mine, name="mine"),
    path("akun/konsultasi/<str:number>/berkas/<int:pk>/", mine.mine_file, name="mine_file"),
    path("klasifikasi/", classification.classification, name="classification"),
    path("tanya-jawab/", knowledge.answers, name="knowledge"),
    path("tanya-jawab/<int:pk>/<slug:slug>/", knowledge.answer, name="knowledge_answer"),
    path("meja/tanya-jawab/", knowledge.desk, name="knowledge_desk"),
    path("meja/tanya-jawab/dari/<int:pk>/", knowledge.draft, name="knowledge_draft"),
    path("meja/tanya-jawab/<int:pk>/", knowledge.edit, name="knowledge_edit"),
    path("meja/tanya-jawab/<int:pk>/<slug:action>/", knowledge.act, name="knowledge_act"),
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
