"""What programs write to stdout and stderr, of one process or of several in one log."""

import os
import tempfile


class Log:
    """Lives in a file without a name, which is gone with the tests, however they end."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  # as long as this object

    def __str__(self) -> str:
        return self.since(0)

    def __len__(self) -> int:
        """Bytes so far."""
        return os.fstat(self.file.fileno()).st_size

    def since(self, length: int) -> str:
        """What came after the first `length` bytes."""
        # not by seek and read: the programs write at the file's one position
        written = os.pread(self.file.fileno(), len(self) - length, length)
        return written.decode(errors="replace")
