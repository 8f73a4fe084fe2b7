"""Compiles MQL5 programs for the tests, once for every content of their sources."""

import hashlib
import os
import shutil
import subprocess
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
FLAGS: Final = [
    "-std=c++17",
    "-O1",
    "-fPIC",
    "-fno-gnu-unique",
    "-fsigned-char",
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Wfloat-conversion",
    "-Wno-unused-parameter",
    "-Werror",
]
SANITIZERS: Final = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]


class BuildError(Exception):
    """g++ refused a program; the message is its own."""


def find_compiler() -> str | None:
    """Return g++, where there is one."""
    return shutil.which("g++")


def build(mql5: Path = MQL5, programs: Sequence[str] = tuple(PROGRAMS)) -> dict[str, Path]:
    """Return the compiled programs by name.

    Parameters
    ----------
    mql5 : Path
        The folder of the sources.
    programs : sequence of str
        Which of `PROGRAMS`.

    Raises
    ------
    BuildError
        If g++ finds an error or has a warning.
    SourceError
        If a source is not MQL5.
    """
    flags = [*FLAGS, *(SANITIZERS if os.environ.get("LIQBANDS_SANITIZE") == "1" else ())]
    CACHE.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        shim = [pool.submit(_object, path, flags) for path in sorted(SHIM.glob("*.cpp"))]
        own = {name: pool.submit(_program, mql5 / PROGRAMS[name], mql5, flags) for name in programs}
        objects = [job.result() for job in shim]
        return {name: _link([job.result(), *objects], flags) for name, job in own.items()}


def _object(path: Path, flags: list[str]) -> Path:
    headers = "".join(header.read_text("utf-8") for header in sorted(SHIM.glob("*.hpp")))
    return _compile(path.read_text("utf-8"), headers, flags)


def _program(path: Path, mql5: Path, flags: list[str]) -> Path:
    headers = "".join(header.read_text("utf-8") for header in sorted(SHIM.glob("*.hpp")))
    return _compile(translate(path, mql5 / "Include", SHIM), headers, flags)


def _compile(text: str, headers: str, flags: list[str]) -> Path:
    out = CACHE / f"{_hash([text, headers, *flags])}.o"
    if not out.exists():
        source = out.with_suffix(f".{os.getpid()}.cpp")
        source.write_text(text, "utf-8")
        _run([*flags, "-isystem", str(SHIM), "-c", str(source)], out)
        source.unlink()
    return out


def _link(objects: list[Path], flags: list[str]) -> Path:
    out = CACHE / f"{_hash([path.name for path in objects])}.so"
    if not out.exists():
        _run([*flags, "-shared", "-Wl,-Bsymbolic", *map(str, objects)], out)
    return out


def _hash(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:24]


def _run(arguments: list[str], out: Path) -> None:
    """Compile to a name of our own, then rename: two sessions may build at once."""
    own = out.with_suffix(f".{os.getpid()}.tmp")
    command = [find_compiler() or "g++", *arguments, "-o", str(own)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)  # noqa: S603  # our own sources
    if done.returncode:
        raise BuildError(done.stderr)
    own.replace(out)
