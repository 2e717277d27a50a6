"""Lists brought in any order, in any pieces and any number of times give the same people."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.enums import ImportMode
from accounts.models import Post, User
from tests.factories.accounts import OrganisationFactory
from tests.factories.staffing import as_csv, bring

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
TITLES = ("Teaching Assistant", "Class teacher", "Midday supervisor", "Parent governor", "SENDCo")
NAMES = st.text("abcdefgéöñ'", min_size=2, max_size=6).map(str.title)
POSTS = st.tuples(st.integers(0, 1), st.sampled_from(TITLES), st.integers(0, 27), st.booleans())
PEOPLE = st.lists(
    st.tuples(
        NAMES,
        NAMES,
        st.booleans(),
        st.lists(POSTS, min_size=1, max_size=4, unique_by=lambda post: post[:2]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=6,
)


def rows_of(people, urns):
    """Return the rows of the whole list; everybody is told apart by address or by number.

    A staff number is its employer's: whoever has no address works in one place.
    """
    rows = []
    for key, (given_name, family_name, has_email, posts, manager) in enumerate(people):
        by_job = {(place if has_email else 0, title): rest for place, title, *rest in posts}
        for (place, title), (month, term_time) in by_job.items():
            rows.append(
                {
                    "given": given_name,
                    "family": family_name,
                    "email": f"p{key}@merrowdale.example" if has_email else "",
                    "number": f"N{key}",
                    "title": title,
                    "start": f"01/{month % 12 + 1:02}/{2020 + month // 12}",
                    "hours": str(10 + month),
                    "term_time": "Y" if term_time else "N",
                    "manager": f"N{manager}",
                    "school": urns[place],
                }
            )
    return rows


def disguised(row, rng):
    """Write the same row as another spreadsheet would."""
    odd = {
        "email": rng.choice([str.upper, str.title, " {} ".format])(row["email"]),
        "number": f" {row['number']}",
        "title": rng.choice([str.upper, str.lower])(row["title"]),
    }
    return row | odd


def people_now():
    """Say who there is, and what they do where, without keys and in no order."""
    found = []
    for person in User.objects.filter(posts__isnull=False).distinct():
        posts = list(person.posts.all())
        found.append(
            (
                person.given_name,
                person.family_name,
                person.email,
                sorted({(post.organisation_id, post.staff_number) for post in posts}),
                sorted(
                    (
                        post.organisation_id, post.job_role, post.starts_on, str(post.ends_on),
                        str(post.weekly_hours), post.term_time_only, post.is_employment,
                    )
                    for post in posts
                ),
            )
        )  # fmt: skip
    return sorted(
        [
            (given, family, email, [pair for pair in numbers if pair[1]], posts)
            for given, family, email, numbers, posts in found
        ],
        key=str,
    )


def managers_now():
    """Say who manages which post."""
    return sorted(
        Post.objects.values_list(
            "person__posts__staff_number", "organisation", "job_role", "line_manager__given_name"
        ).distinct(),
        key=str,
    )


class _Over(Exception):
    pass


@settings(
    max_examples=25,
    deadline=None,
    # Each try is a dozen imports: making a failing one smaller would take many minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=PEOPLE, seed=st.integers(0, 2**32))
def test_any_order_and_repetition_give_the_same_people(area, people, seed):
    rng = random.Random(seed)

    def brought(pieces, mode=ImportMode.CHANGES):
        for piece in pieces:
            bring(as_csv(*piece), None, local_area=area, mode=mode, leave_out_errors=True, at=MAY)

    with pytest.raises(_Over), transaction.atomic():
        schools = OrganisationFactory.create_batch(2, local_area=area)
        rows = rows_of(people, [school.urn for school in schools])
        with pytest.raises(_Over), transaction.atomic():
            brought([rows])
            once, managed = people_now(), managers_now()
            raise _Over
        pieces = [rng.sample(rows, rng.randint(1, len(rows))) for _ in range(rng.randint(0, 4))]
        pieces += [[row] for row in rng.sample(rows, len(rows))]
        brought([[disguised(row, rng) for row in piece] for piece in pieces])
        in_pieces = people_now()
        brought([rows])
        last = managers_now()
        brought([rng.sample(rows, len(rows))], ImportMode.FULL)

        assert len(in_pieces) == len(once) == len(people)
        assert in_pieces == once
        assert people_now() == once
        assert last == managed == managers_now()
        raise _Over
