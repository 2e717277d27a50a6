"""The Merrowdale demo; refuses to exist outside demo mode."""
