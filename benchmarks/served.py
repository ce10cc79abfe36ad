"""The app on a server of its own, as `make run` starts it."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

HOME = Path(__file__).parent.parent
PATIENCE = 120  # seconds until it must have started


class Served:
    """A server of this machine alone on a free port, from here to the end of the with-block. `app`: the script that it serves; `options`: Streamlit's."""

    def __init__(self, app: Path = HOME / "app.py", *options: str) -> None:
        self._app, self._options, self._said, self._ready = app, options, [], threading.Event()

    def __enter__(self) -> Served:
        port = _free_port()
        self.address = f"http://localhost:{port}"
        command = [sys.executable, "-m", "streamlit", "run", str(self._app), "--server.port", str(port)]
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--server.headless", "true", *self._options],
            cwd=HOME,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        if not self._ready.wait(PATIENCE) or self._process.poll() is not None:
            self._stop()
            raise RuntimeError("The server did not start:\n" + "".join(self._said))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        self._stop()

    def memory(self) -> int:
        """Bytes of memory that the server's process holds now (resident set). Linux only."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("the system does not say how much memory the server holds")

    def processor(self) -> float:
        """Seconds of a core that the server's process and the processes that it started and that have ended took so far. Linux only."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(one) for one in fields[11:15]) / 100

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        for line in self._process.stdout:
            self._said.append(line)
            if self.address in line:
                self._ready.set()
        self._ready.set()

    def _stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdout.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("localhost", 0))
        return one.getsockname()[1]
