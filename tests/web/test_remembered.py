"""What pages remember of the market: asked once while it stands still, and anew once anybody has changed it."""

from sqlmodel import Session

from marketplace.kernel import changes
from marketplace.kernel.db import Store
from marketplace.kernel.words import SubjectKind
from web import remembered
from web.remembered import Remembered


class Asked:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, _session: Session) -> int:
        self.times += 1
        return self.times


def recall(kept: Remembered, store: Store, key: object, asked: Asked) -> int:
    with store.reading() as session:
        return kept.recall(session, key, asked)


def change(store: Store) -> None:
    with store.writing() as session:
        changes.put(session, SubjectKind.ITEM, ["0000000000000001"])


def test_an_answer_is_good_until_the_market_changes(store: Store) -> None:
    kept, asked = Remembered(), Asked()
    assert [recall(kept, store, "counts", asked) for _ in range(3)] == [1, 1, 1]
    change(store)
    assert [recall(kept, store, "counts", asked) for _ in range(2)] == [2, 2]


def test_questions_are_kept_apart(store: Store) -> None:
    kept, first, second = Remembered(), Asked(), Asked()
    recall(kept, store, "counts", first)
    recall(kept, store, "supply", second)
    assert (first.times, second.times) == (1, 1)


def test_a_reader_of_an_older_state_gets_no_newer_answer(store: Store) -> None:
    kept, asked = Remembered(), Asked()
    with store.reading() as old:
        assert kept.recall(old, "counts", asked) == 1
        change(store)
        assert recall(kept, store, "counts", asked) == 2
        # The old state is asked again rather than told what it cannot know.
        assert kept.recall(old, "counts", asked) == 3


def test_what_is_remembered_is_bounded(store: Store) -> None:
    kept, asked = Remembered(), Asked()
    for number in range(remembered.MOST + 1):
        recall(kept, store, number, asked)
    recall(kept, store, remembered.MOST, asked)
    assert asked.times == remembered.MOST + 2
