"""A real OpenID Connect provider for tests, in a process of its own (allauth.idp.oidc)."""
