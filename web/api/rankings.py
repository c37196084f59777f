"""Rankings as programs read them: what the index names is told only where the marketplace still shows it."""

from collections.abc import Mapping
from typing import Final

from matching import files
from matching.documents import Ranking, Verdict
from web.api import models

TOP: Final = 10


def told(ranking: Ranking, names: Mapping[str, str], *, whole: bool) -> models.Matches:
    """A ranking with the names of what is still shown; `whole` keeps the hits below the floor, as `jiebang match` does."""
    hits = [
        models.Hit(**{**hit, "name": names[hit["id"]], "score": float(hit["score"])})
        for hit in files.ranking_as_json(ranking)["hits"]
        if hit["id"] in names and (whole or hit["verdict"] != Verdict.NONE.value)
    ]
    is_match = any(hit.verdict != Verdict.NONE.value for hit in hits)
    return models.Matches(query=ranking.query, verdict="match" if is_match else "none", hits=hits)


def nothing(query: str) -> models.Matches:
    """The answer to what takes no part in matching."""
    return models.Matches(query=query, verdict="none", hits=[])
