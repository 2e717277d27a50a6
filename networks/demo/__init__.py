"""Builds Merrowdale's networks through the services: members, meetings, registers, messages."""

from __future__ import annotations

import datetime as dt
import random

from accounts.models import LocalArea, Organisation, User
from networks.demo.founding import build_network
from networks.demo.groups import build_supervision_groups, build_ward_clusters
from networks.demo.life import hold_meetings, talk
from networks.demo.plan import NETWORKS
from networks.services.rooms import set_up_networks


def build(
    *,
    area: LocalArea,
    places: dict[str, Organisation],
    people: dict[str, User],
    today: dt.date,
    at: dt.datetime,
    rng: random.Random,
    stage: str,
) -> None:
    """Build ten networks, five supervision groups and six ward clusters.

    Stage "term" has meetings of the last 70 days, "year" all of them.
    """
    index = set_up_networks(local_area=area)
    back = 70 if stage == "term" else 400
    for planned in NETWORKS:
        built = build_network(planned, area, index, people, today, at, rng)
        if built is None:
            continue
        hold_meetings(planned, built, today, at, rng, back)
        talk(planned.key, built, at)
        if planned.key == "elsa":
            build_supervision_groups(built, area, index, today, at, rng, back)
        if planned.key == "early-years":
            build_ward_clusters(built, area, index, today, at)
