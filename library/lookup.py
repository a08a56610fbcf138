"""What an officer types for a region or a series, and which of thousands is meant: by code, name, alias or words.

Never a list to choose from: the country has 550 regions, each with its own series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from library.models import Region, Series
from services.offices.models import Office

SHOWN = 12
CODE = re.compile(
    r"([0-9]{4}|[0-9]{2})(?:\s+\D.*)?", re.ASCII | re.DOTALL
)  # "7411", "74", "7411 Kolaka Timur"
WITH_CODE = re.compile(r"(.*\S)\s*\[([0-9]{4})\]", re.ASCII | re.DOTALL)  # as `series_words` writes it
KIND = re.compile(r"^(?:kabupaten|kab\.?|kota|provinsi|prov\.?)\s+", re.IGNORECASE)


def one_line(typed: str) -> str:
    return " ".join(typed.split())


def region_words(region: Region | None) -> str:
    return f"{region.code} {region.name}" if region else ""


def region(typed: str) -> Region | None:
    """The one that is meant. Raises ValidationError with the candidates where several are, or none is."""
    typed = one_line(typed)
    if not typed:
        return None
    if code := CODE.fullmatch(typed):
        found = Region.objects.filter(code=code[1].ljust(4, "0")).first()
        if found is None:
            raise ValidationError(_("Tidak ada wilayah dengan kode %s.") % code[1])
        return found
    named = list(Region.objects.filter(_named(typed))[: SHOWN + 1])
    exact = [r for r in named if r.name.casefold() == typed.casefold()]
    candidates = exact if len(exact) == 1 else named
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise ValidationError(
            _("Ada beberapa wilayah dengan nama itu: %s. Ketik kodenya.") % _listed(candidates)
        )
    near = regions(typed)
    if near:
        raise ValidationError(_("Wilayah ini tidak dikenal. Maksud Anda: %s?") % _listed(near[:5]))
    raise ValidationError(_("Wilayah ini tidak dikenal. Ketik kode empat angka atau namanya."))


def _named(typed: str) -> Q:
    """Bima is Kabupaten Bima and Kota Bima; "koltim" is what people call Kolaka Timur."""
    bare = KIND.sub("", typed)
    names = Q(aliases__icontains=bare.casefold())  # narrows; an array as text
    wanted = re.escape(bare)
    alike = Q(name__iregex=rf"^((kabupaten|kab\.?|kota|provinsi|prov\.?)\s+)?{wanted}$")
    by_alias = [
        row.pk
        for row in Region.objects.filter(names)
        if bare.casefold() in (alias.casefold() for alias in row.aliases)
    ]
    return alike | Q(pk__in=by_alias)


def regions(typed: str) -> list[Region]:
    """To suggest while somebody types: the code from its beginning, or words of the name."""
    typed = one_line(typed)
    if not typed:
        return []
    rows = Region.objects.filter(
        Q(code__startswith=typed[:4])
        if typed[:2].isdecimal()
        else _all_words("name", typed) | Q(aliases__icontains=typed)
    )
    return list(rows[:SHOWN])


def series_words(series: Series | None) -> str:
    """With the region's code, because two regencies may have a series of one title."""
    if series is None:
        return ""
    return f"{series.title} [{series.region.code}]" if series.region else series.title


def series(typed: str, region: Region | None) -> Series | None:
    """The one that is meant, or a new one, not stored yet. Raises ValidationError with the candidates."""
    typed = one_line(typed)
    if not typed:
        return None
    title = typed
    found = Series.objects.select_related("region")
    if coded := WITH_CODE.fullmatch(typed):
        place = Region.objects.filter(code=coded[2]).first()
        if place is None:
            raise ValidationError(_("Tidak ada wilayah dengan kode %s.") % coded[2])
        title, region, found = coded[1], place, found.filter(region=place)
    if len(title) > 300:
        raise ValidationError(_("Judul seri paling panjang 300 huruf."))
    same = list(found.filter(title__iexact=title)[: SHOWN + 1])
    here = [row for row in same if row.region_id == (region.pk if region else None)]
    if len(same) == 1 or here:
        return (here or same)[0]
    if same:
        words = "; ".join(series_words(row) for row in same[:SHOWN])
        raise ValidationError(_("Ada beberapa seri dengan judul itu: %s. Ketik berikut kodenya.") % words)
    return Series(title=title, region=region)


def some_series(typed: str, office: Office) -> QuerySet[Series] | list[Series]:
    """To suggest while somebody types; the office's own region first."""
    typed = one_line(typed)
    if len(typed) < 2:
        return []
    near = Case(When(region__code=office.code, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Series.objects.filter(_all_words("title", typed)).select_related("region")
    return rows.order_by(near, "title")[:SHOWN]


def _all_words(field: str, typed: str) -> Q:
    found = Q()
    for word in typed.split()[:10]:
        found &= Q(**{f"{field}__icontains": word})
    return found


def _listed(found: Iterable[Region]) -> str:
    return ", ".join(region_words(row) for row in found)
