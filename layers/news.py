"""Release notes in plain words: what a publication brought against the one before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.codec import text_from_json
from layers.difference import Difference, ZoneChange
from layers.publication import Publication
from screening.errors import BrokenReleaseError
from screening.model import Nature
from screening.terms import ZONE_CLASS
from screening.words import Text

COUNTED: dict[str, Text] = {
    "appeared": Text("新增 {count} 个", "{count} appeared"),
    "vanished": Text("减少 {count} 个", "{count} vanished"),
    "class": Text("{count} 个管控分类改变", "{count} changed class"),
    "moved": Text("{count} 个边界改变", "{count} moved their border"),
    "name": Text("{count} 个更名", "{count} renamed"),
    "attributes": Text("{count} 个属性改变", "{count} changed attributes"),
}
ROWS: dict[str, Text] = {
    "added": Text("新增 {count} 条", "{count} added"),
    "removed": Text("删除 {count} 条", "{count} removed"),
    "changed": Text("修改 {count} 条", "{count} changed"),
}
TABLES: dict[str, Text] = {
    "access_list": Text("准入清单条款", "Clauses of the access list"),
    "ceilings": Text("资源利用上线", "Resource ceilings"),
    "objectives": Text("环境质量目标", "Quality objectives"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChange:
    """A unit that is in another class than before; a class is blank where a release gave none."""

    code: str
    name: str
    before: Text
    after: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNews:
    """What one publication brought.

    Attributes:
        before: Id of the publication before it; empty for the first.
        lines: What changed, a sentence each; empty where nothing did.
        classes: Units that changed class.
        problem: Why it could not be compared; None if it could.
    """

    publication: Publication
    title: Text
    nature: Nature
    before: str
    lines: tuple[Text, ...]
    classes: tuple[ClassChange, ...] = ()
    problem: Text | None = None


def release_news(
    published: Sequence[tuple[Publication, Mapping[str, Any]]], changes: Callable[[str, str], Difference]
) -> list[ReleaseNews]:
    """News of publications with their manifests, the newest first as they are given.

    Args:
        published: The newest first; the last is told as the first release there was.
        changes: From one release id to another.
    """
    earlier = [*published[1:], None]
    return [_news(one, manifest, before, changes) for (one, manifest), before in zip(published, earlier, strict=False)]


def _news(
    publication: Publication,
    manifest: Mapping[str, Any],
    before: tuple[Publication, Mapping[str, Any]] | None,
    changes: Callable[[str, str], Difference],
) -> ReleaseNews:
    title, nature = text_from_json(manifest["title"]), Nature(manifest["nature"])
    if before is None or before[0].release == publication.release:
        lines = (
            _first(manifest)
            if before is None
            else (Text("内容不变，重新发布。", "The same content, published again."),)
        )
        return ReleaseNews(publication=publication, title=title, nature=nature, before="", lines=lines)
    old = before[0].release
    try:
        found = changes(old, publication.release)
    except BrokenReleaseError as broken:
        return ReleaseNews(
            publication=publication, title=title, nature=nature, before=old, lines=(), problem=broken.what
        )
    return ReleaseNews(
        publication=publication,
        title=title,
        nature=nature,
        before=old,
        lines=(*_updated(before[1], manifest), *_zone_lines(found, before[1], manifest), *_row_lines(found)),
        classes=tuple(_class_change(one) for one in found.zones if one.kind == "class" and _is_unit(one, manifest)),
    )


def _first(manifest: Mapping[str, Any]) -> tuple[Text, ...]:
    units = sum(
        manifest["statistics"][layer_id]["rows"]
        for layer_id, layer in manifest["layers"].items()
        if layer["role"] == "unit"
    )
    return (
        Text(
            f"首个版本：{units} 个环境管控单元，{len(manifest['layers'])} 个图层，{manifest['clauses']} 条准入清单条款。",
            f"The first release: {units} control units, {len(manifest['layers'])} layers, {manifest['clauses']} clauses.",
        ),
    )


def _updated(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Text]:
    """Layers that are new, gone, or show a later day."""
    lines = []
    for layer_id, layer in new["layers"].items():
        name, was = text_from_json(layer["name"]), old["layers"].get(layer_id)
        if was is None:
            lines.append(Text(f"新增图层：{name.zh}。", f"New layer: {name.en}."))
        elif was["surveyed"] != layer["surveyed"]:
            days = (was["surveyed"], layer["surveyed"])
            lines.append(
                Text(
                    f"图层更新：{name.zh}，反映状况由 {days[0]} 更新到 {days[1]}。",
                    f"Layer updated: {name.en}, which showed {days[0]} and now shows {days[1]}.",
                )
            )
    gone = [text_from_json(layer["name"]) for layer_id, layer in old["layers"].items() if layer_id not in new["layers"]]
    return lines + [Text(f"图层不再提供：{name.zh}。", f"No longer provided: {name.en}.") for name in gone]


def _zone_lines(found: Difference, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Text]:
    lines = []
    for layer_id in dict.fromkeys([*new["layers"], *old["layers"]]):
        kinds = Counter(kind for kind, _ in {(one.kind, one.code) for one in found.zones if one.layer == layer_id})
        if kinds:
            name = text_from_json((new["layers"].get(layer_id) or old["layers"][layer_id])["name"])
            lines.append(_counted(name, kinds, COUNTED))
    return lines


def _row_lines(found: Difference) -> list[Text]:
    counts = {table: Counter(one.kind for one in found.rows if one.table == table) for table in TABLES}
    return [_counted(TABLES[table], kinds, ROWS) for table, kinds in counts.items() if kinds]


def _counted(name: Text, kinds: Counter[str], wordings: Mapping[str, Text]) -> Text:
    told = [words.filled(count=f"{kinds[kind]:,}") for kind, words in wordings.items() if kinds[kind]]
    zh, en = "，".join(one.zh for one in told), ", ".join(one.en for one in told)
    return Text(f"{name.zh}：{zh}。", f"{name.en}: {en}.")


def _is_unit(change: ZoneChange, manifest: Mapping[str, Any]) -> bool:
    layer = manifest["layers"].get(change.layer)
    return layer is not None and layer["role"] == "unit"


def _class_change(change: ZoneChange) -> ClassChange:
    return ClassChange(
        code=change.code, name=change.name, before=class_name(change.before), after=class_name(change.after)
    )


def class_name(digit: str) -> Text:
    """The class of a digit as differences give it; a dash where there is none."""
    known = {str(int(cls)): text for cls, text in ZONE_CLASS.items()}
    return known.get(digit, Text("—", "—"))
