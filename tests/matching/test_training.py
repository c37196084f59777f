"""Training from end to end on made-up lines, and its parts where a hand can check them."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matching import encoder

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore:Sparse CSR:UserWarning")]
pytest.importorskip("torch")

from matching.training import held_out, lexicon, lexicon_pairs, measure, pairs, sources, texts, vocabulary  # noqa: E402
from matching.training.building import build  # noqa: E402
from matching.training.composition import fit, parts  # noqa: E402
from matching.training.ragged import pack  # noqa: E402
from matching.training.recipe import Recipe  # noqa: E402

TINY = Recipe(
    threads=1, dimension=16, vocabulary=20_000, minimum_count=2, minimum_count_long=4, contexts=200, batch=16, steps=12
)
_SUBJECTS = ("市民热线", "水务公司", "热轧车间", "区图书馆", "港口码头", "养老机构")
_TASKS = ("自动派单", "漏损检测", "表面缺陷识别", "读者问答", "集装箱调度", "跌倒监护")
_ENDS = ("减少人工。", "提高效率。", "降低成本。", "缩短时间。")
_LEXICON = """
[[concept]]
names = ["自动派单", "智能分派", "ticket routing"]
kind = "task"
gloss = "把诉求分给责任部门。"
parents = ["热线"]
lookalikes = ["外卖派单"]

[[concept]]
names = ["读者问答", "图书咨询"]
kind = "task"
gloss = "回答读者的提问。"
parents = ["热线"]
lookalikes = []
"""


def make_data(folder: Path) -> Path:
    import zstandard

    chooser = random.Random(7)
    (folder / "textcorpus").mkdir(parents=True)
    lines = []
    for number in range(60):
        said = [
            chooser.choice(_SUBJECTS) + "需要" + chooser.choice(_TASKS) + "，" + chooser.choice(_ENDS) for _ in range(6)
        ]
        lines.append(json.dumps({"src": f"r{number}", "lic": "CC0", "t": "\n".join(said)}, ensure_ascii=False))
    packed = zstandard.ZstdCompressor().compress("\n".join(lines).encode())
    (folder / "textcorpus/part-00.jsonl.zst").write_bytes(packed)
    csl = folder / "datasets/dom_CSL"
    csl.mkdir(parents=True)
    rows = [f"to title\t{subject}开展{task}的方法与成效研究\t{task}研究" for subject in _SUBJECTS for task in _TASKS]
    (csl / "ts_dev.tsv").write_text("\n".join(rows), encoding="utf-8")
    lcqmc = folder / "datasets/sts_LCQMC"
    lcqmc.mkdir()
    (lcqmc / "dev.txt").write_text("怎么自动派单\t如何自动派单\t1\n怎么自动派单\t图书馆几点开门\t0\n", encoding="utf-8")
    (folder / "lexicon").mkdir()
    (folder / "lexicon/all.toml").write_text(_LEXICON, encoding="utf-8")
    return folder


def test_build_gives_a_model_that_loads_and_the_same_bytes_again(tmp_path: Path) -> None:
    data = make_data(tmp_path / "data")
    for name in ("one", "two"):
        build(data, tmp_path / name, TINY, concepts=data / "lexicon", tell=lambda _: None)
    for file in ("model.safetensors", "tokenizer.json", "README.md", "config.json", "modules.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
    made = encoder.load(tmp_path / "one")
    assert made.dimension == 16
    np.testing.assert_allclose(np.linalg.norm(made.encode(["热线自动派单"]), axis=1), 1.0, atol=1e-6)
    card = (tmp_path / "one/README.md").read_text(encoding="utf-8")
    assert "| LCQMC dev (AUC) |" in card
    assert sources.ABSTRACTS.digest(data) in card


def test_build_refuses_a_folder_without_running_text(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="textcorpus"):
        build(tmp_path, tmp_path / "out", TINY, concepts=tmp_path, tell=lambda _: None)


def test_tokenizer_takes_the_wanted_word_whole_and_keeps_runs_apart() -> None:
    counts = vocabulary.count(["工单分派到部门"] * 5 + ["工单很多", "分派任务"] * 50, wanted=["派到部"], listed=[])
    tokens = vocabulary.choose(counts, replace(TINY, vocabulary=100_000))
    made = vocabulary.build(tokens, counts)
    assert made.encode("派到部").tokens == ["派到部"]
    assert made.encode("工单，ＡＢ７ 分派").tokens == ["工单", "a", "b", "7", "分派"]


def test_parts_keep_only_what_words_share() -> None:
    found = parts(["[UNK]", "水质", "水量", "水质监测"])
    # 水 and 质 and the bigram 水质 stand in two words each; 量 监 测 and the other bigrams in one.
    assert found.count == 3
    assert [len(found.of[number]) for number in range(4)] == [0, 3, 1, 3]


def test_fit_finds_the_shared_part_of_two_words() -> None:
    known = parts(["水甲", "水乙"])
    found = fit(known, np.array([[2.0], [4.0]], dtype=np.float32), np.ones(2, dtype=np.float32), penalty=0.0)
    np.testing.assert_allclose(found, [[3.0]], atol=1e-5)


def test_crops_come_from_one_document() -> None:
    text = pack([np.arange(start, start + 40) for start in (0, 100, 200)])
    crops = pairs.Crops("crops", 1.0, text, np.arange(3))
    batch = crops.draw(np.random.default_rng(3), 200)
    for asked, answer, group in zip(batch.anchors, batch.positives, batch.groups, strict=True):
        assert set(asked // 100) | set(answer // 100) == {group}


def test_replacements_put_another_name_of_the_concept() -> None:
    meanings = lexicon_pairs.Meanings(
        names=[[np.array([1, 2]), np.array([3])], [np.array([9])]],
        glosses=[np.array([], dtype=np.int32)] * 2,
        lookalikes=[[np.array([7])], []],
        kin=[[], []],
    )
    text = pack([[20, 21, 1, 2, 22, 1, 23]])
    rng = np.random.default_rng(1)
    places = lexicon_pairs.find_places(meanings, text, rng)
    assert places.tolist() == [[0, 2, 2]]
    batch = lexicon_pairs.Replacements(meanings, text, places).draw(rng, 20)
    assert {7} == {number for text in batch.negatives for number in text} & {1, 2, 3, 7, 9} - {1}
    assert {number for text in batch.positives for number in text} & {9, 7} == set()


def test_overlap_finds_a_passage_that_repeats_a_test(tmp_path: Path) -> None:
    folder = tmp_path / "datasets/sts_LCQMC"
    folder.mkdir(parents=True)
    said = "请问从火车站到市图书馆坐哪一路公交车最快而且不用换乘"
    (folder / "dev.txt").write_text(f"{said}\t怎么走\t0\n", encoding="utf-8")
    overlap = held_out.Overlap(tmp_path)
    assert overlap.is_one("怎么走？")
    assert overlap.repeats(f"有人说，{said}。")
    assert not overlap.repeats("请问从火车站到市图书馆怎么走")


def test_figures_are_what_a_hand_gets() -> None:
    scores = np.array([[0.9, 0.5, 0.1], [0.2, 0.8, 0.3]])
    answers = [{1: 1}, {1: 1, 0: 1}]
    assert measure.reciprocal_rank(scores, answers) == pytest.approx((1 / 2 + 1) / 2)
    assert measure.recall(scores, answers) == 1.0
    # First query: gain 1 at place 2 of an ideal at place 1; second: places 1 and 3 of an ideal 1 and 2.
    second = (1 + 1 / np.log2(4)) / (1 + 1 / np.log2(3))
    assert measure.gain(scores, answers) == pytest.approx((1 / np.log2(3) + second) / 2)
    assert measure.area(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, True, False, True])) == pytest.approx(3.5 / 4)
    assert measure.spearman(np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0])) == pytest.approx(0.5)


def test_fold_and_runs_cut_scripts_apart() -> None:
    assert texts.runs(texts.fold("ＡＩ＋政务，ＧＰＴ４！")) == ["ai", "政务", "gpt4"]


def test_read_lexicon_gives_every_concept(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(_LEXICON, encoding="utf-8")
    assert [concept.names[0] for concept in lexicon.read(tmp_path)] == ["自动派单", "读者问答"]
    assert len(lexicon.digest(tmp_path)) == 64
