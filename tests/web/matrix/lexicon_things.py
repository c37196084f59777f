"""The lexicon of the matrix's market: an entry in every state."""

from marketplace.lexicon import entries
from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.words import Act, ConceptKind
from tests.marketplace.market import NEW_ID, NOW
from tests.web.matrix.world import World


def fill(world: World) -> None:
    """An entry in every state, proposed by EO and decided by A; nothing that is in force is a word of this market."""
    boss, writer = world.actors["A"], world.actors["EO"]
    with world.store.writing() as session:
        for state, name in (("waiting", "腐竹挑晾"), ("approved", "箬笠编结"), ("declined", "漆器髹饰")):
            content = Content(
                Act.NEW, "", names=(name, f"{name}工艺"), kind=ConceptKind.TASK, gloss="手艺里的一道工序。"
            )
            entry_id = entries.propose(session, writer, content, reason="常这样写", now=NOW, new_id=NEW_ID)
            world.subjects[f"word {state}"] = {"entry_id": entry_id}
            told = {"version": 1, "now": NOW, "new_id": NEW_ID}
            if state == "approved":
                entries.approve(session, boss, entry_id, note="", check=lambda _standing: (), **told)
            if state == "declined":
                entries.decline(session, boss, entry_id, reason="与本市场无关", **told)
