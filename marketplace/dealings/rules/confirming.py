"""How a signing was confirmed: who stated it and who confirmed it, in the words that figures and files give."""

from typing import Final

from marketplace.dealings.words import SIDES, Party

BOTH: Final = "双方确认"
ORGANISERS: Final = "两名主办方人员登记、确认"
NAMES: Final = {Party.NEED: "发榜方", Party.OPC: "OPC ", Party.ORGANISER: "主办方"}


def how(claimed_by: Party, confirmed_by: Party) -> str:
    """How a signing was confirmed: 双方确认 where each side spoke, else who stated it and who confirmed it."""
    if {claimed_by, confirmed_by} == set(SIDES):
        return BOTH
    if claimed_by is confirmed_by is Party.ORGANISER:
        return ORGANISERS
    return f"{NAMES[claimed_by]}登记、{NAMES[confirmed_by]}确认"
