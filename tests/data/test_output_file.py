import os
import subprocess
import sys
import threading

import pytest

from data.errors import GatewaysError
from data.output_file import check_folder, check_place, growing, write_text


def test_what_was_there_stays_until_all_of_it_is_written(tmp_path):
    path = tmp_path / "figures.json"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt), growing(path) as file:
        file.write("half")
        file.flush()
        raise KeyboardInterrupt
    assert (path.read_text(), list(tmp_path.iterdir())) == ("before", [path])
    write_text(path, "whole")
    assert (path.read_text(), list(tmp_path.iterdir())) == ("whole", [path])


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    lies = tmp_path / "elsewhere" / "figures.json"
    link = tmp_path / "link"
    link.symlink_to(lies)
    for text in ("first", "again"):
        check_place(link)
        write_text(link, text)
        assert (link.is_symlink(), lies.is_symlink(), lies.read_text()) == (True, False, text)
    assert list(lies.parent.iterdir()) == [lies]


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_place(pipe)  # without a reader, whom it does not wait for
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write_text(pipe, "figures")
    reader.join(timeout=10)
    assert read == ["figures"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_standard_output_goes_on_where_it_is(tmp_path, name):
    program = f"""
from pathlib import Path
from data.output_file import check_place, growing
check_place(Path("{name}"))
print("table", flush=True)
with growing(Path("{name}")) as file:
    file.write("figures\\n")
print("more")
"""
    with (tmp_path / "out").open("w") as out:
        subprocess.run([sys.executable, "-c", program], stdout=out, check=True)
    assert (tmp_path / "out").read_text() == "table\nfigures\nmore\n"
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_what_cannot_be_written_is_refused_beforehand_and_when_writing(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "astray").symlink_to(tmp_path / "nowhere" / "figures.json")
    check_place(None)
    check_place(tmp_path / "figures.json")
    for name, why in {
        "nowhere/figures.json": "no such folder",
        "astray": "no such folder",
        "file/figures.json": "Not a directory",
        ".": "Is a directory",
    }.items():
        for attempt in (check_place, lambda path: write_text(path, "")):
            with pytest.raises(GatewaysError, match=f"{name}: cannot be written: .*{why}"):
                attempt(tmp_path / name)
    assert {one.name for one in tmp_path.iterdir()} == {"file", "astray"}


def test_a_folder_may_have_to_be_made_but_not_below_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    check_folder(tmp_path)
    check_folder(tmp_path / "a" / "b")
    for below in ("file", "file/a/b"):
        with pytest.raises(GatewaysError, match=f"{below}: cannot be written: Not a directory"):
            check_folder(tmp_path / below)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
