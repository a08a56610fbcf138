from django.urls import path

from pst.panel import views

app_name = "panel"
urlpatterns = [
    path("panel/", views.standards, name="standards"),
    path("panel/standar/<int:pk>/", views.standard, name="standard"),
    path("panel/standar/<int:pk>/konfirmasi/", views.confirm, name="confirm"),
]
