"""Enforces the access each view declares, before the view runs."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from services.accounts import devices, reading_only, visitors
from services.accounts.access import Access
from services.audit.actors import VISITOR, Actor
from services.offices.current import enter
from services.offices.models import Office

OFFICE_KEY = "office_id"


class ViewDeclaresNoAccess(RuntimeError):
    """A programming error: every view says who may use it (services/accounts/access.py)."""


class AccessMiddleware:
    """Sets request.office, request.role, request.device and request.actor, or refuses."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.office = request.role = request.device = None  # type: ignore[attr-defined]
        request.actor = VISITOR  # type: ignore[attr-defined]
        timezone.deactivate()  # the thread may remember the last request's office
        response = self.get_response(request)
        rule = getattr(getattr(request.resolver_match, "func", None), "access", None)
        if rule is not None and rule.public and reading_only.is_file(response):
            response = reading_only.instead(request) or response
        if rule is not None and not rule.public and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)  # nothing of the office stays in a shared PC's browser
        patch_vary_headers(response, ["HX-Request"])  # the page as well as its fragment
        return response

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        if "admin" in request.resolver_match.app_names:
            return None  # Django's admin site checks for itself
        rule: Access | None = getattr(view, "access", None)
        if rule is None:
            raise ViewDeclaresNoAccess(f"{view.__module__}.{view.__qualname__} declares no access")
        if rule.own_device and devices.on_one(request):
            return refuse_on_device(request)
        if rule.public:
            self._public(request, kwargs)
            return reading_only.instead(request) if getattr(view, "takes_away", False) else None
        if rule.device and (device := devices.find(request, rule.device)):
            request.device = device
            enter(request, device.office)
            request.actor = Actor("device", device_id=device.pk)
            return None
        if rule.device:
            return go(request, f"{reverse('accounts:pair')}?untuk={rule.device}")
        return self._signed_in(request, rule)

    def _public(self, request, kwargs) -> None:
        if code := kwargs.get("code"):
            office = Office.objects.select_related("parent__parent").filter(code=code).first()
            if office is None:
                raise Http404
            enter(request, office)
        if request.user.is_authenticated:
            request.actor = visitors.actor_of(request.user)

    def _signed_in(self, request, rule: Access) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return to_login(request, "account_login" if rule.verified else "accounts:login")
        memberships = list(user.memberships.select_related("office"))
        request.actor = visitors.actor_of(user, memberships)
        active = next((m for m in memberships if m.office_id == request.session.get(OFFICE_KEY)), None)
        active = active or (memberships[0] if memberships else None)
        request.memberships = memberships
        if active:
            enter(request, active.office)
            request.role = active.role
        if rule.administrator:
            if not user.is_superuser:
                raise PermissionDenied
            return None
        if rule.verified and not visitors.mailbox(user):
            return go(request, f"{reverse('account:verify')}?{urlencode({'next': _here(request)})}")
        if rule.login:
            return None
        if not active or active.role not in rule.roles:
            raise PermissionDenied
        return None


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the whole page there, also when a fragment asked."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def to_login(request: HttpRequest, door: str = "accounts:login") -> HttpResponse:
    """After log-in come back to the page the person was on, not to the fragment it asked for. `door`: the officers' or
    the visitors' page."""
    if request.htmx:  # type: ignore[attr-defined]
        return go(request, f"{resolve_url(door)}?{urlencode({'next': _page_of(request)})}")
    if request.method != "GET":
        page = _page_of(request, "Referer")
        return redirect(door) if page == "/" else redirect_to_login(page, resolve_url(door))
    return redirect_to_login(request.get_full_path(), resolve_url(door))


def refuse_on_device(request: HttpRequest) -> HttpResponse:
    """On a tablet or computer of the office nobody enters an account: the next person would find it open."""
    return render(request, "account/on_device.html", status=403)


def _here(request: HttpRequest) -> str:
    """Where to come back to."""
    if request.htmx:  # type: ignore[attr-defined]
        return _page_of(request)
    return request.get_full_path() if request.method == "GET" else "/"


def _page_of(request: HttpRequest, header: str = "HX-Current-URL") -> str:
    """The page that asked for a fragment (Referer: that held the form), as an address on this site; "/" when the header
    names none."""
    address = request.headers.get(header, "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return "/"
    parts = urlsplit(address)
    page = parts.path + (f"?{parts.query}" if parts.query else "")
    return page if url_has_allowed_host_and_scheme(page, None) else "/"
