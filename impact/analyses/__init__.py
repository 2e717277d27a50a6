"""From a locked question to a graded answer: inputs, checks, estimate, wording. Worker only."""
