import re

import pytest


def text_of(response):
    """What a page says, without its tags."""
    assert response.status_code == 200, response.text
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_with_nothing_but_what_ships_the_page_says_what_to_do(client):
    said = text_of(client.get("/models"))
    assert "No model was trained here yet" in said
    assert "came with the program (minilm)" in said
    assert "/models/retrain" in client.get("/models").text


def test_a_better_challenger_may_be_promoted(client, better):
    answer = client.get("/models")
    said = text_of(answer)
    assert "Version 2 may take the place of version 1" in said
    assert "Mean F2 0.000 1.000 +1.000" in said
    assert 'href="/models/promote?version=2"' in answer.text
    assert "Learning curve" in said  # the report has one


def test_every_objection_is_told_with_its_slice(client, worse_in_hindi):
    said = text_of(client.get("/models"))
    assert "Version 2 should not take the place of version 1" in said
    assert "Mean F2 falls from 1.000 to 0.500" in said
    assert "Language हिन्दी · 40 resources" in said


def test_a_pair_without_a_report_of_the_same_data_is_told_so(client, better, settings):
    for path in (settings.home / "registry" / "artifacts" / "1").rglob("report.json"):
        path.unlink()
    versions = settings.home / "registry" / "versions.json"
    versions.write_text(
        versions.read_text().replace(f'"{better}": "artifacts/1', '"other": "artifacts/1')
    )
    answer = client.get("/models", headers={"Accept": "text/html"})
    assert answer.status_code == 404  # the champion's report is gone
    versions.write_text(re.sub(r'\{\s*"other": [^}]*\}', "{}", versions.read_text()))
    assert "Nothing says whether Version 2 is better" in text_of(client.get("/models"))


def test_the_card_of_a_version_tells_where_it_comes_from(client, better):
    said = text_of(client.get("/models/versions/1"))
    for part in ("champion", "c0ffee", "abc", "epochs", "# Card of 1", "Promoted."):
        assert part in said
    assert client.get("/models/versions/9").status_code == 404


def test_a_report_shows_the_worst_errors_of_the_kind_that_is_asked_for(client, worse_in_hindi):
    path = f"/models/reports/2/{worse_in_hindi}"
    whole = client.get(path)
    assert "Title 1" in whole.text
    assert "&lt;b&gt;it&lt;/b&gt;" in whole.text
    assert "Title 1" in text_of(client.get(f"{path}?mistake=low"))
    assert "None of this kind." in text_of(client.get(f"{path}?mistake=abstained"))
    assert client.get(f"{path}?mistake=other").status_code == 422
    assert client.get("/models/reports/2/none").status_code == 404


def test_where_no_two_groups_are_large_nobody_is_called_the_worst_served(client, better_on_few):
    for page in ("/models", f"/models/reports/2/{better_on_few}"):
        said = text_of(client.get(page))
        assert "No two groups of one kind, such as two languages, have 30 resources each" in said
        assert "Figures by slice" not in said


def test_two_versions_are_compared_slice_by_slice_what_fell_most_first(client, worse_in_hindi):
    said = text_of(client.get("/models/compare?before=1&after=2"))
    first, last = said.index("Language हिन्दी 40 1.000 0.000"), said.index("English 40 1.000 1.000")
    assert first < last
    assert "Choose two versions" in text_of(client.get("/models/compare?before=1&after=1"))


def test_data_that_were_frozen_are_listed_with_their_card(client, settings):
    assert "Nothing was frozen yet" in text_of(client.get("/models/data"))
    folder = settings.home / "frozen" / "0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: x\n---\n# The card\n")
    split = '{"accepted": 7, "rejected": 3, "resources": 9, "outcomes": 5}'
    (folder / "frozen.json").write_text(
        '{"fingerprint": "0123456789abcdef", "by": "outcome", '
        f'"counts": {{"splits": {{"train": {split}}}, "left_out": {{}}}}}}'
    )
    said = text_of(client.get("/models/data"))
    assert "train 7 3 9 5" in said
    assert "# The card" in said
    assert "license: x" not in said


def test_a_damaged_file_is_told_with_what_mends_it(client, settings):
    (settings.home / "registry").mkdir()
    (settings.home / "registry" / "versions.json").write_text("{")
    answer = client.get("/models", headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "gateways models list" in answer.text


@pytest.mark.parametrize("path", ["/models", "/models/compare", "/models/versions/2"])
def test_no_page_waits_for_the_registry(client, better, path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "mlflow", None)
    assert client.get(path).status_code == 200
