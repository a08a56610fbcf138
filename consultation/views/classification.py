"""Looking up a code of KBLI or KBJI, where the operator has loaded them."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultation import matching
from consultation.models import Classification
from services.accounts import access
from services.accounts.http import Request
from services.text import tokens

PAGE = 30
NAMING = frozenset([*Classification.Kind.values, "kode", "klasifikasi", "baku", "nomor"])
CODE = re.compile(r"[A-Z]|[A-Z]?[0-9.]{1,11}", re.ASCII)


@access.public
@require_safe
def classification(request: Request) -> HttpResponse:
    """`q` words or the beginning of a code, nothing for the uppermost level; `jenis` kbli or kbji."""
    typed = " ".join(request.GET.get("q", "").replace("\0", "")[:300].split())
    kind = request.GET.get("jenis", "")
    kind = kind if kind in Classification.Kind.values else ""
    page = Paginator(_rows(typed, kind), PAGE).get_page(request.GET.get("page"))
    kinds = Classification.Kind.choices
    context = {
        "typed": typed,
        "kind": kind,
        "kinds": kinds,
        "page": page,
        "query": urlencode({"q": typed, "jenis": kind}),
        "any": Classification.objects.exists(),
    }
    return render(request, "consultation/classification.html", context)


def _rows(typed: str, kind: str) -> QuerySet[Classification]:
    rows = Classification.objects.defer("search")
    rows = rows.filter(kind=kind) if kind else rows
    if not typed:  # where one begins: the uppermost level
        return rows.alias(letters=Length("code")).filter(letters=1)
    if CODE.fullmatch(typed.upper()):
        return rows.filter(code__istartswith=typed)
    return by_words(typed, rows)


def by_words(typed: str, rows: QuerySet[Classification]) -> QuerySet[Classification]:
    """ "Apa kode KBLI perdagangan?" asks for the trade of KBLI: the words for the lists themselves stand in no row."""
    words = tokens(typed)
    named = [kind for kind in Classification.Kind.values if kind in words]
    rows = rows.filter(kind__in=named) if named else rows
    return matching.find(rows, " ".join(word for word in words if word not in NAMING))
