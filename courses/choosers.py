"""Choosers of the CMS that offer only what belongs to the editor's local area."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsViewMixin,
    ChooseViewMixin,
    ChosenMultipleView,
    ChosenView,
    CreationFormMixin,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.snippets.views.chooser import (
    BaseSnippetChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)

from accounts import policies


@policies.cms
class _OfThisArea:
    """Offers the objects of the local area of the site the CMS is used on."""

    request: Any

    def get_object_list(self) -> Any:
        """Keep the area's own objects."""
        return (
            super()
            .get_object_list()
            .filter(  # type: ignore[misc]
                local_area=self.request.local_area
            )
        )


@policies.cms
class _ChosenOfThisArea:
    """Gives the title of a chosen object, if it is the area's own."""

    request: Any
    model_class: Any

    def get_object(self, pk: Any) -> Any:
        """Find the area's own object."""
        return self.model_class.objects.get(pk=pk, local_area=self.request.local_area)

    def get_objects(self, pks: Any) -> Any:
        """Find the area's own objects."""
        return self.model_class.objects.filter(pk__in=pks, local_area=self.request.local_area)


class _BasePackageChooseView(_OfThisArea, BaseChooseView):
    def get_object_list(self) -> Any:
        """Keep packages with a revision that learners may be given."""
        return super().get_object_list().filter(revisions__state="approved").distinct()


class PackageChooseView(ChooseViewMixin, CreationFormMixin, _BasePackageChooseView):
    """The chooser of packages."""


class PackageChooseResultsView(ChooseResultsViewMixin, CreationFormMixin, _BasePackageChooseView):
    """Its results."""


class PackageChosenView(_ChosenOfThisArea, ChosenView):
    """What was chosen."""


class PackageChosenMultipleView(_ChosenOfThisArea, ChosenMultipleView):
    """What was chosen, several at once."""


class PackageChooserViewSet(ChooserViewSet):
    """Chooses a package of the area that has an approved revision."""

    model = "courses.ContentPackage"
    icon = "media"
    choose_one_text = "Choose an activity"
    choose_another_text = "Choose another activity"
    choose_view_class = PackageChooseView
    choose_results_view_class = PackageChooseResultsView
    chosen_view_class = PackageChosenView
    chosen_multiple_view_class = PackageChosenMultipleView


package_chooser_viewset = PackageChooserViewSet("package_chooser", url_prefix="package-chooser")


class QuizChooseView(ChooseViewMixin, CreationFormMixin, _OfThisArea, BaseSnippetChooseView):
    """The chooser of quizzes."""


class QuizChooseResultsView(
    ChooseResultsViewMixin, CreationFormMixin, _OfThisArea, BaseSnippetChooseView
):
    """Its results."""


class QuizChosenView(_ChosenOfThisArea, SnippetChosenView):
    """What was chosen."""


class QuizChosenMultipleView(_ChosenOfThisArea, SnippetChosenMultipleView):
    """What was chosen, several at once."""


class QuizChooserViewSet(SnippetChooserViewSet):
    """Chooses a quiz of the area."""

    choose_view_class = QuizChooseView
    choose_results_view_class = QuizChooseResultsView
    chosen_view_class = QuizChosenView
    chosen_multiple_view_class = QuizChosenMultipleView
