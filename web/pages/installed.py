"""How the product is installed, in an administrator's words: what each setting does, how it stands, no secret."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from web.pages import wording
from web.settings import Settings

HIDDEN: Final = "已设置，不显示"
NOT_SET: Final = "未设置"
SQLITE: Final = "随产品的 SQLite，文件在数据文件夹里"
_SECRET: Final = re.compile(r"password|secret|token|key")


@dataclass(frozen=True, slots=True)
class Line:
    """One setting: what it means, how it stands, and what the installer calls it."""

    variable: str
    meaning: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that an administrator asks about together."""

    name: str
    lines: tuple[Line, ...]


GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "网址与访问": {
        "public_url": "用户打开本平台用的网址（邮件里的链接、通行密钥用它）",
        "https": "用户与平台之间是否加密传输（HTTPS）",
        "trusted_proxies": "哪些转发服务器报来的用户地址可以相信",
        "host": "本机在哪个地址上等候访问",
        "port": "本机在哪个端口上等候访问",
        "demo": "是不是演示环境",
        "sandbox": "是不是训练环境",
    },
    "登录": {"second_factor": "主办方、监督、管理员登录时是否必须二次验证"},
    "邮件": {
        "smtp_host": "用哪台邮件服务器发信",
        "smtp_port": "邮件服务器的端口",
        "smtp_security": "与邮件服务器之间怎样加密",
        "smtp_user": "登录邮件服务器的账号",
        "smtp_password": "登录邮件服务器的密码",
        "mail_from": "收件人看到的发件人",
    },
    "数据": {
        "region": "本平台属于哪个地区",
        "data_dir": "数据放在本机的哪个文件夹（备份它）",
        "database_url": "用哪个数据库",
        "encoder": "判断意思相近用的模型",
        "upload_limit_bytes": "上传的一个文件最大多少",
        "reading_wait_seconds": "上传清单后在页面上最多等多久，读不完的转到后台读",
        "scan_command": "用什么程序检查申报材料里有没有病毒",
    },
    "访问次数": {
        "pages_per_address": "没有登录的人，同一地址每分钟最多打开几次检索和匹配的页面",
        "api_per_address": "不带令牌的程序，同一地址每分钟最多访问几次",
        "api_per_token": "带令牌的程序，每个令牌每分钟最多访问几次",
    },
    "运行记录": {"log_format": "运行记录写成什么样子", "log_level": "运行记录写得多细"},
}
"""Every setting by what an administrator asks, with its meaning."""
_LEVELS: Final = {"DEBUG": "最细，排查问题时用", "INFO": "一般", "WARNING": "只记警告和错误", "ERROR": "只记错误"}
_FORMATS: Final = {"auto": "自动选择", "json": "供日志系统读取（JSON）", "text": "供人读的文字"}
_MAIL: Final = {"none": "不加密", "starttls": "加密（STARTTLS）", "tls": "全程加密（TLS）"}
_SAID: Final[Mapping[str, Callable[[Settings], str]]] = {
    "public_url": lambda s: (
        _without_password(s.public_url) or f"{NOT_SET}：链接暂以 {s.site_url} 开头，别的电脑多半打不开"
    ),
    "reading_wait_seconds": lambda s: f"{s.reading_wait_seconds:g} 秒",
    "https": lambda s: "是" if s.https else "否：只适合内部试用，正式使用请让安装人员启用",
    "demo": lambda s: "是，数据是编造的" if s.demo else "否",
    "sandbox": lambda s: "是，时钟可调，申报不作数" if s.sandbox else "否",
    "second_factor": lambda s: "必须" if s.staff_needs_second_factor else "不强制",
    "smtp_host": lambda s: s.smtp_host or f"{NOT_SET}：邮件留在发件箱，由管理员转告",
    "smtp_user": lambda s: s.smtp_user or f"{NOT_SET}：不登录",
    "smtp_security": lambda s: _MAIL[s.smtp_security],
    "mail_from": lambda s: s.mail_from or (f"{NOT_SET}：用邮件服务器的账号" if s.sends_mail else NOT_SET),
    "database_url": lambda s: _without_password(s.database_url) if s.database_url else SQLITE,
    "encoder": lambda s: s.encoder or "随产品的模型",
    "upload_limit_bytes": lambda s: wording.size(s.upload_limit_bytes),
    "scan_command": lambda s: s.scan_command or f"{NOT_SET}：不检查",
    "region": lambda s: wording.region(s.region) if s.region else f"{NOT_SET}：不限地区",
    "pages_per_address": lambda s: f"{s.pages_per_address} 次" if s.pages_per_address else "不限",
    "api_per_address": lambda s: f"{s.api_per_address} 次",
    "api_per_token": lambda s: f"{s.api_per_token} 次",
    "log_format": lambda s: _FORMATS[s.log_format],
    "log_level": lambda s: _LEVELS[s.log_level],
}
"""How a setting stands, where its value alone would not tell an administrator."""


def groups(settings: Settings) -> tuple[Group, ...]:
    """Every setting of the installation; passwords and keys are never given, nor those inside addresses."""
    return tuple(
        Group(name, tuple(_line(settings, field, meaning) for field, meaning in fields.items()))
        for name, fields in GROUPS.items()
    )


def lines(settings: Settings) -> list[Line]:
    """Every setting in one list."""
    return [line for group in groups(settings) for line in group.lines]


def _line(settings: Settings, field: str, meaning: str) -> Line:
    said = _SAID[field](settings) if field in _SAID else _plain(field, getattr(settings, field))
    return Line(f"JIEBANG_{field.upper()}", meaning, said)


def _plain(name: str, value: object) -> str:
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    if plain is None or plain == "":
        return NOT_SET
    return HIDDEN if isinstance(value, SecretStr) or _SECRET.search(name) else str(value)


def _without_password(text: str) -> str:
    parts = urlsplit(text)
    if not parts.scheme:
        return text
    who, at, where = parts.netloc.rpartition("@")
    name, colon, _ = who.partition(":")
    # A query may carry a password too ("?password=…"); nothing of it is needed here.
    return urlunsplit(parts._replace(netloc=f"{name}{':****' if colon else ''}{at}{where}", query=""))
