"""The quiz bank in the CMS: an area's editors see and edit their own quizzes, and no others."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from wagtail.snippets.views import snippets

from accounts import policies
from courses.choosers import QuizChooserViewSet
from courses.models import Quiz


@policies.cms
class _OwnedByThisArea:
    """Finds a quiz only on the site of the area it belongs to."""

    request: Any

    def get_object(self, *args: Any, **kwargs: Any) -> Quiz:
        """Find the quiz, or answer 404."""
        quiz = super().get_object(*args, **kwargs)  # type: ignore[misc]
        if quiz.local_area_id != getattr(self.request.local_area, "pk", None):
            raise Http404
        return quiz


class _GivenToThisArea:
    """Gives a new quiz to the area of the site the CMS is used on."""

    request: Any
    form: Any

    def save_instance(self) -> Any:
        """Set the area, then save."""
        self.form.instance.local_area = self.request.local_area
        return super().save_instance()  # type: ignore[misc]


@policies.cms
class QuizCreateView(_GivenToThisArea, snippets.CreateView):
    """Makes a quiz."""


class QuizCopyView(_OwnedByThisArea, _GivenToThisArea, snippets.CopyView):
    """Makes a quiz from another one."""


class QuizEditView(_OwnedByThisArea, snippets.EditView):
    """Edits a quiz; sittings that are under way keep the paper they were dealt."""


class QuizDeleteView(_OwnedByThisArea, snippets.DeleteView):
    """Deletes a quiz that no lesson was published with."""


class QuizHistoryView(_OwnedByThisArea, snippets.HistoryView):
    """Shows who changed a quiz."""


class QuizUsageView(_OwnedByThisArea, snippets.UsageView):
    """Shows where a quiz is used."""


class QuizViewSet(snippets.SnippetViewSet):
    """The question banks of the area."""

    model = Quiz
    icon = "tick"
    menu_label = "Quizzes"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["title", "pass_mark", "random_order"]
    search_fields = ["title"]
    add_view_class = QuizCreateView
    copy_view_class = QuizCopyView
    edit_view_class = QuizEditView
    delete_view_class = QuizDeleteView
    history_view_class = QuizHistoryView
    usage_view_class = QuizUsageView
    chooser_viewset_class = QuizChooserViewSet
    url_prefix = "quizzes"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Keep the area's own quizzes."""
        return Quiz.objects.filter(local_area=request.local_area)  # type: ignore[attr-defined]
