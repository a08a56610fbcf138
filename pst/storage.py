"""Where uploads lie: a folder, or object storage that speaks S3. Either way nobody reaches a file but through a view."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MEMORY = 5_000_000  # of a fetched object; a larger one is read by way of the disk
SCHEME = "s3"


def file_storage(address: str, folder: Path) -> dict[str, Any]:
    """The entry of Django's STORAGES for PST_FILES_URL. Exits with a sentence for an address that is none."""
    if not address:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    url = urlsplit(address)
    bucket, query = url.path.strip("/"), parse_qs(url.query)
    if (
        url.scheme != SCHEME
        or not (url.hostname and url.username and url.password and bucket)
        or "/" in bucket
    ):
        raise SystemExit(
            "PST_FILES_URL must look like s3://key:secret@host/bucket?region=…. See docs/settings.md."
        )
    protocol = "http" if query.get("http") == ["1"] else "https"
    host = url.hostname + (f":{url.port}" if url.port else "")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": f"{protocol}://{host}",
            "region_name": query.get("region", ["us-east-1"])[0],
            "access_key": unquote(url.username),
            "secret_key": unquote(url.password),
            "signature_version": "s3v4",
            "addressing_style": "path",
            "default_acl": None,  # private, whatever the bucket's own default is
            "file_overwrite": False,
            "max_memory_size": MEMORY,
        },
    }
