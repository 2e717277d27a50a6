"""People, organisations, posts and grants for tests."""

from __future__ import annotations

import datetime as dt

import factory
from django.conf import settings
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Collection, Locale, Page

from accounts.enums import JobRole, OrganisationKind, Phase
from accounts.models import LocalArea, Organisation, Post, RoleGrant, User
from accounts.services.local_areas import set_up_local_area
from website.models import HomePage


class UserFactory(factory.django.DjangoModelFactory):
    """A person who can sign in; the password is not usable unless a test sets one."""

    class Meta:
        model = User

    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = factory.Sequence(lambda n: f"Family{n}")
    email = factory.Sequence(lambda n: f"person{n}@merrowdale.example")
    password = "!"


def make_area(
    name: str = "Merrowdale", code: str = "999", hostname: str = "localhost", port: int = 80
) -> LocalArea:
    """Build a local area through the service, with its home page, site and groups."""
    root = _plant_roots()
    home = root.add_child(
        instance=HomePage(title=name, slug=name.lower().replace(" ", "-"), is_public=True)
    )
    return set_up_local_area(
        name=name,
        slug=name.lower().replace(" ", "-"),
        code=code,
        product_name=f"{name} SEND Learning",
        root_page=home,
        hostname=hostname,
        port=port,
        is_default_site=name == "Merrowdale",
        contact_email=f"help@{name.lower()}.example",
        safeguarding_contact=f"{name} front door: 01632 960000, day and night.",
    )


def _plant_roots() -> Page:
    """Return the root page, putting back what migrations made and a flush has taken away.

    Tests with a live server end by emptying every table, these rows included.
    """
    language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    Locale.objects.get_or_create(language_code=language)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    return Page.get_first_root_node() or Page.add_root(title="Root", slug="root")


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A primary school; give it a local area."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"School {n}")
    kind = OrganisationKind.SCHOOL
    phase = Phase.PRIMARY
    urn = factory.Sequence(lambda n: 900_000 + n)


class PostFactory(factory.django.DjangoModelFactory):
    """A teacher's post that began on 1 September 2025."""

    class Meta:
        model = Post

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    job_role = JobRole.TEACHER
    starts_on = dt.date(2025, 9, 1)


class RoleGrantFactory(factory.django.DjangoModelFactory):
    """A grant from 1 September 2025 without end; give it a person, a role and an area."""

    class Meta:
        model = RoleGrant

    person = factory.SubFactory(UserFactory)
    starts_on = dt.date(2025, 9, 1)


def member_of(area: LocalArea, **fields: object) -> User:
    """Make a person who belongs to the area: a teacher at one of its schools."""
    person = UserFactory(**fields)
    PostFactory(person=person, organisation=OrganisationFactory(local_area=area))
    return person
