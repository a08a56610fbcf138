from django.urls import path

from consultation import views

app_name = "consultation"
urlpatterns = [path("meja/konsultasi/<int:pk>/", views.onsite, name="onsite")]
