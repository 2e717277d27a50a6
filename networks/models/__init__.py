"""Models of networks, one noun a file."""

from networks.models.discussion import Message, Thread
from networks.models.meeting import Attendance, Meeting, MeetingSeries, Reply
from networks.models.membership import Membership
from networks.models.network import Network
from networks.models.pages import NetworkIndexPage, NetworkPage

__all__ = [
    "Attendance",
    "Meeting",
    "MeetingSeries",
    "Membership",
    "Message",
    "Network",
    "NetworkIndexPage",
    "NetworkPage",
    "Reply",
    "Thread",
]
