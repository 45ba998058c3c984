"""What a Word template may ask for: every name with its meaning, as `docs/documents.md` and the command list them."""

from __future__ import annotations

from screening.words import Text

VARIABLES: dict[str, Text] = {
    "language": Text("语言，zh 或 en", "language, zh or en"),
    "title": Text("文档题目", "title of the document"),
    "demonstration": Text("示例数据提示；正式成果为空", "mark of demonstration data; empty for an official release"),
    "differs": Text("重算与保存的不一致时的提示；一致为空", "notice where answering again differs; else empty"),
    "warnings": Text("列表：坐标与所述矛盾之处", "list: where the coordinates contradict what was stated"),
    "number": Text("研判编号", "number of the screening"),
    "created_at": Text("研判时间", "instant of the screening"),
    "created_on": Text("研判日期", "day of the screening"),
    "as_of": Text("基准日", "day asked for"),
    "release": Text("成果名称", "title of the release"),
    "release_id": Text("成果版本编号", "id of the release"),
    "list_version": Text("准入清单版本", "version of the access list"),
    "engine": Text("软件版本", "version of the engine"),
    "digest": Text("研判记录的 SHA-256", "SHA-256 of the record"),
    "sealed_digest": Text("签章文件的 SHA-256", "SHA-256 of the sealed file"),
    "valid_until": Text("有效期最后一天", "last day of validity"),
    "valid_because": Text("届时失效的原因", "what ends then"),
    "address": Text("现时页面地址，二维码同", "address of the live page, as in the QR code"),
    "project": Text("项目名称", "name of the project"),
    "site": Text("选址名称", "name of the site"),
    "industries": Text("行业代码与名称", "industries, code and name"),
    "construction": Text("建设性质", "kind of construction"),
    "area": Text("选址面积", "area of the site"),
    "districts": Text("所在区（市）", "districts of the site"),
    "conclusion": Text("研判结论", "verdict"),
    "conclusion_code": Text(
        "结论代码：complies、conditional、undetermined、violates",
        "its code: complies, conditional, undetermined, violates",
    ),
    "headline": Text("结论的一句话说明", "the verdict in a sentence"),
    "deciding": Text("列表：决定性理由", "list: what decides"),
    "next_steps": Text("列表：须做的事", "list: what must be done"),
    "levels": Text(
        "列表：各层级；每项有 title、outcome、outcome_label、text",
        "list: levels of the access list, each with title, outcome, outcome_label, text",
    ),
    "places": Text("列表：选址所在的各区，图的文字说明", "list: the zones of the site, the map in words"),
    "columns": Text("列表：符合性分析表的四个表头", "list: the four heads of the conformity table"),
    "table_caption": Text("表题", "caption of the table"),
    "table": Text(
        "列表：表的各行；kind 为 section、group（有 title）或 row（有 key、item、requirement、situation、outcome、conformity、reason、"
        "measure、basis、note）",
        "list: rows of the table; kind is section or group (with title) or row (with key, item, requirement, situation, outcome, "
        "conformity, reason, measure, basis, note)",
    ),
    "table_notes": Text("列表：表注，哪些条款不在表中", "list: notes, which clauses are no rows"),
    "persons": Text("列表：须由人员判断的事项", "list: what a person must decide"),
    "unknown": Text("列表：无法核对的内容；每项同 findings", "list: what could not be checked; each as in findings"),
    "findings": Text(
        "列表：全部要点；每项有 key、kind、outcome、outcome_label、title、text、detail",
        "list: all findings, each with key, kind, outcome, outcome_label, title, text, detail",
    ),
    "remarks": Text("列表：请人工核对的申报内容", "list: declarations a person should look at"),
    "bases": Text("列表：依据", "list: legal bases"),
    "limits": Text("列表：使用限制（含“不具法律效力”）", "list: limits of use, “no legal force” among them"),
    "summary": Text("列表：概况；每项有 label、value", "list: summary, each with label and value"),
    "inputs": Text(
        "列表：申报内容；每项有 label、value、as_written", "list: declared facts, each with label, value, as_written"
    ),
    "map_review": Text("审图号", "map review number"),
    "map_attribution": Text("地图署名", "attribution of the maps"),
    "location_map": Text("图：选址区位图", "figure: where the site lies"),
    "overlap_map": Text("图：选址与管控单元、分区叠置图", "figure: the site over units and zones"),
    "qr": Text("图：二维码", "figure: QR code"),
}  # fmt: skip
