"""Production refuses to start with an insecure setting, and says which."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pst.portal.docs import DOCS

SAFE = {
    "PST_MODE": "production",
    "PST_SECRET_KEY": "k9!" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "PST_ALLOWED_HOSTS": "pst.example.test",
    "DATABASE_URL": "postgresql://pst:secret@db.example.test:5432/pst",
}


def start(**changes: str | None) -> subprocess.CompletedProcess:
    """Load the settings in a fresh process whose environment holds only these."""
    environment = {"PATH": os.environ["PATH"]} | {k: v for k, v in (SAFE | changes).items() if v is not None}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from django.conf import settings as s; print(s.DEBUG)",
        ],
        env=environment | {"DJANGO_SETTINGS_MODULE": "pst.settings"},
        cwd=DOCS.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_settings_start():
    done = start()
    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"PST_SECRET_KEY": None}, "PST_SECRET_KEY"),
        ({"PST_SECRET_KEY": "short"}, "PST_SECRET_KEY"),
        ({"PST_SECRET_KEY": "a" * 80}, "PST_SECRET_KEY"),
        ({"PST_DEBUG": "1"}, "PST_DEBUG"),
        ({"PST_ALLOWED_HOSTS": None}, "PST_ALLOWED_HOSTS"),
        ({"PST_ALLOWED_HOSTS": "*"}, "PST_ALLOWED_HOSTS"),
        ({"PST_HTTPS": "0"}, "PST_HTTPS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///pst.db"}, "PostgreSQL"),
        ({"PST_MODE": "staging"}, "PST_MODE"),
        ({"PST_DB_POOL_MAX": "many"}, "PST_DB_POOL_MAX"),
    ],
)
def test_unsafe_or_broken_settings_are_refused_by_name(changes, named):
    done = start(**changes)
    assert done.returncode != 0
    assert named in done.stderr


def test_the_default_mode_is_production():
    done = start(PST_MODE=None, PST_DEBUG="1")
    assert done.returncode != 0
    assert "refuses to start in production" in done.stderr


def test_production_sends_cookies_over_https_only_and_redirects_http():
    code = (
        "import django; django.setup(); from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)"
    )
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "pst.settings"} | SAFE
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=DOCS.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True"] * 4
