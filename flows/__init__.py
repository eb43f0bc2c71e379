"""What happens, and in what order."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("newsmill")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0"
