"""Pure arithmetic of the impact room: arrays in, frozen dataclasses out. No Django, no models."""
