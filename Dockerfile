# The image of every process of an installation with Docker: web (the default), worker and migrations.
# Nothing secret is built in; all settings come from the environment (docs/settings.md).

FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements-s3.lock /tmp/requirements.lock
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.lock

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH XDG_CACHE_HOME=/tmp/cache PST_MODE=production
# Pango draws the PDF documents; DejaVu is their fallback font.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --create-home --home-dir /home/pst pst
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Production settings demand values; these are for this one command and do not stay in the image. The only thing
# the application writes to is var/files (uploads): a volume there leaves the collected static files in place.
RUN PST_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    PST_ALLOWED_HOSTS=build.invalid DATABASE_URL=postgresql://build.invalid/pst \
    python manage.py collectstatic --no-input --verbosity 0 \
    && mkdir -p var/files && chown pst:pst var/files
USER pst
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-m", "pst.local.healthcheck"]
CMD ["uvicorn", "pst.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "3", "--no-proxy-headers", "--no-access-log"]
