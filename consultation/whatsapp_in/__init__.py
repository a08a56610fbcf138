"""WhatsApp messages coming in: kept as they came, then put where they belong. Each step is a transaction of its own, done once.

keeping.keep(...)               a message is in our hands; only now Meta is told so
keeping.process(message)        whose it is, and what becomes of it (placing.py)
words.py                        what each kind of message says in a thread
media.fetch(message)            the file that goes with it, from Meta
"""
