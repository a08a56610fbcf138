"""For tests that start processes of the application on the test database."""

from __future__ import annotations

import os
import subprocess
from urllib.parse import urlsplit, urlunsplit

from django.db import connection


def end(process: subprocess.Popen) -> None:
    """Ask it to stop; after 15 seconds it is stopped."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def database_url() -> str:
    """DATABASE_URL of the database the tests use now; Django gave it a name of its own."""
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path=f"/{connection.settings_dict['NAME']}"))
