import random
import shutil

import pytest


@pytest.fixture
def interactions():
    """So many learners, who fail at first and then succeed."""

    def of(learners, answers=10):
        draw = random.Random(2)
        lines = ["learner,item,outcome,time,event,score"]
        for who in range(learners):
            for place in range(answers):
                score = int((place >= answers / 2) == (draw.random() < 0.9))
                lines.append(
                    f"l{who},i{draw.randrange(4)},o,{1_700_000_000 + place},attempted,{score}"
                )
        return "\n".join([*lines, ""])

    return of


@pytest.fixture
def school(dataset_folder):
    """A dataset folder with those interactions."""

    def of(interactions):
        return dataset_folder(
            outcomes='{"id": "o", "framework": "f", "title": "An outcome"}\n',
            resources='{"id": "r", "title": "A resource"}\n',
            alignments="resource,outcome\nr,o\n",
            interactions=interactions,
        )

    return of


@pytest.fixture
def registry_folder(two_registered, tmp_path):
    """The workspace's registry, in which bundles are registered: a new one takes ten seconds."""
    return shutil.copytree(two_registered, tmp_path / "home" / "registry")
