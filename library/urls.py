from django.urls import path

from library import views

app_name = "library"
urlpatterns = [path("meja/perpustakaan/<int:pk>/", views.use, name="use")]
