"""The people of a setting: the list, somebody new, one person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.forms.people import AddPersonForm, CorrectPersonForm, PeopleFilterForm
from accounts.models import User
from accounts.people_list import people_page, sign_in_of, with_sign_in
from accounts.person_page import person_page
from accounts.policies import leads_setting
from accounts.requests import Request
from accounts.services.people import (
    AccountExists,
    NamesakeExists,
    UnableToAddPerson,
    UnableToChangePerson,
    add_person,
    correct_person,
    may_correct,
)
from accounts.settings_led import (
    chosen_setting,
    organisations_led,
    people_url,
    person_led_or_404,
    posts_led,
)
from core import clock


@leads_setting
@require_GET
def people(request: Request) -> HttpResponse:
    """List the people of a setting in order of name."""
    organisations = list(organisations_led(request))
    organisation = chosen_setting(request, organisations)
    query = request.GET.copy()
    query["setting"] = str(organisation.pk)
    form = PeopleFilterForm(query, organisations=organisations)
    filters = form.filters()
    rows, page_obj = people_page(
        request.user,
        organisation,
        filters,
        on=request.today,
        at=clock.now(),
        page=request.GET.get("page"),
    )
    return render(
        request,
        "pages/accounts/people/list.html",
        {
            "page_title": "People",
            "page_caption": organisation.name,
            "form": None,
            "filter_form": form,
            "organisation": organisation,
            "rows": rows,
            "page_obj": page_obj,
            "left": filters.show == "left",
            "is_filtered": bool(filters.q or filters.job_role or filters.show),
            "reset_url": people_url(organisation),
        },
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Add a person with a post, or after a question a post to an account there is."""
    organisations = list(organisations_led(request))
    organisation = chosen_setting(request, organisations)
    form = AddPersonForm(
        request.POST or None,
        viewer=request.user,
        organisation=organisation,
        on=request.today,
        initial={"setting": organisation.pk},
    )
    context: dict[str, object] = {
        "page_title": "Add somebody",
        "page_caption": organisation.name,
        "form": form,
        "organisation": organisation,
        "organisations": organisations,
        "breadcrumbs": [{"label": "People", "url": people_url(organisation)}],
    }
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            added = add_person(
                by=request.user,
                organisation=organisation,
                who=form.who(),
                token=data["token"],
                is_same_person=data["is_same_person"],
                is_other_person=data["is_other_person"],
                at=clock.now(),
                **form.post_fields(),
            )
        except AccountExists:
            return render(request, "pages/accounts/people/account_exists.html", _asked(context))
        except NamesakeExists as error:
            return render(
                request,
                "pages/accounts/people/namesake.html",
                _asked(context) | {"namesake": error.person, "sentence": str(error)},
            )
        except UnableToAddPerson as error:
            form.add_error(None, str(error))
        else:
            words = "is here now" if added.is_new else "had been added already"
            messages.success(request, f"{added.person} {words}.")
            return redirect("accounts:person", public_id=added.person.public_id)
    return render(request, "pages/accounts/people/add.html", context)


def _asked(context: dict[str, object]) -> dict[str, object]:
    """Turn the form's context into a question: everything typed goes along, hidden."""
    form = context["form"]
    assert isinstance(form, AddPersonForm)
    typed = [
        (name, value)
        for name, values in form.data.lists()  # type: ignore[attr-defined]
        for value in values
        if name not in ("csrfmiddlewaretoken", "is_same_person", "is_other_person")
    ]
    kept = [(n, v) for n, v in form.data.items() if n in ("is_same_person", "is_other_person")]
    return {**context, "form": None, "typed": [*typed, *kept], "who": form.who()}


@leads_setting
@require_GET
def person(request: Request, public_id: UUID) -> HttpResponse:
    """Show somebody as this setting sees them; the visit is recorded, and they see that."""
    somebody = person_led_or_404(request, public_id)
    at = clock.now()
    audit.record_view(
        by=request.user, person=somebody, local_area=request.local_area or None, at=at
    )
    page = person_page(request.user, somebody, posts_led(request), on=request.today, at=at)
    place = page.posts[0].post.organisation
    shown = with_sign_in(User.objects.filter(pk=somebody.pk), at).get()
    return render(
        request,
        "pages/accounts/people/person.html",
        {
            "page_title": somebody.get_full_name(),
            "page_caption": place.name,
            "somebody": somebody,
            "is_self": somebody == request.user,
            "page": page,
            "sign_in": sign_in_of(shown),
            "may_correct": may_correct(request.user, somebody, request.today),
            "organisation": place,
            "breadcrumbs": [{"label": "People", "url": people_url(place)}],
        },
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def correct(request: Request, public_id: UUID) -> HttpResponse:
    """Put the name or address of somebody right who has not signed in yet."""
    somebody = person_led_or_404(request, public_id)
    if not may_correct(request.user, somebody, request.today):
        raise Http404
    form = CorrectPersonForm(
        request.POST or None,
        initial={
            "given_name": somebody.given_name,
            "family_name": somebody.family_name,
            "email": somebody.email,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_person(by=request.user, person=somebody, who=form.who(), at=clock.now())
        except UnableToChangePerson as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:person", public_id=public_id)
    return render(
        request,
        "pages/accounts/people/form.html",
        {
            "page_title": "Correct name or address",
            "page_caption": somebody.get_full_name(),
            "form": form,
            "submit_label": "Save",
            "back": reverse("accounts:person", args=[public_id]),
        },
    )
