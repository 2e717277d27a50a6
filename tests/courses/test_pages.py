"""Every page type can be reached, shown, edited and previewed; editors stay in their area."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from accounts.enums import Role
from accounts.services.roles import project_editor_rights
from core import clock
from courses.models import CourseIndexPage, CoursePage, LessonPage, Quiz
from tests.factories.accounts import RoleGrantFactory, make_area, member_of
from tests.factories.courses import QuizFactory, make_course, make_index

LESSON = nested_form_data(
    {
        "title": "What it is",
        "slug": "what-it-is",
        "minutes": "10",
        "required": "on",
        "body": streamfield([("text", rich_text("<p>Words.</p>"))]),
        "comments": inline_formset([]),
    }
)


class PagesTest(WagtailPageTestCase):
    """What Wagtail itself asks of a page type."""

    def setUp(self) -> None:
        """Build one course of an area, and sign its editor in."""
        self.area = make_area()
        self.course = make_course(self.area)
        self.index = make_index(self.area)
        self.lesson = self.course.page.get_children().first().specific
        self.user = member_of(self.area, is_superuser=True, is_staff=True)

    def test_pages_are_routable_renderable_editable_previewable(self) -> None:
        for page in (self.index, self.course.page, self.lesson):
            with self.subTest(page=type(page).__name__):
                self.assertPageIsRoutable(page)
                self.assertPageIsRenderable(page, user=self.user)
                sent = LESSON if page is self.lesson else None
                self.assertPageIsEditable(page, user=self.user, post_data=sent)
                self.assertPageIsPreviewable(page, user=self.user, post_data=sent)

    def test_what_may_lie_below_what(self) -> None:
        self.assertAllowedSubpageTypes(CourseIndexPage, {CoursePage})
        self.assertAllowedSubpageTypes(CoursePage, {LessonPage})
        self.assertAllowedSubpageTypes(LessonPage, set())
        self.assertCanNotCreateAt(CourseIndexPage, LessonPage)


@pytest.fixture
def editor(area):
    person = member_of(area)
    RoleGrantFactory(person=person, role=Role.TRAINING_ADMIN, local_area=area)
    project_editor_rights(person=person, local_area=area, on=clock.today())
    return person


@pytest.mark.django_db
def test_an_editor_edits_in_their_own_area_only(area, other_area, editor, sign_in) -> None:
    own, foreign = make_course(area), make_course(other_area, "Far away")
    client = sign_in(editor)
    assert client.get(f"/cms/pages/{own.page_id}/edit/").status_code == 200
    assert client.get(f"/cms/pages/{foreign.page_id}/edit/").status_code == 404
    assert client.get(f"/cms/pages/add/courses/lessonpage/{own.page_id}/").status_code == 200


@pytest.mark.django_db
def test_an_editor_has_pictures_and_files_of_the_area(area, editor, sign_in) -> None:
    client = sign_in(editor)
    for room in ("images", "documents"):
        assert client.get(f"/cms/{room}/").status_code == 200
        assert client.get(f"/cms/{room}/chooser/").status_code == 200
    policy = policy_registry.get_by_type(get_image_model())
    collections = policy.collections_user_has_permission_for(editor, "add")
    assert list(collections) == [area.collection]


@pytest.mark.django_db
def test_the_quiz_bank_shows_and_edits_the_areas_own(area, other_area, editor, sign_in) -> None:
    own, foreign = QuizFactory(local_area=area), QuizFactory(local_area=other_area)
    client = sign_in(editor)
    listed = client.get("/cms/quizzes/").content.decode()
    assert own.title in listed
    assert foreign.title not in listed
    assert client.get(f"/cms/quizzes/edit/{own.pk}/").status_code == 200
    for view in ("edit", "delete", "history", "usage"):
        assert client.get(f"/cms/quizzes/{view}/{foreign.pk}/").status_code == 404
    chooser = client.get(reverse(Quiz.snippet_viewset.chooser_viewset.get_url_name("choose")))
    words = chooser.json()["html"]
    assert own.title in words
    assert foreign.title not in words


@pytest.mark.django_db
def test_a_new_quiz_belongs_to_the_area_of_the_site(area, editor, sign_in) -> None:
    client = sign_in(editor)
    answer = client.post(
        "/cms/quizzes/add/",
        {
            "title": "New",
            "introduction": "",
            "questions-count": "0",
            "pass_mark": "80",
            "questions_asked": "",
            "most_attempts": "",
        },
    )
    assert answer.status_code == 302
    assert Quiz.objects.get(title="New").local_area == area


@pytest.mark.django_db
def test_learners_have_no_quiz_bank(area, sign_in) -> None:
    QuizFactory(local_area=area)
    person = member_of(area)
    assert not Quiz.objects.visible_to(person).exists()
    assert sign_in(person).get("/cms/quizzes/").status_code in (302, 403)
