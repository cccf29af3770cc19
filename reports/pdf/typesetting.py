"""Run as a process of its own: the report as JSON comes in, the PDF goes out.

It imports nothing of ours, sees no settings and no database, and can take
neither more memory nor more time than it is given; what goes wrong in here
cannot hurt the worker that waits for it. A warning, of a font that is not
there say, is as bad as an error: the page would not be as it was checked.
"""

import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent
MEMORY = 1024 * 1024 * 1024
SECONDS = 60


def main():
    _limit()
    report = sys.stdin.buffer.read().decode()
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(HERE / "template" / "report.typ"),
            root=str(HERE / "template"),
            font_paths=[str(HERE / "fonts")],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"report": report},
        )
    except typst.TypstError as error:
        return f"{error}"
    if warnings:
        return "; ".join(str(one) for one in warnings)
    sys.stdout.buffer.write(pdf)
    return None


def _limit():
    try:
        import resource
    except ImportError:  # not on every system; the time-out of whoever waits holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
