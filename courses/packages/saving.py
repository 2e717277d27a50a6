"""Whether a saved place may replace the one held: two devices, lost replies, large states."""

from __future__ import annotations

from enum import StrEnum

MOST_BYTES = 1024 * 1024


class SaveVerdict(StrEnum):
    """What to do with a state that arrives."""

    STORE = "store"
    SAME = "same"
    STALE = "stale"
    TOO_LARGE = "too-large"


def judge_save(
    *, held_version: int, held_save_id: str, based_on: int, save_id: str, state: str
) -> SaveVerdict:
    """Judge a state against the version held.

    The same save twice is SAME (its reply was lost, so answer the held version again). A state that
    continues another version is STALE: the learner carried on elsewhere. Otherwise STORE it as
    held_version + 1.
    """
    if len(state.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return SaveVerdict.TOO_LARGE
    if save_id and save_id == held_save_id:
        return SaveVerdict.SAME
    if based_on != held_version:
        return SaveVerdict.STALE
    return SaveVerdict.STORE
