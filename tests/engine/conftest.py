"""Makes the helper modules of this folder importable by the names that mypy knows them by."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path


def _share(name: str) -> None:
    spec = spec_from_file_location(f"tests.engine.{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(f"no helper module {name}")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)


for _name in ("markets", "reference_book"):
    _share(_name)
