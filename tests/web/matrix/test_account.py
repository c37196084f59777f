"""The page for auditors says what the table says."""

from tests.web.matrix import account, table
from tests.web.matrix.people import KEYS


def test_the_page_is_current() -> None:
    assert account.PAGE.read_text(encoding="utf-8") == account.written()


def test_every_cell_is_counted() -> None:
    cells = sum(len(state.answers) for route in table.routes() for state in route.states)
    print(f"{cells} cells of {len(table.routes())} routes for {len(KEYS)} personas")
    assert cells == len(KEYS) * sum(len(route.states) for route in table.routes())
