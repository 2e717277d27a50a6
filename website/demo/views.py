"""One-click sign-in; these routes exist in demo mode only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.policies import public
from website.demo.guard import require_demo
from website.demo.sign_in import CannotSignInAs, sign_in_as

require_demo()


@public
@never_cache
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the cast member named by `person` and go to `next`, if that is a page of ours."""
    try:
        sign_in_as(request, key=request.POST.get("person", ""))
    except CannotSignInAs as error:
        raise Http404 from error
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    return HttpResponseRedirect(target)
