"""The sentences with which a whole file is refused, one function for each reason."""

from collections.abc import Sequence

from ingest.errors import Refused
from ingest.fields import Problem, Severity


def refuse(file: str, code: str, message: str, *, sheet: str | None = None) -> Refused:
    """A refusal of `file` for the reason `code`; `message` says what is wrong and what to do."""
    return Refused(Problem(file=file, severity=Severity.REJECT, code=code, message=message, sheet=sheet))


def empty(file: str) -> Refused:
    """The file has no content at all."""
    return refuse(file, "empty", "文件是空的，没有任何内容。请检查后重新上传。")


def unsupported(file: str, format_name: str, suffixes: Sequence[str]) -> Refused:
    """The content is of a format that no reader takes; `suffixes` are those that one does."""
    message = f"不支持{format_name}，目前支持 {'、'.join(suffixes)}。请另存为其中一种后重新上传，表格最好用 xlsx。"
    return refuse(file, "unsupported", message)


def no_recognition(file: str, *, is_off: bool) -> Refused:
    """Pictures of text, where character recognition is switched off or not installed."""
    why = "这次没有开启文字识别" if is_off else "本系统没有安装文字识别组件（ocr）"
    return refuse(
        file,
        "no_recognition",
        f"文件是扫描件或图片，{why}，无法读取。请改用 Word、Excel 等含文字的文件，或请管理员安装后再试。",
    )


def no_text(file: str) -> Refused:
    """A picture or scan in which no text was recognised."""
    return refuse(
        file, "no_text", "图片或扫描件中没有认出文字。请换一份清晰、端正的扫描件，或改用含文字的文件后重新上传。"
    )


def crashed(file: str) -> Refused:
    """Reading took more time or memory than one file may take, or its reader came down."""
    return refuse(
        file,
        "too_costly",
        "读取这个文件用的时间或内存超过了上限，没有读完。请检查文件是否正常，或拆成几个文件后重新上传。",
    )


def encrypted(file: str) -> Refused:
    """The file is locked with a password."""
    return refuse(file, "encrypted", "文件加了密码，无法读取。请在原来的软件里去掉打开密码，另存后重新上传。")


def damaged(file: str) -> Refused:
    """The file is truncated or damaged."""
    return refuse(file, "damaged", "文件不完整或已损坏，无法打开。请用原来的软件打开，另存一份后重新上传。")


def unreadable(file: str) -> Refused:
    """The file fails in a way that nobody foresaw."""
    return refuse(
        file, "unreadable", "文件内容无法识别，没有读取。请用原来的软件打开，另存一份后重新上传，表格最好用 xlsx。"
    )


def binary(file: str, suffixes: Sequence[str]) -> Refused:
    """Bytes that are neither text nor of a known format."""
    message = f"文件的内容认不出是什么格式，目前支持 {'、'.join(suffixes)}。请另存为其中一种后重新上传。"
    return refuse(file, "binary", message)


def garbled(file: str) -> Refused:
    """Text whose encoding is lost."""
    return refuse(
        file, "garbled", "文件中的汉字是乱码，无法还原。请从原始文件重新导出为 xlsx，或导出为 UTF-8 编码的 csv。"
    )


def too_large(file: str, what: str) -> Refused:
    """The file lies above a limit; `what` names the limit and its value in Chinese."""
    return refuse(file, "too_large", f"文件过大：{what}。请删去多余的行、列或工作表，或拆成几个文件后重新上传。")


def dangerous(file: str) -> Refused:
    """The XML declares entities of its own, which no spreadsheet program writes."""
    return refuse(
        file,
        "dangerous",
        "文件中含有不安全的内容（自定义 XML 实体），没有读取。请用原来的软件打开，另存一份后重新上传。",
    )


def no_header(file: str) -> Refused:
    """No sheet has a recognisable header."""
    message = (
        "没有找到可以识别的表头，因此没有读取任何条目。请确认表中有一行写着列名，"
        "例如“需求名称、需求单位、需求简介、预算（万元）、联系人、联系电话”。"
    )
    return refuse(file, "no_header", message)


def no_rows(file: str) -> Refused:
    """A header was found, but nothing stands below it."""
    return refuse(file, "no_rows", "找到了表头，但表头下面没有任何条目。请填写内容后重新上传。")


def only_example(file: str) -> Refused:
    """A blank list came back with nothing but the row that shows how to fill it in."""
    return refuse(file, "only_example", "表里只有填写示例，还没有填写条目。请在示例的下一行填写后重新上传。")


def not_titled(file: str) -> Refused:
    """A header was found, but no column holds the names of the items."""
    message = "表头中没有名称一列，无法确定每个条目叫什么。请增加“场景名称”“需求名称”或“能力名称”一列后重新上传。"
    return refuse(file, "no_title_column", message)
