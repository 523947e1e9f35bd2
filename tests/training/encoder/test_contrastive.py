import numpy as np
import pytest
import torch

from data.errors import GatewaysError
from data.records import Resource
from models.backends.low_rank import add_low_rank
from models.backends.model_folder import load_model
from models.encoders.loading import encoder_folder
from training.encoder.contrastive import CHECKPOINT, Contrast, Recipe
from training.encoder.examples import examples_of
from training.labelled import Labelled
from training.word_lists import NO_WORDS, WordLists

RECIPE = Recipe(rate=3e-3, rank=4, epochs=6, batch=6, warmup=2)


@pytest.fixture
def contrast_of(tiny_folder, entries, lessons_of, monkeypatch):
    # To a model whose weights were drawn at random all texts are much the same.
    monkeypatch.setattr("training.encoder.batches.SAME", 2)

    def make(recipe=RECIPE, words=NO_WORDS):
        torch.manual_seed(0)
        model = load_model(tiny_folder)
        trained = add_low_rank(model, recipe.rank)
        return Contrast(
            model,
            trained,
            examples_of(
                entries, Labelled(resources=lessons_of[0], gold=lessons_of[1]), words=words
            ),
            recipe,
        )

    return make


def train(contrast, folder, judge=lambda: 0.0):
    return contrast.run(judge, 5, folder, lambda _: None)


@pytest.mark.slow
def test_resources_come_nearer_to_what_they_teach_whatever_they_are_called(entries, tmp_path):
    ids = [entry.outcome.id for entry in entries]
    taught = dict(zip(ids, ids[1:] + ids[:1], strict=True))  # each is called as its neighbour is
    resources = [Resource(id=f"{word} {n}", title=f"a {word}") for word in ids for n in range(3)]
    gold = {one.id: frozenset({taught[one.id.split()[0]]}) for one in resources}
    torch.manual_seed(0)
    model = load_model(encoder_folder("minilm", tmp_path))
    trained = add_low_rank(model, RECIPE.rank)
    contrast = Contrast(
        model, trained, examples_of(entries, Labelled(resources=resources, gold=gold)), RECIPE
    )

    def right():
        """Similarity of a resource to what it teaches, above that to all others."""
        found = contrast.embed([f"a {word}" for word in ids]) @ contrast.embed(ids).T
        mine = np.array([[outcome == taught[word] for outcome in ids] for word in ids])
        return float(found[mine].mean() - found[~mine].mean())

    before, counted = right(), iter(range(100))
    train(contrast, tmp_path, lambda: float(next(counted)))
    assert contrast.step == contrast.steps == 24
    assert right() > before + 0.1


def test_the_best_weights_are_kept_and_not_the_last(contrast_of, tmp_path):
    contrast = contrast_of()
    before = contrast.embed(["abacus"])
    judged = iter([3.0, 2.0, 1.0, 0.5, 0.4, 0.3])
    assert train(contrast, tmp_path, lambda: next(judged)) == 3.0
    np.testing.assert_allclose(contrast.embed(["abacus"]), before, atol=1e-6)


def test_a_run_that_was_ended_goes_on_as_if_it_had_not_been(contrast_of, tmp_path, monkeypatch):
    monkeypatch.setattr("training.encoder.contrastive.CHECKPOINT_STEPS", 4)
    whole = contrast_of()
    train(whole, tmp_path)

    broken = contrast_of()

    def interrupt_at_step_ten(_):
        if broken.step == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken.run(lambda: 0.0, 5, tmp_path, interrupt_at_step_ten)
    again = contrast_of()
    again.resume(tmp_path / CHECKPOINT)
    assert again.step == 8
    train(again, tmp_path)
    np.testing.assert_allclose(again.embed(["abacus"]), whole.embed(["abacus"]), atol=1e-6)


def test_another_runs_checkpoint_is_refused(contrast_of, tmp_path):
    contrast_of().save(tmp_path / CHECKPOINT)
    other = contrast_of(Recipe(rate=3e-3, rank=4, epochs=6, batch=6, warmup=2, seed=1))
    with pytest.raises(GatewaysError, match="begun with other options"):
        other.resume(tmp_path / CHECKPOINT)
    with pytest.raises(GatewaysError, match="begun with other options"):
        contrast_of(words=WordLists(fingerprint="other lists")).resume(tmp_path / CHECKPOINT)
    (tmp_path / CHECKPOINT).write_bytes(b"cut")
    with pytest.raises(GatewaysError, match="is damaged"):
        other.resume(tmp_path / CHECKPOINT)
