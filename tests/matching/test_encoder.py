"""The shipped encoder: what it promises about text, and that both loaders give the same vectors."""

import subprocess
import sys

import numpy as np
import pytest

from matching import encoder


@pytest.fixture(scope="module")
def shipped() -> encoder.Encoder:
    return encoder.load()


def test_encode_gives_rows_of_length_one(shipped: encoder.Encoder) -> None:
    rows = shipped.encode(["群众诉求自动派单", "OCR 识别发票"])
    assert rows.shape == (2, shipped.dimension)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)


def test_encode_gives_zeros_for_text_with_nothing_known(shipped: encoder.Encoder) -> None:
    rows = shipped.encode(["", "  ", "，。！", "\U0001f600"])
    assert not rows.any()


def test_encode_keeps_its_place_beside_empty_text(shipped: encoder.Encoder) -> None:
    alone = shipped.encode(["设备巡检"])
    among = shipped.encode(["", "设备巡检", ""])
    np.testing.assert_array_equal(among[1], alone[0])
    assert not among[[0, 2]].any()


def test_encode_of_nothing_gives_no_rows(shipped: encoder.Encoder) -> None:
    assert shipped.encode([]).shape == (0, shipped.dimension)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＯＣＲ识别", "ocr识别"),
        ("工单 分派，归并。", "工单　分派 归并"),
        ("ＡＩ＋政务", "ai+政务"),
        ("\n 数据\t标注 ", "数据 标注"),
    ],
)
def test_encode_folds_width_case_punctuation_and_white_space(shipped: encoder.Encoder, one: str, other: str) -> None:
    np.testing.assert_array_equal(*shipped.encode([one, other]))


def test_encode_does_not_depend_on_the_batch(shipped: encoder.Encoder) -> None:
    texts = [f"第{number}条 设备故障预测与巡检" for number in range(3000)]
    together = shipped.encode(texts)
    np.testing.assert_allclose(
        together[[0, 2047, 2048, 2999]], shipped.encode([texts[0], *texts[2047:2049], texts[2999]]), atol=1e-6
    )


@pytest.mark.parametrize(
    ("need", "fit", "rival"),
    [
        ("市民来电反映的问题自动分给责任部门", "热线工单智能派单", "热线话务员招聘与培训"),
        ("表面划痕靠人眼看，希望机器来看", "机器视觉外观检测", "表面喷涂施工"),
        ("合同条款有没有风险请系统先审一遍", "合同智能审查", "合同印刷装订"),
    ],
)
def test_encode_puts_other_words_for_the_same_nearer_than_a_rival(
    shipped: encoder.Encoder, need: str, fit: str, rival: str
) -> None:
    asked, answer, other = shipped.encode([need, fit, rival])
    assert asked @ answer > asked @ other


def test_token_vectors_add_up_to_the_text(shipped: encoder.Encoder) -> None:
    text = "2026年群众来电诉求自动派单"
    tokens, vectors, weights = shipped.token_vectors(text)
    total = (vectors * weights[:, None]).sum(axis=0)
    np.testing.assert_allclose(total / np.linalg.norm(total), shipped.encode([text])[0], atol=1e-5)
    assert tokens == shipped.tokens(text)
    assert "".join(tokens) == text


def test_token_vectors_weigh_numbers_less_than_words(shipped: encoder.Encoder) -> None:
    tokens, _, weights = shipped.token_vectors("质检 87")
    weight = dict(zip(tokens, weights, strict=True))
    assert all(weight[token] < weight["质检"] for token in tokens if token.isdigit())


def test_token_vectors_of_nothing_are_empty(shipped: encoder.Encoder) -> None:
    tokens, vectors, weights = shipped.token_vectors("。")
    assert tokens == []
    assert vectors.shape == (0, shipped.dimension)
    assert weights.shape == (0,)


def test_digest_is_the_same_for_the_same_weights(shipped: encoder.Encoder) -> None:
    assert encoder.load("jiebang-static").digest == shipped.digest
    assert len(shipped.digest) == 64


def test_load_starts_without_torch_and_without_the_model_libraries() -> None:
    code = (
        "import sys; from matching import encoder; early = {'torch', 'model2vec'} & sys.modules.keys();"
        "encoder.load().encode(['巡检']); print(sorted(early), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] False"


def test_shipped_model_is_small() -> None:
    files = [path for path in (encoder.MODELS / encoder.DEFAULT).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 40_000_000


@pytest.mark.models
@pytest.mark.filterwarnings("ignore")  # of the other loader's own imports, which are not ours to mend
def test_both_loaders_give_the_same_vectors_and_ranking(shipped: encoder.Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [
        "群众诉求自动派单",
        "ＯＣＲ识别发票，2026年",
        "表面划痕检测",
        "合同审查",
        "垚鑫公司 paddleocr",
        "水质监测与预警",
    ]
    other = SentenceTransformer(str(encoder.MODELS / encoder.DEFAULT), device="cpu").encode(texts)
    ours = shipped.encode(texts)
    np.testing.assert_allclose(ours, other, atol=1e-3)
    np.testing.assert_array_equal(np.argsort(-ours @ ours.T, axis=1), np.argsort(-other @ other.T, axis=1))


@pytest.mark.models
@pytest.mark.filterwarnings("ignore")  # of the other loader's own imports, which are not ours to mend
def test_transformer_encoder_serves_a_named_model_alike(shipped: encoder.Encoder) -> None:
    other = encoder.TransformerEncoder(str(encoder.MODELS / encoder.DEFAULT))
    texts = ["设备巡检", "", "智慧水务"]
    np.testing.assert_allclose(other.encode(texts), shipped.encode(texts), atol=1e-3)
    assert other.dimension == shipped.dimension


@pytest.mark.models
@pytest.mark.filterwarnings("ignore")  # of the other loader's own imports, which are not ours to mend
def test_load_of_an_unknown_folder_says_what_to_do(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ValueError, match="JIEBANG_ENCODER"):
        encoder.load(f"{tmp_path}/没有这个模型")
