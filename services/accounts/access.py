"""Who may use a view: declared on every view, enforced in one place.

    @access.public                      anyone; a `code` in the URL becomes request.office
    @access.staff                       frontliner or supervisor of the active office
    @access.supervisor                  supervisor of the active office
    @access.administrator               the system administrator
    @access.device("kiosk")             a paired tablet of that purpose
    @access.visitor                     a signed-in account with a verified e-mail, never on an office's device
    @access.entrance                    anyone, but never on an office's device: the doors to such an account
    @access.takes_away                  beside one of these: gives a file to keep, which the PST computer never does

`AccessMiddleware` refuses a view that declares nothing. Rules: docs/architecture.md, "Who may do what".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from services.accounts.models import Purpose, Role

F = TypeVar("F", bound=Callable)

STAFF = frozenset({Role.FRONTLINER, Role.SUPERVISOR})


@dataclass(frozen=True)
class Access:
    """What a view demands. `login` alone: any signed-in user, without an office. `own_device`: not on a tablet, TV or
    PST computer of an office, where the next person would find the last one's account."""

    public: bool = False
    login: bool = False
    verified: bool = False
    own_device: bool = False
    administrator: bool = False
    roles: frozenset[str] = frozenset()
    device: str = ""

    def __str__(self) -> str:
        if self.public:
            return "entrance" if self.own_device else "public"
        if self.verified:
            return "visitor"
        if self.administrator:
            return "administrator"
        if self.login:
            return "login"
        parts = ([f"device:{self.device}"] if self.device else []) + sorted(self.roles)
        return " | ".join(parts)


def _declare(rule: Access) -> Callable[[F], F]:
    def mark(view: F) -> F:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return mark


def public(view: F) -> F:
    return _declare(Access(public=True))(view)


def takes_away(view: F) -> F:
    """A file to keep comes of it: refused on the PST computer before the view runs (AccessMiddleware)."""
    view.takes_away = True  # type: ignore[attr-defined]
    return view


def login(view: F) -> F:
    return _declare(Access(login=True))(view)


def visitor(view: F) -> F:
    return _declare(Access(login=True, verified=True, own_device=True))(view)


def entrance(view: F) -> F:
    return _declare(Access(public=True, own_device=True))(view)


def administrator(view: F) -> F:
    return _declare(Access(administrator=True))(view)


def staff(view: F) -> F:
    return _declare(Access(roles=STAFF))(view)


def supervisor(view: F) -> F:
    return _declare(Access(roles=frozenset({Role.SUPERVISOR})))(view)


def device(purpose: str) -> Callable[[F], F]:
    return _declare(Access(device=Purpose(purpose).value))
