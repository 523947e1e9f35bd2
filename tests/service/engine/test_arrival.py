from service.engine.arrival import Arrival


def test_files_are_read_until_they_are_refused_and_when_they_have_changed_and_settled(tmp_path):
    arrival, folder = Arrival(), tmp_path / "index"
    assert arrival.is_due(folder)
    arrival.refuse()
    assert not arrival.is_due(folder)
    folder.mkdir()
    (folder / "half").write_text("ha")
    assert not arrival.is_due(folder)
    (folder / "half").write_text("half")
    assert not arrival.is_due(folder)
    assert arrival.is_due(folder)
    arrival.refuse()
    assert not arrival.is_due(folder)


def test_files_that_were_not_refused_are_read_again_at_the_next_look(tmp_path):
    arrival = Arrival()
    (tmp_path / "file").write_text("whole")
    assert all(arrival.is_due(tmp_path) for _ in range(3))


def test_a_change_of_permissions_is_one(tmp_path):
    arrival = Arrival()
    (tmp_path / "file").write_text("whole")
    assert arrival.is_due(tmp_path)
    arrival.refuse()
    (tmp_path / "file").chmod(0o600)
    assert [arrival.is_due(tmp_path) for _ in range(2)] == [False, True]
