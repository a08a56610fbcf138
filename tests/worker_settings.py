"""Settings of a worker process that tests start: with a task that can be caught in the middle."""

from pst.settings import *  # noqa: F403

PROCRASTINATE_IMPORT_PATHS = ["tests.queueing.slow_task"]
