"""How programs quote, in Indonesian and English; where people write above, beneath and between."""

from __future__ import annotations

from tests.mail.awkward import ANSWER, head, mail, mixed, part

REPLY = "Terima kasih. Untuk tahun 2023 ada juga?"
QUOTE = f"> {ANSWER}\n>\n> Salam, PST"
RULE = "_" * 32
ATTRIBUTIONS = {
    "Gmail": "Pada Sel, 3 Mar 2026 pukul 10.15 BPS Kolaka Timur <bps7411@bps.example.test> menulis:",
    "Gmail, broken in two": "Pada Sel, 3 Mar 2026 pukul 10.15 BPS Kolaka Timur <\nbps7411@bps.example.test> menulis:",
    "Gmail English": "On Tue, Mar 3, 2026 at 10:15 AM BPS Kolaka Timur <bps7411@bps.example.test>\nwrote:",
    "Gmail on old phones": 'Pada tanggal 3 Mar 2026 10.15, "BPS Kolaka Timur" <bps7411@bps.example.test> menulis:',
    "Apple Mail": "Pada 3 Mar 2026, pukul 10.15, BPS Kolaka Timur <bps7411@bps.example.test> menulis:",
    "Apple Mail English": "On 3 Mar 2026, at 10.15, BPS Kolaka Timur <bps7411@bps.example.test> wrote:",
    "Thunderbird": "Pada 03/03/2026 10.15, BPS Kolaka Timur menulis:",
    "Thunderbird English": "On 3/3/26 10:15, BPS Kolaka Timur wrote:",
    "name first": "BPS Kolaka Timur <bps7411@bps.example.test> menulis pada 3 Maret 2026 10.15:",
    "Gmail of long ago": "2026-03-03 10:15 GMT+08:00 BPS Kolaka Timur <bps7411@bps.example.test>:",
}
# Without a mark before the quoted lines.
UNMARKED = {
    "Yahoo": "Pada Selasa, 3 Maret 2026 pukul 10.15.22 WITA, BPS Kolaka Timur <bps7411@bps.example.test> menulis: \n\n{q}",
    "Outlook on the desk": "From: BPS Kolaka Timur <bps7411@bps.example.test>\nSent: Tuesday, March 3, 2026 10:15 AM\nTo: Siti <siti@example.test>\nSubject: RE: PDRB\n\n{q}",
    "Outlook on the desk, Indonesian": "Dari: BPS Kolaka Timur <bps7411@bps.example.test>\nDikirim: Selasa, 03 Maret 2026 10:15\nKepada: Siti\nPerihal: RE: PDRB\n\n{q}",
    "Outlook on the web": f"{RULE}\nDari: BPS Kolaka Timur <bps7411@bps.example.test>\nDikirim: Selasa, 3 Maret 2026 10.15\nKe: Siti\nSubjek: RE: PDRB\n\n{{q}}",
    "Outlook on the phone": f"Dapatkan Outlook untuk Android<https://aka.ms/x>\n{RULE}\nFrom: BPS <bps7411@bps.example.test>\nSent: Tuesday, March 3, 2026 10:15:22 AM\nTo: Siti\nSubject: RE: PDRB\n\n{{q}}",
    "Outlook of an own server": f"{RULE}\nDari: BPS Kolaka Timur\nTanggal: 3 Maret 2026\nKe: Siti\nPerihal: PDRB\n\n{{q}}",
    "original message": "-----Original Message-----\nFrom: BPS\nSent: 3 Mar 2026\nTo: Siti\n\n{q}",
    "pesan asli": "-----Pesan Asli-----\nDari: BPS\nTerkirim: 3 Mar 2026\n\n{q}",
    "Samsung": "Dikirim dari perangkat Galaxy saya\n\n-------- Pesan asli --------\nDari: BPS <bps7411@bps.example.test>\nTanggal: 03/03/26 10.15 (GMT+08:00)\nKe: Siti\nPerihal: Re: PDRB\n\n{q}",
    "Samsung English": "Sent from my Galaxy\n\n-------- Original message --------\nFrom: BPS <bps7411@bps.example.test>\nDate: 03/03/26\nTo: Siti\n\n{q}",
    "bold labels": "*From:* BPS <bps7411@bps.example.test>\n*Sent:* Tuesday\n*To:* Siti\n*Subject:* PDRB\n\n{q}",
}
HTML = {
    "Gmail in HTML": '<div dir="ltr">{r}</div><br><div class="gmail_quote"><div class="gmail_attr">Pada Sel, 3 Mar 2026 pukul 10.15 BPS &lt;<a href="mailto:b@x.test">b@x.test</a>&gt; menulis:<br></div><blockquote class="gmail_quote">{q}</blockquote></div>',
    "Yahoo in HTML": '<div>{r}</div><div class="yahoo_quoted"><div> Pada Selasa, 3 Maret 2026 pukul 10.15.22 WITA, BPS &lt;b@x.test&gt; menulis: </div><div><br></div><div>{q}</div></div>',
    "Outlook in HTML": '<p class="MsoNormal">{r}</p><div style="border-top:solid #E1E1E1 1.0pt"><p><b>Dari:</b> BPS &lt;b@x.test&gt;<br><b>Dikirim:</b> Selasa, 03 Maret 2026 10:15<br><b>Kepada:</b> Siti<br><b>Perihal:</b> RE: PDRB</p></div><p>{q}</p>',
    "Outlook on the web in HTML": '<div>{r}</div><hr><div id="divRplyFwdMsg"><b>From:</b> BPS &lt;b@x.test&gt;<br><b>Sent:</b> Tuesday<br><b>To:</b> Siti<br><b>Subject:</b> PDRB</div><div>{q}</div>',
    "Apple Mail in HTML": "<div>{r}</div><div><br><blockquote type=cite><div>Pada 3 Mar 2026, pukul 10.15, BPS &lt;b@x.test&gt; menulis:</div><div>{q}</div></blockquote></div>",
    "Thunderbird in HTML": '<p>{r}</p><div class="moz-cite-prefix">On 3/3/26 10:15, BPS wrote:<br></div><blockquote type="cite">{q}</blockquote>',
}


def mails():
    cut = {"text": REPLY, "quoted_has": "tabel 3"}
    for name, line in ATTRIBUTIONS.items():
        yield f"quoted by {name}", mail(f"{REPLY}\n\n{line}\n\n{QUOTE}\n"), cut
    for name, block in UNMARKED.items():
        yield f"quoted by {name}", mail(f"{REPLY}\n\n{block.format(q=ANSWER)}\n"), cut
    for name, html in HTML.items():
        body = html.format(r=REPLY, q=ANSWER).encode()
        yield f"quoted by {name}", mixed(part("text/html; charset=utf-8", body), kind="alternative"), cut
    line = ATTRIBUTIONS["Gmail"]
    yield "written beneath", mail(f"{line}\n\n{QUOTE}\n\n{REPLY}"), cut
    between = "> Tahun berapa?\n\n2023 dan 2024\n\n> Wilayah mana?\n\nKolaka Timur"
    yield (
        "written between",
        mail(f"{line}\n\n{between}"),
        {"has": ["2023 dan 2024", "> Wilayah mana?", "Kolaka Timur"]},
    )
    yield (
        "above and beneath",
        mail(f"{REPLY}\n\n{line}\n{QUOTE}\n\nNB: juga per kecamatan"),
        {"has": [REPLY, "NB: juga per kecamatan"], "hasnt": "tabel 3"},
    )
    yield (
        "a signature by the standard",
        mail(f"{REPLY}\n-- \nSiti\nDinas Pertanian"),
        {"text": REPLY, "quoted_has": "Dinas Pertanian"},
    )
    yield "a list is no signature", mail(f"{REPLY}\n- satu\n- dua\n--\ntiga"), {"has": ["- dua", "tiga"]}
    yield "sent from a telephone", mail(f"{REPLY}\n\nDikirim dari iPhone saya"), {"text": REPLY}
    yield "nothing but a quotation", mail(f"{line}\n\n{QUOTE}"), {"has": "tabel 3", "quoted": ""}
    forward = "---------- Forwarded message ---------\nDari: Ani <ani@example.test>\nDate: Sel, 3 Mar 2026\nSubject: Data\nTo: Siti\n\nMohon data IPM."
    yield (
        "forwarded",
        mail(f"Mohon bantuannya.\n\n{forward}"),
        {"has": ["Mohon bantuannya.", "Mohon data IPM."], "quoted": ""},
    )
    letter = "Kepada: BPS Kolaka Timur\nDari: Dinas Pertanian\nTanggal: 3 Maret 2026\nPerihal: Permohonan data\n\nDengan hormat, kami mohon data IPM."
    yield "a letter with Dari and Perihal", mail(letter), {"text": letter}
    told = "Pada tahun 2024 kepala dinas menulis:\ndata harus lengkap. Bagaimana caranya?"
    yield "somebody wrote, in words", mail(told), {"has": "Bagaimana caranya?"}
    yield "only spaces", mail("  \n \n"), {"text": ""}
    yield "no body at all", head()[:-2], {"text": ""}
