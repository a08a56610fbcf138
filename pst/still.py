"""`{% still "components/icon.html" name="search" %}`: an include that is drawn once in each language, then kept.

Only for what is the same for everybody: its words are kept in the process. A page has some ten icons, and the words
scripts speak; drawing them anew took as long as twenty hits of a search (tests/bench/search.py).
"""

from __future__ import annotations

from functools import lru_cache

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()
MOST = 512


@register.simple_tag
def still(template: str, **context: str) -> SafeString:
    return _drawn(template, get_language(), tuple(sorted(context.items())))


@lru_cache(maxsize=MOST)
def _drawn(template: str, _language: str | None, context: tuple[tuple[str, str], ...]) -> SafeString:
    return render_to_string(template, dict(context))
