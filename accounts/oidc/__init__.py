"""Sign-in by an employer's own directory, Entra or Google Workspace: one application a tenant."""
