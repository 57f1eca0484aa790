"""Delivered files kept as received: each once, under the hash of its bytes, never written again."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Archive:
    """The folder `<store>/received`; a file's name is its sha256 and the suffix that it came with."""

    folder: Path

    def keep(self, content: bytes, sha256: str, suffix: str) -> Path:
        """Keep the bytes under their hash, whole or not at all; what is there already stays as it is."""
        kept = self.folder / f"{sha256}{suffix.lower()}"
        if kept.exists():
            return kept
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".partial-")
        try:
            with os.fdopen(handle, "wb") as partial:
                partial.write(content)
                partial.flush()
                os.fsync(partial.fileno())
            Path(name).replace(kept)
        finally:
            Path(name).unlink(missing_ok=True)
        return kept
