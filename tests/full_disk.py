"""A command on a disk that is full after a few bytes."""

import subprocess
import sys
from pathlib import Path


def run_on_full_disk(words: list[str], folder: Path, most_bytes: int = 6000) -> str:
    """Run a command that can write no file beyond so many bytes, and return the one sentence that it says."""
    import resource  # Windows has no such module, nor a limit on the size of files

    code = f"import sys; from calligram.cli.main import run; sys.exit(run({words}))"

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        preexec_fn=fill,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("calligram: ")
    assert len(done.stderr.splitlines()) == 1
    return done.stderr
