"""Set up an area's library: its index page, and the workflow by which resources are reviewed."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from accounts.models import LocalArea
from resources_repo.models import ResourceIndexPage, ResourceReviewTask

INTRODUCTION = "Guides, templates and programmes made or chosen by people who work here."


@transaction.atomic
def set_up_library(*, local_area: LocalArea) -> ResourceIndexPage:
    """Create /resources/ and its review workflow, or return what is there; idempotent."""
    home: Page = local_area.root_page
    index = ResourceIndexPage.objects.child_of(home).first()
    if index is None:
        index = ResourceIndexPage(
            title="Resources", slug="resources", introduction=INTRODUCTION, is_public=True
        )
        home.add_child(instance=index)
        index.save_revision().publish()
    if not WorkflowPage.objects.filter(page=index).exists():
        name = f"{local_area.name}: resources"
        task = ResourceReviewTask.objects.create(name=f"{name} review")
        if local_area.reviewers is not None:
            task.groups.add(local_area.reviewers)
        workflow = Workflow.objects.create(name=name)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.create(workflow=workflow, page=index)
    return index
