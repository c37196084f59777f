"""Every setting of an installation, read once from the environment and never again.

Names in the environment carry the prefix JIEBANG_, for example JIEBANG_DATABASE_URL.
"""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may set; every value has a default that works on one machine without a network."""

    model_config = SettingsConfigDict(env_prefix="JIEBANG_", frozen=True, extra="ignore")

    data_dir: Path = Field(default=Path("data/market"), description="数据目录：数据库、原始文件、索引")
    database_url: str | None = Field(default=None, description="数据库地址；不设时用数据目录里的 SQLite")
    encoder: str | None = Field(default=None, description="语义模型：随产品的模型，或一个本地目录")
    host: str = Field(default="127.0.0.1", description="监听地址")
    port: int = Field(default=8000, ge=1, le=65535, description="监听端口")
    https: bool = Field(default=False, description="经 HTTPS 对外时设为 true：登录凭据只走加密连接")
    upload_limit_bytes: int = Field(default=20 * 1024 * 1024, gt=0, description="单个上传文件的上限，字节")
    reading_wait_seconds: float = Field(
        default=4.0, gt=0, description="上传后在页面上等待读取的时间，秒；读不完的转到后台读"
    )
    scan_command: str = Field(
        default="", description="申报材料的病毒检查命令：文件从标准输入送入，退出码 0 为通过；不设时不检查"
    )
    log_format: str = Field(default="auto", pattern="^(auto|json|text)$", description="日志格式")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="日志级别")
    region: str = Field(default="", description="本平台所属地区，例如 福建省/临川市")
    api_per_address: int = Field(default=120, gt=0, description="程序接口：没有令牌时，每个地址每分钟的次数")
    api_per_token: int = Field(default=600, gt=0, description="程序接口：每个令牌每分钟的次数")
    pages_per_address: int = Field(
        default=120, ge=0, description="未登录的访客：检索、匹配页面每个地址每分钟的次数；0 为不限"
    )
    sandbox: bool = Field(default=False, description="训练环境：时钟可以调快；有申报的数据库不能用作训练环境")
    demo: bool = Field(default=False, description="演示环境：页面带提示，只在本机监听")

    public_url: str = Field(default="", description="用户访问本平台的网址，用于邮件里的链接和通行密钥")
    trusted_proxies: str = Field(
        default="127.0.0.1,::1", description="反向代理的地址或网段，逗号分隔；只信它们转来的 X-Forwarded-For"
    )
    second_factor: str | None = Field(
        default=None,
        pattern="^(required|optional)$",
        description="工作人员是否必须启用二次验证；不设时必须，演示环境和训练环境除外",
    )
    smtp_host: str = Field(default="", description="邮件服务器；不设时邮件留在发件箱，由管理员转告")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="邮件服务器端口")
    smtp_user: str = Field(default="", description="邮件服务器账号；不设时不登录")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="邮件服务器密码")
    smtp_security: str = Field(default="starttls", pattern="^(none|starttls|tls)$", description="邮件连接的加密方式")
    mail_from: str = Field(default="", description="发件地址，例如 揭榜 <jiebang@example.com>；不设时用邮件服务器账号")

    @property
    def site_url(self) -> str:
        """The address under which people reach this installation, without a slash at its end."""
        scheme = "https" if self.https else "http"
        return (self.public_url or f"{scheme}://{self.host}:{self.port}").rstrip("/")

    @property
    def scanner(self) -> tuple[str, ...]:
        """The scanner's command and its arguments; empty where nothing is scanned."""
        return tuple(self.scan_command.split())

    @property
    def staff_needs_second_factor(self) -> bool:
        """Whether staff roles wait for a second factor; not in a demonstration, whose passwords are printed."""
        return (self.second_factor or ("optional" if self.demo or self.sandbox else "required")) == "required"

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server."""
        return bool(self.smtp_host)

    @property
    def url(self) -> str:
        """The database's address in SQLAlchemy's form."""
        return self.database_url or f"sqlite:///{self.data_dir / 'jiebang.sqlite3'}"

    @property
    def files_dir(self) -> Path:
        """The content-addressed store of uploaded files."""
        return self.data_dir / "files"

    @property
    def draft_keys_dir(self) -> Path:
        """The keys of drafts of bids, each in a file of its own; never to be backed up."""
        return self.data_dir / "draft-keys"

    @property
    def supply_dir(self) -> Path:
        """Needs held against the whole supply, for organisers; a cache that can be made again at any time."""
        return self.data_dir / "supply"

    @property
    def index_dir(self) -> Path:
        """The matching index; a cache that can be rebuilt from the database at any time."""
        return self.data_dir / "index"
