"""Asks the web process in this container whether it is well: exit code 0 or 1, for Docker's HEALTHCHECK."""

from __future__ import annotations

import http.client
import os
import sys


def main() -> int:
    # Django answers only to the names it was told.
    host = os.environ.get("PST_ALLOWED_HOSTS", "").split(",")[0].strip() or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PST_PORT", "8000")), timeout=4)
    try:
        connection.request("GET", "/sehat/", headers={"Host": host.lstrip(".")})
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        print(error)
        return 1
    print(answer.status)
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
