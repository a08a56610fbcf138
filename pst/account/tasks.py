"""Letting go of accounts that nobody finished or uses."""

from __future__ import annotations

from procrastinate.contrib.django import app

from pst.account import closing, registration


@app.periodic(cron="25 3 * * *")
@app.task
def forget_accounts(timestamp: int) -> None:
    registration.forget_unfinished()
    closing.close_unused()
