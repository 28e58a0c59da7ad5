"""Uploads from a browser: streamed into the spool as ciphertext, so that no readable byte of a file ever meets the disk.

Django's own handlers would write a large upload to a temporary file in the clear. A view must call `spool_uploads`
before anything reads `request.POST`; the CSRF check reads it, so it belongs inside the view (see `portal`).
"""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from shuniu.exchange.delivery import MAX_BYTES
from shuniu.exchange.spool import FRAME, SpoolWriter
from shuniu.trust.declare import Refused


class SpooledUpload(UploadedFile):
    """An uploaded file whose bytes are in the spool. Discarded when the request ends, unless somebody took it."""

    def __init__(self, name: str) -> None:
        super().__init__(None, name, size=0)
        self._writer: SpoolWriter | None = SpoolWriter()

    def write(self, data: bytes) -> None:
        """Spool a portion. Raises `Refused` file.size past the limit."""
        if self._writer is None:
            raise ValueError("the upload was taken or discarded")
        self._writer.write(data)
        self.size = self._writer.size
        if self.size > MAX_BYTES:
            raise _too_large()

    def take(self) -> SpoolWriter:
        """Hand the spooled bytes over: whoever takes them answers for them. ValueError if they are gone."""
        writer, self._writer = self._writer, None
        if writer is None:
            raise ValueError("the upload was taken or discarded")
        return writer

    def close(self) -> None:
        """Discard what nobody took; Django calls this at the request's end and on any error while reading it."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.discard()


class SpoolHandler(FileUploadHandler):
    """Streams the one file field `field` into the spool; files in other fields are passed over."""

    chunk_size = FRAME

    def __init__(self, request: HttpRequest, field: str) -> None:
        super().__init__(request)
        self._field = field
        self.file: SpooledUpload | None = None  # Django's parser closes an attribute of this name when reading fails

    def handle_raw_input(self, input_data: object, META: object, content_length: int, *_: object, **__: object) -> None:
        """Refuse a request that is too large before its first byte is read."""
        if content_length > MAX_BYTES + FRAME:
            raise _too_large()

    def new_file(self, field_name: str, file_name: str, *args: object, **options: object) -> None:
        if field_name != self._field or self.file is not None:
            raise SkipFile
        super().new_file(field_name, file_name, *args, **options)  # type: ignore[arg-type]  # passed on as they came
        self.file = SpooledUpload(file_name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.file is not None:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return self.file

    def upload_interrupted(self) -> None:
        if self.file is not None:
            self.file.close()


def spool_uploads(request: HttpRequest, field: str = "file") -> None:
    """Have a request's upload in `field` spooled. AttributeError when the request was read already."""
    request.upload_handlers = [SpoolHandler(request, field)]


def _too_large() -> Refused:
    return Refused("file.size", f"文件超过 {MAX_BYTES >> 30} GB。", "请按区划或年份拆分后分批报送。")
