"""The library: what one finds, what the numbers count, and what it costs."""

from __future__ import annotations

import pytest

from networks.enums import Visibility
from resources_repo.models import ResourcePage
from resources_repo.selectors.library import LibraryQuery, coverage_matrix, search_library
from resources_repo.services.library import set_up_library
from resources_repo.services.use import record_use
from tests.factories.networks import join, make_network, make_person
from tests.factories.resources_repo import publish, submit, text_file

PRIMARY_ASD = {"need": ["ASD", "SLCN"], "phase": ["primary"], "tier": ["universal"]}
SECONDARY_SEMH = {"need": ["SEMH"], "phase": ["secondary"], "tier": ["targeted"]}


@pytest.fixture
def library(area):
    """Two open resources, one of a hidden network, one still a draft."""
    circle = make_network(area, "Quiet circle", Visibility.HIDDEN)
    member = make_person(area)
    join(circle, member)
    publish(area, title="Quiet corners", tags=PRIMARY_ASD, resource_type="guide")
    publish(area, title="Return plan", tags=SECONDARY_SEMH)
    publish(area, member, title="Secret return notes", tags=SECONDARY_SEMH, network=circle)
    submit(area, title="Unfinished return draft", tags=SECONDARY_SEMH)
    return member


def titles(results) -> set[str]:
    return {page.title for page in results.pages}


def found(user, area, text="", network="", **chosen):
    return search_library(
        LibraryQuery(text=text, chosen=chosen, network=network), user=user, local_area=area
    )


def test_results_and_counts_leave_out_what_one_may_not_know(area, library) -> None:
    reader = make_person(area)
    seen = found(reader, area)
    assert titles(seen) == {"Quiet corners", "Return plan"}
    assert seen.counts["need"] == {"ASD": 1, "SLCN": 1, "SEMH": 1}
    assert seen.counts["area"] == {"communication": 1, "semh": 1}
    assert seen.counts["type"] == {"guide": 1, "template": 1}

    inside = found(library, area)
    assert "Secret return notes" in titles(inside)
    assert inside.counts["need"]["SEMH"] == 2


def test_words_find_only_what_one_may_see(area, library) -> None:
    reader = make_person(area)
    assert titles(found(reader, area, text="return")) == {"Return plan"}
    assert titles(found(library, area, text="return")) == {"Return plan", "Secret return notes"}
    assert titles(found(reader, area, text="autism")) == {"Quiet corners"}


def test_a_facets_own_choices_stay_countable(area, library) -> None:
    reader = make_person(area)
    results = found(reader, area, need=["ASD"])
    assert titles(results) == {"Quiet corners"}
    # Adding SEMH would show one more; other facets count only what is shown.
    assert results.counts["need"] == {"ASD": 1, "SLCN": 1, "SEMH": 1}
    assert results.counts["phase"] == {"primary": 1}
    both = found(reader, area, need=["ASD", "SEMH"], phase=["secondary"])
    assert titles(both) == {"Return plan"}


def test_visitors_see_only_what_is_open_to_everyone(area, library, client) -> None:
    page = ResourcePage.objects.get(title="Return plan")
    assert "Return plan" not in client.get("/resources/").content.decode()
    assert client.get(f"/resources/{page.slug}/").status_code == 302
    page.is_public = True
    page.save_revision().publish()
    assert "Return plan" in client.get("/resources/").content.decode()
    assert "small steps" in client.get(f"/resources/{page.slug}/").content.decode()


def test_a_hidden_networks_resource_is_nowhere(area, library, sign_in) -> None:
    page = ResourcePage.objects.get(title="Secret return notes")
    client = sign_in(make_person(area))
    assert client.get(f"/resources/{page.slug}/").status_code == 404
    assert client.get(f"/resources/files/{page.pk}/").status_code == 404
    assert client.post(f"/resources/used/{page.pk}/").status_code == 404
    for url in ("/resources/", "/resources/?q=secret", "/resources/?network=quiet-circle"):
        text = client.get(url).content.decode()
        assert "Secret return notes" not in text
        assert "Quiet circle" not in text
    assert "Secret return notes" in sign_in(library).get("/resources/").content.decode()


def test_another_areas_resources_are_not_here(area, other_area, sign_in) -> None:
    publish(other_area, title="From next door")
    set_up_library(local_area=area)
    person = make_person(area)
    assert "From next door" not in sign_in(person).get("/resources/").content.decode()


def test_files_are_for_those_who_see_the_resource(area, library, sign_in, client) -> None:
    circle_page = publish(area, library, title="Held close", file=text_file(),
                          network=library.memberships.get().network)  # fmt: skip
    version = circle_page.current_version
    urls = (f"/resources/files/{circle_page.pk}/", version.document.url)
    for url in urls:
        assert sign_in(make_person(area)).get(url).status_code == 404
        assert client.get(url).status_code == 404
    given = sign_in(library).get(urls[0])
    assert given["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given["Content-Security-Policy"]


def test_filters_live_in_the_address_and_come_off_one_by_one(area, library, sign_in) -> None:
    client = sign_in(make_person(area))
    text = client.get("/resources/?need=ASD&phase=primary&q=quiet&need=NOPE").content.decode()
    assert "1 resource<" in text
    assert 'href="?q=quiet&amp;phase=primary"' in text
    assert "NOPE" not in text


def test_the_matrix_keeps_its_empty_cells(area, library, sign_in) -> None:
    reader = make_person(area)
    rows = {row.code: row for row in coverage_matrix(user=reader, local_area=area)}
    assert [cell.count for cell in rows["ASD"].cells] == [0, 1, 0, 0]
    assert [cell.count for cell in rows["SEMH"].cells] == [0, 0, 1, 0]
    assert [cell.count for cell in rows["HI"].cells] == [0, 0, 0, 0]
    text = sign_in(reader).get("/resources/matrix/").content.decode()
    assert "/resources/?need=SEMH&amp;phase=secondary" in text
    assert "/resources/submit/?need=HI&amp;phase=primary" in text


def test_used_by_counts_settings_and_the_last_word_counts(area, sign_in, today) -> None:
    page = publish(area)
    first = make_person(area)
    colleague = make_person(area, first.posts.get().organisation)
    record_use(by=first, page=page, helped="no", on=today)
    record_use(by=first, page=page, helped="yes", on=today)
    record_use(by=colleague, page=page, helped="yes", on=today)
    record_use(by=make_person(area), page=page, helped="", on=today)
    text = sign_in(first).get("/resources/").content.decode()
    assert "Used by 2 settings, helped 1" in text


@pytest.mark.parametrize("resources", [1, 30])
def test_the_library_costs_the_same_for_one_and_for_thirty(
    area, sign_in, resources, django_assert_num_queries
) -> None:
    for number in range(resources):
        publish(area, title=f"Plan {number}")
    client = sign_in(make_person(area))
    client.get("/resources/?need=SEMH&q=plan")
    with django_assert_num_queries(LIBRARY_QUERIES):
        client.get("/resources/?need=SEMH&q=plan")


LIBRARY_QUERIES = 19
