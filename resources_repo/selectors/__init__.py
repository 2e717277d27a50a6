"""Reads of resources_repo, one subject a file."""
