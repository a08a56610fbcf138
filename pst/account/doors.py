"""allauth's own views under our addresses, each with the access it demands. Their names are allauth's: it reverses them.

An account is never entered on a device of an office (`access.entrance`). The second step and the sign-on of an agency
are officers' doors too, so they open everywhere.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as spare
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as sso
from django.urls import path

from pst.account import sso as agency
from services.accounts import access

urlpatterns = [
    path("masuk/", access.entrance(account.login), name="account_login"),
    path("masuk/kode/", access.entrance(account.request_login_code), name="account_request_login_code"),
    path("masuk/kode/isi/", access.entrance(account.confirm_login_code), name="account_confirm_login_code"),
    path("masuk/langkah-kedua/", access.public(mfa.authenticate), name="mfa_authenticate"),
    path("keluar/", access.public(account.logout), name="account_logout"),
    path("tidak-aktif/", access.public(account.account_inactive), name="account_inactive"),
    path("daftar/", access.entrance(account.signup), name="account_signup"),
    path("kode/", access.entrance(account.email_verification_sent), name="account_email_verification_sent"),
    path("lupa/", access.entrance(account.password_reset), name="account_reset_password"),
    path(
        "lupa/kode/",
        access.entrance(account.confirm_password_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path(
        "lupa/baru/", access.entrance(account.complete_password_reset), name="account_complete_password_reset"
    ),
    path(
        "lupa/selesai/",
        access.entrance(account.password_reset_from_key_done),
        name="account_password_reset_completed",
    ),
    path("pastikan/", access.login(account.reauthenticate), name="account_reauthenticate"),
    path("pastikan/langkah-kedua/", access.login(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("keamanan/e-mail/", access.visitor(account.email), name="account_email"),
    path("keamanan/kata-sandi/", access.visitor(account.password_change), name="account_change_password"),
    path("keamanan/kata-sandi/baru/", access.visitor(account.password_set), name="account_set_password"),
    path("keamanan/langkah-kedua/", access.visitor(mfa.index), name="mfa_index"),
    path("keamanan/langkah-kedua/mulai/", access.visitor(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "keamanan/langkah-kedua/hentikan/", access.visitor(totp.deactivate_totp), name="mfa_deactivate_totp"
    ),
    path(
        "keamanan/kode-cadangan/", access.visitor(spare.view_recovery_codes), name="mfa_view_recovery_codes"
    ),
    path(
        "keamanan/kode-cadangan/baru/",
        access.visitor(spare.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "keamanan/kode-cadangan/berkas/",
        access.visitor(spare.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("instansi/<str:provider_id>/", access.public(agency.begin), name="openid_connect_login"),
    path("instansi/<str:provider_id>/kembali/", access.public(sso.callback), name="openid_connect_callback"),
    path("instansi-batal/", access.public(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("instansi-gagal/", access.public(social.login_error), name="socialaccount_login_error"),
]
