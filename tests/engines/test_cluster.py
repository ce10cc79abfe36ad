"""dask's workers: the same as one process, with a worker killed half-way, on a cluster that is there, and one line where they cannot be had."""

import os
import signal
import socket
import sys
from pathlib import Path

import distributed
import psutil
import pytest

from alliance_core.__main__ import main
from alliance_core.analysis import analyse
from alliance_core.engines import cluster, gathering, work
from alliance_core.engines.workers import EngineError
from alliance_core.tables import Ratings
from tests.engines.made import assert_same, odd_forms, run, write_dataset


@pytest.fixture(scope="module")
def odd():
    return odd_forms()


@pytest.fixture(scope="module")
def folder(odd, tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("engines") / "data", odd, 6, empty=1)


@pytest.fixture(scope="module")
def two():
    """Two workers of this machine, for all tests of this file."""
    with cluster.dask_workers(count=2) as workers:
        yield workers


@pytest.fixture(scope="module")
def there():
    """The address of a cluster that is there already, of one worker."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as made:
        yield made.scheduler_address


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(gathering, "ROWS_A_PART", 40)


def test_two_workers_give_what_one_process_gives(two, odd, folder, tmp_path, small_parts):
    found = run(folder, tmp_path / "out", workers=two)
    assert found.parts > 4
    assert_same(analyse(Ratings(odd)), found, tmp_path / "out")


def test_cases_that_are_spread_over_files_are_brought_together_by_workers(two, odd, tmp_path, small_parts):
    (tmp_path / "data").mkdir()
    for number in range(2):
        odd[odd["session"] % 2 == number].to_parquet(tmp_path / "data" / f"{number}.parquet")
    found = run(tmp_path / "data", tmp_path / "out", workers=two)
    assert found.brought_together
    assert_same(analyse(Ratings(odd)), found, tmp_path / "out")


class DiesOnce:
    """Workers of whom one is killed over the middle one of all parts of a step; before, or after it is written."""

    def __init__(self, workers, flag, step, after):
        self.workers, self.flag, self.step, self.after = workers, str(flag), step, after

    def each(self, function, items, *same):
        if function is not self.step:
            return self.workers.each(function, items, *same)
        here = [number == len(items) // 2 for number in range(len(items))]
        marked = [
            (one, self.flag, self.after, function, *item) for one, item in zip(here, items, strict=True)
        ]
        return self.workers.each(dies_once, marked, *same)


def dies_once(here, flag, after, function, *arguments):
    found = function(*arguments) if after else None
    if here and not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return found if after else function(*arguments)


@pytest.mark.parametrize(
    ("step", "after"), [(work.add_up, False), (work.measure, False), (work.measure, True)]
)
def test_a_worker_killed_half_way_loses_and_doubles_nothing(
    two, odd, folder, tmp_path, small_parts, step, after
):
    found = run(folder, tmp_path / "out", workers=DiesOnce(two, tmp_path / "killed", step, after))
    assert (tmp_path / "killed").exists()
    assert_same(analyse(Ratings(odd)), found, tmp_path / "out")
    left = [path.name for path in (tmp_path / "out").rglob("*") if path.name.startswith(".")]
    assert left == []


def test_the_workers_of_this_machine_listen_here_only_and_show_no_pages(two):
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    open_ports = [
        one.laddr for process in family for one in process.net_connections("inet") if one.status == "LISTEN"
    ]
    assert open_ports
    assert {address.ip for address in open_ports} <= {"127.0.0.1", "::1"}
    for address in open_ports:
        assert _asked(address) not in (b"HTTP/1.1 200", b"HTTP/1.1 302")


def _asked(address):
    """How an answer to somebody who asks for a page begins; nothing where the line is closed."""
    with socket.create_connection(address, timeout=10) as line:
        try:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            return line.recv(12)
        except OSError:
            return b""


def test_nobody_without_the_keys_of_the_run_is_let_in(two):
    address = two._client.scheduler.address
    assert address.startswith("tls://127.0.0.1:")
    with pytest.raises(EngineError, match="asks for keys"), cluster.dask_workers(address):
        pass


def test_the_folder_of_the_workers_is_its_owners_and_goes_with_them(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with cluster.dask_workers(count=1) as workers:
        own = next(tmp_path.glob("alliance-*"))
        assert own.stat().st_mode & 0o077 == 0
        ((worker,),) = (workers.each(_folder, [()]),)
        assert Path(worker).is_relative_to(own)
    assert not own.exists()


def _folder():
    return distributed.get_worker().local_directory


def command(*words):
    try:
        return main([str(word) for word in words])
    except SystemExit as stop:
        return stop.code


def test_the_command_on_a_cluster_that_is_there(there, folder, tmp_path, capfd):
    """Its own output and nobody else's; the same files as pandas writes, where it writes them."""
    out = tmp_path / "out"
    assert command("analyse", folder, "--out", out, "--engine", "dask", "--scheduler", there) == 0
    assert capfd.readouterr() == ("", "")
    assert sorted(one.name for one in out.iterdir()) == [
        "caseloads.csv", "cases", "cases.csv", "chance.csv", "episodes", "episodes.csv", "practitioners.csv",
        "problems.csv", "run.json", "scores", "service.csv", "sessions",
    ]  # fmt: skip


def test_an_error_of_a_file_is_one_line_and_a_row_left_out_ends_with_1(there, odd, tmp_path, capfd):
    odd.assign(session=odd["session"].mask(odd.index == 3, 0)).to_parquet(tmp_path / "a.parquet")
    words = (
        "analyse",
        tmp_path / "a.parquet",
        "--out",
        tmp_path / "out",
        "--engine",
        "dask",
        "--scheduler",
        there,
    )
    assert command(*words) == 1
    assert capfd.readouterr() == ("", "a.parquet: The number of a session is a whole number from 1 up.\n")
    assert command(*words, "--strict") == 2
    capfd.readouterr()
    odd.assign(client=1.5).to_parquet(tmp_path / "a.parquet")
    assert command(*words) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "the column client holds double; it should be text." in err


def test_without_dask_the_command_says_what_to_install(monkeypatch, folder, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert command("analyse", folder, "--out", tmp_path / "out", "--engine", "dask") == 2
    assert capsys.readouterr().err == f"{cluster.MISSING}\n"
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch, folder, tmp_path, capfd):
    monkeypatch.setattr(cluster, "WAIT", 1)
    with socket.socket() as taken:  # a port at which nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        assert (
            command("analyse", folder, "--out", tmp_path / "out", "--engine", "dask", "--scheduler", address)
            == 2
        )
    assert (
        capfd.readouterr().err
        == f"No scheduler of dask answers at {address}: give its address as tcp://HOST:PORT.\n"
    )
    assert (
        command(
            "analyse", folder, "--out", tmp_path / "out", "--engine", "dask", "--scheduler", "nonsense://x"
        )
        == 2
    )
    assert capfd.readouterr().err.count("\n") == 1


def test_a_scheduler_without_workers_is_said(monkeypatch):
    monkeypatch.setattr(cluster, "WAIT", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", silence_logs=50) as empty,
        pytest.raises(EngineError, match="has no worker"),
        cluster.dask_workers(empty.scheduler_address),
    ):
        pass


def test_a_worker_with_another_version_is_named(there, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "9.9")
    with (
        pytest.raises(EngineError, match=r"it needs this program, version 9\.9"),
        cluster.dask_workers(there),
    ):
        pass


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--workers", "2"), "--scheduler and --workers belong to --engine dask."),
        (("--scheduler", "tcp://x:1"), "--scheduler and --workers belong to --engine dask."),
        (("--engine", "dask", "--scheduler", "tcp://x:1", "--workers", "2"), "give one of the two."),
        (("--engine", "dask", "--workers", "0"), "0 is not a whole number from 1 up"),
        (("--engine", "spark"), "invalid choice: 'spark'"),
    ],
)
def test_options_that_do_not_fit_are_refused(words, says, tmp_path, capsys):
    assert command("analyse", "x.csv", "--out", tmp_path, *words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err
