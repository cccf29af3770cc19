"""What is larger than any file that we keep is counted as it comes in, and stored nowhere."""

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers


class Counted(FileUploadHandler):
    """Takes the files of a request that is too large for memory, and keeps no byte of them.

    The form is given an empty file of the true size, and says what it says of one
    that is too large. No other handler writes any of it to the disk.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 - Django's
        self.is_too_large = content_length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data, start):
        return None if self.is_too_large else raw_data

    def file_complete(self, file_size):
        if not self.is_too_large:
            return None
        file = SimpleUploadedFile(self.file_name, b"", self.content_type)
        file.size = file_size
        return file
