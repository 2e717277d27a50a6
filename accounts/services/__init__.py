"""Writes of accounts, one noun a file."""
