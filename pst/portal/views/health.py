"""For load balancers and container health checks."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from services.accounts import access


@access.public
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; the exception becomes a 500 otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
