"""Reads the register of schools (Get Information about Schools), as published and as extracts."""
