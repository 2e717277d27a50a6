"""Outcomes and training side by side: what can be said, how surely, and what cannot be said."""

import os

# Thousands of small matrices: on one thread they take a tenth of the time that several threads
# waiting for each other do. It counts only before numpy is first imported, hence here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
