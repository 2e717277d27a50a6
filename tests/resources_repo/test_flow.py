"""From a colleague's file to the library: submit, review, publish, revise, download."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import WorkflowState

from accounts.enums import Role
from core import clock
from resources_repo.models import ResourcePage, ResourceVersion
from resources_repo.selectors.review import review_queue, submission_of
from resources_repo.services.library import set_up_library
from resources_repo.services.reviews import UnableToDecide, approve_resource, return_resource
from resources_repo.services.submissions import UnableToSubmit, propose_version
from tests.factories.accounts import RoleGrantFactory
from tests.factories.networks import make_person
from tests.factories.resources_repo import make_reviewer, office_file, publish, submit, text_file

FORM = {
    "title": "Sensory audit for a small hall",
    "summary": "Twelve questions for a walk through the hall at lunchtime.",
    "resource_type": "audit",
    "needs": ["ASD"],
    "phases": ["primary"],
    "tiers": ["universal"],
    "licence": "ogl",
    "no_pupil_data": "on",
}


def test_a_submission_waits_as_a_draft_and_is_not_in_the_library(area) -> None:
    author = make_person(area)
    page = submit(area, author, file=text_file())

    assert not page.live
    assert not ResourcePage.objects.visible_to(author).exists()
    assert page.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert submission_of(page).label == "Waiting for a reviewer"
    reviewer = make_reviewer(area)
    assert [row.page.pk for row in review_queue(reviewer, area)] == [page.pk]


def test_approval_publishes_page_tags_and_file_together(area) -> None:
    page = submit(area, file=text_file())
    page = approve_resource(by=make_reviewer(area), page=page, local_area=area, at=clock.now())

    assert page.live
    assert page.values_of("need") == ["SEMH"]
    assert page.values_of("area") == ["semh"]
    assert page.current_version.number == 1
    assert page.current_version.published_at is not None
    assert ResourcePage.objects.visible_to(make_person(area)).get() == page


def test_nobody_approves_their_own(area) -> None:
    author = make_person(area)
    RoleGrantFactory(person=author, role=Role.REVIEWER, local_area=area)
    page = submit(area, author)

    with pytest.raises(UnableToDecide, match="another reviewer"):
        approve_resource(by=author, page=page, local_area=area, at=clock.now())

    page.refresh_from_db()
    assert not page.live


def test_the_cms_refuses_ones_own_approval_too(area) -> None:
    author = make_person(area)
    author.groups.add(area.reviewers)
    page = submit(area, author)
    task_state = page.current_workflow_task_state
    task = task_state.task.specific

    assert task.get_actions(page, author) == []
    assert not task.get_task_states_user_can_moderate(author).exists()
    with pytest.raises(PermissionDenied):
        task.on_action(task_state, author, "approve")


def test_a_reviewer_of_another_area_sees_and_decides_nothing(area, other_area) -> None:
    set_up_library(local_area=other_area)
    page = submit(area)
    stranger = make_reviewer(other_area)

    assert review_queue(stranger, other_area) == []
    for claimed in (area, other_area):
        with pytest.raises(PermissionDenied):
            approve_resource(by=stranger, page=page, local_area=claimed, at=clock.now())


def test_a_return_says_why_and_the_author_answers_in_the_same_review(area) -> None:
    author, reviewer = make_person(area), make_reviewer(area)
    page = submit(area, author)
    with pytest.raises(UnableToDecide, match="what should change"):
        return_resource(by=reviewer, page=page, local_area=area, at=clock.now(), comment=" ")
    return_resource(
        by=reviewer, page=page, local_area=area, at=clock.now(), comment="Add the phase."
    )
    page.refresh_from_db()
    state = submission_of(page)
    assert (state.label, state.comment) == ("Returned with a comment", "Add the phase.")

    propose_version(
        by=author, page=page, local_area=area, change_note="Phase added", at=clock.now(),
        summary="For secondary schools.",
    )  # fmt: skip
    page.refresh_from_db()

    assert WorkflowState.objects.count() == 1
    page = approve_resource(by=reviewer, page=page, local_area=area, at=clock.now())
    assert page.summary == "For secondary schools."


def test_two_reviewers_cannot_both_decide(area) -> None:
    page = submit(area)
    approve_resource(by=make_reviewer(area), page=page, local_area=area, at=clock.now())
    with pytest.raises(UnableToDecide, match="already"):
        return_resource(
            by=make_reviewer(area), page=page, local_area=area, at=clock.now(), comment="Late"
        )


def test_a_new_version_waits_while_the_old_one_stays(area, sign_in) -> None:
    author = make_person(area)
    page = publish(area, author, file=text_file(text="First edition"))
    propose_version(
        by=author, page=page, local_area=area, change_note="Shorter", at=clock.now(),
        file=text_file(text="Second edition"),
    )  # fmt: skip
    reader = sign_in(make_person(area))

    before = b"".join(reader.get(f"/resources/files/{page.pk}/").streaming_content)
    hidden = reader.get(f"/resources/files/{page.pk}/2/")
    page.refresh_from_db()
    approve_resource(by=make_reviewer(area), page=page, local_area=area, at=clock.now())
    after = b"".join(reader.get(f"/resources/files/{page.pk}/").streaming_content)
    older = b"".join(reader.get(f"/resources/files/{page.pk}/1/").streaming_content)

    assert (before, after, older) == (b"First edition", b"Second edition", b"First edition")
    assert hidden.status_code == 404
    page.refresh_from_db()
    assert page.download_count.downloads == 3


def test_versions_are_immutable_and_a_twin_is_refused(area) -> None:
    author = make_person(area)
    page = publish(area, author, file=text_file())
    version = ResourceVersion.objects.get()
    version.change_note = "Rewritten"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(UnableToSubmit, match="there already"):
        propose_version(
            by=author, page=page, local_area=area, change_note="Same", at=clock.now(),
            file=text_file(),
        )  # fmt: skip


def test_only_the_contributor_or_the_owners_lead_revises(area) -> None:
    page = publish(area)
    with pytest.raises(PermissionDenied):
        propose_version(
            by=make_person(area), page=page, local_area=area, change_note="Mine", at=clock.now(),
            file=text_file(text="Other"),
        )  # fmt: skip


def test_priya_shares_a_file_and_samira_publishes_it_on_screen(area, sign_in) -> None:
    set_up_library(local_area=area)
    author, reviewer = make_person(area), make_reviewer(area)
    response = sign_in(author).post(
        "/resources/submit/", {**FORM, "file": office_file()}, follow=True
    )
    page = ResourcePage.objects.get()
    assert "A reviewer has your resource" in response.content.decode()

    theirs = sign_in(reviewer)
    assert page.title in theirs.get("/resources/review/").content.decode()
    theirs.post(f"/resources/review/{page.pk}/", {"decision": "approve", "comment": ""})

    page.refresh_from_db()
    assert page.live
    shown = sign_in(make_person(area)).get(f"/resources/{page.slug}/").content.decode()
    assert "plan.docx" in shown
    assert "Contributed by" in shown
    assert "Published" in sign_in(author).get("/resources/mine/").content.decode()


def test_without_the_role_there_is_no_review_desk(area, sign_in) -> None:
    page = submit(area)
    client = sign_in(make_person(area))
    for url in ("/resources/review/", f"/resources/review/{page.pk}/"):
        response = client.post(url, {"decision": "approve"})
        assert response.status_code == 403
    page.refresh_from_db()
    assert not page.live


def test_like_resources_are_shown_before_a_second_one_is_sent(area, sign_in) -> None:
    publish(area, title="Sensory audit for small halls")
    client = sign_in(make_person(area))
    shown = client.post("/resources/submit/", {**FORM, "text": "Walk slowly."})
    assert "Sensory audit for small halls" in shown.content.decode()
    assert ResourcePage.objects.count() == 1

    client.post("/resources/submit/", {**FORM, "text": "Walk slowly.", "seen_similar": "on"})
    assert ResourcePage.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", "About the pupil with UPN A123456789012 in year 4."),
        ("text", "NHS number 943 476 5919 is on the form."),
        ("title", "Plan for 943 476 5919"),
    ],
)
def test_pupil_numbers_are_refused_and_nothing_is_kept(area, sign_in, field, value) -> None:
    from stdnum.gb import upn

    set_up_library(local_area=area)
    digits = "801200001001"
    value = value.replace("A123456789012", upn.calc_check_digit(digits) + digits)
    response = sign_in(make_person(area)).post(
        "/resources/submit/", {"text": "Words.", **FORM, field: value}
    )
    assert "Nothing has been saved" in response.content.decode()
    assert not ResourcePage.objects.exists()


def test_a_number_inside_a_word_file_is_found(area, sign_in) -> None:
    from core.models import HouseDocument

    set_up_library(local_area=area)
    response = sign_in(make_person(area)).post(
        "/resources/submit/", {**FORM, "file": office_file(words="NHS 943 476 5919")}
    )
    assert "The file holds a pupil number" in response.content.decode()
    assert not HouseDocument.objects.exists()


def test_a_name_with_a_birth_date_may_be_confirmed(area, sign_in) -> None:
    set_up_library(local_area=area)
    client = sign_in(make_person(area))
    words = {"text": "Example only: Sam Example, born 03/04/2015."}
    asked = client.post("/resources/submit/", {**FORM, **words})
    assert "I have looked again" in asked.content.decode()
    assert not ResourcePage.objects.exists()
    client.post("/resources/submit/", {**FORM, **words, "looked_again": "on"})
    assert ResourcePage.objects.count() == 1


def test_without_the_promise_about_children_nothing_is_shared(area, sign_in) -> None:
    set_up_library(local_area=area)
    form = {name: value for name, value in FORM.items() if name != "no_pupil_data"}
    sign_in(make_person(area)).post("/resources/submit/", {**form, "text": "Words."})
    assert not ResourcePage.objects.exists()


def test_a_file_of_another_kind_is_refused_on_the_page(area, sign_in) -> None:
    set_up_library(local_area=area)
    response = sign_in(make_person(area)).post(
        "/resources/submit/",
        {**FORM, "file": SimpleUploadedFile("plan.pdf", b"<html><script>1</script></html>")},
    )
    assert "holds something else" in response.content.decode()
    assert not ResourcePage.objects.exists()
