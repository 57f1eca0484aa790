"""What browsers are given beside pages: GOV.UK Frontend's files from npm, and the few of our own.

All are read once, into memory, and named by a hash of what they hold, so that a browser may keep them for good.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from desk.errors import StylesMissingError

_OWN = Path(__file__).parent / "static"
_FRONTEND = Path("govuk-frontend") / "dist" / "govuk"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_GOOD = "public, max-age=31536000, immutable"
_FONT_FACES = re.compile(r"@font-face\{[^}]*\}")


@dataclass(frozen=True)
class _File:
    body: bytes
    packed: bytes
    kind: str
    version: str


class Styles:
    """The files by name, and their addresses."""

    def __init__(self, node_modules: Path) -> None:
        frontend = node_modules / _FRONTEND
        texts = {file.name: file.read_bytes() for file in sorted(_OWN.iterdir()) if file.suffix in _KINDS}
        try:
            texts["govuk-frontend.min.css"] = _without_transport(
                (frontend / "govuk-frontend.min.css").read_text("utf-8")
            )
            texts["govuk-frontend.min.js"] = (frontend / "govuk-frontend.min.js").read_bytes()
        except FileNotFoundError:
            message = (
                f"The desk's styles are not in {node_modules}. Install them with: npm ci --ignore-scripts "
                "(`make demo` and `make test` do so), or name the folder in HEARTH_STYLES."
            )
            raise StylesMissingError(message) from None
        self._files = {name: _file(name, body) for name, body in texts.items()}

    def address(self, name: str) -> str:
        """Where a page finds a file, by name."""
        return f"/static/{self._files[name].version}/{name}"

    def serve(self, request: Request) -> Response:
        """A file as it stands; an address with another version is answered too, but not to be kept."""
        file = self._files.get(request.path_params["name"])
        if file is None:
            return Response("No such file.", 404, media_type="text/plain")
        fresh = request.path_params["version"] == file.version
        headers = {"cache-control": _FOR_GOOD if fresh else "no-cache", "vary": "accept-encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(file.packed, headers=headers | {"content-encoding": "gzip"}, media_type=file.kind)
        return Response(file.body, headers=headers, media_type=file.kind)


def _file(name: str, body: bytes) -> _File:
    version = hashlib.sha256(body).hexdigest()[:16]
    return _File(body, gzip.compress(body, mtime=0), _KINDS[Path(name).suffix], version)


def _without_transport(css: str) -> bytes:
    # The Transport typeface is for GOV.UK's own domains only, and so are the crest and the crown.
    return _FONT_FACES.sub("", css).replace("GDS Transport,", "").encode()
