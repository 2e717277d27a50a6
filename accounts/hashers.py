"""Password hashing: Argon2id at about 50 ms on one core."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class HouseArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane (OWASP password storage cheat sheet)."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1
