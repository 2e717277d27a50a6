"""Reads of networks, one subject a file."""

from networks.selectors.contacts import safeguarding_contacts
from networks.selectors.home import NetworkHome, network_cards, network_home
from networks.selectors.members import SettingGroup, members_by_setting
from networks.selectors.registers import (
    RegisterGroup,
    RegisterRow,
    SettingAttendance,
    attendance_by_setting,
    expected_people,
    register_groups,
    settings_that_never_attend,
)

__all__ = [
    "NetworkHome",
    "RegisterGroup",
    "RegisterRow",
    "SettingAttendance",
    "SettingGroup",
    "attendance_by_setting",
    "expected_people",
    "members_by_setting",
    "network_cards",
    "network_home",
    "register_groups",
    "safeguarding_contacts",
    "settings_that_never_attend",
]
