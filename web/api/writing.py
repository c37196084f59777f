"""Writing: one transaction for the deed and the answer kept for its retry."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Final

import orjson
from fastapi import Header, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlmodel import Session

from marketplace.accounts.signing_in.tokens import Holder
from marketplace.kernel import idempotency
from marketplace.kernel.errors import Refusal
from marketplace.kernel.idempotency import Attempt, Kept
from web.api import problems, tags
from web.api.callers import Caller
from web.api.problems import Problem

REPLAYED: Final = "Idempotency-Replayed"
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="您为这个请求起的唯一值；网络中断后用同一个值重发，不会重复办理，24 小时内得到同样的回答",
    ),
]
Deed = Callable[[Session], tuple[BaseModel, str]]
"""What is done in one transaction: gives what is told and its tag."""


async def once(
    request: Request,
    caller: Caller,
    holder: Holder,
    *,
    key: str | None,
    deed: Deed,
    status: int = 200,
    durable: bool = False,
) -> Response:
    """Do something once for its key, or tell again what was told before; without a key it is simply done.

    `durable`: what was done is on disk before it is told, and so is the answer that is kept for its key.
    """
    if key is None:
        told, tag = await caller.desk.write(deed, durable=durable)
        return tags.answer(request, told, status=status, tag=tag)
    body = await request.body()
    asked = b"\n".join([request.method.encode(), request.url.path.encode(), _if_match(request), body])
    begun = await caller.desk.write(
        lambda session: idempotency.begin(
            session,
            owner_id=holder.token_id,
            key=key,
            request_digest=hashlib.sha256(asked).hexdigest(),
            now=caller.desk.now,
            new_id=caller.desk.new_id,
        )
    )
    if isinstance(begun, Kept):
        return Response(begun.body, status_code=begun.status, headers={**begun.headers, REPLAYED: "true"})
    return await _first(request, caller, begun, deed, status, durable=durable)


async def _first(
    request: Request, caller: Caller, attempt: Attempt, deed: Deed, status: int, *, durable: bool
) -> Response:
    def work(session: Session) -> Response:
        told, tag = deed(session)
        answer = tags.answer(request, told, status=status, tag=tag)
        _keep(session, attempt, answer)
        return answer

    try:
        return await caller.desk.write(work, durable=durable)
    except (Refusal, Problem) as refusal:
        answer = _refused(request, refusal)
        await caller.desk.write(lambda session: _keep(session, attempt, answer))
        return answer
    except BaseException:
        # A fault is no answer: whoever asks again shall have it tried again.
        await caller.desk.write(lambda session: idempotency.release(session, attempt))
        raise


def _keep(session: Session, attempt: Attempt, answer: Response) -> None:
    kept = {name: answer.headers[name] for name in ("content-type", "etag") if name in answer.headers}
    idempotency.finish(session, attempt, status=answer.status_code, headers=kept, body=bytes(answer.body).decode())


def _refused(request: Request, refusal: Refusal | Problem) -> Response:
    told = (
        problems.refused(request, refusal)
        if isinstance(refusal, Refusal)
        else problems.document(request, refusal.status, refusal.code, refusal.detail)
    )
    return Response(orjson.dumps(told), status_code=told["status"], media_type=problems.MEDIA_TYPE)


def _if_match(request: Request) -> bytes:
    return request.headers.get("if-match", "").encode()
