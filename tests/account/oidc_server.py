"""A real OpenID Connect server on a loopback port (django-oauth-toolkit), in a process of its own:

    python -m tests.account.oidc_server PORT FOLDER REDIRECT CLAIMS

CLAIMS is the JSON of what it says about its only user, who logs in as "petugas" / "rahasia".
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

CLIENT, SECRET = "pst-uji", "rahasia-klien"
USER, PASSWORD = "petugas", "rahasia"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        pass


def configure(port: int, folder: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    settings.configure(
        SECRET_KEY="of-the-other-server" * 3,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "oidc.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        LOGIN_URL="/login/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": key.decode(),
            "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}",
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
            "SCOPES": {"openid": "openid", "email": "email"},
            "PKCE_REQUIRED": True,
        },
    )


def main() -> None:
    port, folder, redirect, claims = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4])
    sys.modules["tests.account.oidc_server"] = sys.modules["__main__"]
    globals()["__name__"] = "tests.account.oidc_server"
    configure(port, folder)
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import include, path
    from oauth2_provider.models import Application
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):
        oidc_claim_scope = None

        def get_additional_claims(self, request):
            return claims

    def login(request):
        from django.contrib.auth import authenticate
        from django.contrib.auth import login as enter
        from django.http import HttpResponseRedirect

        user = authenticate(request, username=request.GET.get("u"), password=request.GET.get("p"))
        if user is None:
            return HttpResponse("who are you?", status=401)
        enter(request, user)
        return HttpResponseRedirect(request.GET["next"])

    module = sys.modules["tests.account.oidc_server"]
    module.Validator = Validator
    module.urlpatterns = [
        path("login/", login),
        path("", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]
    call_command("migrate", verbosity=0)
    User.objects.create_user(USER, password=PASSWORD)
    Application.objects.create(
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect,
        skip_authorization=True,
        algorithm="RS256",
    )
    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(get_wsgi_application())
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
