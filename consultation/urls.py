from django.urls import path

from consultation.views import asking, classification, knowledge, mine, onsite

app_name = "consultation"
urlpatterns = [
    path("meja/konsultasi/<int:pk>/", onsite.onsite, name="onsite"),
    path("konsultasi/tanya/", asking.ask, name="ask"),
    path("konsultasi/tanya/saran/", asking.suggestions, name="suggestions"),
    path("konsultasi/terjawab/", asking.enough, name="enough"),
    path("konsultasi/terima-kasih/", asking.thanks, name="thanks"),
    path("konsultasi/k/<str:token>/", mine.thread, name="thread"),
    path("konsultasi/k/<str:token>/berkas/<int:pk>/", mine.thread_file, name="thread_file"),
    path("akun/konsultasi/<str:number>/", mine.mine, name="mine"),
    path("akun/konsultasi/<str:number>/berkas/<int:pk>/", mine.mine_file, name="mine_file"),
    path("klasifikasi/", classification.classification, name="classification"),
    path("tanya-jawab/", knowledge.answers, name="knowledge"),
    path("tanya-jawab/<int:pk>/<slug:slug>/", knowledge.answer, name="knowledge_answer"),
    path("meja/tanya-jawab/", knowledge.desk, name="knowledge_desk"),
    path("meja/tanya-jawab/dari/<int:pk>/", knowledge.draft, name="knowledge_draft"),
    path("meja/tanya-jawab/<int:pk>/", knowledge.edit, name="knowledge_edit"),
    path("meja/tanya-jawab/<int:pk>/<slug:action>/", knowledge.act, name="knowledge_act"),
]
