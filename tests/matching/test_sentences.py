"""The project's own sentences: read as they are written, many enough, and none of them out of a judged set."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from matching import concepts
from matching.training import sentences
from matching.training.held_out import need_text, profile_text
from matching.training.sentences import Block
from matching.training.texts import fold

HERE = Path(__file__).parent
RUN = 10
"""Characters and Latin words in a row that two people hardly ever write alike by chance."""
_PIECE = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")
BLOCK = Block("排产", ("急单来了重排", "排程三分钟"), ("APS", "自动排好每台机器"), ("排产培训班",))


def written(folder: Path, text: str) -> Path:
    path = folder / "one.txt"
    path.write_text(text, encoding="utf-8")
    return path


def judged_texts() -> Iterator[str]:
    """Every text of the judged sets in the repository, and of the development set where its folder is named."""
    folders = [path.parent for path in HERE.glob("*/judgements.tsv")]
    if os.environ.get("JIEBANG_EVAL"):
        folders.append(Path(os.environ["JIEBANG_EVAL"]))
    for folder in folders:
        for path in folder.glob("*.jsonl"):
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                yield need_text(row) if "title" in row else profile_text(row)


def stretches(text: str) -> set[tuple[str, ...]]:
    pieces = _PIECE.findall(fold(text))
    return {tuple(pieces[start : start + RUN]) for start in range(len(pieces) - RUN + 1)}


def test_blocks_are_read_with_needs_offers_and_rivals(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "= 排产\n? 急单来了重排\n? 排程三分钟\n! APS\n! 自动排好每台机器\nx 排产培训班\n\n= 报工\n? 扫码\n! 登记\n",
    )
    first, second = sentences.read_file(path)
    assert first == BLOCK
    assert (first.pairs, second.pairs, second.rivals) == (4, 1, ())


def test_what_several_files_say_of_one_concept_belongs_together(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "= 排产\n? 急单来了重排\n! APS\nx 排产培训班\n\n= 报工\n? 扫码\n! 登记\n", encoding="utf-8"
    )
    (tmp_path / "b.txt").write_text("= 排产\n? 排程三分钟\n! 自动排好每台机器\n", encoding="utf-8")
    first, second = sentences.read(tmp_path)
    assert first == BLOCK
    assert second.concept == "报工"


@pytest.mark.parametrize("text", ["? 没有名称\n", "= 排产\n随手一行\n", "= 排产\n!\n"])
def test_a_line_that_is_none_of_the_four_is_named_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"one\.txt:\d: not a line"):
        sentences.read_file(written(tmp_path, text))


def test_a_batch_pairs_needs_with_offers_of_their_concept_and_holds_the_rival_against_the_need() -> None:
    letters = {
        text: [number]
        for number, text in enumerate(["急单来了重排", "排程三分钟", "APS", "自动排好每台机器", "排产培训班"])
    }
    supply = sentences.supply([BLOCK], lambda texts: [letters[text] for text in texts], share=1.0)
    batch = supply.draw(np.random.default_rng(3), 40)
    for anchor, positive, negative in zip(batch.anchors, batch.positives, batch.negatives, strict=True):
        asks, offers = set(anchor.tolist()), set(positive.tolist())
        is_need_first = asks <= {0, 1} and offers <= {2, 3}
        assert is_need_first or (asks <= {2, 3} and offers <= {0, 1})
        assert negative.tolist() == ([4] if is_need_first else [])
    assert set(batch.groups.tolist()) == {0}


def test_one_rival_stands_against_a_need_at_a_time() -> None:
    block = Block("排产", ("急单",), ("APS",), ("培训班", "软件代理"))
    numbers = {"急单": 0, "APS": 1, "培训班": 2, "软件代理": 3}
    supply = sentences.supply([block], lambda texts: [[numbers[text]] for text in texts], share=1.0)
    seen = {tuple(each.tolist()) for each in supply.draw(np.random.default_rng(3), 40).negatives}
    assert seen == {(), (2,), (3,)}


def test_sentences_that_a_test_holds_are_left_out() -> None:
    kept = sentences.outside(BLOCK, lambda text: text == "APS")
    assert (kept.needs, kept.offers) == (BLOCK.needs, ("自动排好每台机器",))


def test_there_are_twenty_thousand_pairs_and_each_block_is_whole() -> None:
    blocks = sentences.read()
    assert sum(block.pairs for block in blocks) >= 20_000
    assert all(block.needs and block.offers and block.rivals for block in blocks)
    known = {concept.name for concept in concepts.load().concepts}
    assert [block.concept for block in blocks if block.concept not in known] == []
    counts = Counter(block.concept for block in blocks)
    assert [name for name, count in counts.items() if count > 1] == []


def test_sentences_vary() -> None:
    texts = [text for block in sentences.read() for text in (*block.needs, *block.offers, *block.rivals)]
    assert len(set(texts)) == len(texts)
    openings = Counter(text[:4] for text in texts)
    assert openings.most_common(1)[0][1] < 0.02 * len(texts)


def test_no_sentence_is_taken_from_a_judged_set() -> None:
    held = set[tuple[str, ...]]().union(*map(stretches, judged_texts()))
    texts = [text for block in sentences.read() for text in (*block.needs, *block.offers, *block.rivals)]
    assert [text for text in texts if not held.isdisjoint(stretches(text))] == []
