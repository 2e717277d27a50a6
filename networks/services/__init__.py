"""Writes of networks, one noun a file."""
