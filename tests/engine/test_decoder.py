"""How prompts become tokens, which of four masks is the answer, and what may be loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.errors import DeviceMemoryError, ModelError, UsageError
from encoder_tool.model import decoder_graphs, load_encoder, onnx_session, resolve_model, resources
from encoder_tool.model.decoder import MAX_BATCH, OnnxDecoder, batch_prompts, choose_masks
from encoder_tool.model.seam import DecoderGraphs, StabilityRule
from encoder_tool.scene import Scene
from encoder_tool.types import BoxPixel, FloatArray, Prompt

REPOSITORY = Path(__file__).resolve().parents[2]


def _four_masks(edge_cells: int) -> FloatArray:
    """Mask 0 has 100 cells well inside and `edge_cells` that are undecided."""
    logits = np.full((4, 256, 256), -5.0, np.float32)
    logits[0, 0, :100] = 5.0
    logits[0, 1, :edge_cells] = 0.01
    return logits


SCORES = np.array([0.9, 0.3, 0.8, 0.5], np.float32)


@pytest.mark.parametrize(
    ("edge_cells", "expected"), [(0, 0.9), (2, 0.9), (3, 0.8)], ids=["firm", "0.980", "0.971"]
)
def test_an_unstable_single_mask_gives_way_to_the_best_candidate(
    edge_cells: int, expected: float
) -> None:
    masks = choose_masks(_four_masks(edge_cells), SCORES, False, StabilityRule())
    assert masks.iou_predictions.tolist() == pytest.approx([expected])


def test_without_a_rule_the_single_mask_stays() -> None:
    masks = choose_masks(_four_masks(90), SCORES, False, None)
    assert masks.iou_predictions.tolist() == pytest.approx([0.9])


def test_an_empty_single_mask_is_stable() -> None:
    masks = choose_masks(np.full((4, 256, 256), -5, np.float32), SCORES, False, StabilityRule())
    assert masks.iou_predictions.tolist() == pytest.approx([0.9])


def test_candidates_are_masks_one_to_three() -> None:
    masks = choose_masks(_four_masks(90), SCORES, True, StabilityRule())
    assert masks.iou_predictions.tolist() == pytest.approx([0.3, 0.8, 0.5])
    assert masks.best == 1


def test_tokens_are_the_box_the_clicks_and_one_padding() -> None:
    prompt = Prompt(
        points=np.array([(5.25, 6.5), (7.0, 8.0)]),
        labels=np.array([1, 0]),
        box=BoxPixel(1.0, 2.0, 3.5, 4.0),
    )
    (batch,) = batch_prompts([prompt])
    assert batch.labels.tolist() == [[2, 3, 1, 0, -1]]
    assert batch.points[0, :4].tolist() == [[1, 2], [3.5, 4], [5.25, 6.5], [7, 8]]


def test_a_mask_alone_has_no_token() -> None:
    (batch,) = batch_prompts([Prompt(mask_logits=np.ones((256, 256), np.float32))])
    assert batch.labels.shape == (1, 0)
    assert batch.has_mask.tolist() == [1]
    assert batch.mask_input.min() == 1


def test_batches_are_bounded_and_alike() -> None:
    click = Prompt(points=np.array([(5.0, 6.0)]), labels=np.array([1]))
    box = Prompt(box=BoxPixel(1, 2, 3, 4))
    batches = list(batch_prompts([click, box] * (MAX_BATCH + 1)))
    assert sorted(i for batch in batches for i in batch.indices) == list(range(2 * MAX_BATCH + 2))
    assert max(len(batch.indices) for batch in batches) == MAX_BATCH
    assert {batch.labels.shape[1] for batch in batches} == {2, 3}


def test_the_embedded_model_finds_roofs(scene: Scene, patch: FloatArray) -> None:
    """By their boxes; v0's IoU on such scenes was 0.73 to 0.78."""
    model = resolve_model("nano")
    decoder = OnnxDecoder(decoder_graphs(model), model.spec.stability)
    (features,) = load_encoder(model).encode(patch)
    state = decoder.prepare(features)
    rings = [o.exterior for o in scene.objects if o.class_name == "building" and not o.holes]
    boxes = [BoxPixel(*ring.min(axis=0), *ring.max(axis=0)) for ring in rings]
    inner = [(r, b) for r, b in zip(rings, boxes, strict=True) if min(b) > 16 and max(b) < 1008]
    assert len(inner) >= 20
    masks = decoder.decode(state, [Prompt(box=box) for _, box in inner])
    ious = [_iou(m.logits[0] > 0, ring) for m, (ring, _) in zip(masks, inner, strict=True)]
    assert np.mean(ious) > 0.68


def _iou(mask: np.ndarray, ring: np.ndarray) -> float:
    """Against the truth drawn on the 256 x 256 grid."""
    import cv2

    truth = np.zeros((256, 256), np.uint8)
    corners = np.round((ring / 4 - 0.5) * 256).astype(np.int32)
    cv2.fillPoly(truth, [corners], 1, shift=8)
    inside = truth > 0
    return float((mask & inside).sum() / (mask | inside).sum())


WITHOUT_TORCH = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "sam2", "safetensors", "onnx", "hydra"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, Absent())

import numpy as np
from encoder_tool.errors import MissingDependencyError
from encoder_tool.model import decoder_graphs, load_encoder, resolve_model
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.types import Prompt

model = resolve_model("nano")
decoder = OnnxDecoder(decoder_graphs(model), model.spec.stability)
(features,) = load_encoder(model).encode(np.zeros((1, 3, 1024, 1024), np.float32))
click = Prompt(points=np.array([(100.0, 200.0)]), labels=np.array([1]))
(masks,) = decoder.decode(decoder.prepare(features), [click])
assert masks.logits.shape == (3, 256, 256)

for use in (load_encoder, decoder_graphs):
    try:
        use(resolve_model("sam2.1-tiny", __import__("pathlib").Path(sys.argv[1])))
    except MissingDependencyError as error:
        print(error.message)
"""


def test_the_embedded_model_needs_no_torch() -> None:
    """And the others say what they lack, here in front of weights that look like a checkpoint."""
    weights = REPOSITORY / "resources/models/nano.safetensors"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_TORCH, weights],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("The model sam2.1-tiny needs the Python package") == 2


def test_bytes_that_are_no_onnx_are_refused() -> None:
    graphs = decoder_graphs(resolve_model("nano"))
    with pytest.raises(ModelError, match="cannot be loaded"):
        OnnxDecoder(DecoderGraphs(graphs.prepare, b"not ONNX"), None)
    with pytest.raises(ModelError, match="cannot be loaded"):
        OnnxDecoder(DecoderGraphs(graphs.prepare, graphs.decode[:-1000]), None)


def test_graphs_that_do_not_belong_together_are_refused() -> None:
    graphs = decoder_graphs(resolve_model("nano"))
    with pytest.raises(ModelError, match="do not belong together"):
        OnnxDecoder(DecoderGraphs(graphs.prepare, graphs.prepare), None)


@pytest.mark.filterwarnings("ignore:Specified provider:UserWarning")
def test_a_device_that_the_runtime_gives_up_is_not_replaced_silently() -> None:
    if "cuda" in onnx_session.available_devices():
        pytest.skip("this onnxruntime has CUDA")
    with pytest.raises(UsageError, match="cannot use cuda"):
        onnx_session.open_session(resources.read_resource(resources.NANO_PREPARE), device="cuda")


def test_data_outside_the_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the file lies ready: a cache must not make its reader read other files."""
    onnx = pytest.importorskip("onnx")
    graphs = decoder_graphs(resolve_model("nano"))
    model = onnx.load_from_string(graphs.decode)
    onnx.save(
        model, tmp_path / "decode.onnx", save_as_external_data=True, location="w.bin",
        size_threshold=0,
    )  # fmt: skip
    assert (tmp_path / "w.bin").stat().st_size > 1_000_000
    monkeypatch.chdir(tmp_path)
    external = (tmp_path / "decode.onnx").read_bytes()
    with pytest.raises(ModelError, match="outside itself"):
        OnnxDecoder(DecoderGraphs(graphs.prepare, external), None)


def test_features_of_another_model_are_refused() -> None:
    decoder = OnnxDecoder(decoder_graphs(resolve_model("nano")), None)
    wrong = {"image_embed": (256, 64, 64), "high_res_0": (32, 256, 256), "high_res_1": (64,) * 3}
    with pytest.raises(ModelError, match="cannot be run"):
        onnx_session.run_session(
            decoder._prepare, {n: np.zeros((1, *s), np.float32) for n, s in wrong.items()}
        )


def test_a_failed_allocation_is_a_device_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the words that onnxruntime had for a batch of eight under a limit on memory."""
    encoder = load_encoder(resolve_model("nano"))

    class Full:
        def get_outputs(self) -> list[object]:
            return []

        def run(self, names: object, inputs: object) -> None:
            raise onnx_session.ort_errors.Fail(
                "[ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned while running Add "
                "node. Failed to allocate memory for requested buffer of size 201326592"
            )

    monkeypatch.setattr(encoder, "_session", Full())
    with pytest.raises(DeviceMemoryError):
        encoder.encode(np.zeros((1, 3, 1024, 1024), np.float32))


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot run on 'mps' here"):
        load_encoder(resolve_model("nano"), "mps")


def test_a_damaged_resource_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = resources.models_directory()
    for file in whole.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    damaged = tmp_path / resources.NANO_DECODE
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(bytes(content))
    monkeypatch.setattr(resources, "models_directory", lambda: tmp_path)
    with pytest.raises(ModelError, match=r"nano_decode\.onnx is damaged"):
        decoder_graphs(resolve_model("nano"))
    damaged.unlink()
    with pytest.raises(ModelError, match=r"nano_decode\.onnx cannot be read"):
        decoder_graphs(resolve_model("nano"))
