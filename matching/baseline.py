"""Words alone: BM25 over character pairs of all fields, what any search box would do; the line that must be beaten."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from matching.documents import Need, Profile
from matching.fusion import Floats
from matching.text import bigrams, normalise

_SATURATION = 1.2
_LENGTH = 0.75


def bigram_bm25(needs: Sequence[Need], profiles: Sequence[Profile]) -> Floats:
    """Return BM25 scores (needs, profiles); Robertson and Zaragoza's formula, every query term once."""
    documents = [Counter(bigrams(normalise(_profile_text(profile)))) for profile in profiles]
    lengths = np.array([sum(document.values()) for document in documents])
    room = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / max(lengths.mean(), 1.0))
    postings: dict[str, list[tuple[int, int]]] = {}
    for at, document in enumerate(documents):
        for pair, count in document.items():
            postings.setdefault(pair, []).append((at, count))
    scores = np.zeros((len(needs), len(profiles)))
    for number, need in enumerate(needs):
        for pair in sorted(set(bigrams(normalise(f"{need.title}\n{need.description}")))):
            found = np.array(postings.get(pair, []), dtype=np.int64).reshape(-1, 2)
            idf = np.log1p((len(profiles) - len(found) + 0.5) / (len(found) + 0.5))
            rows, counts = found[:, 0], found[:, 1]
            scores[number, rows] += idf * counts * (_SATURATION + 1) / (counts + room[rows])
    return scores


def _profile_text(profile: Profile) -> str:
    fields = (profile.name, profile.headline, profile.description, *profile.skills, *profile.sectors, *profile.cases)
    return "\n".join((*fields, *profile.notes))
