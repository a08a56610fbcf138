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

from pst.account import address
from pst.account import sso as agency
from services.accounts import access

# Address, who may come in, view, allauth's name.
DOORS = [
    ("masuk/", access.entrance, account.login, "account_login"),
    ("masuk/kode/", access.entrance, account.request_login_code, "account_request_login_code"),
    ("masuk/kode/isi/", access.entrance, account.confirm_login_code, "account_confirm_login_code"),
    ("masuk/langkah-kedua/", access.public, mfa.authenticate, "mfa_authenticate"),
    ("keluar/", access.public, account.logout, "account_logout"),
    ("tidak-aktif/", access.public, account.account_inactive, "account_inactive"),
    ("daftar/", access.entrance, account.signup, "account_signup"),
    ("kode/", access.entrance, account.email_verification_sent, "account_email_verification_sent"),
    ("lupa/", access.entrance, account.password_reset, "account_reset_password"),
    ("lupa/kode/", access.entrance, account.confirm_password_reset_code, "account_confirm_password_reset_code"),
    ("lupa/baru/", access.entrance, account.complete_password_reset, "account_complete_password_reset"),
    ("lupa/selesai/", access.entrance, account.password_reset_from_key_done, "account_password_reset_completed"),
    ("pastikan/", access.login, account.reauthenticate, "account_reauthenticate"),
    ("pastikan/langkah-kedua/", access.login, mfa.reauthenticate, "mfa_reauthenticate"),
    ("keamanan/e-mail/", access.visitor, address.change, "account_email"),
    ("keamanan/kata-sandi/", access.visitor, account.password_change, "account_change_password"),
    ("keamanan/kata-sandi/baru/", access.visitor, account.password_set, "account_set_password"),
    ("keamanan/langkah-kedua/", access.visitor, mfa.index, "mfa_index"),
    ("keamanan/langkah-kedua/mulai/", access.visitor, totp.activate_totp, "mfa_activate_totp"),
    ("keamanan/langkah-kedua/hentikan/", access.visitor, totp.deactivate_totp, "mfa_deactivate_totp"),
    ("keamanan/kode-cadangan/", access.visitor, spare.view_recovery_codes, "mfa_view_recovery_codes"),
    ("keamanan/kode-cadangan/baru/", access.visitor, spare.generate_recovery_codes, "mfa_generate_recovery_codes"),
    ("keamanan/kode-cadangan/berkas/", access.visitor, spare.download_recovery_codes, "mfa_download_recovery_codes"),
    ("instansi/<str:provider_id>/", access.public, agency.begin, "openid_connect_login"),
    ("instansi/<str:provider_id>/kembali/", access.public, sso.callback, "openid_connect_callback"),
    ("instansi-batal/", access.public, social.login_cancelled, "socialaccount_login_cancelled"),
    ("instansi-gagal/", access.public, social.login_error, "socialaccount_login_error"),
]  # fmt: skip
urlpatterns = [path(place, who(view), name=name) for place, who, view, name in DOORS]
