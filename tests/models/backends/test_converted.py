import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from models.backends.inputs import TextInputs
from models.backends.probes import PROBES
from models.encoders.loading import load_encoder

ROOT = Path(__file__).parents[3]
ENGINES = ["onnx", "openvino"]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def fast(engine, tiny_folder, workspace_models):
    return load_encoder(str(tiny_folder), workspace_models, backend=engine)


@pytest.fixture(scope="module")
def slow(tiny_folder, workspace_models):
    return load_encoder(str(tiny_folder), workspace_models)


def test_vectors_are_near_to_torchs(fast, slow):
    assert (np.sum(fast.encode(PROBES) * slow.encode(PROBES), axis=1) > 0.98).all()


def test_the_fingerprint_tells_of_the_backend(fast, slow, engine, tiny_folder, tmp_path):
    assert (fast.backend, slow.backend) == (engine, "torch")
    assert fast.fingerprint != slow.fingerprint
    elsewhere = load_encoder(str(tiny_folder), tmp_path, backend=engine)
    assert elsewhere.fingerprint == fast.fingerprint


def test_it_arrives_in_another_process_with_its_backend(fast):
    arrived = pickle.loads(pickle.dumps(fast))
    assert (arrived.backend, arrived.fingerprint) == (fast.backend, fast.fingerprint)
    np.testing.assert_allclose(arrived.encode(PROBES), fast.encode(PROBES), atol=1e-6)


def test_its_dimension_is_told_without_loading_it(fast, engine, tiny_folder, tmp_path):
    unloadable = load_encoder(str(tiny_folder), tmp_path, backend=engine)
    (graph,) = tmp_path.rglob("model.onnx")
    graph.unlink()
    assert unloadable.dimension == fast.encode(["a text"]).shape[1]


def test_a_text_has_the_same_vector_whatever_is_beside_it(fast):
    texts = [*PROBES, *(f"{number} apples" for number in range(20))]
    together = fast.encode(texts)
    alone = np.concatenate([fast.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=2e-3)


def test_each_text_is_tokenised_once(fast, monkeypatch):
    tokenise, asked = TextInputs.tokenise, []

    def counted(inputs, texts):
        asked.extend(texts)
        return tokenise(inputs, texts)

    monkeypatch.setattr(TextInputs, "tokenise", counted)
    fast.encode([f"{number} apples" for number in range(20)])
    assert len(asked) == 20


def test_threads_are_also_read_from_a_list(fast, tiny_folder, workspace_models, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2,1")
    encoder = load_encoder(str(tiny_folder), workspace_models, backend=fast.backend)
    assert encoder.encode(["a text"]).shape == (1, 32)


def test_what_cannot_be_loaded_says_what_mends_it(engine, tiny_folder, tmp_path):
    encoder = load_encoder(str(tiny_folder), tmp_path, backend=engine)
    (graph,) = tmp_path.rglob("model.onnx")
    graph.write_bytes(b"no graph")  # after it was verified
    with pytest.raises(GatewaysError, match=r"cannot be loaded .*delete the folder"):
        encoder.encode(["a text"])


@pytest.mark.slow
@given(st.lists(st.text(max_size=80), max_size=20))
def test_any_texts_give_unit_rows(fast, texts):
    vectors = fast.encode(texts)
    assert vectors.shape == (len(texts), fast.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_half_a_surrogate_pair_and_a_book_are_texts(fast):
    assert fast.encode(["\ud83d fractions", "a page " * 10_000]).shape == (2, 32)


def test_threads_may_share_an_encoder(fast):
    expected = fast.encode(PROBES)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: fast.encode(PROBES), range(8)):
            np.testing.assert_allclose(found, expected, atol=1e-6)


def test_low_rank_weights_are_merged_before_converting(bundle_of, fast, engine, workspace_models):
    name = str(bundle_of("learned", 3))
    learned = load_encoder(name, workspace_models, backend=engine)
    merged = load_encoder(name, workspace_models)
    assert (np.sum(learned.encode(PROBES) * merged.encode(PROBES), axis=1) > 0.97).all()
    assert learned.fingerprint != fast.fingerprint
    assert not np.allclose(learned.encode(PROBES), fast.encode(PROBES), atol=1e-2)


def test_what_is_converted_is_used_without_torch(tiny_folder, workspace_models, fast):
    code = (
        "import sys; from pathlib import Path; from models.encoders.loading import load_encoder;"
        "encoder = load_encoder(sys.argv[1], Path(sys.argv[2]), backend=sys.argv[3]);"
        "encoder.encode(['a text']); assert 'torch' not in sys.modules"
    )
    command = [sys.executable, "-c", code, tiny_folder, workspace_models, fast.backend]
    subprocess.run(list(map(str, command)), cwd=ROOT, check=True)


def test_onnx_runtime_keeps_no_diary_for_its_makers(tmp_path, tiny_folder, workspace_models, fast):
    code = (
        "import sys; from pathlib import Path; from models.encoders.loading import load_encoder;"
        "encoder = load_encoder(sys.argv[1], Path(sys.argv[2]), backend=sys.argv[3]);"
        "encoder.encode(['a text'])"
    )
    command = [sys.executable, "-c", code, tiny_folder, workspace_models, fast.backend]
    told_not_to = {"CI", "ORT_DISABLE_TELEMETRY"}
    own = {name: value for name, value in os.environ.items() if name not in told_not_to}
    own |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run(list(map(str, command)), cwd=ROOT, check=True, env=own)
    assert [*tmp_path.rglob("onnxruntime.db*"), *tmp_path.rglob("deviceid")] == []


def test_openvino_cannot_tell_its_makers_anything(fast):
    if fast.backend == "openvino":
        fast.encode(["a text"])
        assert sys.modules["openvino_telemetry"] is None


@pytest.mark.slow  # the real model: what its outliers do to 8 bits no small one shows
def test_the_model_that_ships_agrees_with_torch(e5):
    converted = load_encoder("e5", e5._folder.parent, backend="onnx")
    cosines = np.sum(converted.encode(PROBES) * e5.encode(PROBES), axis=1)
    assert cosines.min() > 0.98
    assert cosines.mean() > 0.99
