"""`{% outward "tel" office.phone %}`: a telephone number, an e-mail or web address as a link; on the PST computer as words.

There a link to another program or site leads out of the catalogue, and nothing leads back.
"""

from __future__ import annotations

from django.template import Context, Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from services.accounts import reading_only

register = Library()
NOT_DIALLED = str.maketrans("", "", " ()-")


@register.simple_tag(takes_context=True)
def outward(context: Context, kind: str, value: str, most: int = 200) -> SafeString:
    """`kind`: "tel", "mailto" or "web"; `most`: letters of the words."""
    words = Truncator(value.removeprefix("https://").removeprefix("http://")).chars(most)
    request = getattr(context, "request", None) or context.get("request")
    if request is not None and reading_only.at(request):
        return format_html("{}", words)
    if kind == "web":
        return format_html('<a href="{}" rel="noopener">{}</a>', value, words)
    address = value.translate(NOT_DIALLED) if kind == "tel" else value
    return format_html('<a href="{}:{}">{}</a>', kind, address, words)
