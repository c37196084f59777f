"""What a watching program asks: is the process alive, and can it answer."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from web.installation import Installation

router = APIRouter()


@router.get("/health")
async def health() -> JSONResponse:
    """The process runs."""
    return JSONResponse({"status": "ok"})


@router.get("/ready")
def ready(request: Request) -> JSONResponse:
    """The database answers and the index is open; 503 with what is missing otherwise."""
    installation: Installation = request.app.state.installation
    parts = {"database": _answers(installation), "index": installation.is_ready}
    is_ready = all(parts.values())
    return JSONResponse({"status": "ready" if is_ready else "waiting", **parts}, status_code=200 if is_ready else 503)


def _answers(installation: Installation) -> bool:
    try:
        with installation.store.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
