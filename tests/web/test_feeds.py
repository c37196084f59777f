"""The feed of editions: what a reader of feeds finds in it, and that it is one (RFC 4287)."""

from datetime import datetime
from xml.etree.ElementTree import fromstring

from tests.web.conftest import Market

A = "{http://www.w3.org/2005/Atom}"


def test_the_feed_names_every_edition_with_what_it_changed(market: Market) -> None:
    with market.client() as client:
        answer = client.get("/editions.atom")
        feed = fromstring(answer.content)
        entries = feed.findall(f"{A}entry")

        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert [one.tag for one in feed][:3] == [f"{A}id", f"{A}title", f"{A}updated"]
        assert len({one.findtext(f"{A}id") for one in entries}) == len(entries) > 1
        moments = [datetime.fromisoformat(one.findtext(f"{A}updated") or "") for one in entries]
        assert moments == sorted(moments, reverse=True)
        assert all(moment.tzinfo is not None for moment in moments)
        assert feed.findtext(f"{A}updated") == entries[0].findtext(f"{A}updated")
        for one in entries:
            link = one.find(f"{A}link")
            assert link is not None
            address = link.attrib["href"].removeprefix(market.installation.settings.site_url)
            assert client.get(address).status_code == 200
            assert one.findtext(f"{A}author/{A}name")
            assert (one.findtext(f"{A}summary") or "").startswith("共 ")


def test_the_feed_of_some_words_holds_those_alone(market: Market) -> None:
    with market.client() as client:
        everything = fromstring(client.get("/editions.atom").content).findall(f"{A}entry")
        some = fromstring(client.get("/editions.atom", params={"q": "临港集团"}).content)
        none = fromstring(client.get("/editions.atom", params={"q": "没有这样的清单"}).content)

        assert 0 < len(some.findall(f"{A}entry")) < len(everything)
        assert some.findtext(f"{A}id") != fromstring(client.get("/editions.atom").content).findtext(f"{A}id")
        assert none.findall(f"{A}entry") == []
        assert none.findtext(f"{A}updated")
        assert "/editions.atom" in client.get("/editions").text
