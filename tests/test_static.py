"""Files the pages ask for exist; production's collected and hashed files can be made."""

from __future__ import annotations

import re
import subprocess
import sys

from django.conf import settings
from django.contrib.staticfiles import finders

from tests.test_settings import SAFE, os

TEMPLATES = settings.BASE_DIR / "templates"


def test_every_static_file_named_in_a_template_exists():
    named = set()
    for template in TEMPLATES.rglob("*.*"):
        named |= set(re.findall(r"{% static ['\"]([^'\"]+)['\"]", template.read_text(encoding="utf-8")))
    assert named
    assert [name for name in sorted(named) if not finders.find(name)] == []


def test_no_template_has_inline_script_style_or_handler():
    """The content policy would block it silently (the poster is a PDF and has none either)."""
    bad = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    found = [
        f"{t.relative_to(TEMPLATES)}: {m.group(0)}"
        for t in TEMPLATES.rglob("*.html")
        for m in bad.finditer(t.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_production_collects_hashed_static_files(tmp_path):
    environment = {"PATH": os.environ["PATH"], "PST_VAR_DIR": str(tmp_path)} | SAFE
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
    )
    assert (tmp_path / "static" / "staticfiles.json").exists()
    assert list((tmp_path / "static" / "css").glob("tokens.*.css"))
