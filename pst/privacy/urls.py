from django.urls import path

from pst.privacy import views

app_name = "privacy"
urlpatterns = [path("panel/data-pribadi/", views.policy, name="policy")]
