"""Which requests count as use: a person's, who really looks."""

from __future__ import annotations

import re

from services.accounts.http import Request

ROBOT = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor|curl|wget|python|headlesschrome", re.IGNORECASE)


def by_a_reader(request: Request) -> bool:
    """No HEAD, no page fetched before anybody asked for it, no robot that says so."""
    ahead = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    if request.method != "GET" or "prefetch" in ahead:
        return False
    return not ROBOT.search(request.headers.get("User-Agent", ""))
