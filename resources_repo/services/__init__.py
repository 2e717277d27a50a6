"""Writes of resources_repo, one noun a file."""
