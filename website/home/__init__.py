"""What the home begins with: a person's next action, or for a visitor what is open to everyone."""

from website.home.compose import PublicHome, SignedInHome, home_of

__all__ = ["PublicHome", "SignedInHome", "home_of"]
