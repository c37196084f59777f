"""New passwords as they are typed into a page: twice the same."""

from marketplace.kernel.errors import Invalid


def require_same(password: str, again: str) -> None:
    """Raise Invalid unless a new password was typed the same twice."""
    if password != again:
        message = "两次输入的新密码不一样，请重新输入。"
        raise Invalid(message, code="passwords_differ", fields={"again": message})
