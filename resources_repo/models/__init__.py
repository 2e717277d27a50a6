"""Models of resources_repo, one noun a file."""

from resources_repo.models.pages import ResourceIndexPage, ResourcePage, ResourceTag
from resources_repo.models.review import ResourceReviewTask
from resources_repo.models.use import ResourceUse
from resources_repo.models.version import DownloadCount, ResourceVersion

__all__ = [
    "DownloadCount",
    "ResourceIndexPage",
    "ResourcePage",
    "ResourceReviewTask",
    "ResourceTag",
    "ResourceUse",
    "ResourceVersion",
]
