"""The vocabularies of networks."""

from __future__ import annotations

from django.db import models


class NetworkKind(models.TextChoices):
    """What kind of group a network is; it decides the words on its home."""

    FORUM = "forum", "Forum"
    SUPERVISION = "supervision", "Supervision group"
    CLUSTER = "cluster", "Cluster"
    CIRCLE = "circle", "Practice circle"
    OUTREACH = "outreach", "Outreach"


class Visibility(models.TextChoices):
    """Who learns that a network exists, and who reads what is in it.

    Messages are for members whatever the visibility (design: security, "Network messages").
    """

    AREA = "area", "Open: everyone in the local area sees it and may join"
    MEMBERS = "members", "Members: everyone sees that it exists, only members see inside"
    HIDDEN = "hidden", "Hidden: only members know that it exists"


class MembershipRole(models.TextChoices):
    """What a member does in the network."""

    LEAD = "lead", "Lead"
    DEPUTY = "deputy", "Deputy lead"
    MODERATOR = "moderator", "Moderator"
    MEMBER = "member", "Member"


LEADING_ROLES = (MembershipRole.LEAD, MembershipRole.DEPUTY)
MODERATING_ROLES = (MembershipRole.LEAD, MembershipRole.DEPUTY, MembershipRole.MODERATOR)


class Presence(models.TextChoices):
    """One line of a register."""

    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Apologies"
    ABSENT = "absent", "Absent"


class ReplyAnswer(models.TextChoices):
    """An answer to an invitation."""

    YES = "yes", "I will come"
    NO = "no", "I cannot come"


class MessageStatus(models.TextChoices):
    """Whether others can read a message."""

    PUBLISHED = "published", "Published"
    HELD = "held", "Held"
    REDACTED = "redacted", "Removed"
