"""Uploads from a browser: streamed into the spool as ciphertext, so that no readable byte of a file ever meets the disk.

Django's own handlers would write a large upload to a temporary file in the clear. A view must enter `spooled_uploads`
before anything reads `request.POST`; the CSRF check reads it, so it belongs inside the view (see `portal`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from shuniu.exchange.delivery import MAX_BYTES
from shuniu.exchange.spool import FRAME, SpoolWriter
from shuniu.trust.declare import Refused

if TYPE_CHECKING:
    _Upload = UploadedFile[bytes]
else:  # generic in the stubs alone
    _Upload = UploadedFile


class SpooledUpload(_Upload):
    """An uploaded file whose bytes are in the spool. Discarded when it is closed, unless somebody took it."""

    def __init__(self, name: str, *, framed: bool = False, most: int = 0) -> None:
        super().__init__(None, name, size=0)
        self._most = most or MAX_BYTES
        self._writer: SpoolWriter | None = SpoolWriter(framed=framed)

    def append(self, data: bytes) -> None:
        """Spool a portion. Raises `Refused` file.size past the limit."""
        if self._writer is None:
            raise ValueError("the upload was taken or discarded")
        self._writer.write(data)
        self.size = self._writer.size
        if self.size > self._most:
            raise _too_large(self._most)

    def take(self) -> SpoolWriter:
        """Hand the spooled bytes over: whoever takes them answers for them. ValueError if they are gone."""
        writer, self._writer = self._writer, None
        if writer is None:
            raise ValueError("the upload was taken or discarded")
        return writer

    def close(self) -> None:
        """Discard what nobody took."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.discard()


class SpoolHandler(FileUploadHandler):
    """Streams the first file in the field `field` into the spool; other files are read and dropped."""

    chunk_size = FRAME

    def __init__(self, request: HttpRequest, field: str, *, framed: bool = False, most: int = 0) -> None:
        super().__init__(request)
        self._framed, self._most = framed, most or MAX_BYTES
        self._field = field
        self._upload: SpooledUpload | None = None
        self._mine = False  # whether the file that is being read is the one

    def handle_raw_input(self, input_data: object, META: object, content_length: int, *_: object, **__: object) -> None:
        """Refuse a request that is too large before its first byte is read."""
        if content_length > self._most + FRAME:
            raise _too_large(self._most)

    def new_file(self, field_name: str, file_name: str, *args: object, **options: object) -> None:
        self._mine = field_name == self._field and self._upload is None
        if self._mine:
            self._upload = SpooledUpload(file_name, framed=self._framed, most=self._most)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._mine and self._upload is not None:
            self._upload.append(raw_data)

    def file_complete(self, file_size: int) -> SpooledUpload | None:
        return self._upload if self._mine else None

    def discard(self) -> None:
        """Discard what was spooled, whole or in part, unless it was taken."""
        if self._upload is not None:
            self._upload.close()


@contextmanager
def spooled_uploads(
    request: HttpRequest, field: str = "file", *, framed: bool = False, most: int = 0
) -> Iterator[None]:
    """Have a request's upload in `field` spooled; at the end whatever was not taken is gone, however it ended.

    `framed`: as the spool's writer has it; `most`: bytes, 0 for what a delivery may have.

    AttributeError when the request was read already.
    """
    handler = SpoolHandler(request, field, framed=framed, most=most)
    request.upload_handlers = [handler]
    try:
        yield
    finally:
        handler.discard()


def _too_large(most: int) -> Refused:
    return Refused("file.size", f"文件超过 {most >> 30} GB。", "请按区划或年份拆分后分批报送。")
