"""Words of the documents beside those of the explanation; Word templates hold their own."""

from __future__ import annotations

from screening.words import Language, Text

SAMPLE = Text("（示例文字）", "(sample)")
FILE_WORD = Text("符合性分析", "conformity")
NOT_MADE = Text("未生成", "not-made")
ZIP_NAME = Text("符合性分析.zip", "conformity.zip")

# What the content itself needs.
SAID: dict[str, Text] = {
    "title": Text("建设项目生态环境分区管控符合性分析", "Conformity with ecological zone control"),
    "unnamed_project": Text("（未填项目名称）", "(no project name given)"),
    "unnamed_site": Text("（未填选址名称）", "(no site name given)"),
    "undeclared": Text("未申报", "not declared"),
    "point": Text("点位，没有边界，未量算面积", "a point without boundary, no area measured"),
    "joiner": Text("；", "; "),
    "comma": Text("、", ", "),
    "colon": Text("：", ": "),
    "review": Text("审图号：{number}", "Map review number: {number}"),
    "review_demonstration": Text("审图号：无（示例数据）", "Map review number: none (demonstration data)"),
    "review_missing": Text("审图号：未填", "Map review number: not given"),
    "not_weighed": Text("未计入研判结论", "no part of the verdict"),
    "level": Text("层级", "level"),
    "concerned": Text("涉及", "concerned"),
    "without_data": Text("没有数据", "without data"),
    "not_concerned": Text("已核对、不涉及", "checked, not concerned"),
    "differs": Text(
        "按本版软件重新计算的结果与当时保存的研判不一致，以签章文件为准；本文件只供对照，请刷新研判后再用。",
        "Answered again by this version, the verdict is not the one that was kept. The sealed file counts; refresh the "
        "screening before you use this document.",
    ),
}
# What the PDF and the workbook print.
PRINTED: dict[str, Text] = {
    "draft_added": Text("（附审核意见草稿）", "with a draft opinion"),
    "part_opinion": Text("一、审核意见（草稿）", "1. Draft opinion"),
    "part_project": Text("二、项目与选址", "2. Project and site"),
    "part_maps": Text("三、选址位置（一图）", "3. Where the site lies (map)"),
    "part_table": Text("四、符合性分析（一表）", "4. Conformity, clause by clause (table)"),
    "part_narrative": Text("五、研判说明（一说明）", "5. Narrative"),
    "part_bases": Text("六、依据", "6. Legal bases"),
    "part_record": Text("七、成果、时效与核验", "7. Release, validity and verification"),
    "conclusion": Text("研判结论：", "Verdict: "),
    "opinion_first": Text(
        "经核对{release}（基准日 {as_of}），{project}（{industries}；{construction}）拟选址于{site}（{area}；所在区（市）：{districts}），"
        "意见如下。",
        "Checked against {release} (as of {as_of}): {project} ({industries}; {construction}), proposed at {site} ({area}; district: "
        "{districts}).",
    ),
    "deciding": Text("决定性理由", "What decides"),
    "measures": Text("须做的事", "What must be done"),
    "persons": Text("须由人员判断的事项", "What a person must decide"),
    "nothing": Text("没有。", "Nothing."),
    "unknown": Text("无法核对的内容及原因", "What could not be checked, and why"),
    "levels": Text("各层级", "Levels of the list"),
    "remarks": Text("请人工核对的申报内容", "Declarations a person should look at"),
    "places": Text("图中内容的文字说明", "The maps in words"),
    "limits": Text("使用限制", "Limits of use"),
    "signed": Text("审核人：　　　　　　复核人：　　　　　　日期：　　　　年　　月　　日", "Reviewed by: ____________   Checked by: ____________   Date: ____________"),
    "draft": Text(
        "本意见由系统生成，为草稿，不具有法律效力，须由有权机关审核后另行出具。",
        "Made by a program as a draft without legal force; the competent authority must review it and issue its own.",
    ),
    "figure_1": Text("图 1　选址区位图", "Figure 1. Where the site lies"),
    "figure_2": Text("图 2　选址与管控单元、分区叠置图", "Figure 2. The site over units and zones"),
    "table_1": Text("表 1　", "Table 1. "),
    "declared": Text("申报内容", "Declared"),
    "measure": Text("落实：", "To do: "),
    "basis": Text("依据：", "Basis: "),
    "number": Text("研判编号", "Screening"),
    "created": Text("研判时间", "Screened at"),
    "as_of": Text("基准日", "As of"),
    "release": Text("成果版本", "Release"),
    "list": Text("准入清单", "Access list"),
    "engine": Text("软件版本", "Engine"),
    "valid": Text("有效期至", "Valid until"),
    "digest": Text("研判记录摘要（SHA-256）", "Digest of the record (SHA-256)"),
    "sealed": Text("签章文件摘要（SHA-256）", "Digest of the sealed file (SHA-256)"),
    "address": Text("现时页面", "Live page"),
    "qr": Text("扫码查看现时结论", "Scan for the live verdict"),
    "glyphs": Text("“〓”表示所嵌字体没有的字符，原文见 Word 或 Excel 文件。", "“〓” stands for a character that the embedded typefaces lack; Word and Excel hold the original."),
    "page": Text("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
}  # fmt: skip

# What the workbook prints beside it.
SHEETS: dict[str, Text] = {
    "sheet_answer": Text("结论", "Answer"),
    "sheet_findings": Text("要点", "Findings"),
    "sheet_conformity": Text("符合性分析", "Conformity"),
    "sheet_inputs": Text("申报与读法", "Inputs"),
    "dash": Text("　", " · "),
    "colon": SAID["colon"],
    "notice": Text("提示", "Notice"),
    "project": Text("项目", "Project"),
    "site": Text("选址", "Site"),
    "industries": Text("行业", "Industry"),
    "construction": Text("建设性质", "Construction"),
    "area": Text("面积", "Area"),
    "districts": Text("所在区（市）", "District"),
    "conclusion": Text("研判结论", "Verdict"),
    "next_steps": PRINTED["measures"],
    "bases": Text("依据", "Legal bases"),
    "finding_kind": Text("类别", "Kind"),
    "finding_outcome": Text("结果", "Outcome"),
    "finding_title": Text("要点", "Finding"),
    "finding_text": Text("说明", "Explanation"),
    "finding_detail": Text("依据与量算", "Basis and measures"),
    "finding_key": Text("键", "Key"),
    "table_reason": Text("理由", "Reason"),
    "table_measure": Text("须落实", "To do"),
    "table_basis": Text("依据", "Basis"),
    "input_label": Text("名称", "Name"),
    "input_value": Text("采用值", "Taken as"),
    "input_written": Text("填写", "As written"),
    **{
        name: PRINTED[name]
        for name in (
            "deciding", "persons", "unknown", "limits", "number", "created", "as_of", "release", "list", "valid", "engine",
            "digest", "sealed", "address",
        )
    },
}  # fmt: skip


def printed(language: Language) -> dict[str, str]:
    """What the PDF and the workbook print, in one language."""
    return {name: text.in_(language) for name, text in PRINTED.items()}
