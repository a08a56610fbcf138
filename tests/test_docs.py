"""What docs/ says is what the code does."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from pst.portal import docs

ROOT = docs.DOCS.parent


@pytest.mark.parametrize("name", ["settings.md", "states.md", "architecture.svg"])
def test_drawn_pages_are_up_to_date(name):
    with override("id"):
        assert (docs.DOCS / name).read_text(encoding="utf-8") == docs.pages()[name], (
            "run: make manage ARGS=make_docs"
        )


def test_every_setting_that_is_read_is_documented():
    read = set()
    for file in (ROOT / "pst").rglob("*.py"):
        read |= set(re.findall(r"env\.(?:text|flag|integer|seconds|words)\(\"(\w+)\"\)", file.read_text()))
    assert read == set(docs.env.VARS)


def test_links_in_the_documentation_lead_somewhere():
    broken = []
    for page in [ROOT / "README.md", *docs.DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert broken == []


def test_every_make_target_named_in_the_readme_exists():
    makefile = Path(ROOT / "Makefile").read_text()
    named = set(re.findall(r"`?make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.M))
