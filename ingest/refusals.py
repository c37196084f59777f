"""The sentences with which a whole file is refused, one function for each reason."""

from ingest.errors import Refused
from ingest.fields import Problem, Severity

SUPPORTED = "目前支持 xlsx 和 csv（含制表符分隔的文本）"


def refuse(file: str, code: str, message: str, *, sheet: str | None = None) -> Refused:
    """A refusal of `file` for the reason `code`; `message` says what is wrong and what to do."""
    return Refused(Problem(file=file, severity=Severity.REJECT, code=code, message=message, sheet=sheet))


def empty(file: str) -> Refused:
    """The file has no content at all."""
    return refuse(file, "empty", "文件是空的，没有任何内容。请检查后重新上传。")


def unsupported(file: str, format_name: str) -> Refused:
    """The content is of a format that no reader is registered for."""
    return refuse(file, "unsupported", f"不支持{format_name}，{SUPPORTED}。请另存为 xlsx 或 csv 后重新上传。")


def encrypted(file: str) -> Refused:
    """The file is locked with a password."""
    return refuse(file, "encrypted", "文件加了密码，无法读取。请去掉密码（文件 → 信息 → 保护工作簿）后重新上传。")


def damaged(file: str) -> Refused:
    """The file is truncated or damaged."""
    return refuse(file, "damaged", "文件不完整或已损坏，无法打开。请用表格软件打开并另存为 xlsx 后重新上传。")


def unreadable(file: str) -> Refused:
    """The file fails in a way that nobody foresaw."""
    return refuse(file, "unreadable", "文件内容无法识别，没有读取。请用表格软件打开并另存为 xlsx 或 csv 后重新上传。")


def binary(file: str) -> Refused:
    """Binary bytes behind the name of a text file."""
    return refuse(file, "binary", "文件不是表格文本（含二进制内容）。请用表格软件另存为 xlsx 或 csv 后重新上传。")


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
        file, "dangerous", "文件中含有不安全的内容（自定义 XML 实体），没有读取。请用表格软件另存为 xlsx 后重新上传。"
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
