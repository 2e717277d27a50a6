"""Networks, membership, meetings and discussion."""
