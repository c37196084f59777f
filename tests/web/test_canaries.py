"""Who sees what: every word that may be hidden, every reader, everything that a reader can reach.

Each persona follows every link and reading form from its home, and asks every address of the route table with the ids
of things that it was never told. What it saw must be exactly what `SEEN` allows, for each word; a word that its owner
does not see is a failure as well. SQLite alone: what is shown is decided above the database.

The short form leaves four things to the long one: some personas, of whose kind another one reads; where somebody was refused for who it is (sent to sign in, or 403),
it does not ask the same address once more with the id of another thing, unless a link leads there; of the papers of
rounds and bids it asks for one form each (Word or PDF), unless a link leads to the other; and of the addresses that no
link leads to each persona asks one in twelve, others than the one before it, and more of them only until it has
seen whatever it may see.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from marketplace.profiles import profiles
from marketplace.profiles.rules.visibility import FIELDS
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import Visibility
from tests import proofs
from tests.web import canary_bids, canary_experts, pages
from tests.web.canary_addresses import addresses, asking, known_ids
from tests.web.canary_connections import Connections, connections
from tests.web.canary_market import PASSWORD, STEM, Built, build
from tests.web.canary_readers import ANY_ID, Reader, crawl, shape
from tests.web.canary_seen import PERSONAS, PROGRAMS, SEEN, SELDOM
from tests.web.canary_seen_rounds import KNOWN, OWN
from tests.web.canary_seen_rounds import SEEN as ROUNDS
from web.api import app as api
from web.app import create_app
from web.installation import Installation
from web.settings import Settings

# Everybody reads everything once: by one worker, not by each.
pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("canaries")]

SHARE = 12
"""One in so many addresses is asked by each persona in the short form."""
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Crawled:
    """The market, the running application and what every persona saw."""

    market: Built
    client: TestClient
    readers: dict[str, Reader]


@pytest.fixture(scope="module")
def crawled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Everybody has read everything."""
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "jiebang.sqlite3").write_bytes(sqlite_template.read_bytes())
    settings = Settings(data_dir=folder, demo=True, api_per_address=10**6, api_per_token=10**6, pages_per_address=0)
    market = build(Installation(settings, clock=lambda: NOW))
    canary_experts.fill(market)
    canary_bids.fill(market)
    canary_experts.state(market)
    told = connections(market)
    ids = known_ids(market)
    with TestClient(
        create_app(market.installation, with_worker=False), follow_redirects=False, raise_server_exceptions=False
    ) as client:
        from web import routers  # the modules are there once the application is

        tables = [getattr(routers, name).router for name in dir(routers) if hasattr(getattr(routers, name), "router")]
        everything = [one for router in tables for one in addresses(router.routes, ids)] + asking(ids)
        readers = {
            letter: _person(market, told, client, title)
            for letter, title in PERSONAS.items()
            if proofs.IS_LONG or letter not in SELDOM
        }
        # The supervisor first: where it came upon a word, others who may see it look for it.
        order = sorted(readers, key=lambda letter: letter != "S")
        for place, letter in enumerate(order):
            own = everything if proofs.IS_LONG else everything[place % SHARE :: SHARE]
            crawl(readers[letter], ["/", *own])
            _go_on(letter, readers[letter], everything, [readers[one] for one in order[:place]])
        of_programs = [one for router in api.ROUTERS for one in addresses(router.routes, ids, api.ADDRESS)]
        of_programs += [f"{api.ADDRESS}/{at}?q={STEM}" for at in ("items", "profiles", "rounds")] + [
            f"{api.ADDRESS}/openapi.json"
        ]
        for letter, title in PROGRAMS.items():
            readers[letter] = _program(market, told, client, title)
            for address in of_programs:
                readers[letter].get(address)
        yield Crawled(market, client, readers)


def _go_on(letter: str, reader: Reader, everything: list[str], before: Iterable[Reader]) -> None:
    """Ask on until somebody has seen whatever it may.

    First where those before it came upon that, then what is like something that it was shown, then the rest: of what is alike
    one, then a second, so that what there is once does not wait behind what there is by the hundred.
    """
    known = {address for other in before for label in _unseen(letter, reader) for address in other.seen[label]}
    shown = {shape(address) for address, status in reader.asked.items() if status == HTTPStatus.OK}
    left = [one for one in (*sorted(known), *everything) if one not in reader.asked]
    alike: Counter[str] = Counter()
    place: dict[str, tuple[bool, bool, int]] = {}
    for address in left:
        like = shape(address)
        alike[like] += like not in shown
        place.setdefault(address, (address not in known, like not in shown, alike[like]))
    for address in sorted(place, key=place.__getitem__):
        if _has_seen_all(letter, reader):
            return
        reader.get(address)


def _unseen(letter: str, reader: Reader) -> list[str]:
    """The words that somebody may see and has not come upon."""
    return [label for label, seen in SEEN.items() if letter in seen and not reader.seen[label]]


def _has_seen_all(letter: str, reader: Reader) -> bool:
    """Whether somebody has come upon every word and every connection that it may see."""
    return not _unseen(letter, reader) and all(
        pair in reader.connected for pair, seen in KNOWN.items() if letter in seen
    )


def _person(market: Built, told: Connections, client: TestClient, title: str) -> Reader:
    client.cookies.clear()
    cookies = ""
    if title:
        answer = client.post("/sign-in", data={"email": market.people[title], "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        client.cookies.clear()
    return Reader(client, market.canaries.words, told, {"Cookie": cookies} if cookies else {})


def _program(market: Built, told: Connections, client: TestClient, title: str) -> Reader:
    token = {"Authorization": f"Bearer {market.tokens[title]}"} if title else {}
    return Reader(client, market.canaries.words, told, token)


def test_every_word_is_expected_somewhere_or_a_name(crawled: Crawled) -> None:
    unexpected = {label for label in crawled.market.canaries.words if label not in SEEN and not label.endswith("姓名")}

    assert unexpected == {"匿名需求的单位名", "申报方的单位名", "撤回方的单位名"}


@pytest.mark.parametrize("label", SEEN)
def test_a_word_is_seen_by_exactly_those_who_may(crawled: Crawled, label: str) -> None:
    seen = {letter: reader.seen[label] for letter, reader in crawled.readers.items() if reader.seen[label]}
    allowed = set(SEEN[label])

    assert {one: seen[one][:5] for one in seen if one not in allowed} == {}
    assert allowed & set(crawled.readers) - set(seen) == set()


def test_the_unit_behind_a_nameless_need_is_known_to_its_people_and_offices(crawled: Crawled) -> None:
    knowing = {letter for letter, reader in crawled.readers.items() if reader.nameless}

    assert knowing == set("NGS")


@pytest.mark.parametrize("whose", OWN)
def test_who_takes_part_in_a_round_is_known_to_exactly_those_who_may(crawled: Crawled, whose: str) -> None:
    """By no page, list, file, message, mail or log: before the opening not to the administrator or supervisor either."""
    known = {
        (letter, pair[1]): addresses[:5]
        for letter, reader in crawled.readers.items()
        if letter not in OWN[whose]
        for pair, addresses in reader.connected.items()
        if pair[0] == whose
    }
    allowed = {(letter, of_round) for (one, of_round), seen in KNOWN.items() if one == whose for letter in seen}

    assert {pair: known[pair] for pair in known if pair not in allowed} == {}
    assert {one for one in allowed if one[0] in crawled.readers} - set(known) == set()


def test_who_looked_without_its_name_stays_unknown(crawled: Crawled) -> None:
    """The nameless unit looked at the OPC's profile; only its own public page says that there is such a unit."""
    unit = crawled.market.units["nameless"]
    told = {address for address in crawled.readers["O"].seen["匿名需求的单位名"] if unit not in address}

    assert {address for address in told if not address.startswith(("/organisations", "/claims", "/verif"))} == set()


def test_nothing_that_anybody_reads_breaks(crawled: Crawled, request: pytest.FixtureRequest) -> None:
    proofs.count(request, "pages read for hidden words", sum(len(reader.asked) for reader in crawled.readers.values()))
    assert {letter: reader.broken for letter, reader in crawled.readers.items() if reader.broken} == {}


def test_a_hidden_word_finds_and_ranks_nothing(crawled: Crawled) -> None:
    """A search for a hidden word answers as a search for a word that stands nowhere."""
    words = crawled.market.canaries.words
    hidden = [word for label, word in words.items() if label.startswith(("私密画像的", "画像草稿的", "会员画像的"))]
    hidden += [word for label, word in words.items() if label.startswith("需求草稿的") and word.startswith(STEM)]
    hidden += _of_rounds(words)

    def found(word: str, at: str) -> list[str]:
        answer = crawled.client.get(f"{api.ADDRESS}/{at}", params={"q": word})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    nothing = {at: found(f"{STEM}999", at) for at in ("items", "profiles", "rounds")}
    assert {word: found(word, at) for word in hidden for at in nothing if found(word, at) != nothing[at]} == {}


@pytest.mark.parametrize("letter", "VXA")
def test_a_word_or_a_unit_of_a_bid_is_found_by_no_search(crawled: Crawled, letter: str) -> None:
    """The lists answer as for a word that stands nowhere: with the same things, of which there are as many."""
    words, headers = crawled.market.canaries.words, crawled.readers[letter].headers
    hidden = [*_of_rounds(words), *(word for label, word in words.items() if label.endswith("撤回方的单位名"))]

    def found(word: str, at: str) -> list[str]:
        answer = crawled.client.get(at, params={"q": word}, headers=headers)
        assert answer.status_code == 200, at
        return [link for link in pages.read(answer.text, at).links if ANY_ID.search(link)]

    places = ("/search", "/lists/demand", "/lists/scenario", "/lists/capability", "/rounds")
    nothing = {at: found(f"{STEM}999", at) for at in places}
    assert {(word, at) for word in hidden for at in places if found(word, at) != nothing[at]} == set()


def _of_rounds(words: Mapping[str, str]) -> list[str]:
    """Words of rounds that nobody was told of, and of bids, one of each kind; what is public is found of course."""
    told = ("活动的title", "活动的track-1-question", "plan", "附件名", "待答提问", "异议", "审查依据")
    hidden = [label for label, seen in ROUNDS.items() if "V" not in seen and label.endswith(told)]
    return [words[label] for label in hidden]


def test_matches_are_the_same_without_the_hidden_fields(crawled: Crawled) -> None:
    """The differential: the public page of a profile with hidden fields ranks as one that never had them."""
    market = crawled.market
    address = f"{api.ADDRESS}/items/{market.things['公开需求']}/matches"
    with_them = crawled.client.get(address).json()
    bare = ProfileForm(headline="私密画像行道树病虫害识别", visibility=dict.fromkeys(FIELDS, Visibility.PRIVATE))
    with market.installation.store.writing() as session:
        profiles.put(
            session,
            market.actor("OPC"),
            organisation_id=market.units["opc"],
            form=bare,
            now=NOW,
            new_id=market.new_id,
        )
    market.installation.follow()

    assert crawled.client.get(address).json() == with_them
