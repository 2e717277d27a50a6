"""The audit log: what is written, how it is sealed and verified, and who reads what of it."""

from accounts.audit.events import record, record_many, record_view
from accounts.audit.refusals import record_refusal, record_refused_files

__all__ = ["record", "record_many", "record_refusal", "record_refused_files", "record_view"]
