"""Writes of cpd_tracking, one noun a file."""
