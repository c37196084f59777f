"""Opens a workbook once in a process of its own, to see whether that can be survived.

The library that hands over the cells is fast and, led astray by a few broken bytes, may set aside more memory than there
is; then the whole process ends. This module is run as a script that knows of nothing but that library, so that it starts in
a twentieth of a second; its exit status is its answer.
"""

import sys
from io import BytesIO

SURVIVED = 0
REFUSED = 3


def main(libraries: str, most_bytes: int) -> int:
    """Hand over every cell of the workbook on standard input; `libraries` is where the library lies."""
    sys.path.insert(0, libraries)
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    data = sys.stdin.buffer.read()
    try:
        import resource
    except ImportError:
        pass  # Not on Windows; there the time alone is bounded.
    else:
        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                    workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
    except BaseException:  # noqa: BLE001 - a panic of the library is no Exception
        return REFUSED
    return SURVIVED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
