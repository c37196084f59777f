"""The command line: every command parses its words, calls one function below and prints.

Imports stand inside the commands, so that `jiebang --help` answers at once and no command loads what it does not use.
"""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="jiebang",
    help="揭榜：让场景与一人公司（OPC）公开对接。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

EXIT_WRONG = 1
EXIT_USAGE = 2
EXIT_REFUSED = 3


class ListFormat(StrEnum):
    """How `ingest` prints items."""

    TABLE = "table"
    JSONL = "jsonl"


class Kind(StrEnum):
    """Which list a file is; `auto` reads it from the file."""

    AUTO = "auto"
    SCENARIO = "scenario"
    DEMAND = "demand"
    CAPABILITY = "capability"


class Direction(StrEnum):
    """Who asks."""

    DEMAND_TO_OPC = "demand-to-opc"
    OPC_TO_DEMAND = "opc-to-demand"


class DiffFormat(StrEnum):
    """How `diff` and `duplicates` print."""

    TABLE = "table"
    JSON = "json"


class MatchFormat(StrEnum):
    """How `match` prints rankings."""

    TABLE = "table"
    JSONL = "jsonl"
    TREC = "trec"


class TeamsFormat(StrEnum):
    """How `teams` prints."""

    TABLE = "table"
    JSONL = "jsonl"


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="监听端口（默认 8000）")] = None,
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="丢弃原有演示数据，重新装入样例")] = False,
    prepare_only: Annotated[bool, typer.Option("--prepare-only", help="只准备数据，不启动服务")] = False,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="训练环境：另一份样例市场，时钟可以调快")] = False,
) -> None:
    """装入样例市场并在本机启动演示，打印网址和演示账号。"""
    from web.commands import serving

    raise typer.Exit(serving.demo(port=port, fresh=fresh, prepare_only=prepare_only, sandbox=sandbox))


@app.command()
def init(
    email: Annotated[str | None, typer.Option(help="首位管理员的邮箱，用来登录")] = None,
    name: Annotated[str | None, typer.Option(help="首位管理员的姓名")] = None,
    organisation: Annotated[str | None, typer.Option(help="发布清单的单位")] = None,
    region: Annotated[str | None, typer.Option(help="本平台所属地区，如 福建省/临川市")] = None,
    *,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="从标准输入读取密码，不提示")] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="只把已有的数据库升级到当前版本")] = False,
) -> None:
    """建立正式环境：建库、装入政策数据、设立首位管理员。没有写明的会逐项询问。"""
    from web.commands import setting_up

    if upgrade:
        raise typer.Exit(setting_up.upgrade())
    answers = {
        "email": email or typer.prompt("管理员邮箱"),
        "name": name or typer.prompt("管理员姓名"),
        "organisation": organisation or typer.prompt("主办单位名称"),
        "region": region or typer.prompt("所属地区（如 福建省/临川市）"),
    }
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("管理员密码（至少 10 个字符）", hide_input=True, confirmation_prompt="再输入一次")
    raise typer.Exit(setting_up.init(**answers, password=password))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口")] = None,
    workers: Annotated[int, typer.Option(min=1, help="服务进程数")] = 1,
    *,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="不在服务里执行后台任务，由 jiebang worker 执行")
    ] = False,
) -> None:
    """启动网页服务。"""
    from web.commands import serving

    raise typer.Exit(serving.serve(host=host, port=port, workers=workers, with_worker=not no_worker))


@app.command()
def worker() -> None:
    """执行后台任务（serve 默认已包含）。"""
    from web.commands import serving

    raise typer.Exit(serving.worker())


@app.command()
def ingest(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="清单文件：xlsx、xls、csv、docx、pdf、html、md、txt、png、jpg")
    ],
    output: Annotated[ListFormat, typer.Option("--format", help="输出格式")] = ListFormat.TABLE,
    kind: Annotated[Kind, typer.Option(help="清单种类；auto 按文件判断")] = Kind.AUTO,
    problems: Annotated[Path | None, typer.Option(help="把问题按行写成 JSON 的文件")] = None,
    account: Annotated[str | None, typer.Option("--as", help="以哪个账号（邮箱）导入；加 --dry-run 时不需要")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只读取并打印，不写数据库")] = False,
    no_ocr: Annotated[bool, typer.Option("--no-ocr", help="不对扫描件做文字识别")] = False,
) -> None:
    """读取清单。不加 --dry-run 时存为待确认的导入。"""
    from web.commands import reading

    raise typer.Exit(
        reading.ingest(
            files,
            as_jsonl=output is ListFormat.JSONL,
            kind=None if kind is Kind.AUTO else kind.value,
            problems_to=problems,
            dry_run=dry_run,
            account=account,
            recognition=not no_ocr,
        )
    )


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="上一期的清单文件")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="这一期的清单文件")],
    output: Annotated[DiffFormat, typer.Option("--format", help="输出格式")] = DiffFormat.TABLE,
) -> None:
    """对照同一份清单的前后两期：未变、有变化（逐项）、新增、不再列入。"""
    from web.commands import comparing

    raise typer.Exit(comparing.diff(old, new, as_json=output is DiffFormat.JSON))


@app.command()
def duplicates(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="清单文件，一份或几份，格式同 ingest")],
    output: Annotated[DiffFormat, typer.Option("--format", help="输出格式")] = DiffFormat.TABLE,
) -> None:
    """找出一份或几份清单里疑似重复的条目，写明理由；有文件读不出时退出码为 3。"""
    from web.commands import repeating

    raise typer.Exit(repeating.duplicates(files, as_json=output is DiffFormat.JSON))


@app.command()
def match(
    demands: Annotated[Path, typer.Option(help="需求，每行一个 JSON")],
    capabilities: Annotated[Path, typer.Option(help="能力，每行一个 JSON")],
    direction: Annotated[Direction, typer.Option(help="由需求找 OPC，或由 OPC 找需求")] = Direction.DEMAND_TO_OPC,
    top: Annotated[int, typer.Option(min=1, max=1000, help="每条给出几个")] = 10,
    output: Annotated[MatchFormat, typer.Option("--format", help="输出格式")] = MatchFormat.TABLE,
) -> None:
    """匹配两份清单，不用数据库。"""
    from web.commands import matches

    raise typer.Exit(matches.match(demands, capabilities, direction=direction.value, top=top, output=output.value))


@app.command()
def teams(
    demands: Annotated[Path, typer.Option(help="需求，每行一个 JSON")],
    capabilities: Annotated[Path, typer.Option(help="能力，每行一个 JSON")],
    output: Annotated[TeamsFormat, typer.Option("--format", help="输出格式")] = TeamsFormat.TABLE,
) -> None:
    """没有一家能独自承接的需求，由哪几家组合可以承接、各答复哪条要点，不用数据库。"""
    from web.commands import matches

    raise typer.Exit(matches.teams(demands, capabilities, as_json=output is TeamsFormat.JSONL))


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="评测集所在目录")],
    judgements: Annotated[Path | None, typer.Option(help="判定文件；默认用目录里的 judgements.tsv")] = None,
) -> None:
    """在判定过的评测集上打分：只用词、只用语义、只用概念、全部。"""
    from web.commands import matches

    raise typer.Exit(matches.evaluate(folder, judgements))


@app.command()
def encode() -> None:
    """把标准输入的每一行变成一个单位长度的向量（每行一个 JSON 数组）。"""
    from web.commands import matches

    raise typer.Exit(matches.encode())


@app.command()
def verify(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="申报回执文件（json）")],
    file: Annotated[Path | None, typer.Option(help="提交后下载保存的封存文件")] = None,
    manifest: Annotated[Path | None, typer.Option(help="截止后平台公布的封存清单（json）")] = None,
) -> None:
    """核对申报回执，不用数据库；有一项不符时退出码为 1，文件读不出时为 2。"""
    from web.commands import verifying

    raise typer.Exit(verifying.verify(receipt, file=file, manifest=manifest))


@app.command()
def recompute(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="得分表或抽取记录（json）")],
) -> None:
    """重新计算固定的评审得分或专家抽取，不用数据库；不一致时退出码为 1，文件读不出时为 2。"""
    from web.commands import recomputing

    raise typer.Exit(recomputing.recompute(file))


@app.command()
def doctor() -> None:
    """检查数据库、审计链、文件和索引的每一条不变式；有问题时退出码为 1。"""
    from web.commands import checking

    raise typer.Exit(checking.doctor())


def main() -> None:
    """Run the command line."""
    # One query is one thread's work; pools that the numeric libraries open for it cost more than they bring.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    app()
