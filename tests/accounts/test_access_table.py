"""Who may open what: every view of the site against everybody who might knock.

A row: URL name → (arguments, form, what each person gets). "<word>" stands for an object of office 7411 (see
world.py). A view without a row, or one that declares no access, fails. Another office's object is a 404.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from services.accounts.access import Access
from tests.accounts.world import LOGIN, PAIR, TO_ACCOUNT, VERIFY, World, outcome, shared_world, views

EVERYBODY = (
    "anonymous", "frontliner", "frontliner elsewhere", "supervisor", "supervisor elsewhere",
    "administrator", "kiosk", "kiosk elsewhere", "display", "reader", "revoked kiosk", "visitor", "stranger",
)  # fmt: skip
VISITORS = ("visitor", "stranger")  # with an account and no office; the first is known at office 7411
DEVICES = ("kiosk", "kiosk elsewhere", "display", "reader", "revoked kiosk")


def public(status: int | str = 200) -> dict:
    return dict.fromkeys(EVERYBODY, status)


def to_keep(status: int = 200) -> dict:
    """A file: not for the PST computer, which only reads."""
    return public(status) | {"reader": 403}


def staff(status: int = 200, elsewhere: int | None = None) -> dict:
    """Officers. `elsewhere`: what another office's officer gets, for whom "the" page is their own office's."""
    theirs = status if elsewhere is None else elsewhere
    return {
        **dict.fromkeys(EVERYBODY, LOGIN),
        "frontliner": status, "supervisor": status,
        "frontliner elsewhere": theirs, "supervisor elsewhere": theirs,
        **dict.fromkeys(("administrator", *VISITORS), 403),
    }  # fmt: skip


def supervisor(status: int = 200, elsewhere: int | None = None) -> dict:
    return {**staff(status, elsewhere), "frontliner": 403, "frontliner elsewhere": 403}


def administrator(status: int = 200) -> dict:
    return {**staff(403), "administrator": status}


def kiosk(status: int = 200, elsewhere: int | None = None) -> dict:
    theirs = status if elsewhere is None else elsewhere
    return {**dict.fromkeys(EVERYBODY, PAIR), "kiosk": status, "kiosk elsewhere": theirs}


def display(status: int = 200) -> dict:
    return {**dict.fromkeys(EVERYBODY, PAIR), "display": status}


def computer(status: int = 200) -> dict:
    return {**dict.fromkeys(EVERYBODY, PAIR), "reader": status}


def registered(status: int = 200) -> dict:
    """Who reads what is for registered readers: officers at any desk, the PST computer, who has an account."""
    officers = [who for who in EVERYBODY if who.startswith(("frontliner", "supervisor"))]
    return {**public(403), **dict.fromkeys([*officers, "reader", *VISITORS], status)}


def signed_in(status: int) -> dict:
    return {**public(status), **dict.fromkeys(("anonymous", *DEVICES), LOGIN)}


def account(status: int = 200, stranger: int | None = None) -> dict:
    """An account's own pages. Officers show first that the mailbox is theirs; no account opens on the office's devices.
    `stranger`: what somebody else's account gets, of whom the office knows nothing."""
    officers = [p for p in EVERYBODY if p.startswith(("frontliner", "supervisor", "administrator"))]
    return {
        **dict.fromkeys(officers, VERIFY), **dict.fromkeys(DEVICES, 403),
        "anonymous": TO_ACCOUNT, "visitor": status, "stranger": status if stranger is None else stranger,
    }  # fmt: skip


def entrance(anonymous: int | str = 200, inside: int | str = 302) -> dict:
    """A door to an account: closed on the office's devices, and for whoever is in already."""
    return {**public(inside), **dict.fromkeys(DEVICES, 403), "anonymous": anonymous}


OFFICERS_403 = {p: 403 for p in EVERYBODY if p.startswith(("frontliner", "supervisor", *VISITORS))}
OBJECT = staff(200, elsewhere=404)  # a page about something of office 7411
POST_ONLY = staff(405)
CASE = {**OBJECT, "frontliner": 404}  # a complaint: for supervisors, and who it was given to

GET = {
    "portal:home": ([], public()),
    "portal:health": ([], public()),
    "portal:office": (["7411"], public()),
    "portal:standard": (["7411", "library"], public()),
    "library:search": ([], public()),
    "library:search_file": (["csv"], to_keep()),
    "library:suggest": ([], public()),
    "library:ask": ([], public(302)),
    "library:suggest_for_question": ([], public(405)),
    "library:publication": (["<publication>", "-"], public(301)),
    "library:export": (["<publication>", "bib"], to_keep()),
    "library:read": (["<softcopy book>", "profil-kemiskinan-2024"], registered()),
    "library:read_page": (["<softcopy book>", 1, 900], registered(503)),  # its file is not there
    "library:read_text": (["<softcopy book>", 1], registered()),
    "library:read_search": (["<softcopy book>"], registered()),
    "library:computer": ([], computer()),
    "library:computer_here": ([], computer(204)),
    "library:oai": ([], to_keep()),
    "library:opds": ([], to_keep()),
    "library:opds_list": ([], to_keep()),
    "library:opds_search": ([], to_keep()),
    "sitemap": ([], public()),
    "sitemap_section": (["pustaka"], public()),
    "robots": ([], public()),
    "portal:poster": (["7411", "library"], to_keep()),
    "set_language": ([], public(302)),
    "style": ([], public()),
    "accounts:login": ([], {**public(), **{p: 302 for p in EVERYBODY if p not in ("anonymous", *DEVICES)}}),
    "accounts:start": ([], signed_in(302)),
    "accounts:admin_login": ([], {**public(LOGIN), **OFFICERS_403}),
    "accounts:logout": ([], signed_in(405)),
    "accounts:switch_office": ([], signed_in(405)),
    "accounts:pair": ([], public()),
    "queueing:devices": ([], staff()),
    "queueing:devices_alert": ([], staff()),
    "queueing:low_ratings": ([], supervisor()),
    "queueing:printer_new": ([], supervisor()),
    "queueing:printer": (["<printer>"], supervisor(200, elsewhere=404)),
    "queueing:printer_switch": (["<printer>"], supervisor(405)),
    "queueing:printer_trial": (["<printer>"], POST_ONLY),
    "queueing:find_number": ([], staff(302)),
    "queueing:desk_print": (["<waiting ticket>"], POST_ONLY),
    "queueing:desk_slip": (["<waiting ticket>"], OBJECT),
    "queueing:visit_slip": (["<waiting token>"], to_keep()),
    "queueing:kiosk_print": (["<waiting token>"], kiosk(302, elsewhere=404)),
    "queueing:here_kiosk": ([], kiosk(204)),
    "queueing:here_display": ([], display(204)),
    "accounts:revoke": (["<device>"], POST_ONLY),
    "panel:today": ([], supervisor()),
    "panel:offices": ([], supervisor()),
    "panel:promises": ([], supervisor()),
    "panel:promise": (["kunjungan"], supervisor()),
    "panel:promise_cases": (["kunjungan"], supervisor()),
    "panel:promise_public": ([], supervisor()),
    "panel:trace": ([], supervisor()),
    "panel:trace_file": ([], supervisor(405)),
    "panel:exports": ([], supervisor()),
    "panel:changes": ([], supervisor()),
    "panel:change_undo": (["<setting change>"], supervisor(405)),
    "panel:standards": ([], supervisor()),
    "panel:below": ([], supervisor()),
    "panel:standard_new": ([], supervisor()),
    "panel:standard_act": (["<standard draft>"], supervisor(405)),
    "panel:standard_edit": (["<standard draft>"], supervisor(elsewhere=404)),
    "panel:standard_section": (["<standard draft>", "procedure"], supervisor(elsewhere=404)),
    "panel:standard_publish": (["<standard in review>"], supervisor(elsewhere=404)),
    "panel:standard_compare": (["<standard draft>"], supervisor(elsewhere=404)),
    "panel:standard_preview": (["<standard draft>"], supervisor(elsewhere=404)),
    "panel:standard_poster": (["<standard draft>"], supervisor(elsewhere=404)),
    "setup:overview": ([], supervisor()),
    "setup:start": ([], supervisor()),
    "setup:office": ([], supervisor()),
    "setup:hours": ([], supervisor()),
    "setup:exception_new": ([], supervisor()),
    "setup:exception": (["<special date>"], supervisor(elsewhere=404)),
    "setup:calendar": ([], supervisor()),
    "setup:day_delete": (["<local day>"], supervisor(405)),
    "setup:services": ([], supervisor()),
    "setup:service_new": ([], supervisor()),
    "setup:service": (["<idle service>"], supervisor(elsewhere=404)),
    "setup:service_act": (["<idle service>"], supervisor(405)),
    "setup:standard": (["<idle service>"], supervisor(elsewhere=404)),
    "setup:counters": ([], supervisor()),
    "setup:counter_new": ([], supervisor()),
    "setup:counter": (["<free counter>"], supervisor(elsewhere=404)),
    "setup:lockers": ([], supervisor()),
    "setup:locker_delete": (["<locker>"], supervisor(405)),
    "setup:staff": ([], supervisor()),
    "setup:person": (["<membership>"], supervisor(elsewhere=404)),
    "setup:invitation_act": (["<invitation>"], supervisor(405)),
    "setup:roster": ([], supervisor()),
    "setup:duty_delete": (["<duty>"], supervisor(405)),
    "setup:devices": ([], supervisor()),
    "setup:channels": ([], supervisor()),
    "setup:lists": ([], supervisor()),
    "setup:trial": ([], supervisor()),
    "setup:trial_pdf": (["library"], supervisor()),
    "setup:offices": ([], administrator()),
    "setup:national": ([], administrator()),
    "setup:answers": (["job"], administrator()),
    "setup:answer": (["<list answer>"], administrator()),
    "setup:answer_act": (["<list answer>"], administrator(405)),
    "setup:invitation": (["<invitation secret>"], public()),
    "panel:insight": ([], supervisor()),
    "panel:ratings": ([], supervisor()),
    "panel:mail": ([], supervisor()),
    "panel:mail_act": (["<failed mail>"], supervisor(405)),
    "panel:mail_in": ([], supervisor()),
    "panel:whatsapp": ([], supervisor()),
    "panel:whatsapp_act": (["<failed whatsapp>"], supervisor(405)),
    "panel:whatsapp_in": (["<whatsapp aside>"], supervisor(405)),
    "panel:mail_in_act": (["<mail aside>"], supervisor(405)),
    "panel:mail_in_whole": (["<mail aside>"], supervisor(elsewhere=404)),
    "panel:mail_kinds": ([], supervisor()),
    "panel:mail_kind": (["consultation_receipt"], supervisor()),
    "panel:mail_html": (["consultation_receipt", "en"], supervisor()),
    "privacy:policy": ([], supervisor()),
    "queueing:duplicates": ([], supervisor()),
    "queueing:merge": ([], supervisor(405)),
    "queueing:part": (["<merge>"], supervisor(405)),
    "privacy:requests": ([], staff()),
    "privacy:take": ([], POST_ONLY),
    "privacy:answer": (["<request>"], supervisor(200, elsewhere=404)),
    "privacy:export": (["<request>"], supervisor(405)),
    "privacy:fulfil": (["<request>"], supervisor(405)),
    "privacy:refuse": (["<request>"], supervisor(405)),
    "privacy:own_ask": (["7411"], public()),
    "privacy:own_data": (["<own link>"], public()),
    "privacy:own_file": (["<own link>"], to_keep()),
    "privacy:own_code": (["<own link>"], public(405)),
    "privacy:own_request": (["<own link>"], public(405)),
    "panel:standard": (["<standard>"], supervisor(200, elsewhere=404)),
    "panel:confirm": (["<standard>"], supervisor(405)),
    "lockers:deposit_card": (["<here>"], POST_ONLY),
    "lockers:deposit_bag": (["<here>"], POST_ONLY),
    "lockers:give_back": (["<here>", "card"], POST_ONLY),
    "lockers:lockers": ([], staff()),
    "lockers:key_lost": (["<locker>"], POST_ONLY),
    "lockers:out_of_service": (["<locker>"], POST_ONLY),
    "lockers:in_service": (["<locker>"], POST_ONLY),
    "lockers:report_item": ([], POST_ONLY),
    "lockers:resolve": (["<incident>"], POST_ONLY),
    "lockers:leave_behind": (["<deposit>"], POST_ONLY),
    "complaints:public": (["7411"], public()),
    "complaints:status": (["7411"], public()),
    "complaints:claim": (["7411", "<complaint claim>"], public()),
    "complaints:from_visit": (["<waiting token>"], public()),
    "complaints:kiosk": ([], kiosk()),
    "complaints:list": ([], staff()),
    "complaints:published": (["7411"], public()),
    "complaints:mine": (["<complaint number>"], account(404)),  # lodged without an account; tests/complaints
    "complaints:entry": ([], staff()),
    "complaints:flood": (["<flood>"], supervisor(elsewhere=404)),
    "complaints:detail": (["<complaint>"], CASE),
    "complaints:identity": (["<complaint>"], POST_ONLY),
    "complaints:file": (["<complaint>", "<complaint file>"], {**CASE, "supervisor": 404}),  # it is not there
    "complaints:told": (["<complaint>", "<complaint message>"], POST_ONLY),
    "complaints:manage": (["<complaint>"], CASE),
    "complain": (["<asked number>", "<asked message>"], OBJECT),
    "complaints:rules": ([], supervisor()),
    "queueing:kiosk": ([], kiosk()),
    "queueing:take_number": ([], kiosk(302)),
    "queueing:withdraw_number": ([], kiosk(405)),
    "queueing:kiosk_new_guest": (["library"], kiosk(302)),
    "queueing:kiosk_ticket": (["<waiting token>"], kiosk(200, elsewhere=404)),
    "queueing:kiosk_welcome": (["<waiting token>"], kiosk(200, elsewhere=404)),
    "queueing:kiosk_sign": ([], kiosk()),
    "queueing:kiosk_guest_book": (["<waiting token>"], kiosk(200, elsewhere=404)),
    "queueing:kiosk_rate": ([], kiosk()),
    "queueing:kiosk_exit": ([], kiosk()),
    "queueing:kiosk_rated": (["-"], kiosk()),
    "queueing:kiosk_rating": (["<gone token>", "<gone service>"], kiosk(200, elsewhere=404)),
    "queueing:kiosk_thanks": ([], kiosk()),
    "queueing:kiosk_surveys": ([], kiosk()),
    "queueing:kiosk_survey": (["<gone token>", "<gone service>"], kiosk(200, elsewhere=404)),
    "queueing:display": ([], display()),
    "queueing:display_sound": ([], display(405)),
    "queueing:display_picture": (["unknown.png"], display(404)),
    "queueing:announcements": ([], supervisor()),
    "queueing:announcement_new": ([], supervisor()),
    "queueing:announcement": (["<announcement>"], supervisor(200, elsewhere=404)),
    "queueing:announcement_action": (["<announcement>", "delete"], supervisor(405)),
    "queueing:announcement_picture": (["unknown.png"], staff(404)),
    "queueing:visit": (["<waiting token>"], public()),
    "queueing:visit_guest_book": (["<waiting token>"], public()),
    "queueing:visit_rate": (["<gone token>"], public()),
    "queueing:visit_survey": (["<gone token>"], public()),
    "queueing:mailed": (["<mailed>"], public()),
    "queueing:mailed_survey": (["<mailed>"], public()),
    "ratings:stop": (["<mail stop>"], public()),
    "ratings:rules": ([], supervisor()),
    "queueing:visit_leave": (["<waiting token>"], public(405)),
    "queueing:desk": ([], staff()),
    "queueing:desk_queue": ([], staff()),
    "queueing:desk_current": ([], staff()),
    "queueing:desk_present": ([], staff()),
    "queueing:open_counter": ([], POST_ONLY),
    "queueing:call_next": ([], POST_ONLY),
    "queueing:counter_action": (["resume"], POST_ONLY),
    "queueing:call_chosen": (["<waiting ticket>"], POST_ONLY),
    "queueing:new_visit": ([], POST_ONLY),
    "queueing:ticket_action": (["<called ticket>", "arrived"], POST_ONLY),
    "queueing:ticket_transfer": (["<called ticket>"], POST_ONLY),
    "queueing:rules": ([], supervisor()),
    "queueing:interruptions": ([], supervisor()),
    "queueing:interruption_withdraw": (["<interruption>"], supervisor(405)),
    "queueing:kiosk_help": ([], kiosk()),
    "queueing:visit_more_time": (["<waiting token>"], public(405)),
    "queueing:visit_rejoin": (["<waiting token>"], public(405)),
    "queueing:desk_undo": ([], staff()),
    "queueing:visits": ([], staff()),
    "queueing:desk_visit": (["<here>"], OBJECT),
    "queueing:desk_visit_more": (["<here>"], OBJECT),
    "queueing:desk_pass_on": (["<here>"], OBJECT),
    "queueing:personal_code": (["<here>"], POST_ONLY),
    "queueing:hand_over_book": (["<here>"], POST_ONLY),
    "queueing:desk_guest_book": (["<waiting>"], OBJECT),
    "queueing:keep_draft": (["<waiting>"], POST_ONLY),
    "queueing:recognise": (["<waiting>"], POST_ONLY),
    "queueing:desk_card_check": (["<here>"], POST_ONLY),
    "queueing:desk_step": (["<here>", "rating"], POST_ONLY),
    "queueing:desk_add_service": (["<here>"], POST_ONLY),
    "queueing:desk_close": (["<waiting>"], POST_ONLY),
    "queueing:desk_service": (["<here service>", "end"], POST_ONLY),
    "queueing:slips": ([], staff()),
    "queueing:slip_sheet": (["<block>"], OBJECT),
    "queueing:slip_entry": ([], staff()),
    "queueing:paper_entry": ([], staff()),
    "queueing:appointments": ([], staff()),
    "queueing:desk_check_in": (["<appointment>"], POST_ONLY),
    "queueing:kiosk_check_in": ([], kiosk()),
    "queueing:book": (["7411"], public()),
    "queueing:appointment": (["<appointment token>"], public()),
    "queueing:appointment_ics": (["<appointment token>"], to_keep()),
    "queueing:appointment_cancel": (["<appointment token>"], public(405)),
    "library:use": (["<gone service>"], OBJECT),
    "library:handing_choose": (["<gone service>"], OBJECT),
    "library:handing": (["<gone service>", "<softcopy>"], OBJECT),
    "library:handing_link": (["<gone service>", "<softcopy>", "unduh"], POST_ONLY),
    "library:handing_withdraw": (["<gone service>", "<copy link row>"], POST_ONLY),
    "library:excerpt_requests": ([], staff()),
    "library:excerpt_request_act": (["<asked pages>", "tolak"], supervisor(405)),
    "library:handing_file": (["<gone service>", "<excerpt>"], staff(404)),  # its file is not there
    "library:copy_link": (["<copy link>"], to_keep()),
    "library:download": (["<softcopy book>"], account()),
    "library:verify": ([], public()),
    "library:rate": (["<rate download>"], public()),
    "library:verify_one": (["<serial>"], public()),
    "library:marked": ([], supervisor()),
    "library:marked_file": ([], supervisor()),
    "library:shelf": ([], staff()),
    "library:collection": ([], staff()),
    "library:collection_file": (["csv"], staff()),
    "library:publication_new": ([], staff()),
    "library:publication_edit": (["<publication>"], staff()),
    "library:copies_add": (["<publication>"], staff(302)),
    "library:publication_access": (["<publication>"], staff(302)),
    "library:cover": (["<publication>", "hapus"], staff(302)),
    "library:cover_picture": (["unknown.jpg"], public(404)),
    "library:copy": (["<copy>"], OBJECT),
    "library:copy_act": (["<copy>", "tarik"], POST_ONLY),
    "library:series": (["<series>"], staff()),
    "library:suggest_options": (["wilayah"], staff()),
    "library:labels": ([], staff()),
    "library:shelf_act": (["<copy>", "read"], POST_ONLY),
    "library:imports": ([], supervisor()),
    "library:import_sources": ([], supervisor(405)),
    "library:import_source": (["<source>", "malam"], supervisor(405)),
    "library:import": (["<import>"], supervisor(200, elsewhere=404)),
    "library:import_errors": (["<import>"], supervisor(200, elsewhere=404)),
    "library:import_act": (["<import>", "batal"], supervisor(405)),
    "library:softcopies": ([], staff()),
    "library:softcopy": (["<softcopy>"], OBJECT),
    "library:softcopy_act": (["<softcopy>", "tarik"], POST_ONLY),
    "library:stocks": ([], staff()),
    "library:stock": (["<stock>"], OBJECT),
    "library:stock_progress": (["<stock>"], OBJECT),
    "library:stock_report": (["<stock>"], OBJECT),
    "library:stock_file": (["<stock>", "csv"], OBJECT),
    "library:stock_cancel": (["<stock>"], POST_ONLY),
    "library:statistics": ([], staff()),
    "library:sought": ([], staff()),
    "library:unused": ([], staff()),
    "library:statistics_file": (["dicari"], staff()),
    "library:title": (["<publication>"], staff()),  # records are national
    "library:holds": ([], staff()),
    "library:hold_act": (["<hold>", "batal"], POST_ONLY),
    "library:call": (["pinjaman", "<loan>"], POST_ONLY),
    "library:scans": ([], staff()),
    "library:scan_act": (["<scan>", "selesai"], POST_ONLY),
    "library:aside": ([], staff()),
    "library:aside_act": (["<damaged copy>", "rak"], supervisor(405)),
    "library:lending": ([], supervisor()),
    "privacy:own_book": (["<own link>", "batal", "<hold>"], public(405)),
    "consultation:onsite": (["<here service>"], OBJECT),
    "consultation:ask": ([], public()),
    "consultation:suggestions": ([], public(405)),
    "consultation:enough": ([], public(405)),
    "consultation:thanks": ([], public()),
    "consultation:thread": (["<asked token>"], public()),
    "consultation:visitor_file": (["<asked token>", "<asked file>"], to_keep(404)),  # its file is not there
    "consultation:rate": (["<rating address>"], public()),
    "consultation:mine": (["<asked number>"], account(404)),  # asked without an account; tests/consultation
    "consultation:mine_file": (["<asked number>", "<asked file>"], account(404)),
    "consultation:whatsapp_hook": (["7411"], public(404)),  # no number is set up; tests/consultation/test_whatsapp_hook.py
    "consultation:classification": ([], public()),
    "consultation:knowledge": ([], public()),
    "consultation:knowledge_answer": (["<knowledge>", "apa-itu-inflasi"], public()),
    "consultation:knowledge_desk": ([], staff()),
    "consultation:knowledge_draft": (["<asked>"], OBJECT),
    "consultation:knowledge_edit": (["<knowledge draft>"], OBJECT),
    "consultation:knowledge_act": (["<knowledge draft>", "periksa"], POST_ONLY),
    "reports:list": ([], supervisor()),
    "reports:report": (["visits"], supervisor()),
    "reports:preview": (["visits", "xlsx"], supervisor()),
    "reports:issue": (["visits"], supervisor(405)),
    "reports:issued": ([], supervisor()),
    "reports:issued_file": (["<issued>", "pdf"], supervisor(200, elsewhere=404)),
    "reports:letterhead": ([], supervisor()),
    "reports:schedules": ([], supervisor()),
    "reports:unschedule": (["<schedule>"], supervisor(405)),
    "surveys:paper": ([], staff()),
    "surveys:take_back": (["<survey paper>"], POST_ONLY),
    "surveys:panel": ([], supervisor()),
    "surveys:settings": ([], supervisor()),
    "surveys:plans": ([], supervisor()),
    "surveys:plan_act": (["<follow up>"], supervisor(405)),
    "surveys:report": ([], supervisor()),
    "surveys:export": (["isian", "csv"], supervisor(302)),  # no month is over yet
    "surveys:publish": ([], supervisor(405)),
    "surveys:withdraw": (["<survey result>"], supervisor(405)),
    "surveys:results": (["7411"], public()),
    "surveys:result_pdf": (["7411", "<survey result>"], to_keep()),
    "account:survey": (["<gone service>", "skm"], account(404)),  # somebody else's
    "account:home": ([], account()),
    "account:verify": ([], {**signed_in(200), **dict.fromkeys(VISITORS, 302)}),
    "account:downloads": ([], account()),
    "account:profile": ([], account()),
    "account:safety": ([], account()),
    "account:take_along": ([], account()),
    "account:close": ([], account()),
    "account:own_data": (["7411"], account(200, stranger=404)),
    "account:own_file": (["7411"], account(200, stranger=404)),
    "account:own_code": (["7411"], account(405)),
    "account:own_request": (["7411"], account(405)),
    "account:own_book": (["7411", "batal", 1], account(405)),
    "account_login": ([], entrance()),
    "account_request_login_code": ([], entrance()),
    "account_confirm_login_code": ([], entrance(TO_ACCOUNT)),
    "account_signup": ([], entrance()),
    "account_email_verification_sent": ([], entrance(TO_ACCOUNT)),
    "account_reset_password": ([], entrance(200, inside=200)),
    "account_confirm_password_reset_code": ([], entrance(TO_ACCOUNT, inside=TO_ACCOUNT)),
    "account_complete_password_reset": ([], entrance(302)),
    "account_password_reset_completed": ([], entrance(200, inside=200)),
    "account_logout": ([], {**public(), **dict.fromkeys(("anonymous", *DEVICES), 302)}),
    "account_inactive": ([], public()),
    "account_reauthenticate": ([], signed_in(200)),
    "mfa_reauthenticate": ([], signed_in(302)),
    "mfa_authenticate": ([], {**public(302), **dict.fromkeys(("anonymous", *DEVICES), TO_ACCOUNT)}),
    "account_email": ([], account()),
    "account_change_password": ([], account()),
    "account_set_password": ([], account(302)),  # they have one
    "mfa_index": ([], account()),
    "mfa_activate_totp": ([], account(302)),  # the password once more
    "mfa_deactivate_totp": ([], account(404)),
    "mfa_view_recovery_codes": ([], account(404)),
    "mfa_generate_recovery_codes": ([], account(302)),
    "mfa_download_recovery_codes": ([], account(404)),
    "openid_connect_login": (["sso"], public(404)),  # not set up here
    "openid_connect_callback": (["sso"], public(404)),
    "socialaccount_login_cancelled": ([], public()),
    "socialaccount_login_error": ([], public(401)),
    "consultation:list": ([], staff()),
    "consultation:log": ([], staff()),
    "consultation:log_who": ([], POST_ONLY),
    "consultation:canned": ([], staff()),
    "consultation:canned_edit": (["<canned answer>"], OBJECT),
    "consultation:canned_delete": (["<canned answer>"], POST_ONLY),
    "consultation:thread_desk": (["<consultation>"], OBJECT),
    "consultation:thread_presence": (["<consultation>"], POST_ONLY),
    "consultation:thread_canned": (["<consultation>"], OBJECT),
    "consultation:thread_whatsapp": (["<consultation>"], OBJECT),
    "consultation:thread_file": (["<consultation>", 1], staff(404)),
    "consultation:thread_manage": (["<consultation>"], OBJECT),
    "consultation:thread_history": (["<consultation>"], OBJECT),
    "consultation:thread_merge": (["<consultation>"], OBJECT),
    "consultation:thread_split": (["<consultation>"], OBJECT),
    "consultation:thread_hand_over": (["<consultation>"], OBJECT),
    "consultation:thread_act": (["<consultation>", "ambil"], POST_ONLY),
}  # fmt: skip

DONE = staff(302, elsewhere=404)  # changed, and back to a page; another office's object does not exist

NINE_FOURS = {f"U{n}": "4" for n in range(1, 10)}

POST = {
    "set_language": ([], {"language": "en"}, public(302)),
    "accounts:login": ([], {"username": "", "password": ""}, GET["accounts:login"][1]),
    "accounts:logout": ([], {}, signed_in(302)),
    "accounts:switch_office": (
        [], {"office": "7411"},
        {**signed_in(404), "frontliner": 302, "supervisor": 302},
    ),
    "accounts:pair": ([], {"purpose": "kiosk"}, {**public(PAIR), "kiosk": 302, "kiosk elsewhere": 302}),
    "queueing:devices": ([], {"code": "WRONG1", "name": "TV"}, staff(422)),
    "queueing:devices_alert": ([], {"key": "device-1"}, staff(302)),
    "queueing:low_ratings": ([], {"key": "1"}, supervisor(302)),
    "queueing:kiosk_rated": (["-"], {"reasons": "time"}, kiosk()),
    "queueing:printer_new": ([], {"name": ""}, supervisor(422)),
    "queueing:printer": (["<printer>"], {"name": ""}, supervisor(422, elsewhere=404)),
    "queueing:printer_switch": (["<printer>"], {"active": "0"}, supervisor(302, elsewhere=404)),
    "queueing:printer_trial": (["<printer>"], {}, DONE),
    "queueing:desk_print": (["<waiting ticket>"], {"printer": "<printer>"}, DONE),
    "queueing:kiosk_print": (["<waiting token>"], {}, kiosk(302, elsewhere=404)),
    "accounts:revoke": (["<device>"], {}, DONE),
    "consultation:rate": (["<rating address>"], {"stars": "9"}, public(422)),
    "library:rate": (["<rate download>"], {"stars": "9"}, public(422)),
    "panel:promise_public": ([], {"period": "month"}, supervisor(302)),
    "panel:trace": ([], {"catatan": "Tidak Ada"}, supervisor()),
    "panel:trace_file": ([], {"alasan": "Pemeriksaan", "bentuk": "csv"}, supervisor(200)),
    "panel:change_undo": (["<setting change>"], {}, supervisor(302, elsewhere=404)),
    "panel:mail_in_act": (["<mail aside>"], {"do": "drop"}, supervisor(302, elsewhere=404)),
    "panel:whatsapp_act": (["<failed whatsapp>"], {"do": "drop"}, supervisor(302, elsewhere=404)),
    "panel:whatsapp_in": (["<whatsapp aside>"], {}, supervisor(302, elsewhere=404)),
    "panel:mail_act": (["<failed mail>"], {"do": "drop"}, supervisor(302, elsewhere=404)),
    "panel:confirm": (["<standard>"], {}, supervisor(302, elsewhere=404)),
    "panel:standard_new": ([], {"origin": "text"}, supervisor(422)),
    "panel:standard_act": (["<standard draft>"], {"do": "withdraw"}, supervisor(302, elsewhere=404)),
    "panel:standard_edit": (["<standard draft>"], {"title": ""}, supervisor(422, elsewhere=404)),
    "panel:standard_section": (["<standard draft>", "time"], {"do": "save"}, supervisor(422, elsewhere=404)),
    "panel:standard_publish": (["<standard in review>"], {}, supervisor(422, elsewhere=404)),
    "setup:office": ([], {"name": ""}, supervisor(422)),
    "setup:hours": ([], {"d0_opens": "08:00"}, supervisor(422)),
    "setup:exception_new": ([], {}, supervisor(422)),
    "setup:exception": (["<special date>"], {"do": "delete"}, supervisor(302, elsewhere=404)),
    "setup:calendar": ([], {}, supervisor(422)),
    "setup:day_delete": (["<local day>"], {}, supervisor(302, elsewhere=404)),
    "setup:service_new": ([], {}, supervisor(422)),
    "setup:service": (["<idle service>"], {}, supervisor(422, elsewhere=404)),
    "setup:service_act": (["<idle service>"], {"do": "up"}, supervisor(302, elsewhere=404)),
    "setup:standard": (["<idle service>"], {}, supervisor(422, elsewhere=404)),
    "setup:counter_new": ([], {}, supervisor(422)),
    "setup:counter": (["<free counter>"], {}, supervisor(422, elsewhere=404)),
    "setup:lockers": ([], {}, supervisor(422)),
    "setup:locker_delete": (["<locker>"], {}, supervisor(302, elsewhere=404)),
    "setup:staff": ([], {}, supervisor(422)),
    "setup:person": (["<membership>"], {"do": "leave"}, supervisor(302, elsewhere=404)),
    "setup:invitation_act": (["<invitation>"], {"do": "withdraw"}, supervisor(302, elsewhere=404)),
    "setup:roster": ([], {}, supervisor(422)),
    "setup:duty_delete": (["<duty>"], {}, supervisor(302, elsewhere=404)),
    "setup:trial": ([], {"do": "seen"}, supervisor(302)),
    "setup:offices": ([], {"do": "found"}, administrator(422)),
    "setup:national": ([], {}, administrator(422)),
    "setup:answers": (["job"], {}, administrator(422)),
    "setup:answer": (["<list answer>"], {"do": "end"}, administrator(422)),
    "setup:answer_act": (["<list answer>"], {"do": "down"}, administrator(302)),
    "setup:invitation": (["<invitation secret>"], {}, public(422)),
    "lockers:deposit_card": (["<waiting>"], {"card_type": "ktp", "locker": "5"}, DONE),
    "lockers:deposit_bag": (["<waiting>"], {"locker": "5"}, DONE),
    "lockers:give_back": (["<here>", "card"], {}, DONE),
    "privacy:requests": ([], {"asked": "Tamu"}, staff()),
    "queueing:merge": ([], {"keep": "1", "other": ""}, supervisor(404)),
    "queueing:part": (["<merge>"], {}, supervisor(302, elsewhere=404)),
    "privacy:take": ([], {"visitor": "", "kind": "access", "channel": "desk"}, staff(302)),
    "privacy:answer": (["<request>"], {"name": ""}, supervisor(422, elsewhere=404)),
    "privacy:export": (["<request>"], {}, supervisor(200, elsewhere=404)),
    "privacy:fulfil": (["<request>"], {}, supervisor(302, elsewhere=404)),
    "privacy:refuse": (["<request>"], {"answer": "Bukan pemilik data"}, supervisor(302, elsewhere=404)),
    "privacy:own_ask": (["7411"], {"email": "tamu@example.test"}, public()),
    "privacy:own_data": (["<own link>"], {"name": ""}, public(422)),
    "privacy:own_file": (["<own link>"], {}, to_keep()),
    "privacy:own_code": (["<own link>"], {}, public(302)),
    "privacy:own_request": (["<own link>"], {"kind": "erasure"}, public(302)),
    "lockers:key_lost": (["<locker>"], {}, DONE),
    "lockers:out_of_service": (["<locker>"], {"reason": "Engsel rusak"}, DONE),
    "lockers:in_service": (["<locker>"], {}, DONE),
    "lockers:report_item": ([], {"what": "Payung", "place": "Ruang baca"}, staff(302)),
    "lockers:resolve": (["<incident>"], {"outcome": "owner"}, DONE),
    "lockers:leave_behind": (["<deposit>"], {}, DONE),
    "complaints:public": (["7411"], {"text": "Lama"}, public()),
    "complaints:status": (
        ["7411"], {"number": "<complaint number>", "secret": "<complaint secret>"}, public(),
    ),
    "complaints:claim": (["7411", "<complaint claim>"], {}, public()),
    "complaints:from_visit": (["<waiting token>"], {"text": "Lama"}, public()),
    "complaints:kiosk": ([], {"text": "Lama"}, kiosk()),
    "complaints:mine": (["<complaint number>"], {"do": "withdraw"}, account(404)),
    "complaints:entry": ([], {"channel": "box"}, staff(422)),
    "complaints:flood": (["<flood>"], {"do": "aside"}, supervisor(302, elsewhere=404)),
    "complaints:detail": (["<complaint>"], {"what": "note", "body": "Dicek"}, {**CASE, "supervisor": 302}),
    "complaints:identity": (["<complaint>"], {}, CASE),
    "complaints:told": (["<complaint>", "<complaint message>"], {}, {**CASE, "supervisor": 302}),
    "complain": (["<asked number>", "<asked message>"], {"text": ""}, staff(422, elsewhere=404)),
    "complaints:manage": (["<complaint>"], {"do": "classify", "kind": "service"}, {**CASE, "supervisor": 302}),
    "complaints:rules": ([], {"first_answer_days": "15"}, supervisor(422)),
    "queueing:take_number": ([], {"token": "none", "service": "library"}, kiosk(409)),
    "queueing:withdraw_number": ([], {"token": "none"}, kiosk(204)),
    "queueing:kiosk_new_guest": (["library"], {"consent": "no"}, kiosk(302)),
    "queueing:kiosk_guest_book": (["<waiting token>"], {"consent": "no"}, kiosk(302, elsewhere=404)),
    "queueing:kiosk_rating": (["<gone token>", "<gone service>"], {"stars": "5"}, kiosk(302, elsewhere=404)),
    "queueing:keep_draft": (["<waiting>"], {"consent": "yes", "name": "T"}, staff(204, elsewhere=404)),
    "queueing:recognise": (["<waiting>"], {"asked": "Tamu"}, OBJECT),
    "queueing:find_number": ([], {"nomor": "Tamu"}, staff()),
    "queueing:visit_guest_book": (["<waiting token>"], {"consent": "no"}, public(302)),
    "queueing:visit_rate": (["<gone token>"], {"stars": "5"}, public(302)),
    "queueing:visit_survey": (["<gone token>"], NINE_FOURS, public(302)),
    "queueing:mailed": (["<mailed>"], {"stars": "9"}, public(422)),
    "queueing:mailed_survey": (["<mailed>"], NINE_FOURS, public(302)),
    "ratings:stop": (["<mail stop>"], {"List-Unsubscribe": "One-Click"}, public()),
    "ratings:rules": ([], {"days_between": "0"}, supervisor(422)),
    "queueing:kiosk_survey": (["<gone token>", "<gone service>"], NINE_FOURS, kiosk(302, elsewhere=404)),
    "reports:issue": (["visits"], {}, supervisor(302)),
    "reports:letterhead": ([], {"lines": "BPS"}, supervisor(302)),
    "reports:schedules": ([], {"report": "visits", "every": "m"}, supervisor(422)),
    "reports:unschedule": (["<schedule>"], {}, supervisor(302, elsewhere=404)),
    "surveys:paper": ([], {"day": "2001-01-01"}, staff(422)),
    "surveys:take_back": (["<survey paper>"], {"reason": "twice"}, DONE),
    "surveys:settings": ([], {"kind": "skm", "skm-instrument": "none"}, supervisor(422)),
    "surveys:plans": ([], {"plan": ""}, supervisor(422)),
    "surveys:plan_act": (["<follow up>"], {"do": "drop"}, supervisor(302, elsewhere=404)),
    "surveys:publish": ([], {"jenis": "skm"}, supervisor(302)),
    "surveys:withdraw": (["<survey result>"], {}, supervisor(302, elsewhere=404)),
    "account:survey": (["<gone service>", "skm"], NINE_FOURS, account(404)),
    "queueing:visit_leave": (["<waiting token>"], {}, public(302)),
    "queueing:display_sound": ([], {"state": "ok"}, display(204)),
    "queueing:announcement_new": ([], {"kind": "text", "text": "Halo"}, supervisor(302)),
    "queueing:announcement": (
        ["<announcement>"], {"kind": "text", "text": "Halo"}, supervisor(302, elsewhere=404),
    ),
    "queueing:announcement_action": (["<announcement>", "delete"], {}, supervisor(302, elsewhere=404)),
    "queueing:open_counter": ([], {"counter": "2"}, staff(302)),
    "queueing:call_next": ([], {}, staff(302)),
    "queueing:counter_action": (["resume"], {}, staff(302)),
    "queueing:call_chosen": (["<waiting ticket>"], {}, staff(302)),
    "queueing:new_visit": ([], {"service": "library"}, staff(302)),
    "queueing:ticket_action": (["<called ticket>", "arrived"], {}, DONE),
    "queueing:ticket_transfer": (["<called ticket>"], {"to": "service:library"}, DONE),
    "queueing:visit_more_time": (["<waiting token>"], {}, public(302)),
    "queueing:rules": ([], {}, supervisor(422)),
    "queueing:interruptions": ([], {"kind": "power_cut"}, supervisor(422)),
    "queueing:interruption_withdraw": (["<interruption>"], {}, supervisor(302, elsewhere=404)),
    "queueing:visit_rejoin": (["<waiting token>"], {}, public(302)),
    "queueing:desk_undo": ([], {"action": "1"}, staff(302)),
    "queueing:desk_visit_more": (["<here>"], {}, OBJECT),
    "queueing:desk_pass_on": (["<here>"], {}, OBJECT),
    "queueing:personal_code": (["<here>"], {}, OBJECT),
    "queueing:hand_over_book": (["<here>"], {"to": "<waiting>"}, DONE),
    "queueing:visits": ([], {}, POST_ONLY),
    "queueing:desk_guest_book": (["<waiting>"], {"consent": "no"}, DONE),
    "queueing:desk_card_check": (["<here>"], {"card_type": "ktp"}, DONE),
    "queueing:desk_step": (["<here>", "rating"], {"skip": "1"}, DONE),
    "queueing:desk_add_service": (["<here>"], {"service": "library"}, DONE),
    "queueing:desk_close": (["<waiting>"], {}, DONE),
    "queueing:desk_service": (["<here service>", "end"], {}, DONE),
    "queueing:slips": (
        [], {"service": "library", "count": "8", "next-library": "908"},
        staff(302, elsewhere=422),  # there no block is printed yet: the number seen is not the next
    ),
    "queueing:slip_entry": ([], {"number": "A900"}, staff(422)),
    "queueing:paper_entry": ([], {"service": "library"}, staff(422)),
    "queueing:desk_check_in": (["<appointment>"], {}, DONE),
    "queueing:kiosk_check_in": ([], {"code": "AAAAAA"}, kiosk(422)),
    "queueing:book": (["7411"], {}, public(422)),
    "queueing:appointment_cancel": (["<appointment token>"], {}, public(302)),
    "library:use": (["<gone service>"], {"kind": "read_printed"}, DONE),
    "library:handing": (["<gone service>", "<softcopy>"], {"pages": "1"}, DONE),  # this standard names no share
    "library:handing_link": (["<gone service>", "<softcopy>", "unduh"], {}, DONE),
    "library:handing_withdraw": (["<gone service>", "<copy link row>"], {}, DONE),
    "library:excerpt_request_act": (["<asked pages>", "tolak"], {"reason": "tidak perlu"}, supervisor(302, elsewhere=404)),
    "library:copy_link": (["<copy link>"], {"do": "take"}, to_keep(409)),
    "library:download": (["<softcopy book>"], {}, account(409)),  # the terms are not accepted
    "library:collection_file": (["csv"], {}, POST_ONLY),
    "library:shelf": ([], {"typed": "741100001"}, staff(302, elsewhere=200)),
    "library:shelf_act": (["<copy>", "read"], {}, DONE),
    "library:imports": ([], {}, supervisor(422)),
    "library:import_sources": ([], {"kind": "oai", "address": "ftp://x"}, supervisor(422)),
    "library:import_source": (["<source>", "malam"], {}, supervisor(302, elsewhere=404)),
    "library:import": (["<import>"], {}, supervisor(302, elsewhere=404)),
    "library:import_errors": (["<import>"], {}, supervisor(405)),
    "library:import_act": (["<import>", "batal"], {}, supervisor(302, elsewhere=404)),
    "library:softcopies": ([], {}, staff(422)),
    "library:softcopy_act": (["<softcopy>", "tarik"], {"why": "salah"}, DONE),
    "library:stocks": ([], {"shelves": "no such shelf"}, staff(422)),
    "library:stock": (["<stock>"], {"barcodes": "741100001"}, DONE),
    "library:stock_report": (["<stock>"], {"do": "missing:<copy>"}, DONE),
    "library:stock_cancel": (["<stock>"], {}, DONE),
    "library:title": (["<publication>"], {"visit": ""}, staff(422)),
    "library:hold_act": (["<hold>", "batal"], {}, DONE),
    "library:call": (["pinjaman", "<loan>"], {}, OBJECT),
    "library:scan_act": (["<scan>", "selesai"], {}, DONE),
    "library:aside_act": (["<damaged copy>", "rak"], {}, supervisor(302, elsewhere=404)),
    "library:lending": ([], {"most": ""}, supervisor(302)),  # none of these offices lends
    "privacy:own_book": (["<own link>", "batal", "<hold>"], {}, public(302)),
    "library:publication_new": ([], {"title": "Buku", "language": "id"}, staff(302)),
    "library:publication_edit": (
        ["<publication>"], {"title": "Buku", "language": "id", "version": "x"}, staff(422, elsewhere=404),
    ),
    "library:copies_add": (["<publication>"], {"count": "2"}, staff(302)),
    "library:publication_access": (["<publication>"], {"access": "public"}, staff(302, elsewhere=404)),
    "library:cover": (["<publication>", "hapus"], {}, staff(302, elsewhere=404)),
    "library:copy": (["<copy>"], {"barcode": "741100001", "shelf": "R9"}, DONE),
    "library:copy_act": (["<copy>", "tarik"], {}, DONE),
    "library:series": (["<series>"], {"title": "Kolaka Timur Dalam Angka"}, staff(302, elsewhere=404)),
    "library:labels": ([], {"kind": "barcode", "sheet": "3x8", "first": "1", "which": "chosen"}, staff(422)),
    "consultation:onsite": (["<here service>"], {"question": "PDRB?"}, DONE),
    "library:suggest_for_question": ([], {"question": "kemiskinan"}, public()),
    "consultation:ask": ([], {"question": "PDRB?"}, public(422)),
    "consultation:suggestions": ([], {"question": "inflasi"}, public()),
    "consultation:enough": ([], {"kind": "answer", "key": "<knowledge>"}, public(302)),
    "consultation:thread": (["<asked token>"], {"body": "Tahun 2023 juga."}, public(302)),
    "consultation:mine": (["<asked number>"], {"body": "Halo"}, account(404)),
    "consultation:knowledge_desk": ([], {"question": "Apa itu NTP?", "answer": "Nilai tukar petani."}, staff(302)),
    "consultation:knowledge_draft": (["<asked>"], {"question": "PDRB 2024?", "answer": "12 triliun."}, DONE),
    "consultation:knowledge_edit": (["<knowledge draft>"], {"question": "", "answer": ""}, staff(422, elsewhere=404)),
    "consultation:knowledge_act": (["<knowledge draft>", "periksa"], {}, DONE),
    "account:verify": ([], {}, {**signed_in(302)}),
    "account:profile": ([], {"name": ""}, account(422)),
    "account:close": ([], {}, account(302)),  # the password once more
    "account:own_code": (["7411"], {}, account(302, stranger=404)),
    "account:own_request": (["7411"], {"kind": "erasure"}, account(302, stranger=404)),
    "account:own_book": (["7411", "batal", "<hold>"], {}, account(404)),  # somebody else's
    "account_login": ([], {"login": "x", "password": "x"}, entrance()),
    "account_logout": ([], {}, public(302)),
    "account_email": ([], {"email": "x", "action_add": "1"}, account()),
    "openid_connect_login": (["sso"], {}, public(404)),
    "consultation:log": ([], {"channel": "phone", "question": "PDRB?", "answer": "Satu."}, staff(302)),
    "consultation:log_who": ([], {"asked": "Tamu"}, staff()),
    "consultation:canned": ([], {"title": "Salam", "body": "Halo {nama}"}, staff(302)),
    "consultation:canned_edit": (["<canned answer>"], {"title": "Salam", "body": "Halo"}, DONE),
    "consultation:canned_delete": (["<canned answer>"], {}, DONE),
    "consultation:thread_desk": (["<consultation>"], {"body": "Ini.", "seen": "0", "what": "note"}, DONE),
    "consultation:thread_presence": (["<consultation>"], {"body": "Ini"}, OBJECT),
    "consultation:thread_manage": (["<consultation>"], {"subject": "PDRB"}, DONE),
    "consultation:thread_merge": (["<consultation>"], {"number": "K0"}, staff(422, elsewhere=404)),
    "consultation:thread_split": (["<consultation>"], {}, staff(422, elsewhere=404)),
    "consultation:thread_hand_over": (["<consultation>"], {"to": "1373", "why": "x"}, DONE),
    "consultation:thread_act": (["<consultation>", "ambil"], {}, DONE),
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker):
    with shared_world(django_db_blocker) as world:
        yield world


@pytest.fixture
def world(shared, db) -> World:
    return shared.as_at_first()


def ask(world: World, name: str, args: list, form: dict | None) -> dict:
    """What each person gets; what one of them changed is undone before the next."""
    address = reverse(name, args=[world.fill(a) for a in args])
    got = {}
    for who, client in world.people.items():
        with transaction.atomic():
            if form is None:
                response = client.get(address)
            else:
                response = client.post(address, {k: world.fill(v) for k, v in form.items()})
            got[who] = outcome(response)
            transaction.set_rollback(True)
    return got


def test_every_view_has_a_row_and_every_row_a_view():
    assert sorted(views()) == sorted(GET)


def test_every_view_declares_its_access():
    undeclared = [
        n for n, p in views().items() if not isinstance(getattr(p.callback, "access", None), Access)
    ]
    assert undeclared == []


def test_every_view_that_only_takes_posts_has_a_post_row():
    missing = [n for n, (_a, expected) in GET.items() if 405 in expected.values() and n not in POST]
    assert missing == []


@pytest.mark.parametrize("name", sorted(GET))
def test_reading(world, name):
    args, expected = GET[name]
    assert ask(world, name, args, None) == expected


@pytest.mark.parametrize("name", sorted(POST))
def test_changing(world, name):
    args, form, expected = POST[name]
    assert ask(world, name, args, form) == expected


def test_admin_site_is_for_administrators(world):
    got = {who: client.get("/admin/").status_code for who, client in world.people.items()}
    assert got == {**public(302), "administrator": 200}


def test_files_of_the_site_are_for_everybody(db):
    assert Client().get("/static/css/base.css").status_code == 200
    assert Client().get("/static/../pst/settings.py").status_code == 404
