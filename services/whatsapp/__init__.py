"""WhatsApp through Meta's Cloud API: what leaves, whom we may write to, what Meta tells us (docs/decisions/037).

api.py         the calls, and what their answers mean (errors.py)
contacts.py    a number's window of 24 hours, and whether its owner allowed messages
outbox.py      what is to be said, until it is said or given up
reading.py     what Meta sends, in words of our own
signature.py   whether Meta sent it
"""
