"""A demonstration year: what four offices would have written down in twelve months, with invented people.

Reading order: `run` (what happens when), `plan` (how many on which day), `queue` (a day at the counters), `day` (that day as
rows), then one module for each kind of thing. `check` says what is wrong with the result, `remove` takes it away again.
Rows are written by COPY, past the workflows, which would take hours and send mails; `check` and the tests compare them with
what the workflows keep.
"""
