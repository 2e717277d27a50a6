"""Clusters: made, joined and left with dates, ended; seen in the area and nowhere else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import OrganisationKind, Role
from accounts.models import AuditEvent, Cluster, ClusterMembership
from accounts.services.clusters import (
    UnableToChangeCluster,
    add_cluster,
    add_settings,
    end_cluster,
    end_membership,
)
from core import clock
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person


@pytest.fixture
def settings_(area):
    return OrganisationFactory.create_batch(
        3, local_area=area, kind=OrganisationKind.PVI_NURSERY, urn=None, ward="Harbour"
    )


@pytest.fixture
def cluster(area, admin):
    return add_cluster(by=admin, local_area=area, name="Harbour", lead=None, at=clock.now())


def boxes(name: str, day: dt.date) -> dict[str, int]:
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def test_an_administrator_makes_a_cluster_and_settings_join_it(area, admin, settings_, sign_in):
    client = sign_in(admin)
    today = clock.today()

    made = client.post("/clusters/add/", {"name": "Harbour", "lead": settings_[0].pk})
    cluster = Cluster.objects.get()
    assert made.url == reverse("accounts:cluster", args=[cluster.pk])
    path = reverse("accounts:cluster-join", args=[cluster.pk])
    chosen = [each.pk for each in settings_[:2]]
    client.post(path, {"organisations": chosen} | boxes("starts_on", today))

    assert set(cluster.memberships.values_list("organisation", flat=True)) == set(chosen)
    body = client.get(made.url).content.decode()
    assert settings_[0].name in body and settings_[2].name not in body
    assert "2 settings" in client.get("/clusters/").content.decode()
    shown = client.get(reverse("accounts:organisation", args=[settings_[0].pk]))
    assert "Harbour" in shown.content.decode()
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"cluster.added", "cluster.settings_added"} <= verbs


def test_settings_of_another_area_never_join(area, other_area, admin, cluster, sign_in):
    foreign = OrganisationFactory(local_area=other_area)
    client = sign_in(admin)
    path = reverse("accounts:cluster-join", args=[cluster.pk])

    response = client.post(
        path, {"organisations": [foreign.pk]} | boxes("starts_on", clock.today())
    )

    assert not ClusterMembership.objects.exists()
    assert response.status_code == 200
    with pytest.raises(UnableToChangeCluster):
        add_settings(
            by=admin,
            cluster=cluster,
            organisations=[foreign],
            starts_on=clock.today(),
            at=clock.now(),
        )


def test_a_long_list_of_settings_asks_for_a_kind_or_a_ward_first(area, admin, cluster, sign_in):
    OrganisationFactory.create_batch(41, local_area=area, ward="Fenside")
    OrganisationFactory(local_area=area, ward="Harbour", name="Only one")
    client = sign_in(admin)
    path = reverse("accounts:cluster-join", args=[cluster.pk])

    assert "42 settings match" in client.get(path).content.decode()
    narrowed = client.get(path + "?ward=Harbour").content.decode()
    assert "Only one" in narrowed and "settings match" not in narrowed


def test_joining_twice_is_joining_once_and_leaving_leaves_a_trace(admin, cluster, settings_):
    today, now = clock.today(), clock.now()
    for _ in range(2):
        add_settings(
            by=admin, cluster=cluster, organisations=settings_, starts_on=today - 9 * DAY, at=now
        )
    assert ClusterMembership.objects.count() == 3
    membership = cluster.memberships.first()

    with pytest.raises(UnableToChangeCluster, match="before the first"):
        end_membership(by=admin, membership=membership, ends_on=today - 10 * DAY, at=now)
    end_membership(by=admin, membership=membership, ends_on=today, at=now)
    with pytest.raises(UnableToChangeCluster, match="Choose a later day"):
        add_settings(
            by=admin,
            cluster=cluster,
            organisations=[membership.organisation],
            starts_on=today,
            at=now,
        )
    again = add_settings(
        by=admin,
        cluster=cluster,
        organisations=[membership.organisation],
        starts_on=today + DAY,
        at=now,
    )
    assert again == 1


def test_ending_a_cluster_lets_everybody_leave(admin, cluster, settings_):
    today, now = clock.today(), clock.now()
    here, left, coming = settings_
    for each, starts_on in ((here, today - DAY), (left, today - 9 * DAY), (coming, today + DAY)):
        add_settings(by=admin, cluster=cluster, organisations=[each], starts_on=starts_on, at=now)
    end_membership(
        by=admin,
        membership=cluster.memberships.get(organisation=left),
        ends_on=today - 5 * DAY,
        at=now,
    )

    assert end_cluster(by=admin, cluster=cluster, ends_on=today, at=now) == 1

    assert {
        row.organisation: row.ends_on for row in cluster.memberships.select_related("organisation")
    } == {here: today, left: today - 5 * DAY}


def test_a_name_is_taken_once_in_an_area(area, other_area, admin, cluster):
    with pytest.raises(UnableToChangeCluster, match="already"):
        add_cluster(by=admin, local_area=area, name="HARBOUR", lead=None, at=clock.now())
    theirs = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=other_area).person
    add_cluster(by=theirs, local_area=other_area, name="Harbour", lead=None, at=clock.now())


@pytest.mark.parametrize("role", [Role.SETTING_LEAD, Role.DIRECTOR, Role.DCO])
def test_others_of_the_area_read_clusters_and_change_none(area, cluster, settings_, sign_in, role):
    person = RoleGrantFactory(role=role, local_area=area).person
    client = sign_in(person)

    assert client.get(reverse("accounts:cluster", args=[cluster.pk])).status_code == 200
    for name in ("change", "join", "end"):
        path = reverse(f"accounts:cluster-{name}", args=[cluster.pk])
        assert client.post(path).status_code == 403
    assert client.post("/clusters/add/", {"name": "Mine"}).status_code == 403
    with pytest.raises(PermissionDenied):
        end_cluster(by=person, cluster=cluster, ends_on=clock.today(), at=clock.now())


def test_a_cluster_of_the_next_area_is_not_there(area, other_area, admin, sign_in):
    theirs = Cluster.objects.create(local_area=other_area, name="Theirs")
    client = sign_in(admin)

    assert client.get(reverse("accounts:cluster", args=[theirs.pk])).status_code == 404
    assert "Theirs" not in client.get("/clusters/").content.decode()
    assert client.post(reverse("accounts:cluster-end", args=[theirs.pk])).status_code == 404


def test_a_membership_of_another_cluster_is_not_ended_through_this_one(
    area, admin, cluster, settings_, sign_in
):
    other = Cluster.objects.create(local_area=area, name="Other")
    row = ClusterMembership.objects.create(
        cluster=other, organisation=settings_[0], starts_on=clock.today()
    )
    path = reverse("accounts:cluster-leave", args=[cluster.pk, row.pk])

    assert sign_in(admin).post(path, boxes("ends_on", clock.today())).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_a_cluster_takes_the_same_queries_for_1_and_30_settings(
    area, cluster, sign_in, number, django_assert_num_queries
):
    for school in OrganisationFactory.create_batch(number, local_area=area):
        ClusterMembership.objects.create(
            cluster=cluster, organisation=school, starts_on=clock.today()
        )
    reader = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    client = sign_in(reader)
    path = reverse("accounts:cluster", args=[cluster.pk])
    client.get(path)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(path)
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/clusters/")


PAGE_QUERIES = 8
LIST_QUERIES = 7
