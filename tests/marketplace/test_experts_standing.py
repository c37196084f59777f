"""The table of an entry of the pool: every cell, for both parties, and what needs a reason."""

from itertools import product
from typing import Final

import pytest

from marketplace.experts.rules import standing
from marketplace.experts.rules.standing import Party
from marketplace.experts.words import ExpertEvent, ExpertState
from marketplace.kernel.errors import Conflict, NotAllowed

TOLD: Final = """
invited  accept      expert          listed
invited  leave       expert office   left
applied  list        office          listed
applied  refuse      office          refused
applied  leave       expert office   left
listed   pause       expert office   paused
listed   leave       expert office   left
paused   resume      expert office   listed
paused   leave       expert office   left
refused  apply_again expert          applied
left     apply_again expert          applied
"""
"""The table as the brief tells it: state, event, who may, where it leads."""
CELLS: Final = {
    (words[0], words[1]): (set(words[2:-1]), words[-1]) for line in TOLD.split("\n") if (words := line.split())
}


@pytest.mark.parametrize(("state", "event", "party"), list(product(ExpertState, ExpertEvent, Party)))
def test_every_cell_is_as_told(state: ExpertState, event: ExpertEvent, party: Party) -> None:
    parties, following = CELLS.get((state.value, event.value), (set(), ""))

    assert standing.may(state, event, party) is (party.value in parties)
    if party.value in parties:
        assert standing.after(state, event, party) == following
    else:
        refusal = NotAllowed if parties else Conflict
        with pytest.raises(refusal) as told:
            standing.after(state, event, party)
        assert told.value.message.endswith("。")


@pytest.mark.parametrize(("event", "party"), list(product(ExpertEvent, Party)))
def test_leaving_and_what_the_office_does_against_somebody_needs_a_reason(event: ExpertEvent, party: Party) -> None:
    told = event in {ExpertEvent.LEAVE, ExpertEvent.REFUSE} or (event, party) == (ExpertEvent.PAUSE, Party.OFFICE)

    assert standing.needs_reason(event, party) is told


def test_an_expert_takes_up_only_what_it_paused_itself() -> None:
    resume = (ExpertState.PAUSED, ExpertEvent.RESUME)
    asked = [
        standing.may(*resume, party, reason=reason) for party, reason in product(Party, ("", "连续两次未按时评审"))
    ]
    with pytest.raises(NotAllowed, match="联系主办方恢复"):
        standing.require_may_resume(Party.EXPERT, "连续两次未按时评审")
    standing.require_may_resume(Party.OFFICE, "连续两次未按时评审")

    assert asked == [True, True, True, False]
