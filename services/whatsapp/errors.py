"""What the numbers in the API's answers mean for a message (Meta's list of error codes, Graph API v23.0).

Decided by the code, not by the words or the HTTP status: Meta changes those.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

WINDOW = {131047}  # more than 24 hours since they wrote
RATE = {4, 80007, 130429, 131048, 133016}  # ours in general; another try later
PAIR_RATE = {131056}  # too many to this one number
SERVER = {1, 2, 131000, 131016, 131057, 133004}  # theirs, or under maintenance
# Ours, until an administrator does something: the token, the permission, the account, the bill.
ACCOUNT = {0, 3, 10, 33, 190, 368, 130497, 131005, 131031, 131042, 133010, *range(200, 300)}
NUMBER = {131026, 131021, 131030, 131045, 131050, 130472}  # this number cannot be reached by us
TEMPLATE = {132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069}


def how(code: int, http: int) -> str:
    """ "window", "later", "away" (later, and so for every message of this number), "template" or "never"."""
    if code in WINDOW:
        return "window"
    if code in PAIR_RATE:
        return "later"
    if code in RATE | SERVER | ACCOUNT or (not code and (http in (401, 403, 408, 429) or http >= 500)):
        return "away"
    if code in TEMPLATE:
        return "template"
    if code:
        return "never"
    return "away"  # an answer that is none of the API's: a proxy's page, a firewall


def words(code: int, http: int) -> str:
    """For officers; the API's own words are not repeated, they may hold the number."""
    if code in WINDOW:
        said = _("Jendela 24 jam sudah tertutup.")
    elif code in RATE | PAIR_RATE or (not code and http == 429):
        said = _("Terlalu banyak pesan dalam waktu singkat; dicoba lagi.")
    elif code in (0, 190) and http in (0, 400, 401, 403) and code == 190:
        said = _("Token WhatsApp sudah tidak berlaku. Administrator perlu membuat yang baru.")
    elif code in ACCOUNT and code:
        said = _("Akun WhatsApp kantor ditolak oleh Meta. Administrator perlu memeriksanya.")
    elif code in NUMBER:
        said = _("Nomor ini tidak dapat menerima pesan WhatsApp kita.")
    elif code in TEMPLATE:
        said = _("Templat WhatsApp tidak ada, ditolak, atau isiannya tidak cocok.")
    elif code in SERVER or not code:
        said = _("Server WhatsApp sedang terganggu.")
    else:
        said = _("Pesan ini ditolak oleh WhatsApp.")
    number = code or http
    return f"{said} ({number})" if number else said
