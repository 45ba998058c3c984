"""The city made harder: clauses of kinds its list lacks, figures and cells left blank, layers of other accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.oracle.release import City, Layer, Row

EXACT = ("park", "sensitive_place")  # layers said to be without any error
COARSE = {"water_source": 40.0, "shoreline": 25.0}


def within(layer: str, *subtypes: str, **attributes: str) -> Row:
    return _trigger(layer, "within", subtypes, attributes)


def outside(layer: str, *subtypes: str, **attributes: str) -> Row:
    return _trigger(layer, "outside", subtypes, attributes)


def near(layer: str, distance_m: float, *subtypes: str) -> Row:
    return {**_trigger(layer, "near", subtypes, {}), "distance_m": distance_m}


def _trigger(layer: str, position: str, subtypes: Sequence[str], attributes: dict[str, str]) -> Row:
    return {
        "layer": layer,
        "position": position,
        "subtypes": sorted(subtypes),
        "attributes": [[name, [value]] for name, value in attributes.items()],
        "distance_m": 0.0,
    }


def clause(clause_id: str, effect: str, *zones: Row, **more: object) -> Row:
    return {
        "id": clause_id,
        "level": "CITY",
        "dimension": "SPACE",
        "units": [],
        "classes": [],
        "districts": [],
        "realm": "both",
        "zones": list(zones),
        "include": [],
        "exclude": [],
        "construction": [],
        "effect": effect,
        "applies_when": None,
        "satisfied_when": None,
        "excepted_when": None,
        "replacements": [],
        "exempts": [],
        "in_principle": False,
        "wording": {"zh": clause_id, "en": clause_id},
        "basis": "",
        "basis_old": "",
        "basis_since": None,
        "valid_from": "2021-01-01",
        "valid_to": None,
        "verified": False,
        "row": clause_id,
        **more,
    }


CLAUSES: tuple[Row, ...] = (
    clause("X-meet-1", "prohibit", within("eco_space"), within("water", "农业污染"), include=["A", "C"]),
    clause("X-meet-2", "prohibit", within("air", "布局敏感", "弱扩散"), outside("park"), include=["C"], exclude=["C26"]),
    clause("X-meet-3", "restrict", within("soil"), within("resource", "地下水开采"), satisfied_when="water_quota_advanced"),
    clause("X-meet-4", "require", within("water_body"), outside("water_source"), classes=[1, 2]),
    clause("X-meet-5", "prohibit", outside("park", "化工园区"), near("water_body", 200.0), include=["C", "D"]),
    clause("X-units-1", "prohibit", within("park"), classes=[2], districts=["黄岛区", "370214"], include=["C26"]),
    clause("X-units-2", "conditional", districts=["胶州市", "370283"], satisfied_when="emergency_plan || online_monitoring"),
    clause("X-units-3", "phase_out", realm="sea", include=["A04"], excepted_when="!sea_outfall"),
    clause("X-units-4", "prose", realm="land", classes=[1], construction=["new"]),
    clause("X-units-5", "prohibit", outside("air", "高排放"), classes=[2, 3], include=["C3", "C31", "C33"]),
    clause("X-near-1", "prohibit", near("water_source", 1000.0, "一级保护区"), include=["C", "A03"]),
    clause("X-near-2", "restrict", near("red_line", 3.0), include=["B", "C"]),
    clause("X-near-3", "prohibit", near("shoreline", 1000.0), applies_when="direct_discharge && cod_t_per_year > 1.0"),
    clause("X-near-4", "require", near("park", 4.0, "化工园区"), satisfied_when="cod_t_per_year + ammonia_nitrogen_t_per_year < 10.0"),
    clause("X-out-1", "prohibit", outside("water", "工业污染", "城镇生活污染"), applies_when="discharges_wastewater"),
    clause("X-out-2", "restrict", outside("soil"), in_principle=True, satisfied_when="soil_investigated"),
    clause("X-named", "prohibit", within("protected_area", 类型="自然保护区", 级别="国家级"), excepted_when="red_line_activity"),
    clause("X-coded", "prohibit", within("park", 编码="PK370211001"), exclude=["C25", "C26", "C2911"]),
    clause("X-permit-1", "permit", within("park"), exempts=["DEMO-P-02", "X-meet-1", "DEMO-C-03", "X-units-2"], include=["C"]),
    clause("X-permit-2", "permit", within("eco_space"), exempts=["DEMO-P-03"], applies_when="national_major_project"),
    clause("X-permit-3", "permit", classes=[3], exempts=["X-out-1", "X-out-2"], construction=["rebuild", "upgrade"]),
    clause("X-permit-4", "permit", within("red_line"), exempts=["DEMO-N-02"], applies_when="red_line_activity && !direct_discharge"),
    clause("X-permit-5", "permit", outside("water_source"), within("shoreline"), exempts=["DEMO-P-06", "DEMO-P-07"]),
    clause("X-principle", "require", satisfied_when="policy_class in ['encouraged', 'permitted']", in_principle=True, include=["C"]),
    clause("X-short", "prohibit", include=["C"], valid_from="2026-08-15", valid_to="2026-12-31", construction=["new"]),
    clause("X-over", "prohibit", valid_from="2024-01-01", valid_to="2026-08-14", applies_when="coal_t_per_year > 20.0"),
)  # fmt: skip


def harder(city: City) -> City:
    """The same zones with more clauses, and blanks in what was complete."""
    return replace(
        city,
        layers={layer_id: _changed(layer_id, layer) for layer_id, layer in city.layers.items()},
        clauses=[one for i, one in enumerate(city.clauses) if one["level"] != "UNIT" or i % 40] + list(CLAUSES),
        ceilings=[_blanked(one, i, ("cap", "used")) for i, one in enumerate(city.ceilings) if i % 23],
        objectives=[_blanked(one, i, ("state", "target")) for i, one in enumerate(city.objectives) if i % 29],
    )


def _changed(layer_id: str, layer: Layer) -> Layer:
    accuracy = 0.0 if layer_id in EXACT else COARSE.get(layer_id, layer.about["accuracy_m"])
    return replace(
        layer,
        about={**layer.about, "accuracy_m": accuracy},
        rows=[_row(layer.about["role"], row, i) for i, row in enumerate(layer.rows)],
        shrunk={},
    )


def _row(role: str, row: Row, i: int) -> Row:
    if role == "unit":
        return {**row, "district": "", "county": ""} if i % 11 == 5 else row
    if i % 9 == 4:
        return {**row, "subtype": ""}
    return {**row, "attributes": {}} if i % 9 == 7 else row


def _blanked(line: Row, i: int, columns: tuple[str, str]) -> Row:
    effect = "conditional" if i % 3 == 0 else "prohibit"
    return {**line, "effect": effect} if i % 7 else {**line, "effect": effect, columns[i % 2]: None}
