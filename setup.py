"""The one part of the build that is not declarative: the compiled kernels of ``havoc.inference``.

They are optional. Without a C++ compiler the install goes on, and decoding runs on torch.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

NATIVE = Path(__file__).parent / "havoc" / "inference" / "native"


def _builder() -> ModuleType:
    """``havoc/inference/native/build.py``, which needs the standard library only."""
    spec = importlib.util.spec_from_file_location("havoc_native_build", NATIVE / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildKernels(build_ext):
    """Compiles the kernels as the first use would; a failure is a warning."""

    def build_extension(self, ext: Extension) -> None:
        builder = _builder()
        try:
            builder.build(Path(self.get_ext_fullpath(ext.name)))
        except (builder.BuildError, OSError) as error:
            self.warn(f"the kernels were not compiled, decoding will run on torch: {error}")

    def get_ext_filename(self, fullname: str) -> str:
        # Loaded by ctypes, not imported: no tag of a Python version in its name.
        return str(Path(*fullname.split("."))) + ".so"

    def get_export_symbols(self, ext: Extension) -> list[str]:
        return []


setup(
    ext_modules=[
        Extension(
            "havoc.inference.native._engine",
            sources=sorted(str(p.relative_to(Path(__file__).parent)) for p in NATIVE.glob("*.cpp")),
            optional=True,
        )
    ],
    cmdclass={"build_ext": BuildKernels},
)
