"""The measures of the Local Authority Interactive Tool, keyed on its Short Desc."""

from __future__ import annotations

from dataclasses import dataclass

PER_HUNDRED = "per 100 pupils"
PER_CENT = "% of pupils"
SESSIONS = "% of half days"


@dataclass(frozen=True, slots=True)
class Measure:
    """A published measure: its key in the file, its name, its unit, what it counts.

    `two_sided`: more may be better or worse (a higher SEN share may be better identification),
    so no direction is ever called good. `page` is its page in docs/measures.
    """

    key: str
    name: str
    unit: str
    definition: str
    page: str
    two_sided: bool = False


def _exclusions() -> list[Measure]:
    phases = (
        ("Tot", "Total_", "all schools"),
        ("Pri", "Pri_", "primary schools"),
        ("Sec", "Sec_", "secondary schools"),
        ("Spec", "Spec_", "special schools"),
    )
    found = []
    for short, pupils, where in phases:
        found.append(
            Measure(
                f"{short}FixedEx",
                f"Suspensions, {where}",
                PER_HUNDRED,
                "Suspensions in the academic year for every 100 pupils in the spring census. "
                "One pupil can be suspended more than once.",
                "suspensions",
            )
        )
        found.append(
            Measure(
                f"{pupils} Pup_FixedEx",
                f"Pupils suspended, {where}",
                PER_HUNDRED,
                "Pupils with at least one suspension in the academic year for every 100 pupils.",
                "pupils-suspended",
            )
        )
        found.append(
            Measure(
                f"{short}PermEx",
                f"Permanent exclusions, {where}",
                PER_HUNDRED,
                "Permanent exclusions in the academic year for every 100 pupils.",
                "permanent-exclusions",
            )
        )
    return found


def _absence() -> list[Measure]:
    sessions = "Half days missed as a share of half days possible, state-funded schools."
    persistent = "Pupils who missed 10 % or more of their own possible half days."
    severe = "Pupils who missed half or more of their own possible half days."
    return [
        Measure("TotAbs", "Absence", SESSIONS, sessions, "absence"),
        Measure("TotAuthAbs", "Authorised absence", SESSIONS, sessions, "absence"),
        Measure("TotUnAuthAbs", "Unauthorised absence", SESSIONS, sessions, "absence"),
        Measure("TotPerAbNew", "Persistent absence", PER_CENT, persistent, "absence"),
        Measure("SFPriPerAbNew", "Persistent absence, primary", PER_CENT, persistent, "absence"),
        Measure("SFSecPerAbNew", "Persistent absence, secondary", PER_CENT, persistent, "absence"),
        Measure("SpecPerAbNew", "Persistent absence, special", PER_CENT, persistent, "absence"),
        Measure("TotSevPerAbNew", "Severe absence", PER_CENT, severe, "absence"),
        Measure("SFPriSevPerAbNew", "Severe absence, primary", PER_CENT, severe, "absence"),
        Measure("SFSecSevPerAbNew", "Severe absence, secondary", PER_CENT, severe, "absence"),
    ]


def _sen() -> list[Measure]:
    support = "Pupils with SEN Support for every 100 pupils, January census."
    plans = "Pupils with an EHCP (a statement before 2018) for every 100 pupils, January census."
    rows = (
        ("SEN_TotSENSuP", "SEN Support", support),
        ("PrimNoStatements", "SEN Support, primary", support),
        ("SecNoStatements", "SEN Support, secondary", support),
        ("SEN_TotStat", "EHCP", plans),
        ("PrimStatements", "EHCP, primary", plans),
        ("SecStatements", "EHCP, secondary", plans),
    )
    return [
        Measure(key, name, PER_CENT, definition, "sen", two_sided=True)
        for key, name, definition in rows
    ]


def _local() -> list[Measure]:
    """Give the measures an area publishes of itself, in numbers and not in rates."""
    return [
        Measure(
            "ehcp_pupils_suspended",
            "Pupils with an EHCP suspended",
            "pupils",
            "Pupils with an EHCP who were suspended at least once in the academic year.",
            "pupils-suspended",
        ),
        Measure(
            "ehcp_permanent_exclusions",
            "Pupils with an EHCP permanently excluded",
            "pupils",
            "Permanent exclusions of pupils with an EHCP in the academic year.",
            "permanent-exclusions",
        ),
        Measure(
            "sen_support_exclusions",
            "Pupils with SEN Support permanently excluded",
            "pupils",
            "Permanent exclusions of pupils with SEN Support in the academic year.",
            "permanent-exclusions",
        ),
        Measure(
            "practising_elsas",
            "Practising ELSAs",
            "people",
            "People qualified as an ELSA who still attend supervision, at the end of the year.",
            "practising-elsas",
        ),
    ]


MEASURES = tuple(_exclusions() + _absence() + _sen() + _local())
_BY_KEY = {measure.key: measure for measure in MEASURES}


def measure_of(key: str) -> Measure | None:
    """Give the measure of a key, or None."""
    return _BY_KEY.get(key)
