"""Routes of the impact room."""

app_name = "impact"
urlpatterns: list = []
