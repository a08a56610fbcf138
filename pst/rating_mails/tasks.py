"""Asking for ratings by mail, every quarter of an hour."""

from __future__ import annotations

from procrastinate.contrib.django import app

from pst.rating_mails import asked


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="rating_mails", lock="rating_mails")
def ask_for_ratings(timestamp: int) -> None:
    asked.ask_all()
