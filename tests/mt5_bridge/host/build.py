"""Compiles MQL5 programs for the tests, once for every content of their sources."""

import hashlib
import os
import shutil
import subprocess
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests.mt5_bridge.host.translate import translate

HERE: Final = Path(__file__).resolve().parent
SHIM: Final = HERE / "shim"
ROOT: Final = HERE.parents[2]
MQL5: Final = ROOT / "mt5_bridge" / "MQL5"
CACHE: Final = ROOT / ".cache" / "mt5_host"
PROGRAMS: Final[dict[str, str | Path]] = {
    "LiqHeatmap": "Indicators/Liqbands/LiqHeatmap.mq5",
    "LiqBridge": "Services/Liqbands/LiqBridge.mq5",
    "TestLiqbands": "Scripts/Liqbands/TestLiqbands.mq5",
    "Probe": HERE / "Probe.mq5",
}
FLAGS: Final = ("-std=c++17", "-O1", "-fPIC", "-fno-gnu-unique", "-fsigned-char", "-Wall")
STRICT: Final = tuple(
    f"-Werror={name}"
    for name in (
        "return-type",
        "uninitialized",
        "shadow",
        "float-conversion",
        "sign-compare",
        "unused",
    )
)
"""What MetaEditor warns of, too.  Not every warning is an error: g++ learns new ones."""

SANITIZERS: Final = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined")


class BuildError(Exception):
    """g++ refused a program; the message is its own."""


def find_compiler() -> str | None:
    """Return g++, where there is one."""
    return shutil.which("g++")


def build(
    mql5: Path = MQL5, programs: Sequence[str] = tuple(PROGRAMS), cache: Path = CACHE
) -> dict[str, Path]:
    """Return the compiled programs by name.

    Parameters
    ----------
    mql5 : Path
        The folder of the sources.
    programs : sequence of str
        Which of `PROGRAMS`.
    cache : Path
        Where compiled files are kept.

    Raises
    ------
    BuildError
        If g++ finds an error or has a warning.
    SourceError
        If a source is not MQL5.
    """
    cache.mkdir(parents=True, exist_ok=True)
    sanitizers = SANITIZERS if os.environ.get("LIQBANDS_SANITIZE") == "1" else ()
    strict = STRICT if mql5 == MQL5 else ()
    compiler = Compiler(cache, (*FLAGS, *strict, *sanitizers))
    include = mql5 / "Include"
    with ThreadPoolExecutor(2) as pool:
        shim = [
            pool.submit(compiler.compile, path.read_text("utf-8"))
            for path in sorted(SHIM.glob("*.cpp"))
        ]
        texts = {name: translate(mql5 / PROGRAMS[name], include, SHIM) for name in programs}
        own = {name: pool.submit(compiler.compile, text) for name, text in texts.items()}
        objects = [job.result() for job in shim]
        return {name: compiler.link([job.result(), *objects]) for name, job in own.items()}


class Compiler:
    """g++ with fixed flags, and what it has made so far, by content."""

    def __init__(self, cache: Path, flags: tuple[str, ...]) -> None:
        self.cache = cache
        self.flags = flags
        self.headers = "".join(path.read_text("utf-8") for path in sorted(SHIM.glob("*.hpp")))

    def compile(self, text: str) -> Path:
        out = self._place(".o", text, self.headers)
        if not out.exists():
            source = out.with_suffix(f".{uuid.uuid4().hex}.cpp")
            source.write_text(text, "utf-8")
            self._run(["-isystem", str(SHIM), "-c", str(source)], out)
            source.unlink()
        return out

    def link(self, objects: list[Path]) -> Path:
        out = self._place(".so", *(path.name for path in objects))
        if not out.exists():
            self._run(["-shared", "-Wl,-Bsymbolic", *map(str, objects)], out)
        return out

    def _place(self, ending: str, *texts: str) -> Path:
        content = "\0".join([*texts, *self.flags]).encode()
        return self.cache / f"{hashlib.sha256(content).hexdigest()[:24]}{ending}"

    def _run(self, arguments: list[str], out: Path) -> None:
        """Compile to a name of our own, then rename: two sessions may build at once."""
        own = out.with_suffix(f".{uuid.uuid4().hex}.tmp")
        command = [find_compiler() or "g++", *self.flags, *arguments, "-o", str(own)]
        done = subprocess.run(  # noqa: S603  # our own sources
            command, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            raise BuildError(done.stderr)
        own.replace(out)
