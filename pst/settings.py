"""Django settings. Everything an operator may change is listed in `pst/env.py`."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from pst import env, logs
from pst.account.sign_on import origin as sso_origin
from pst.account.sign_on import providers as sso_providers
from pst.storage import file_storage

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.text("PST_MODE")
LOCAL = MODE in {"local", "test"}
DEBUG = env.flag("PST_DEBUG")
SECRET_KEY = env.text("PST_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("PST_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("PST_ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if LOCAL else [])
VAR_DIR = Path(env.text("PST_VAR_DIR"))
if not VAR_DIR.is_absolute():
    VAR_DIR = BASE_DIR / VAR_DIR
HTTPS = env.flag("PST_HTTPS") and not LOCAL
TRUSTED_PROXY = env.flag("PST_TRUSTED_PROXY")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_htmx",
    "template_partials",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "services.audit",
    "services.live",
    "services.offices",
    "services.accounts",
    "services.mail",
    "services.guestbook",
    "services.lockers",
    "services.ratings",
    "services.surveys",
    "services.whatsapp",
    "queueing",
    "library",
    "consultation",
    "complaints",
    "pst.portal",
    "pst.account",
    "pst.rating_mails",
    "pst.panel",
    "pst.reports",
    "pst.privacy",
    "pst.setup",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pst.middleware.clean_input",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "services.accounts.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pst.urls"
ASGI_APPLICATION = "pst.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pst.context.office",
            ],
            "builtins": ["pst.still", "pst.outward"],
        },
    },
]


def _database() -> dict:
    """DATABASE_URL for Django; a socket directory is written percent-encoded in the host part."""
    url = env.text("DATABASE_URL")
    if not url:
        raise ImproperlyConfigured(
            "DATABASE_URL is not set. Run through `make run` (which starts a PostgreSQL of its own), "
            "or set DATABASE_URL to a PostgreSQL 15 or newer. See docs/settings.md."
        )
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://: PST runs on PostgreSQL only.")
    database: dict[str, Any] = dict(dj_database_url.parse(url))
    database["HOST"] = unquote(str(database.get("HOST", "")))
    # Pages run in a pool of threads under ASGI; a shared pool, not one connection kept by each thread.
    if pool_max := env.integer("PST_DB_POOL_MAX"):
        # With the database away a page gives up after this long, and so does the pool: by itself it would pause
        # between its attempts as long as the absence has lasted, up to minutes after the database is back.
        patience = {"timeout": 5, "reconnect_timeout": 5}
        pool = {"min_size": min(2, pool_max), "max_size": pool_max, **patience}
        # Connections of our own keep the plans of `services.prepared`; Django's statements are never prepared.
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": pool, "prepare_threshold": 5}
    database["CONN_MAX_AGE"] = 0
    # One more round trip a request, and a restarted database is not noticed by any visitor.
    database["CONN_HEALTH_CHECKS"] = True
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:start"
LOGOUT_REDIRECT_URL = "portal:home"

# Log-ins are throttled in the database, so that several web processes count together.
AXES_FAILURE_LIMIT = env.integer("PST_LOGIN_FAILURES")
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "services.accounts.views.login.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "services.accounts.network.client_address"

# Visitors' accounts (docs/decisions/036). A mailbox is shown to be theirs before anything else opens.
ACCOUNT_ADAPTER = "pst.account.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # mail is slow where the phone is bad
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True  # as long as an officer's session; the office's devices take no account
# Beside our own (services/accounts/limits.py), which all web processes count together.
ACCOUNT_RATE_LIMITS = {"confirm_email": "3/m/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {
    name: f"pst.account.forms.{form}"
    for name, form in {
        "signup": "SignupForm",
        "login": "LoginForm",
        "add_email": "AddEmailForm",
        "change_password": "ChangePasswordForm",
        "set_password": "SetPasswordForm",
        "reset_password": "ResetPasswordForm",
        "reset_password_from_key": "ResetPasswordKeyForm",
        "reauthenticate": "ReauthenticateForm",
        "request_login_code": "RequestLoginCodeForm",
        "confirm_login_code": "LoginCodeForm",
        "confirm_email_verification_code": "EmailCodeForm",
        "confirm_password_reset_code": "LoginCodeForm",
    }.items()
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
MFA_ADAPTER = "pst.account.second_step.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "PST BPS"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute wrong
MFA_FORMS = {
    name: f"pst.account.forms.{form}"
    for name, form in {
        "authenticate": "SecondStepForm",
        "reauthenticate": "SecondStepAgainForm",
        "activate_totp": "ActivateSecondStepForm",
    }.items()
}
# An agency's single sign-on for its officers.
SSO_URL, SSO_NAME = env.text("PST_OIDC_URL"), env.text("PST_OIDC_NAME")
SOCIALACCOUNT_ADAPTER = "pst.account.sso.StaffSignOn"
SOCIALACCOUNT_PROVIDERS = sso_providers(
    SSO_URL, env.text("PST_OIDC_CLIENT"), env.text("PST_OIDC_SECRET"), SSO_NAME
)
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the agency has verified it, or it opens nothing
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10  # seconds

SESSION_COOKIE_NAME = "pst_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "pst_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pst.portal.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sehat/$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 900  # a section of a standard sends four for each of its items

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *([sso_origin(SSO_URL)] if SSO_URL else [])],
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "pst" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["pst.formats"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": file_storage(env.text("PST_FILES_URL"), VAR_DIR / "files"),
    "staticfiles": {
        "BACKEND": "pst.static_files.Local" if LOCAL else "pst.static_files.Fingerprinted",
    },
}
WHITENOISE_USE_FINDERS = LOCAL
if LOCAL:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a missing folder

_mail = urlsplit(env.text("PST_EMAIL_URL"))
if _mail.scheme:
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp" and EMAIL_PORT == 587, _mail.scheme == "smtps"
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 20  # seconds; the worker tries again
DEFAULT_FROM_EMAIL = env.text("PST_EMAIL_FROM") or f"pst@{(ALLOWED_HOSTS or ['localhost'])[0]}"
# Without a mail server nothing is offered that would come by mail; on one PC the mail is read in the log.
MAIL_IS_SENT = bool(_mail.scheme) or MODE != "production"
# In mails, which no request is there to ask; without a slash at its end.
SITE = (
    env.text("PST_SITE").rstrip("/") or f"http{'s' if HTTPS else ''}://{(ALLOWED_HOSTS or ['localhost'])[0]}"
)
# Each office's own mailbox and WhatsApp number (services/channels.py).
CHANNELS_FILE = env.text("PST_CHANNELS")

# Catalogues of others (library/importing).
BPS_KEY, BPS_URL = env.text("PST_BPS_KEY"), env.text("PST_BPS_URL")
HARVEST_PAUSE = env.seconds("PST_HARVEST_PAUSE")
HARVEST_PRIVATE = env.flag("PST_HARVEST_PRIVATE")
INTAKE_FOLDER = env.text("PST_INTAKE_FOLDER")
CLAMD = env.text("PST_CLAMD")
ATTACHMENT_MOST_BYTES = env.integer("PST_ATTACHMENT_MOST_MB") * 1_000_000
# The reader of softcopies (library/digital/pages.py).
RENDER_WORKERS = max(1, env.integer("PST_RENDER_WORKERS"))
PAGE_CACHE_BYTES = max(0, env.integer("PST_PAGE_CACHE_MB")) * 1_000_000
IMPORT_MOST_BYTES = env.integer("PST_IMPORT_MOST_MB") * 1_000_000

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
STYLE_GUIDE = DEBUG or LOCAL

LOGGING = logs.configuration(env.text("PST_LOG_LEVEL"))

if MODE not in {"local", "test", "production"}:
    raise ImproperlyConfigured(f"PST_MODE must be local, test or production, not {MODE!r}.")
if MODE == "production":
    problems = []
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
        problems.append("PST_SECRET_KEY must have at least 50 random characters")
    if DEBUG:
        problems.append("PST_DEBUG must be 0")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        problems.append("PST_ALLOWED_HOSTS must name the site's host names, without *")
    if not env.flag("PST_HTTPS"):
        problems.append("PST_HTTPS must be 1: sessions and personal data never travel in the clear")
    if problems:
        raise ImproperlyConfigured(
            "PST refuses to start in production: " + "; ".join(problems) + ". See docs/settings.md."
        )
elif len(SECRET_KEY) < 20:
    raise ImproperlyConfigured("PST_SECRET_KEY is not set; `make run` and `make test` set it.")

COUNT_AT_ONCE = MODE == "test"  # library/later.py
if MODE == "test":
    # Hashing is slow on purpose; the tests log in hundreds of times and keep no secrets.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
