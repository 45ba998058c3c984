"""The fixed words of the Word templates that come with the program."""

from __future__ import annotations

from dataclasses import dataclass

from screening.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The fixed words of a template."""

    draft_added: str
    opinion: str
    first: str
    verdict: str
    deciding: str
    measures: str
    persons: str
    nothing: str
    unknown: str
    draft: str
    signed: tuple[str, str, str]
    project: str
    declared: str
    as_written: str
    maps: str
    figures: tuple[str, str]
    places: str
    table: str
    table_number: str
    measure: str
    basis: str
    narrative: str
    levels: str
    remarks: str
    limits: str
    bases: str
    record: str
    rows: tuple[tuple[str, str], ...]
    scan: str
    foot: str
    colon: str
    end: str


ZH = Wording(
    draft_added="（附审核意见草稿）",
    opinion="一、审核意见（草稿）",
    first="经核对{{ release }}（基准日 {{ as_of }}），{{ project }}（{{ industries }}；{{ construction }}）拟选址于{{ site }}（{{ area }}；"
    "所在区（市）：{{ districts }}），意见如下。",
    verdict="研判结论：",
    deciding="（一）决定性理由",
    measures="（二）须做的事",
    persons="（三）须由人员判断的事项",
    nothing="没有。",
    unknown="（四）无法核对的内容及原因",
    draft="本意见由系统生成，为草稿，不具有法律效力，须由有权机关审核后另行出具。",
    signed=("审核人：", "复核人：", "日期：　　　年　　月　　日"),
    project="二、项目与选址",
    declared="申报内容",
    as_written="（填写：{{ one.as_written }}）",
    maps="三、选址位置（一图）",
    figures=("图 1　选址区位图", "图 2　选址与管控单元、分区叠置图"),
    places="图中内容的文字说明",
    table="四、符合性分析（一表）",
    table_number="表 1　",
    measure="落实：",
    basis="依据：",
    narrative="五、研判说明（一说明）",
    levels="（一）各层级结论",
    remarks="请人工核对的申报内容",
    limits="（二）使用限制",
    bases="六、依据",
    record="七、成果、时效与核验",
    rows=(
        ("研判编号", "{{ number }}"),
        ("研判时间", "{{ created_at }}"),
        ("基准日", "{{ as_of }}"),
        ("成果版本", "{{ release }}（{{ release_id }}）"),
        ("准入清单", "{{ list_version }}"),
        ("有效期至", "{{ valid_until }}（{{ valid_because }}）"),
        ("软件版本", "{{ engine }}"),
        ("研判记录摘要", "SHA-256　{{ digest }}"),
        ("签章文件摘要", "SHA-256　{{ sealed_digest }}"),
        ("现时页面", "{{ address }}"),
    ),
    scan="扫码查看现时结论",
    foot="研判编号 {{ number }} · 基准日 {{ as_of }} · 摘要 {{ digest[:16] }}",
    colon="：",
    end="。",
)
EN = Wording(
    draft_added="with a draft opinion",
    opinion="1. Draft opinion",
    first="Checked against {{ release }} (as of {{ as_of }}): {{ project }} ({{ industries }}; {{ construction }}), proposed at {{ site }} "
    "({{ area }}; district: {{ districts }}).",
    verdict="Verdict: ",
    deciding="(1) What decides",
    measures="(2) What must be done",
    persons="(3) What a person must decide",
    nothing="Nothing.",
    unknown="(4) What could not be checked, and why",
    draft="Made by a program as a draft without legal force; the competent authority must review it and issue its own.",
    signed=("Reviewed by:", "Checked by:", "Date:"),
    project="2. Project and site",
    declared="Declared",
    as_written=" (as written: {{ one.as_written }})",
    maps="3. Where the site lies (map)",
    figures=("Figure 1. Where the site lies", "Figure 2. The site over units and zones"),
    places="The maps in words",
    table="4. Conformity, clause by clause (table)",
    table_number="Table 1. ",
    measure="To do: ",
    basis="Basis: ",
    narrative="5. Narrative",
    levels="(1) Levels of the list",
    remarks="Declarations a person should look at",
    limits="(2) Limits of use",
    bases="6. Legal bases",
    record="7. Release, validity and verification",
    rows=(
        ("Screening", "{{ number }}"),
        ("Screened at", "{{ created_at }}"),
        ("As of", "{{ as_of }}"),
        ("Release", "{{ release }} ({{ release_id }})"),
        ("Access list", "{{ list_version }}"),
        ("Valid until", "{{ valid_until }} ({{ valid_because }})"),
        ("Engine", "{{ engine }}"),
        ("Digest of the record", "SHA-256 {{ digest }}"),
        ("Digest of the sealed file", "SHA-256 {{ sealed_digest }}"),
        ("Live page", "{{ address }}"),
    ),
    scan="Scan for the live verdict",
    foot="Screening {{ number }} · as of {{ as_of }} · digest {{ digest[:16] }}",
    colon=": ",
    end=".",
)
WORDING: dict[Language, Wording] = {"zh": ZH, "en": EN}
