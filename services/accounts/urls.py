from django.urls import path

from services.accounts.views import devices, login

app_name = "accounts"
urlpatterns = [
    path("masuk/", login.login, name="login"),
    path("mulai/", login.start, name="start"),
    path("admin/login/", login.admin_login, name="admin_login"),
    path("keluar/", login.logout, name="logout"),
    path("kantor/", login.switch_office, name="switch_office"),
    path("perangkat/", devices.pair, name="pair"),
    path("meja/perangkat/<int:pk>/cabut/", devices.revoke, name="revoke"),
]
