"""The component gallery; exists in development only."""

urlpatterns: list = []
