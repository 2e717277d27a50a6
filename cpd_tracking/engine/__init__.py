"""What the rules mean: pure arithmetic of dates. Nothing here knows the database or today."""
