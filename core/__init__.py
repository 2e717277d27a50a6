"""Ground floor: what every room stands on. No business rules live here."""
