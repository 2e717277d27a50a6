"""Pupil identifiers in what leads and contributors write, beside messages."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import AuditEvent
from core import clock
from networks.models import Meeting
from resources_repo.enums import EducationPhase, Licence, ResourceType, Tier
from resources_repo.services.submissions import HoldsPupilIdentifiers, submit_resource
from tests.core.test_pupil_identifiers import make_upn
from tests.factories.networks import make_led_network, make_meeting, make_person

pytestmark = pytest.mark.django_db
NHS = "943 476 5919"
UPN = make_upn("999200012345")


def _meeting_form(**changes: str) -> dict[str, str]:
    day = clock.today() + dt.timedelta(days=30)
    form = {
        "title": "Autumn forum",
        "held_on": f"{day:%d/%m/%Y}",
        "held_on_0": str(day.day),
        "held_on_1": str(day.month),
        "held_on_2": str(day.year),
        "start": "15:45",
        "minutes": "90",
        "place": "Otterford Primary",
        "agenda": "Welcome",
        "repeat_every": "0",
        "how_many": "1",
    }
    return form | changes


@pytest.mark.parametrize("field", ["title", "place", "agenda"])
def test_no_meeting_is_scheduled_with_a_childs_number(area, sign_in, field):
    network, lead = make_led_network(area)
    client = sign_in(lead)
    address = f"/networks/{network.slug}/meetings/schedule/"

    refused = client.post(address, _meeting_form(**{field: f"About {NHS}"}))
    assert "Remove the pupil or NHS number" in refused.content.decode()
    assert not Meeting.objects.exists()

    client.post(address, _meeting_form())
    assert Meeting.objects.count() == 1


def test_no_agenda_is_changed_to_one_with_a_childs_number(area, sign_in):
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead, days=5)
    agenda = meeting.agenda

    response = sign_in(lead).post(
        f"/networks/{network.slug}/meetings/{meeting.pk}/change/",
        _meeting_form(agenda=f"1. {UPN} moves class"),
    )

    assert "Remove the pupil or NHS number" in response.content.decode()
    meeting.refresh_from_db()
    assert meeting.agenda == agenda


@pytest.mark.parametrize("field", ["name", "purpose", "standing_items"])
def test_no_network_is_described_with_a_childs_number(area, sign_in, field):
    network, lead = make_led_network(area)
    form = {"name": "Forum", "purpose": "To meet", "visibility": "area", "standing_items": "News"}

    response = sign_in(lead).post(
        f"/networks/{network.slug}/settings/", form | {field: f"For {NHS}"}
    )

    assert "Remove the pupil or NHS number" in response.content.decode()
    assert not AuditEvent.objects.filter(verb="network.changed").exists()


@pytest.mark.parametrize(
    "value",
    [
        "<p>943<b> 476</b> 5919</p>",
        "<p>9&#52;34765919</p>",
        "<p>943\N{ZERO WIDTH SPACE}476\N{ZERO WIDTH SPACE}5919</p>",
    ],
)
def test_markup_hides_no_number_in_a_resource(area, value):
    person = make_person(area)

    with pytest.raises(HoldsPupilIdentifiers):
        submit_resource(
            by=person,
            local_area=area,
            title="A visual timetable",
            summary="For the start of the day",
            resource_type=ResourceType.values[0],
            tags={"phase": [EducationPhase.values[0]], "tier": [Tier.values[0]]},
            licence=Licence.values[0],
            no_pupil_data_confirmed=True,
            body=[{"type": "text", "value": value}],
            at=clock.now(),
        )
