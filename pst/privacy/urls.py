from django.urls import path

from pst.privacy import views

app_name = "privacy"
urlpatterns = [
    path("panel/data-pribadi/", views.policy, name="policy"),
    path("meja/data-pribadi/", views.requests, name="requests"),
    path("meja/data-pribadi/baru/", views.take, name="take"),
    path("meja/data-pribadi/<int:pk>/", views.answer, name="answer"),
    path("meja/data-pribadi/<int:pk>/berkas/", views.export, name="export"),
    path("meja/data-pribadi/<int:pk>/penuhi/", views.fulfil, name="fulfil"),
    path("meja/data-pribadi/<int:pk>/tolak/", views.refuse, name="refuse"),
]
