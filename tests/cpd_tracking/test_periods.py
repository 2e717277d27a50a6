"""What the rules mean: design/cpd.md's semantics on worked dates."""

from __future__ import annotations

import datetime as dt

import pytest

from cpd_tracking.engine.audience import scopes_of_person, scopes_of_posts
from cpd_tracking.engine.facts import Period, Rule
from cpd_tracking.engine.periods import periods_for
from tests.cpd_tracking.rules import CALENDAR, D, pause, post, record, rule, version


def periods(a_rule: Rule, *posts, records=(), pauses=(), extensions=None) -> list[Period]:
    find = scopes_of_person if a_rule.subject_kind == "person" else scopes_of_posts
    return [
        period
        for scope in find(a_rule, posts)
        for period in periods_for(
            rule=a_rule,
            scope=scope,
            records=list(records),
            pauses=list(pauses),
            extensions=extensions or {},
            calendar=CALENDAR,
        )
    ]


class TestDue:
    def test_days_from_post_start(self):
        [first] = periods(rule(), post(D(2026, 1, 10)))
        assert (first.starts_on, first.due_on) == (D(2026, 1, 10), D(2026, 2, 9))
        assert first.window_opens_on == D(2026, 1, 10)

    def test_months_follow_the_31_january_rule(self):
        [first] = periods(rule(due_unit="months", due_count=1), post(D(2026, 1, 31)))
        assert first.due_on == D(2026, 2, 28)

    def test_terms(self):
        [first] = periods(rule(due_unit="terms", due_count=2), post(D(2025, 10, 6)))
        assert first.due_on == D(2026, 3, 27)

    def test_fixed_day_with_at_least_some_notice(self):
        a_rule = rule(due_unit="fixed_day", due_count=14, due_month=11, due_day=30)
        assert periods(a_rule, post(D(2025, 11, 10)))[0].due_on == D(2025, 11, 30)
        assert periods(a_rule, post(D(2025, 11, 20)))[0].due_on == D(2026, 11, 30)

    def test_a_rule_younger_than_the_post_counts_from_its_own_first_day(self):
        a_rule = rule(version(valid_from=D(2026, 1, 1)))
        [first] = periods(a_rule, post(D(2020, 9, 1)))
        assert (first.starts_on, first.due_on) == (D(2026, 1, 1), D(2026, 1, 31))

    def test_a_local_date_in_the_holidays_moves_for_term_time_staff_only(self):
        start = D(2025, 11, 25)  # + 30 days is Christmas Day
        assert periods(rule(), post(start, term_time_only=True))[0].due_on == D(2026, 1, 16)
        assert periods(rule(), post(start))[0].due_on == D(2025, 12, 25)
        statutory = rule(basis="statutory")
        assert periods(statutory, post(start, term_time_only=True))[0].due_on == D(2025, 12, 25)


class TestSenco:
    """R4: SEND Regulations 2014, regulation 49."""

    def r4(self) -> Rule:
        return rule(
            trigger="first_post_in_role",
            due_unit="months",
            due_count=36,
            validity_months=None,
            basis="statutory",
            may_pause=False,
            audience={"job_roles": ["senco"], "organisation_kinds": ["school", "nursery_school"]},
            satisfied_by=(
                {"topic": 7},
                {"topic": 8, "began_before": "2024-09-01", "completed_before": "2027-09-01"},
            ),
            exempt_if={"earlier_service_months": 12},
        )

    def test_third_anniversary_of_becoming_senco(self):
        [first] = periods(self.r4(), post(D(2024, 9, 1), job_role="senco"))
        assert first.due_on == D(2027, 9, 1)

    def test_the_clock_of_a_second_post_runs_from_the_first(self):
        found = periods(
            self.r4(),
            post(D(2024, 9, 1), D(2025, 3, 31), job_role="senco"),
            post(D(2025, 4, 1), job_role="senco", post_id=2, organisation_id=2),
        )
        assert [(item.starts_on, item.due_on) for item in found] == [
            (D(2024, 9, 1), D(2027, 9, 1)),
            (D(2025, 4, 1), D(2027, 9, 1)),
        ]
        assert [item.exempt_because for item in found] == ["", ""]

    def test_more_than_twelve_months_of_earlier_service_exempts(self):
        found = periods(
            self.r4(),
            post(D(2022, 9, 1), D(2023, 9, 1), job_role="senco"),  # 366 days
            post(D(2024, 9, 1), job_role="senco", post_id=2, organisation_id=2),
        )
        assert found[1].exempt_because == "earlier_service"

    def test_exactly_twelve_months_do_not_exempt(self):
        found = periods(
            self.r4(),
            post(D(2022, 9, 1), D(2023, 8, 31), job_role="senco"),
            post(D(2023, 9, 1), job_role="senco", post_id=2, organisation_id=2),
        )
        assert found[1].exempt_because == ""

    def test_service_in_two_schools_at_once_counts_once(self):
        found = periods(
            self.r4(),
            post(D(2022, 9, 1), D(2023, 3, 31), job_role="senco"),
            post(D(2022, 9, 1), D(2023, 3, 31), job_role="senco", post_id=2, organisation_id=2),
            post(D(2023, 9, 1), job_role="senco", post_id=3, organisation_id=3),
        )
        assert found[2].exempt_because == ""

    def test_special_schools_and_other_roles_are_outside(self):
        assert not periods(
            self.r4(), post(D(2024, 9, 1), job_role="senco", organisation_kind="special_school")
        )
        assert not periods(self.r4(), post(D(2024, 9, 1)))

    @pytest.mark.parametrize(
        ("began", "completed", "counts"),
        [
            (D(2024, 8, 31), D(2027, 8, 31), True),
            (D(2024, 9, 1), D(2026, 6, 1), False),
            (D(2023, 9, 1), D(2027, 9, 1), False),
            (None, D(2026, 6, 1), False),
        ],
    )
    def test_nasenco_counts_between_its_dates_only(self, began, completed, counts):
        held = record(completed, course_id=None, topic_id=8, began_on=began)
        [first] = periods(self.r4(), post(D(2024, 9, 1), job_role="senco"), records=[held])
        assert (first.satisfied_on is not None) is counts

    def test_a_qualification_held_before_is_enough_for_good(self):
        held = record(D(2019, 7, 1), course_id=None, topic_id=7)
        [first] = periods(self.r4(), post(D(2024, 9, 1), job_role="senco"), records=[held])
        assert (first.satisfied_on, first.expires_on) == (D(2019, 7, 1), None)


class TestRenewal:
    def test_early_inside_the_window_keeps_the_anniversary(self):
        done = [record(D(2025, 1, 20)), record(D(2025, 12, 1))]
        found = periods(rule(), post(D(2025, 1, 10)), records=done)
        assert [item.expires_on for item in found] == [D(2026, 1, 20), D(2027, 1, 20), None]
        assert found[1].starts_on == D(2025, 11, 21)  # 60 days before 20 January
        assert found[0].closed_on == D(2025, 11, 21)
        assert found[0].how_closed == "renewal"

    def test_before_the_window_counts_from_completion(self):
        done = [record(D(2025, 1, 20)), record(D(2025, 6, 1))]
        found = periods(rule(), post(D(2025, 1, 10)), records=done)
        assert found[1].expires_on == D(2026, 6, 1)
        assert found[1].starts_on == D(2025, 6, 1)

    def test_after_expiry_counts_from_completion_and_is_late(self):
        done = [record(D(2025, 1, 20)), record(D(2026, 2, 3))]
        found = periods(rule(), post(D(2025, 1, 10)), records=done)
        assert found[1].due_on == D(2026, 1, 20)
        assert found[1].satisfied_on == D(2026, 2, 3)
        assert found[1].expires_on == D(2027, 2, 3)

    def test_anchor_completion_moves_with_every_completion(self):
        done = [record(D(2025, 1, 20)), record(D(2025, 12, 1))]
        found = periods(rule(anchor="completion"), post(D(2025, 1, 10)), records=done)
        assert found[1].expires_on == D(2026, 12, 1)

    def test_29_february_expires_on_28(self):
        [first, _] = periods(rule(), post(D(2024, 2, 1)), records=[record(D(2024, 2, 29))])
        assert first.expires_on == D(2025, 2, 28)

    def test_approved_evidence_lasts_as_long_as_its_approver_said(self):
        done = [record(D(2025, 1, 20), source="approved_evidence", valid_until=D(2025, 6, 30))]
        [first, second] = periods(rule(), post(D(2025, 1, 10)), records=done)
        assert first.expires_on == D(2025, 6, 30)
        assert second.due_on == D(2025, 6, 30)

    def test_a_second_completion_on_one_day_changes_nothing(self):
        once = periods(rule(), post(D(2025, 1, 10)), records=[record(D(2025, 1, 20), record_id=5)])
        twice = periods(
            rule(),
            post(D(2025, 1, 10)),
            records=[record(D(2025, 1, 20), record_id=5), record(D(2025, 1, 20), record_id=6)],
        )
        assert once == twice


class TestFixedCalendar:
    def r2b(self) -> Rule:
        return rule(
            anchor="fixed",
            due_unit="fixed_day",
            due_count=14,
            due_month=9,
            due_day=30,
            cycle_month=9,
            cycle_day=1,
            window_days=29,
        )

    def test_periods_up_to_the_horizon_and_missed_when_the_next_opens(self):
        found = periods(self.r2b(), post(D(2025, 9, 1)))
        assert [(item.starts_on, item.due_on) for item in found] == [
            (D(2025, 9, 1), D(2025, 9, 30)),
            (D(2026, 9, 1), D(2026, 9, 30)),
        ]
        assert (found[0].closed_on, found[0].how_closed) == (D(2026, 9, 1), "missed")

    def test_a_joiner_in_january_has_notice(self):
        assert periods(self.r2b(), post(D(2026, 1, 12)))[0].due_on == D(2026, 1, 26)

    def test_a_joiner_who_did_it_elsewhere_this_year_starts_compliant(self):
        found = periods(self.r2b(), post(D(2026, 1, 12)), records=[record(D(2025, 9, 3))])
        assert found[0].satisfied_on == D(2025, 9, 3)
        assert found[0].expires_on == D(2026, 9, 30)
        assert found[1].held_until == D(2026, 9, 30)

    def test_last_years_does_not_count_for_this_year(self):
        found = periods(self.r2b(), post(D(2025, 9, 1)), records=[record(D(2025, 8, 31))])
        assert found[0].satisfied_on is None


class TestJoinersAndLeavers:
    def test_a_valid_record_satisfies_on_the_first_day(self):
        found = periods(rule(), post(D(2025, 9, 1)), records=[record(D(2025, 3, 1))])
        assert found[0].satisfied_on == D(2025, 3, 1)
        assert found[0].expires_on == D(2026, 3, 1)

    def test_an_expired_record_does_not(self):
        found = periods(rule(), post(D(2025, 9, 1)), records=[record(D(2024, 8, 30))])
        assert found[0].satisfied_on is None

    def test_the_anniversary_of_an_earlier_chain_is_kept(self):
        done = [record(D(2023, 9, 10)), record(D(2024, 9, 1))]
        found = periods(rule(), post(D(2024, 10, 1)), records=done)
        assert found[0].expires_on == D(2025, 9, 10)

    def test_a_leavers_obligations_close_and_stay(self):
        [only] = periods(rule(), post(D(2025, 9, 1), D(2025, 12, 31)))
        assert (only.closed_on, only.how_closed) == (D(2026, 1, 1), "left")

    def test_what_is_done_after_leaving_satisfies_nothing_there(self):
        found = periods(
            rule(), post(D(2025, 9, 1), D(2025, 12, 31)), records=[record(D(2026, 1, 5))]
        )
        assert found[0].satisfied_on is None

    def test_two_posts_have_dates_of_their_own_and_one_completion_satisfies_both(self):
        found = periods(
            rule(),
            post(D(2025, 9, 1)),
            post(D(2025, 11, 1), post_id=2, organisation_id=2),
            records=[record(D(2025, 11, 10))],
        )
        firsts = [item for item in found if item.held_until is None]
        assert [item.due_on for item in firsts] == [D(2025, 10, 1), D(2025, 12, 1)]
        assert [item.satisfied_on for item in firsts] == [D(2025, 11, 10)] * 2

    def test_a_persons_rule_runs_through_a_change_of_job(self):
        found = periods(
            rule(subject="person"),
            post(D(2025, 9, 1), D(2025, 12, 31)),
            post(D(2026, 1, 1), post_id=2, organisation_id=2),
        )
        assert [(item.starts_on, item.closed_on) for item in found] == [(D(2025, 9, 1), None)]

    def test_a_persons_rule_starts_again_after_a_gap(self):
        found = periods(
            rule(subject="person"),
            post(D(2025, 9, 1), D(2025, 12, 31)),
            post(D(2026, 2, 1), post_id=2, organisation_id=2),
        )
        assert [item.due_on for item in found] == [D(2025, 10, 1), D(2026, 3, 3)]


class TestPausesAndExtensions:
    def test_due_is_the_later_of_paused_days_and_thirty_after_return(self):
        long = [pause(D(2026, 1, 20), D(2026, 3, 31))]  # 71 days away
        [first] = periods(rule(), post(D(2026, 1, 10)), pauses=long)
        assert first.due_on == max(
            D(2026, 2, 9) + dt.timedelta(71), D(2026, 4, 1) + dt.timedelta(30)
        )
        assert first.due_on == D(2026, 5, 1)
        assert first.first_due_on == D(2026, 2, 9)

    def test_validity_never_pauses(self):
        done = [record(D(2025, 1, 20))]
        away = [pause(D(2025, 12, 1), D(2026, 3, 31))]
        found = periods(rule(), post(D(2025, 1, 10)), records=done, pauses=away)
        assert found[0].expires_on == D(2026, 1, 20)
        assert found[1].held_until == D(2026, 1, 20)
        assert found[1].due_on == D(2026, 5, 21)  # 121 days of the period paused
        assert found[1].grace_until == found[1].due_on

    def test_statutory_rules_do_not_pause(self):
        away = [pause(D(2026, 1, 20), D(2026, 3, 31))]
        a_rule = rule(basis="statutory", may_pause=False)
        assert periods(a_rule, post(D(2026, 1, 10)), pauses=away)[0].due_on == D(2026, 2, 9)

    def test_a_pause_of_one_post_leaves_the_other(self):
        away = [pause(D(2026, 1, 20), D(2026, 3, 31), post_id=2)]
        assert periods(rule(), post(D(2026, 1, 10)), pauses=away)[0].due_on == D(2026, 2, 9)

    def test_a_pause_after_the_due_date_moves_nothing(self):
        away = [pause(D(2026, 2, 20), D(2026, 3, 31))]
        assert periods(rule(), post(D(2026, 1, 10)), pauses=away)[0].due_on == D(2026, 2, 9)

    def test_an_extension_moves_one_due_date(self):
        found = periods(
            rule(),
            post(D(2026, 1, 10)),
            records=[record(D(2026, 3, 1))],
            extensions={D(2026, 1, 10): D(2026, 3, 31)},
        )
        assert found[0].due_on == D(2026, 3, 31)
        assert found[1].due_on == D(2027, 3, 1)

    def test_grace_follows_the_due_date(self):
        [first] = periods(rule(grace_days=14), post(D(2026, 1, 10)))
        assert first.grace_until == D(2026, 2, 23)


class TestScoresAndVersions:
    def test_a_client_scored_completion_alone_is_not_assessed(self):
        a_rule = rule(demands_score=True)
        browser = record(D(2026, 1, 12), source="client_scored")
        assert periods(a_rule, post(D(2026, 1, 10)), records=[browser])[0].satisfied_on is None
        for vouched in (
            record(D(2026, 1, 12), source="client_scored", is_reviewed=True),
            record(D(2026, 1, 12), source="server_scored"),
            record(D(2026, 1, 12), source="attested_by_trainer"),
            record(D(2026, 1, 12), source="approved_evidence"),
        ):
            found = periods(a_rule, post(D(2026, 1, 10)), records=[vouched])
            assert found[0].satisfied_on == D(2026, 1, 12)
        setting = record(D(2026, 1, 12), source="attested_by_setting")
        assert periods(a_rule, post(D(2026, 1, 10)), records=[setting])[0].satisfied_on is None

    def test_a_new_version_does_not_rewrite_closed_periods(self):
        first = version(valid_to=D(2025, 12, 31))
        second = version(version_id=2, valid_from=D(2026, 1, 1), validity_months=24)
        done = [record(D(2025, 1, 20)), record(D(2026, 1, 15)), record(D(2026, 12, 1))]
        before = periods(rule(first), post(D(2025, 1, 10), D(2025, 12, 31)), records=done)
        after = periods(rule(first, second), post(D(2025, 1, 10)), records=done)
        assert after[0] == before[0]
        assert after[1].expires_on == D(2028, 1, 20)

    def test_a_rule_that_ends_closes_what_is_open(self):
        [only] = periods(rule(valid_to=D(2026, 7, 31)), post(D(2026, 1, 10)))
        assert (only.closed_on, only.how_closed) == (D(2026, 8, 1), "rule_ended")
