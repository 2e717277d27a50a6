"""Set up the sign-in services of employers: one application of a directory's tenant each."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import DomainNameValidator
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from requests import RequestException

from accounts import audit
from accounts.enums import SignInServiceKind
from accounts.models import LocalArea, Organisation, SignInService, User
from accounts.oidc.configuration import UnusableService, fetch_configuration
from accounts.oidc.outgoing import check_address
from accounts.oidc.secrets import secret_of, variable_of
from accounts.permissions import is_administrator
from core import clock

GOOGLE = "https://accounts.google.com"
ENTRA = "https://login.microsoftonline.com/{tenant}/v2.0"


class UnableToSaveService(Exception):
    """The service cannot be set up so; `field` is the field the message is about, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Check:
    """One thing that was looked at when a connection was tested; status is pass or fail."""

    status: str
    title: str
    detail: str = ""


def employers_of(local_area: LocalArea) -> QuerySet[Organisation]:
    """Return who may have a directory: employers of the area, and trusts of its academies."""
    here = Q(local_area=local_area, parent__isnull=True)
    trusts = Q(pk__in=Organisation.objects.filter(local_area=local_area).values("trust"))
    return Organisation.objects.filter(here | trusts)


def usual_address(kind: str, tenant: str) -> str:
    """Return where a tenant's configuration usually is."""
    return GOOGLE if kind == SignInServiceKind.GOOGLE else ENTRA.format(tenant=tenant)


@transaction.atomic
def add_service(
    *,
    by: User,
    local_area: LocalArea,
    organisation: Organisation,
    name: str,
    slug: str,
    kind: str,
    tenant: str,
    client_id: str,
    server_url: str = "",
    vouches_for_second_step: bool = False,
    at: dt.datetime,
) -> SignInService:
    """Set up a service; raises PermissionDenied or UnableToSaveService."""
    _check_may(by, local_area, at)
    if not employers_of(local_area).filter(pk=organisation.pk).exists():
        raise UnableToSaveService("Choose an employer of this area.", "organisation")
    tenant = _tenant(kind, tenant)
    service = SignInService(
        local_area=local_area,
        organisation=organisation,
        name=name,
        slug=slug,
        kind=kind,
        tenant=tenant,
        client_id=client_id,
        server_url=_address(kind, tenant, server_url),
        vouches_for_second_step=vouches_for_second_step,
    )
    # Slugs name variables and account keys: two that differ by a dash or case would be one.
    same = variable_of(slug)
    if slug == "openid-connect" or any(
        variable_of(other) == same for other in SignInService.objects.values_list("slug", flat=True)
    ):
        raise UnableToSaveService("Another service has this short name.", "slug")
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as error:
        raise UnableToSaveService("There is a service of this tenant already.", "tenant") from error
    _record(by, "sign_in_service.added", service, at)
    return service


@transaction.atomic
def change_service(
    *,
    by: User,
    service: SignInService,
    name: str,
    client_id: str,
    vouches_for_second_step: bool,
    at: dt.datetime,
) -> SignInService:
    """Change what may change: tenant and address stay, since accounts are keyed on them."""
    service = SignInService.objects.select_for_update().get(pk=service.pk)
    _check_may(by, service.local_area, at)
    service.name = name
    service.client_id = client_id
    service.vouches_for_second_step = vouches_for_second_step
    service.save(update_fields=["name", "client_id", "vouches_for_second_step"])
    _record(by, "sign_in_service.changed", service, at)
    return service


@transaction.atomic
def switch_service(*, by: User, service: SignInService, on: bool, at: dt.datetime) -> SignInService:
    """Switch a service off, so that it signs nobody in any more, or on again."""
    service = SignInService.objects.select_for_update().get(pk=service.pk)
    _check_may(by, service.local_area, at)
    if service.is_active != on:
        service.is_active = on
        service.save(update_fields=["is_active"])
        _record(
            by, "sign_in_service.switched_on" if on else "sign_in_service.switched_off", service, at
        )
    return service


def check_connection(*, by: User, service: SignInService, at: dt.datetime) -> list[Check]:
    """Look at what signing in will need, without signing in; asks the service over the network."""
    _check_may(by, service.local_area, at)
    variable = variable_of(service.slug)
    checks = [
        Check("pass", "The client secret is set")
        if secret_of(service)
        else Check("fail", "The client secret is missing", f"Set {variable} and start again.")
    ]
    try:
        told = fetch_configuration(service.server_url)
    except UnusableService as error:
        return [*checks, Check("fail", "The service cannot be used", str(error))]
    checks.append(Check("pass", "The service answers and is who it should be"))
    if "S256" not in told.get("code_challenge_methods_supported", ["S256"]):
        checks.append(Check("fail", "The service takes no proof key (PKCE, S256)"))
    return checks


def _tenant(kind: str, tenant: str) -> str:
    tenant = tenant.strip().lower()
    try:
        if kind == SignInServiceKind.ENTRA:
            return str(uuid.UUID(tenant))
        DomainNameValidator(accept_idna=False)(tenant)
    except ValueError as error:
        raise UnableToSaveService(
            "Enter the directory (tenant) ID: 32 letters and figures in five groups.", "tenant"
        ) from error
    except ValidationError as error:
        raise UnableToSaveService("Enter the domain, such as school.example.", "tenant") from error
    return tenant


def _address(kind: str, tenant: str, address: str) -> str:
    address = (address.strip() or usual_address(kind, tenant)).rstrip("/")
    try:
        check_address(address)
    except RequestException as error:
        raise UnableToSaveService(str(error), "server_url") from error
    if kind == SignInServiceKind.ENTRA and tenant not in address.lower().split("/"):
        raise UnableToSaveService(
            "The address must hold the tenant ID. One that ends in “common” lets in anybody.",
            "server_url",
        )
    return address


def _check_may(by: User, local_area: LocalArea, at: dt.datetime) -> None:
    if not is_administrator(by, local_area, clock.london_date(at)):
        raise PermissionDenied


def _record(by: User, verb: str, service: SignInService, at: dt.datetime) -> None:
    told: dict[str, Any] = {"vouches_for_second_step": service.vouches_for_second_step}
    audit.record(actor=by, verb=verb, obj=service, local_area=service.local_area, data=told, at=at)
