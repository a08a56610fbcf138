"""E-mail coming in: kept as it came, then put where it belongs. Each step is a transaction of its own, done once.

receive(office, raw)            both steps at once
keeping.keep(...)               the mail is in our hands; only now the mail server may be told so
keeping.process(mail)           what it is, whose, and what becomes of it (placing.py)
fetching.fetch(office)          an office's mailbox, by IMAP
"""

from consultation.mail_in.keeping import receive

__all__ = ["receive"]
