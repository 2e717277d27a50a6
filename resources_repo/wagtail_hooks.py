"""Thin edges in the CMS: a resource's file is served to whoever may see the resource."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail import hooks

from resources_repo.models import ResourceVersion
from resources_repo.views.library import file_response


@hooks.register("before_serve_document", order=10)
def guard_versions(document: Any, request: HttpRequest) -> HttpResponseBase | None:
    """Refuse a document that is a resource's file unless one of its versions is visible."""
    versions = ResourceVersion.objects.filter(document=document.pk)
    if not versions.exists():
        return None
    version = versions.visible_to(request.user).first()
    if version is None:
        raise Http404
    return file_response(version)
