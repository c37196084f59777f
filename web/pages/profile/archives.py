"""Everything that is kept of an organisation's profile as one archive: for people, for programs, and its files."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.views import OrganisationView
from marketplace.kernel.errors import NotFound
from marketplace.kernel.files import FileStore
from marketplace.profiles import brochures, checks, drafts, evidence, forms, profiles
from marketplace.profiles.brochures import BrochurePage
from marketplace.profiles.checks import Check
from marketplace.profiles.drafts import DraftPage
from marketplace.profiles.evidence import EvidenceFile
from marketplace.profiles.rules.evidence import safe_name
from marketplace.profiles.views import ProfilePage
from web.pages import render
from web.pages.profile import words as profile_words

FORMAT: Final = "jiebang-profile/1"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a profile."""

    unit: OrganisationView
    profile: ProfilePage
    draft: DraftPage
    files: Mapping[str, EvidenceFile]
    checked: Mapping[str, Check]
    brochures: Sequence[BrochurePage] = ()


def gather(session: Session, actor: Actor, unit: OrganisationView) -> Kept:
    """Read everything of a unit's profile, for its own people. Raises NotFound where nothing was ever written."""
    draft = drafts.get(session, actor, unit.id)
    if not draft.profile_id:
        raise NotFound("还没有能力画像，没有可以导出的内容。", code="profile_missing")
    return Kept(
        unit=unit,
        profile=profiles.get(session, draft.profile_id, actor),
        draft=draft,
        files=evidence.of_profile(session, draft.profile_id),
        checked=checks.of_profile(session, draft.profile_id),
        brochures=brochures.of_organisation(session, actor, unit.id),
    )


def pack(kept: Kept, store: FileStore, *, now: datetime) -> bytes:
    """Write the archive: 能力画像.html to be read, profile.json for programs, and the files as they were sent."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("能力画像.html", page(kept, now=now))
        archive.writestr("profile.json", orjson.dumps(record(kept, now=now), option=orjson.OPT_INDENT_2))
        for file in kept.files.values():
            with store.open(file.digest) as opened:
                archive.writestr(path(file), opened.read())
        for brochure in kept.brochures:
            with store.open(brochure.digest) as opened:
                archive.writestr(brochure_path(brochure), opened.read())
    return written.getvalue()


def path(file: EvidenceFile) -> str:
    """Where a file lies in the archive; its id keeps files of one name apart."""
    return f"证明文件/{file.id}-{safe_name(file.name)}"


def brochure_path(brochure: BrochurePage) -> str:
    """Where a brochure lies in the archive."""
    return f"介绍文件/{brochure.id}-{safe_name(brochure.name)}"


def page(kept: Kept, *, now: datetime) -> str:
    """Write the page for people, which needs no other file."""
    template = render.environment().get_template("profile/archive.html")
    return template.render(kept=kept, now=now, path=path, said=profile_words.said)


def record(kept: Kept, *, now: datetime) -> dict[str, Any]:
    """Everything as plain JSON."""
    unit = kept.unit
    return {
        "format": FORMAT,
        "exported_at": now.isoformat(),
        "organisation": {"id": unit.id, "name": unit.name, "uscc": unit.uscc, "kind": unit.kind, "region": unit.region},
        "profile_id": kept.profile.id,
        "versions": [
            {
                "number": version.number,
                "written_by": version.written_by,
                "written_at": version.written_at.isoformat(),
                "form": forms.as_record(version.form),
            }
            for version in kept.profile.versions
        ],
        "draft": forms.as_record(kept.draft.form) if kept.draft.is_ahead else None,
        "listed": [
            {"title": note.headline, "text": note.text, "file": note.file_name, "sheet": note.sheet, "row": note.row}
            for note in kept.profile.notes
        ],
        "evidence": [
            {"id": file.id, "name": file.name, "sha256": file.digest, "path": path(file)}
            for file in kept.files.values()
        ],
        "brochures": [
            {
                "id": one.id,
                "name": one.name,
                "sha256": one.digest,
                "path": brochure_path(one),
                "reading": dict(one.reading),
                "taken": list(one.taken),
            }
            for one in kept.brochures
        ],
        "checks": [
            {"case": digest, "by": check.checked_by, "at": check.checked_at.isoformat(), "note": check.note}
            for digest, check in kept.checked.items()
        ],
    }
