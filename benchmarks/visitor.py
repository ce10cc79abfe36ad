"""A visitor without a browser: speaks Streamlit's own protocol to a server, and looks at every byte that comes back.

What the browser does, and no more: a cookie and its token, one websocket, uploads by the addresses that the server names, a run of the page
for each change, with the values of the widgets that stand on it, and the files that a page refers to.
"""

from __future__ import annotations

import asyncio
import io
import re
import time
import uuid
import zipfile
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 300  # seconds until anything counts as failed
LARGEST = 2**30  # bytes of one message
# The mark of a visitor's data: whatever is made of them holds it, and letters and digits survive every way of writing text. Long enough
# not to come about by chance in the numbers of a table.
MARK = re.compile(rb"Mark(\d{3})x")
_GOOD_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class ForeignMark(AssertionError):
    """One visitor was sent what is another's."""


class Failed(RuntimeError):
    """The server did not do what was asked."""


def mark(number: int) -> str:
    """The mark of the visitor of this number."""
    return f"Mark{number:03}x"


def marks_in(content: bytes) -> set[str]:
    """Every mark in what was sent, within zip archives (workbooks) too."""
    found = {one.decode() for one in re.findall(MARK.pattern.replace(b"(", b"").replace(b")", b""), content)}
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                found |= marks_in(archive.read(name))
    return found


class Answer(NamedTuple):
    """What one run of a page came to: seconds from the request until it was finished, bytes and messages sent, own mark seen or not."""

    seconds: float
    size: int
    messages: int
    marked: bool


@dataclass
class Page:
    """What stands on the page that the visitor sees: elements by kind, and what part of the bytes each kind took."""

    hash: str = ""
    query: str = ""
    elements: list[tuple[str, Any]] = field(default_factory=list)
    blocks: list[Any] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)

    def labelled(self, kind: str, label: str) -> Any:
        """The element of this kind with this label. Raises Failed where there is none."""
        for found, element in self.elements:
            if found == kind and element.label == label:
                return element
        raise Failed(
            f"there is no {kind} {label}, but {[(k, getattr(e, 'label', '')) for k, e in self.elements]}"
        )

    def all(self, kind: str) -> list[Any]:
        """The elements of this kind, in the order in which they came."""
        return [element for found, element in self.elements if found == kind]


class Visitor:
    """One browser tab, from here to the end of the with-block. `number` is that of the marks in what it uploads; any other mark that it is sent raises ForeignMark."""

    def __init__(self, address: str, number: int) -> None:
        self.address, self.number, self.own = address, number, mark(number)
        self.session = self.cookie = self.token = ""
        self.pages: dict[str, str] = {}
        self.page = Page()
        self.fetched: set[str] = set()
        self._states: dict[str, WidgetState] = {}
        self._socket: ClientConnection | None = None
        self._files: dict[str, Any] = {}

    async def __aenter__(self) -> Visitor:
        """Opens the tab: the cookie, the websocket, the first run of the bare address."""
        await asyncio.to_thread(self._take_cookie)
        place = urlsplit(self.address)
        self._socket = await connect(
            f"ws://{place.netloc}/_stcore/stream",
            origin=Origin(self.address),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(self.token)],
            additional_headers={"Cookie": self.cookie},
            max_size=LARGEST,
            ping_interval=None,
            compression=None,
        )
        try:
            await self._run(BackMsg())
        except BaseException:
            await self._socket.close()
            raise
        return self

    async def __aexit__(self, kind: object, raised: object, at: object) -> None:
        """Closes the tab."""
        if self._socket is not None:
            await self._socket.close()

    async def run_again(self) -> Answer:
        """The same page once more, as a widget without a value of its own does."""
        return await self._run(BackMsg())

    async def go(self, page: str, **query: str) -> Answer:
        """To a page by its path in the address, as the navigation and links between pages do."""
        self.page = Page(hash=self.pages[page], query=urlencode(query))
        self._states = {}
        return await self._run(BackMsg())

    async def choose(self, label: str, option: str) -> Answer:
        """Another option of a drop-down list."""
        widget = self.page.labelled("selectbox", label)
        self._states[widget.id] = WidgetState(id=widget.id, string_value=option)
        return await self._run(BackMsg())

    async def open_tab(self, label: str) -> Answer:
        """Another tab, of those that the server is told of."""
        for block in self.page.blocks:
            if block.WhichOneof("type") == "tab_container" and block.tab_container.id:
                self._states[block.tab_container.id] = WidgetState(
                    id=block.tab_container.id, string_value=label
                )
                return await self._run(BackMsg())
        raise Failed("there are no tabs that the server is told of")

    async def click(self, label: str) -> Answer:
        """A button."""
        widget = self.page.labelled("button", label)
        return await self._run(BackMsg(), WidgetState(id=widget.id, trigger_value=True))

    async def upload(self, files: dict[str, bytes]) -> Answer:
        """Drops files onto the first place for them: addresses from the server, then the files, then a run of the page."""
        widget = self.page.all("file_uploader")[0]
        asked = BackMsg()
        asked.file_urls_request.request_id = str(uuid.uuid4())
        asked.file_urls_request.file_names.extend(files)
        asked.file_urls_request.session_id = self.session
        self._files = {}
        await self._send(asked)
        async with asyncio.timeout(PATIENCE):
            while not self._files:
                await self._receive()
        state = WidgetState(id=widget.id)
        for (name, content), urls in zip(files.items(), self._files["urls"], strict=True):
            await asyncio.to_thread(self._put, urls.upload_url, name, content)
            about = UploadedFileInfo(name=name, size=len(content), file_id=urls.file_id, file_urls=urls)
            state.file_uploader_state_value.uploaded_file_info.append(about)
        self._states[widget.id] = state
        return await self._run(BackMsg())

    async def fetch_files(self) -> int:
        """Downloads every file that the page refers to and that was not fetched before; bytes that came."""
        came = 0
        urls = {
            one.url
            for kind in ("download_button", "imgs")
            for one in self.page.all(kind)
            if getattr(one, "url", "")
        }
        for url in sorted(urls - self.fetched):
            content = await asyncio.to_thread(self._get, url)
            self.fetched.add(url)
            self._look_at(content, f"the file {url}")
            came += len(content)
        return came

    async def make_file(self, label: str) -> bytes:
        """A file that is made when its button is clicked."""
        button = self.page.labelled("download_button", label)
        asked = BackMsg()
        request = asked.backend_operation_request
        request.request_id, request.session_id = str(uuid.uuid4()), self.session
        request.deferred_file.file_id = button.deferred_file_id
        await self._send(asked)
        async with asyncio.timeout(PATIENCE):
            while (came := await self._receive()).WhichOneof("type") != "backend_operation_response":
                pass
        url = came.backend_operation_response.deferred_file.url
        content = await asyncio.to_thread(self._get, url)
        self._look_at(content, f"the file of {label}")
        return content

    # -- the wire -------------------------------------------------------------------------------------

    async def _run(self, message: BackMsg, *triggers: WidgetState) -> Answer:
        """A run of the page from the request to its end."""
        state = message.rerun_script
        state.query_string, state.page_script_hash = self.page.query, self.page.hash
        state.widget_states.widgets.extend([*self._states.values(), *triggers])
        state.context_info.timezone, state.context_info.locale = "Europe/Copenhagen", "en-GB"
        state.context_info.url, state.context_info.is_embedded = self.address, False
        start, size, messages, marked = time.perf_counter(), 0, 0, False
        await self._send(message)
        async with asyncio.timeout(PATIENCE):
            while True:
                came = await self._receive()
                size, messages = size + self._last_size, messages + 1
                marked = marked or self._last_marked
                if came.WhichOneof("type") == "script_finished" and came.script_finished in _GOOD_ENDS:
                    return Answer(time.perf_counter() - start, size, messages, marked)

    async def _send(self, message: BackMsg) -> None:
        assert self._socket is not None  # noqa: S101 - whoever sends has arrived
        await self._socket.send(message.SerializeToString())

    async def _receive(self) -> ForwardMsg:
        """The next message: looked at as bytes, then taken in."""
        assert self._socket is not None  # noqa: S101
        content = await self._socket.recv(decode=False)
        self._last_size = len(content)
        self._last_marked = self._look_at(content, "a message")
        came = ForwardMsg()
        came.ParseFromString(content)
        self._take_in(came, len(content))
        return came

    def _look_at(self, content: bytes, where: str) -> bool:
        """Whether the own mark is in it. Raises ForeignMark where another's is."""
        found = marks_in(content)
        foreign = found - {self.own}
        if foreign:
            raise ForeignMark(f"{self.own} was sent {', '.join(sorted(foreign))} in {where}")
        return bool(found)

    def _take_in(self, came: ForwardMsg, size: int) -> None:
        kind = came.WhichOneof("type")
        if kind == "new_session":
            self.session = came.new_session.initialize.session_id
            self.page = Page(came.new_session.page_script_hash, self.page.query)
        elif kind == "navigation":
            self.pages = {
                one.url_pathname or one.page_name: one.page_script_hash for one in came.navigation.app_pages
            }
            self.page.hash = came.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.page.query = came.page_info_changed.query_string
        elif kind == "file_urls_response":
            if came.file_urls_response.error_msg:
                raise Failed(came.file_urls_response.error_msg)
            self._files = {"urls": list(came.file_urls_response.file_urls)}
        elif kind == "delta":
            self._take_delta(came.delta, size)

    def _take_delta(self, delta: Any, size: int) -> None:
        what = delta.WhichOneof("type")
        if what == "add_block":
            self.page.blocks.append(delta.add_block)
        elif what == "new_element":
            name = delta.new_element.WhichOneof("type")
            if name == "exception":
                raise Failed(f"{delta.new_element.exception.type}: {delta.new_element.exception.message}")
            self.page.elements.append((name, getattr(delta.new_element, name)))
            self.page.sizes[name] = max(self.page.sizes.get(name, 0), size)

    # -- what goes beside the websocket ------------------------------------------------------------------

    def _ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[Any, bytes]:
        place = urlsplit(self.address)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        try:
            connection.request(method, url, body, {"Origin": self.address, "Cookie": self.cookie, **headers})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise Failed(f"{method} {url} was answered with {answer.status}: {content[:200]!r}")
        return answer, content

    def _take_cookie(self) -> None:
        answer, _ = self._ask("GET", "/_stcore/health")
        self.cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        self.token = self.cookie.partition("=")[2].strip('"')

    def _put(self, url: str, name: str, content: bytes) -> None:
        border = uuid.uuid4().hex
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body = head.encode() + content + f"\r\n--{border}--\r\n".encode()
        kind = f"multipart/form-data; boundary={border}"
        self._ask("PUT", url, body, **{"Content-Type": kind, "X-Xsrftoken": self.token})

    def _get(self, url: str) -> bytes:
        return self._ask("GET", url)[1]
