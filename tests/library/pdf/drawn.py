"""What files look like, drawn by PDFium in a child process; called through library.pdf.child."""

from __future__ import annotations

from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageChops

SIDE = 420  # pixels of a page's longer side
NOTICED = 12  # of 255: a difference one can see


def looked_at(pairs: list[list[str]], files: list[str]) -> dict[str, Any]:
    """`differences` of each pair, and what `checked` has against each file."""
    return {
        "pairs": [differences(*pair) for pair in pairs],
        "faults": {file: checked(file) for file in files},
    }


def differences(one: str, other: str) -> list[dict[str, Any]]:
    """Each page of both drawn and compared: the share of changed pixels in all of it, in its middle ninth, and in its
    lower left corner as seen."""
    found = []
    for first, second in zip(pypdfium2.PdfDocument(one), pypdfium2.PdfDocument(other), strict=True):
        a, b = _picture(first), _picture(second)
        if a.size != b.size:
            found.append({"sizes": [a.size, b.size], "all": 1.0, "middle": 1.0, "corner": 1.0})
            continue
        changed = ImageChops.difference(a, b).convert("L").point(lambda v: 255 if v > NOTICED else 0)
        width, height = changed.size
        middle = changed.crop((width // 3, height // 3, 2 * width // 3, 2 * height // 3))
        corner = changed.crop((0, int(0.93 * height), int(0.12 * width), height))
        found.append({"all": _share(changed), "middle": _share(middle), "corner": _share(corner)})
    return found


def _picture(page: pypdfium2.PdfPage) -> Image.Image:
    scale = SIDE / max(page.get_size())
    return page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")


def _share(changed: Image.Image) -> float:
    return round(changed.histogram()[255] / (changed.width * changed.height), 5)


def checked(file: str) -> list[str]:
    """What `qpdf --check` has to say against a file, by the same code in the library."""
    job = pikepdf.Job(["qpdf", "--check", file])
    job.run()
    with pikepdf.open(file) as pdf:
        return [
            *pdf.check_pdf_syntax(),
            *([f"qpdf --check ended with {job.exit_code}"] if job.exit_code else []),
        ]


def grow(megabytes: int) -> int:
    return len(bytearray(megabytes * 1_000_000))


def spin() -> None:
    while True:
        pass


def sleep() -> None:
    import time

    time.sleep(60)


def crash() -> None:
    import os
    import signal

    print("about to fall", flush=True)
    os.kill(os.getpid(), signal.SIGSEGV)


def fill(path: str, megabytes: int) -> None:
    with open(path, "wb") as file:  # noqa: PTH123
        for _n in range(megabytes):
            file.write(b"x" * 1_000_000)


def start_another(wait: int, path: str) -> None:
    """A process that outlives its parent, unless somebody ends it; then `path` is never written."""
    import subprocess
    import sys
    import time

    code = f"import time; time.sleep({wait}); open({path!r}, 'w').write('alive')"
    subprocess.Popen([sys.executable, "-c", code])
    time.sleep(60)


def environment() -> dict[str, Any]:
    import os
    import sys

    return {
        "names": sorted(os.environ),
        "django": "django" in sys.modules,
        "session": os.getsid(0) == os.getpid(),
    }


def refuse() -> None:
    from library.pdf.faults import Refused

    raise Refused("page_size", page=3, width=1.0, height=2.0)


def no_room() -> None:
    raise OSError(28, "No space left on device")


def echo(**given: Any) -> dict[str, Any]:
    print("noise on standard output")
    return given
