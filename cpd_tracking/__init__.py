"""Learning records, requirements, obligations and certificates."""
