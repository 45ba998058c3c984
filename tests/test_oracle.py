"""The product against a second, independent path: thousands of random questions about the demonstration city."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers import codec
from layers.facts import declared
from layers.industries import classification
from layers.snapshot import Snapshot, load_snapshot
from screening.errors import SiteOutsideError
from screening.evidence import Evidence
from screening.model import Construction, Project, Zone, ZoneClass
from screening.model import Site as ProductSite
from screening.verdict import Verdict, screen
from screening.words import same
from tests.oracle import cases
from tests.oracle.editions import harder
from tests.oracle.judgement import Answer, Question, Site, answer
from tests.oracle.places import Seen, TooCloseToSayError
from tests.oracle.release import City, read_city

SEED = 20261121
CHUNKS, SPOTS, QUESTIONS = 12, 36, 5  # 2,160 cases
LOST = {"unit_sea": None, "park": b"", "water_source": None}  # layers a damaged copy has lost or broken


@dataclass(frozen=True)
class Both:
    """One edition of the city, as the product and as the oracle have it."""

    product: Snapshot
    oracle: City


@pytest.fixture(scope="session")
def editions(demo: Snapshot, demo_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Both]:
    store, name = demo_store
    city = read_city(store / name)
    damaged = _damaged(store / name, tmp_path_factory.mktemp("damaged") / name)
    hard = harder(city)
    return {
        "published": Both(demo, city),
        "harder": Both(_product_of(hard, demo), hard),
        "damaged": Both(load_snapshot(damaged), read_city(damaged)),
    }


def _damaged(folder: Path, copy: Path) -> Path:
    copy.mkdir()
    for part in folder.iterdir():
        lost = LOST.get(part.name.removesuffix(".parquet"), part)
        if isinstance(lost, bytes):
            (copy / part.name).write_bytes(lost)
        elif lost is not None:
            (copy / part.name).symlink_to(part)
    return copy


def _product_of(city: City, snapshot: Snapshot) -> Snapshot:
    """The snapshot with the list, the lines, and what is said of layers and zones as an edition has them."""
    access_list = codec.access_list_from_json(
        {"version": "", "levels": sorted(city.levels), "clauses": json.loads(json.dumps(city.clauses))}
    )
    layers = {
        layer_id: replace(
            snapshot.layers[layer_id],
            layer=codec.layer_from_json(layer.about),
            zones=tuple(
                Zone(**{**row, "layer_id": layer_id, "cls": ZoneClass(row["cls"]) if row["cls"] else None})
                for row in layer.rows
            ),
        )
        for layer_id, layer in city.layers.items()
    }
    near: dict[str, float] = {}
    for clause in access_list.clauses:
        for one in clause.scope.zones:
            near[one.layer_id] = max(near.get(one.layer_id, 0.0), one.distance_m)
    return replace(
        snapshot,
        layers=layers,
        access_list=access_list,
        ceilings=tuple(codec.ceiling_from_json(one) for one in city.ceilings),
        objectives=tuple(codec.objective_from_json(one) for one in city.objectives),
        search_m=near,
    )


def _asked(both: Both, spot: cases.Spot, evidence: Evidence, question: Question) -> Verdict:
    project = Project(
        name="",
        industries=tuple(classification().find(code) for code in question.industries),
        construction=Construction(question.construction) if question.construction else None,
        facts=declared(question.facts),
    )
    return screen(project, _site(spot), evidence, spot.day)


def _site(spot: cases.Spot) -> ProductSite:
    return ProductSite(name="", geometry=spot.degrees, as_written="", read_as=same(""), accuracy_m=spot.accuracy_m)


# -- what is compared --------------------------------------------------------------------------------------------------


def _place_differences(evidence: Evidence, site: Site, product: Snapshot) -> Iterator[str]:
    answers = {one.layer.id: one.answer.value for one in evidence.consulted}
    yield from _unlike("answers", answers, site.answers)
    told = {(one.zone.layer_id, one.zone.code): one for one in evidence.contacts}
    seen = {(one.layer_id, one.row["code"]): one for one in _searched(site, product)}
    yield from _unlike("contacts", sorted(told.keys() - seen.keys()), sorted(seen.keys() - told.keys()))
    for key in told.keys() & seen.keys():
        measured, own = told[key].measure, seen[key]
        relation = (measured.relation.value, told[key].band.certainty.value)
        yield from _unlike(f"relation {key}", relation, (own.relation, own.certainty))
        if not math.isclose(measured.area_m2, own.area, rel_tol=1e-6, abs_tol=1e-3):
            yield f"area {key}: {measured.area_m2} ≠ {own.area}"
        if not math.isclose(measured.share_of_site, own.share, rel_tol=1e-6, abs_tol=1e-9):
            yield f"share {key}: {measured.share_of_site} ≠ {own.share}"
        if not math.isclose(measured.distance_m, own.distance if own.relation != "overlaps" else 0.0, abs_tol=1e-5):
            yield f"distance {key}: {measured.distance_m} ≠ {own.distance}"


def _searched(site: Site, product: Snapshot) -> Iterator[Seen]:
    """Zones within the distances of the list, within ε, or else the nearest."""
    for layer_id, layer in site.city.layers.items():
        found = site.place.within(layer_id, product.search_m.get(layer_id, 0.0))
        nearest = (
            site.place.nearest(layer_id, layer.about["nearest_m"]) if layer.about["nearest_m"] and not found else None
        )
        yield from found or ([nearest] if nearest else [])


def _answer_differences(verdict: Verdict, expected: Answer) -> Iterator[str]:
    yield from _unlike("conclusion", int(verdict.conclusion), expected.conclusion)
    told: dict[str, list[tuple[int, str, list[str]]]] = {}
    for one in verdict.findings:
        told.setdefault(one.key, []).append((int(one.outcome), one.truth.value, sorted(one.missing_facts)))
    own = {key: [(f.outcome, f.truth, sorted(f.missing)) for f in found] for key, found in expected.findings.items()}
    for key in sorted(told.keys() | own.keys()):
        yield from _unlike(key, sorted(told.get(key, [])), sorted(own.get(key, [])))
    yield from _unlike(
        "unplaced, out of scope", (verdict.unplaced, verdict.out_of_scope), (expected.unplaced, expected.out_of_scope)
    )
    turning = {key for _, keys in verdict.would_change for key in keys}
    yield from _unlike(
        "would change", turning, {key for key, found in expected.findings.items() if any(f.missing for f in found)}
    )


def _unlike(what: str, product: object, oracle: object) -> Iterator[str]:
    if product != oracle:
        yield f"{what}: product {product}, oracle {oracle}"


# -- the cases ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_both_paths_agree(editions: dict[str, Both], chunk: int) -> None:
    random = np.random.default_rng([SEED, chunk])
    edition = ("published", "harder", "harder", "damaged")[chunk % 4]
    both = editions[edition]
    asked, skipped, found = 0, 0, []
    for spot in cases.spots(both.oracle, random, SPOTS):
        questions = [cases.question(random) for _ in range(QUESTIONS)]
        try:
            differences = list(_differences(both, spot, questions))
        except TooCloseToSayError:
            skipped += QUESTIONS
            continue
        asked += QUESTIONS
        if differences:
            found.append(_described(edition, spot, differences))
    assert not found, f"{len(found)} places differ\n" + "\n\n".join(found)
    assert asked >= 170, (asked, skipped)


def _differences(both: Both, spot: cases.Spot, questions: list[Question]) -> Iterator[str]:
    site = Site(both.oracle, spot.degrees, spot.accuracy_m, spot.day)
    try:
        evidence = both.product.gather(_site(spot), spot.day)
    except SiteOutsideError:
        yield from _unlike("beyond the jurisdiction", True, site.is_outside)
        return
    yield from _unlike("beyond the jurisdiction", False, site.is_outside)
    yield from _place_differences(evidence, site, both.product)
    for question in questions:
        unlike = list(_answer_differences(_asked(both, spot, evidence, question), answer(site, question)))
        yield from unlike
        if unlike:
            yield f"  asked: {question}"


def _described(edition: str, spot: cases.Spot, differences: list[str]) -> str:
    where = f"{edition}, {spot.kind}, ±{spot.accuracy_m} m, {spot.day}: {shapely.to_wkt(spot.degrees, rounding_precision=12)[:2000]}"
    return "\n".join([where, *(f"  {one}" for one in differences[:12])])
