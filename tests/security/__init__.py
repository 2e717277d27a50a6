"""What an attacker tries: each test failed before its hole was closed."""
