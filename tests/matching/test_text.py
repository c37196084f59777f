"""Normal form, words and character pairs."""

import numpy as np
import pytest

from matching import text
from matching.text import Segmenter, bigrams, legs_of, normalise, simplified, term_number


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("ＡＰＳ　排产", "aps 排产"),
        ("  Text2SQL\n问数\t", "text2sql 问数"),
        ("（一）", "(一)"),
        ("識別病蟲害的後台", "识别病虫害的后台"),
        ("", ""),
    ],
)
def test_normalise_folds_width_case_and_white_space(raw: str, normal: str) -> None:
    assert normalise(raw) == normal


def test_bigrams_keeps_latin_words_whole_and_stops_at_punctuation() -> None:
    assert bigrams("用ocr识别发票，快") == ["用", "ocr", "识别", "别发", "发票", "快"]


def test_words_keeps_names_of_the_lexicon_whole_and_drops_function_words() -> None:
    assert Segmenter(["插单重排"]).words("插单重排的结果可以导出") == ["插单重排", "结果", "导出"]


def test_words_are_the_same_from_rjieba_and_from_jieba() -> None:
    sentence = "按设备、模具、物料和交期自动排产，插单后两分钟重排"
    names = ["自动排产", "重排"]
    reference = [word for word in text._reference_cutter(names)(sentence) if text.is_content(word)]
    assert Segmenter(names).words(sentence) == reference


def test_term_number_keeps_the_leg_above_the_hash() -> None:
    numbers = np.array([term_number("排产", text.WORDS), term_number("排产", text.BIGRAMS), text.concept_number(7)])
    assert legs_of(numbers.astype(np.uint32)).tolist() == [text.WORDS, text.BIGRAMS, text.CONCEPTS]
    assert numbers[1] - numbers[0] == 1 << text.TERM_BITS


@pytest.mark.parametrize("kept", ["乾隆後海、於潜县", "著名瞭望塔", "识别病虫害≥88%🌲", "㎡ 祎 ①", ""])
def test_simplified_leaves_a_text_without_traditional_characters_as_it_is(kept: str) -> None:
    assert simplified(kept) == kept


def test_simplified_writes_a_traditional_text_one_for_one() -> None:
    assert simplified("行道樹健康巡查與倒伏預警") == "行道树健康巡查与倒伏预警"
    assert simplified("臺灣資訊系統，於是乾燥") == "台湾资讯系统，于是干燥"
