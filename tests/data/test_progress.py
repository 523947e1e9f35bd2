from data import progress


def test_a_log_gets_a_line_now_and_then(monkeypatch, capsys):
    monkeypatch.setattr(progress, "EVERY", 0)
    with progress.progress_bar("Embedding", 2000) as advance:
        advance(500)
        advance(1000)
    assert capsys.readouterr().err == "Embedding: 500 of 2,000\nEmbedding: 1,500 of 2,000\n"


def test_a_log_is_not_flooded_and_what_is_quick_says_nothing(capsys):
    with progress.progress_bar("Counting", None) as advance:
        for _ in range(100):
            advance(1)
    assert capsys.readouterr().err == ""
