"""The settings an operator may change, all of them environment variables.

One list feeds `pst.settings`, the table in `docs/settings.md` (a test compares the two) and the checks that
keep an unsafe production server from starting.
"""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Var:
    name: str
    default: str
    help: str


VARS = {
    v.name: v
    for v in [
        Var(
            "PST_MODE",
            "production",
            "`local` (one PC, plain http on loopback), `test`, or `production`. Production refuses unsafe settings.",
        ),
        Var(
            "PST_SECRET_KEY",
            "",
            "Signs sessions and tokens. At least 50 random characters; `make run` makes one under `var/`.",
        ),
        Var(
            "PST_SECRET_KEY_FALLBACKS",
            "",
            "Earlier values of PST_SECRET_KEY, by commas, the latest first: after a change nobody is logged out and second steps "
            "at log-in go on working. May be emptied after two days: a task writes them anew every night.",
        ),
        Var(
            "DATABASE_URL",
            "",
            "`postgresql://user:password@host:5432/pst` of a PostgreSQL 15 or newer. `make run` starts one when unset.",
        ),
        Var("PST_ALLOWED_HOSTS", "", "Comma-separated host names the site is reached by."),
        Var("PST_DEBUG", "0", "`1` shows Django's error pages. Refused in production."),
        Var(
            "PST_VAR_DIR",
            "var",
            "Where files that change are kept (uploads, local database, demo passwords).",
        ),
        Var(
            "PST_HTTPS",
            "1",
            "`1`: cookies only over https, http is redirected. `0` is accepted only outside production.",
        ),
        Var(
            "PST_TRUSTED_PROXY",
            "0",
            "`1` when a proxy in front sets X-Forwarded-Proto and X-Forwarded-For, and nobody can go round it.",
        ),
        Var(
            "PST_DB_POOL_MAX",
            "10",
            "Database connections per web process; `0` opens one per request (behind a pooler of your own).",
        ),
        Var("PST_LOG_LEVEL", "INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`."),
        Var(
            "PST_EMAIL_URL",
            "",
            "`smtp://user:password@host:587` for outgoing mail; unset prints mail to the log.",
        ),
        Var("PST_EMAIL_FROM", "", "Sender of outgoing mail; unset: `pst@` the first allowed host name."),
        Var(
            "PST_SITE",
            "",
            "The address people reach the site by, as it stands in mails: `https://pst.example.go.id`; unset: `https://` and "
            "the first allowed host name.",
        ),
        Var(
            "PST_CHANNELS",
            "",
            "A TOML file with each office's own mailbox and WhatsApp number (docs/channels.md); unset: all mail goes out "
            "by PST_EMAIL_URL, none is fetched. It holds passwords: readable by the service's user only.",
        ),
        Var(
            "PST_BPS_KEY",
            "",
            "Key for the BPS WebAPI (webapi.bps.go.id/developer); unset: publications are not fetched from there.",
        ),
        Var("PST_BPS_URL", "https://webapi.bps.go.id/v1/api/", "Address of the BPS WebAPI."),
        Var("PST_HARVEST_PAUSE", "1.0", "Seconds between two questions to another server's catalogue."),
        Var(
            "PST_HARVEST_PRIVATE",
            "0",
            "`1` lets catalogues be read from addresses inside the own network (an intranet's library).",
        ),
        Var(
            "PST_IMPORT_MOST_MB", "500", "Largest file that is taken for an import into the catalogue, in MB."
        ),
        Var(
            "PST_FILES_URL",
            "",
            "Object storage for uploads, S3 or like it: `s3://key:secret@host/bucket?region=…` (`&http=1` without TLS); "
            "unset: the folder `files` under PST_VAR_DIR. Needs the packages of requirements-s3.lock.",
        ),
        Var(
            "PST_INTAKE_FOLDER",
            "",
            "A folder the worker can write to: PDFs in its folders `7411`, `1906` … are brought in as softcopies; unset: none.",
        ),
        Var(
            "PST_CLAMD",
            "",
            "clamd that looks through every softcopy and every file of a consultation: `tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`; unset: none.",
        ),
        Var("PST_ATTACHMENT_MOST_MB", "10", "Largest file of a consultation's message, in MB."),
        Var(
            "PST_RENDER_WORKERS",
            "2",
            "Processes of each web process that draw the pages of softcopies; each takes a core while it draws.",
        ),
        Var(
            "PST_PAGE_CACHE_MB",
            "500",
            "Most that drawn pages take on disk, under `PST_VAR_DIR/cache/pages`, in MB.",
        ),
        Var(
            "PST_OIDC_URL",
            "",
            "Address of an agency's OpenID Connect server, for its officers' single sign-on; unset: passwords only. "
            "Its redirect address: `https://this-host/akun/instansi/sso/kembali/`.",
        ),
        Var("PST_OIDC_CLIENT", "", "Our client id there."),
        Var("PST_OIDC_SECRET", "", "Our client secret there."),
        Var("PST_OIDC_NAME", "SSO BPS", "What the button on the officers' log-in page calls it."),
        Var(
            "PST_LOGIN_FAILURES",
            "5",
            "Failed log-ins per e-mail address and network address before a 15-minute wait.",
        ),
    ]
}


def text(name: str) -> str:
    """The variable's value, or its documented default.

    Raises KeyError for a name that is not in the table, so that no undocumented setting can appear.
    """
    return os.environ.get(name, VARS[name].default).strip()


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def integer(name: str) -> int:
    value = text(name)
    try:
        return int(value)
    except ValueError:
        raise SystemExit(f"{name} must be a whole number, not {value!r}. See docs/settings.md.") from None


def seconds(name: str) -> float:
    value = text(name)
    try:
        return float(value)
    except ValueError:
        raise SystemExit(
            f"{name} must be a number of seconds, not {value!r}. See docs/settings.md."
        ) from None


def words(name: str) -> list[str]:
    return [w.strip() for w in text(name).split(",") if w.strip()]


def markdown_table() -> str:
    """The table of docs/settings.md."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    rows += [f"| `{v.name}` | {f'`{v.default}`' if v.default else '–'} | {v.help} |" for v in VARS.values()]
    return "\n".join(rows) + "\n"
