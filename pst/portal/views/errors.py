"""Answers to requests that went wrong, in words for the person who made them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from services.accounts import access


@access.public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old or came from elsewhere: say so and offer a fresh one."""
    return render(request, "403_csrf.html", {"back": request.path}, status=403)
