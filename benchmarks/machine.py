"""What the benchmarks ran on: processor, memory, versions."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.racing import Figures

PACKAGES = (
    "calligram",
    "numpy",
    "pillow",
    "onnxruntime",
    "torch",
    "transformers",
    "chafa.py",
    "ascii-magic",
)
TOOLS = {"jp2a": ["jp2a", "--version"], "chafa": ["chafa", "--version"]}


def describe_machine() -> Figures:
    """Return processor, cores, memory, system and the versions of what took part."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mib": _memory_mib(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "versions": {**_package_versions(), **_tool_versions()},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory_mib() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


def _package_versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found


def _tool_versions() -> dict[str, str]:
    found = {}
    for name, command in TOOLS.items():
        if shutil.which(name) is None:
            found[name] = "absent"
            continue
        done = subprocess.run(command, capture_output=True, text=True)
        words = (done.stdout or done.stderr).split()
        found[name] = next((word for word in words if word[:1].isdigit()), "unknown")
    return found
