"""Where what a command makes cannot be written is told before there is any work."""

import pytest

GONE = ("--dataset", "gone")

COMMANDS = {
    "--out": (
        ("align", *GONE),
        ("crosswalk", "f", "g"),
        ("evaluate", "hold-out", *GONE, "--share", "0.5"),
        ("evidence",),
        ("freeze",),
        *(("train", what, *GONE) for what in ("adapter", "encoder", "learner", "lora", "ranker")),
    ),
    "--json": (
        ("bench", "encoder", *GONE),
        ("bench", "index"),
        ("evaluate", "alignment", *GONE),
        ("evaluate", "crosswalk", *GONE),
        ("evaluate", "editions", *GONE),
        ("evaluate", "learner", *GONE),
        ("evaluate", "logged"),
        ("evaluate", "recommender", *GONE),
        ("evaluate", "simulation"),
        ("evaluate", "strangers", *GONE),
        ("evaluate", "transfer", *GONE),
    ),
    "--report": tuple(
        ("evaluate", what, *GONE) for what in ("alignment", "learner", "recommender")
    ),
    "--csv": (("editions", "diff", "f", "g"),),
    "--junit": (("conform",),),
    "--resources": (("conform",),),
    "--sarif": (("conform",),),
}


@pytest.mark.parametrize(
    ("words", "option"),
    [(words, option) for option, commands in COMMANDS.items() for words in commands],
    ids=lambda each: each if isinstance(each, str) else " ".join(each),
)
def test_a_place_that_cannot_be_written_is_told_before_the_work(run, tmp_path, words, option):
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "made"
    status, out, err = run(*words, option, place)
    assert (status, out) == (2, "")
    assert err == f"gateways: {place}: cannot be written: Not a directory\n"
    assert {one.name for one in tmp_path.iterdir()} <= {"file", "home"}
