"""Small files that must be whole or not there: keys and other things made once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def kept(path: Path, fresh: bytes) -> bytes:
    """The file's bytes; when there is none it is written first (0600), whole or not at all.

    Two processes that start at once agree on one content. Raises OSError when the folder cannot be used.
    """
    if not path.exists():
        descriptor, name = tempfile.mkstemp(dir=path.parent)  # 0600 from the beginning
        draft = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first: its content stands
        finally:
            draft.unlink()
    return path.read_bytes()
