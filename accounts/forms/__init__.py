"""Shapes of what people type, one subject a file."""
