from django.urls import path

from consultation.views import onsite

app_name = "consultation"
urlpatterns = [path("meja/konsultasi/<int:pk>/", onsite.onsite, name="onsite")]
