"""What a single PC needs around the application: installing, a PostgreSQL of its own, starting, stopping.

Nothing here imports Django. `bootstrap`, `system`, `binaries`, `cluster` and `postgres` use the standard library only,
because they run before anything is installed.
"""
