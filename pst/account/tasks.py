"""Letting go of accounts that nobody finished or uses; keys that changed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from pst.account import closing, registration, second_step


@app.periodic(cron="25 3 * * *")
@app.task
def forget_accounts(timestamp: int) -> None:
    registration.forget_unfinished()
    closing.close_unused()


@app.periodic(cron="40 3 * * *")
@app.task
def renew_secrets(timestamp: int) -> None:
    second_step.renew()
