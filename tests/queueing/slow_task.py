"""A job that hangs the first time and is quick the second; only in the worker that tests start."""

import time

from procrastinate import JobContext
from procrastinate.contrib.django import app

NAME = "tests.slow"


@app.task(name=NAME, pass_context=True)
def slow(context: JobContext) -> None:
    if context.job.attempts == 0:
        time.sleep(120)
