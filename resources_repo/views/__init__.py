"""Views of resources_repo beside its pages, one subject a file."""
