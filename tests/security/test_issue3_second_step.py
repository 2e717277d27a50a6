"""Open before a second step is set up: the way to set it up, and public pages. No desk is."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from tests.factories.accounts import RoleGrantFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["/privacy/requests/", "/privacy/holds/", "/privacy/retention/", "/privacy/holds/place/"],
)
def test_the_desk_of_data_protection_asks_for_the_second_step(area, sign_in, settings, path):
    settings.SECOND_STEP_ENFORCED = True
    area.second_step_roles = [Role.DPO]
    area.save()
    officer = member_of(area)
    RoleGrantFactory(person=officer, role=Role.DPO, local_area=area)

    response = sign_in(officer).get(path)

    assert response.status_code == 302
    assert response.url.startswith("/second-step/")
