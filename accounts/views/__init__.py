"""Screens of accounts, one subject a file."""
