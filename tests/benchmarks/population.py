"""`python -m tests.benchmarks.population FOLDER SIZE`: fill an installation through the product's own verbs and index it.

SIZE suppliers are written as forms, as many needs, but no more than ten thousand, arrive as list files that somebody
confirms; the figures are printed as JSON.
"""

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from itertools import count
from pathlib import Path
from time import perf_counter

import orjson
from sqlmodel import Session

from ingest.fields import Draft, ListKind, Reading, SheetReading
from ingest.records import reading_to_record
from marketplace import migrations
from marketplace.accounts import accounts, grants, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.kernel import ids
from marketplace.kernel.batches import batches
from marketplace.lists.intakes import intakes
from marketplace.profiles import entries, profiles
from marketplace.profiles.views import ProfileForm
from tests.benchmarks.figures import timed
from tests.benchmarks.machine import peak_mib
from tests.benchmarks.texts import NeedText, SupplierText, Texts
from web import logs
from web.installation import Installation
from web.settings import Settings

REGION = "福建省/临川市"
EMAIL = "bench@example.com"
LIST_ROWS = 500
FORMS_AT_ONCE = 500
SEED = 20261120
MOST_NEEDS = 10_000
"""A province has more suppliers than open needs; above this many the needs grow no further."""


def main(folder: Path, size: int) -> dict[str, float]:
    """Fill the folder and index it; seconds of each step, and the most memory that was held."""
    logs.configure(form="json", level="ERROR")
    installation = Installation(Settings(data_dir=folder, region=REGION))
    installation.new_id = _counting_ids()
    migrations.upgrade(installation.settings.url)
    operator = _operator(installation)
    texts = Texts(random.Random(SEED))
    start = perf_counter()
    for number, needs in enumerate(batches([texts.need() for _ in range(min(size, MOST_NEEDS))], LIST_ROWS), start=1):
        _publish(installation, operator, needs, number)
    published = perf_counter()
    for suppliers in batches([texts.supplier() for _ in range(size)], FORMS_AT_ONCE):
        _register(installation, operator, suppliers)
    registered = perf_counter()
    built, saved = timed(installation.open_index), timed(installation.save_index)
    engine = installation.engine
    figures = {
        "needs_s": published - start,
        "profiles_s": registered - published,
        "build_s": built,
        "save_s": saved,
        "peak_mib": peak_mib(),
        "needs": len(engine.needs),
        "profiles": len(engine.profiles),
        "statements": len(engine.profiles.points),
    }
    installation.close()
    return figures


def _counting_ids() -> Callable[[], str]:
    """Ids by chance of a fixed seed, so that two runs hold the same market."""
    chance = random.Random(SEED)
    return lambda: ids.encode(chance.randbytes(ids.BYTES))


def _operator(installation: Installation) -> Actor:
    now, new_id = installation.clock(), installation.new_id
    with installation.store.writing() as session:
        hashed = passwords.make(new_id())
        account_id = accounts.create(session, email=EMAIL, name="压测", password_hash=hashed, now=now, new_id=new_id)
        for role, region in ((Role.ADMINISTRATOR, ""), (Role.ORGANISER, REGION)):
            grants.give(
                session, account_id=account_id, role=role, region=region, organisation_id=None, now=now, new_id=new_id
            )
        return accounts.actor(session, account_id)


def _publish(installation: Installation, organiser: Actor, needs: Sequence[NeedText], number: int) -> None:
    """Publish needs as the first edition of a list of its own."""
    name = f"临川市需求清单{number}.xlsx"
    data = orjson.dumps([need.title for need in needs])
    sheet = SheetReading("需求清单", ListKind.DEMAND, (2, 2), (), tuple(_drafts(needs, name)))
    record = reading_to_record(Reading(name, sha256(data).hexdigest(), "xlsx", (sheet,)))
    stored = installation.files.put(data, limit_bytes=installation.settings.upload_limit_bytes)
    now, new_id = installation.clock(), installation.new_id
    with installation.store.writing() as session:
        opened = intakes.open(
            session, organiser, file=stored, reading=record, name=name, region=REGION, now=now, new_id=new_id
        )
    with installation.store.writing() as session:
        intakes.confirm(
            session,
            organiser,
            opened.card.id,
            version=opened.version,
            series_title=f"临川市需求清单{number}",
            now=now,
            new_id=new_id,
        )


def _drafts(needs: Sequence[NeedText], file: str) -> Iterator[Draft]:
    for row, need in zip(count(3), needs, strict=False):
        yield Draft(
            file=file,
            row=row,
            list_kind=ListKind.DEMAND,
            title=need.title,
            sheet="需求清单",
            description=need.description,
            issuer=need.issuer,
            sector=need.sector,
            region=need.region,
            budget_max=Decimal(need.budget_wan * 10_000).quantize(Decimal("0.01")),
            requirements=need.requirements,
            contact_name="周敏",
            contact_phone="13900000000",
            raw={"需求名称": need.title, "需求简介": need.description, "预算（万元）": str(need.budget_wan)},
            places={"title": f"B{row}", "description": f"C{row}", "budget_max": f"I{row}"},
        )


def _register(installation: Installation, writer: Actor, suppliers: Sequence[SupplierText]) -> None:
    with installation.store.writing() as session:
        put(installation, session, writer, suppliers)


def put(
    installation: Installation, session: Session, writer: Actor, suppliers: Sequence[SupplierText]
) -> dict[str, str]:
    """Write the forms of suppliers; gives the profile's id for each supplier's name."""
    now, new_id = installation.clock(), installation.new_id
    names = {
        organisations.find_or_create(
            session,
            name=supplier.name,
            uscc=None,
            region=supplier.region,
            kind=OrganisationKind.COMPANY,
            now=now,
            new_id=new_id,
        ).id: supplier.name
        for supplier in suppliers
    }
    forms = dict(zip(names, map(_form, suppliers), strict=True))
    written = profiles.put_many(session, writer, forms, now=now, new_id=new_id)
    return {names[organisation_id]: profile_id for organisation_id, profile_id in written.items()}


def _form(supplier: SupplierText) -> ProfileForm:
    return ProfileForm(
        headline=supplier.headline,
        description=supplier.description,
        skills=supplier.skills,
        sectors=supplier.sectors,
        cases=tuple(map(entries.case, supplier.cases)),
        not_offered=supplier.not_offered,
        team_size=supplier.team_size,
        region=supplier.region,
        price_text="5万元起",
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
