"""What one cell of a batch means; each reading either answers or raises what is wrong and what to do."""

from __future__ import annotations

import re
from functools import cache

from layers.batches.columns import batch_words, construction_words, plain
from layers.batches.sources import Cell, CellKind
from layers.facts import checked
from layers.industries import classification
from layers.map_providers import map_providers
from screening.belts import all_belts
from screening.datums import DATUM_NAME, Datum
from screening.errors import UnreadableCellError, UnreadableSiteError
from screening.hints import read_hints
from screening.layouts import AxisOrder
from screening.map_links import named_provider
from screening.model import Construction, Fact, FactValue
from screening.numerals import plain_marks
from screening.readings import Declaration
from screening.terms import CONSTRUCTION
from screening.words import Language, Text

WIDEST_M = 10_000.0
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
# Full-width characters only: compatibility forms such as ² or ① are not the digit they look like.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_CODE = re.compile(r"(?P<code>[A-Ta-t]?[0-9]{2,4}|[A-Ta-t])(?:[\s:：]+(?P<name>\D.*)|(?P<joined>[^\x00-\x7f].*))?")
_SEPARATOR = re.compile(r"[；;、，,\n|/]+")
_CODE_DIGITS = 4
_MERGED = Text(
    "它属于合并单元格，不知道各行各是什么。", "It belongs to merged cells, so nobody can tell what each row says."
)
_UNMERGE = Text("请取消合并，逐行填写。", "Unmerge the cells and fill in each row.")
_LEAVE = Text("没有的填 0，不知道的留空。", "Write 0 for none and leave blank what is not known.")


def require_sound(cell: Cell) -> None:
    """Refuse a cell whose content nobody can know.

    Raises:
        UnreadableCellError: It is merged, failed in the spreadsheet, or is a formula without its result.
    """
    if cell.merged:
        raise UnreadableCellError.of(cell.text, _MERGED, _UNMERGE)
    if cell.kind is CellKind.ERROR:
        why = Text("表格软件在此格算错了。", "The spreadsheet program failed to compute this cell.")
        raise UnreadableCellError.of(cell.text, why, Text("请改正公式或直接填值。", "Mend it or write the value."))
    if cell.kind is CellKind.FORMULA:
        why = Text("文件里只有公式，没有算出的值。", "The file holds the formula and not its result.")
        cure = Text(
            "请在表格软件中打开、保存，或粘贴为数值。", "Open and save it in a spreadsheet, or paste the value."
        )
        raise UnreadableCellError.of(cell.text, why, cure)


def read_text(cell: Cell) -> str:
    """A name or coordinates as written.

    Raises:
        UnreadableCellError: Nobody can know the content.
    """
    require_sound(cell)
    return cell.text


def read_coordinates(cell: Cell) -> str:
    """Coordinates as written; whether they are a site is for the screening to say.

    Raises:
        UnreadableCellError: It is blank, a bare number, a date, or nobody can know the content.
    """
    require_sound(cell)
    _refuse_date(cell)
    if cell.kind is not CellKind.TEXT:
        why = Text("一处选址至少要有两个数。", "A site needs two numbers at least.")
        cure = Text("请在同一格写“经度, 纬度”或各拐点。", "Write “lon, lat” or the corners into this one cell.")
        raise UnreadableCellError.of(cell.text, why, cure)
    return cell.text


def read_width(cell: Cell) -> float | None:
    """Full width of a line, metres; None if blank.

    Raises:
        UnreadableCellError: It is no length between 0 and 10 km.
    """
    if cell.is_blank:
        return None
    number = _number(cell)
    if not 0 < number <= WIDEST_M:
        why = Text(f"线宽应大于 0、不超过 {WIDEST_M:g} 米。", f"The width must be above 0 and up to {WIDEST_M:g} m.")
        raise UnreadableCellError.of(cell.text, why, Text("请改正。", "Correct it."))
    return number


def read_industries(cell: Cell) -> tuple[str, ...]:
    """Codes in one cell, with section letters, each perhaps followed by its name.

    Raises:
        UnreadableCellError: A date, a number that may have lost a zero, a name of another code, or no code.
        UnknownIndustryError: A code that the standard does not have.
    """
    require_sound(cell)
    _refuse_date(cell)
    if cell.kind is CellKind.NUMBER:
        _refuse_lost_zero(cell)
    found = []
    for part in (one.strip() for one in _SEPARATOR.split(cell.text.translate(_NARROW))):
        if not part:
            continue
        match = _CODE.fullmatch(part)
        if match is None:
            near = [f"{hit.code} {hit.name}" for hit in classification().search(part, 5)]
            why = Text("应为 GB/T 4754—2017 代码。", "It must be a code of GB/T 4754-2017.")
            cure = Text("请查“行业代码”表，填代码。", "Look it up on the sheet of codes and write the code.")
            raise UnreadableCellError.of(part, why, cure, near)
        industry = classification().find(match["code"], field="industries")
        name = match["name"] or match["joined"]
        if name and plain(name) != plain(industry.name):
            why = Text(f"{industry.code} 是“{industry.name}”。", f"{industry.code} is “{industry.name}”.")
            cure = Text("请核对代码和名称，只留代码也可。", "Compare code and name; the code alone will do.")
            raise UnreadableCellError.of(part, why, cure, [f"{industry.code} {industry.name}"])
        found.append(industry.code)
    return tuple(dict.fromkeys(found))


def read_construction(cell: Cell) -> Construction | None:
    """Kind of construction; None if blank.

    Raises:
        UnreadableCellError: None of the kinds.
    """
    if cell.is_blank:
        return None
    require_sound(cell)
    kind = construction_words().get(plain(cell.text))
    if kind is None:
        why = Text("应为新建、改建、扩建、技术改造之一。", "It must be one of the four kinds.")
        cure = Text("请从下拉选项中选。", "Choose from the drop-down.")
        raise UnreadableCellError.of(cell.text, why, cure, [f"{one.zh} · {one.en}" for one in CONSTRUCTION.values()])
    return Construction(kind)


def read_fact(fact: Fact, cell: Cell) -> FactValue | None:
    """What a cell declares of one fact, in the fact's unit; None if blank: not declared.

    Raises:
        UnreadableCellError: It is no number, no yes or no, or none of the choices.
        UnknownFactError: It is out of range.
    """
    if cell.is_blank:
        return None
    require_sound(cell)
    value: FactValue
    match fact.kind:
        case "boolean":
            value = _yes_or_no(cell)
        case "choice":
            value = _choice(fact, cell)
        case _:
            value = _number(cell)
    return checked({fact.name: value}, {fact.name: fact})[fact.name]


def fact_words(fact: Fact, value: object, language: Language) -> str:
    """A declared value as the template writes it."""
    if isinstance(value, bool):
        return yes_no(language)[0 if value else 1]
    if fact.kind == "choice":
        return dict(fact.choices)[str(value)].in_(language)
    return f"{value:g}" if isinstance(value, float) else str(value)


def yes_no(language: Language) -> tuple[str, str]:
    """The words for yes and no."""
    return ("是", "否") if language == "zh" else ("yes", "no")


def read_system(system: Cell, axes: Cell) -> Declaration:
    """What two cells declare of coordinates.

    Raises:
        UnreadableCellError: The words name no known system or order.
    """
    stated = _system(system)
    return Declaration(
        datum=stated.datum,
        epsg=stated.epsg,
        zone=stated.zone,
        belt_width=stated.belt_width,
        meridian=stated.meridian,
        axes=_axes(axes),
    )


@cache
def system_options(language: Language) -> dict[str, Declaration]:
    """Words of the drop-down and what they declare."""
    datums = {DATUM_NAME[one].in_(language): Declaration(datum=one) for one in Datum}
    degrees = Text("经纬度", "degrees").in_(language)
    codes = {f"EPSG:{code} {name} {degrees}": Declaration(epsg=code) for code, name in _DEGREES.items()}
    belts = {one.name.in_(language): Declaration(epsg=one.epsg) for one in all_belts()}
    return {**datums, **codes, **belts}


@cache
def axes_options(language: Language) -> dict[str, AxisOrder]:
    """Words of the drop-down and the order they name."""
    return {str(row[language]): AxisOrder(value) for value, row in batch_words()["axes"].items()}


_DEGREES = {4490: "CGCS2000", 4326: "WGS 84"}


@cache
def _known_systems() -> dict[str, Declaration]:
    codes = {f"EPSG:{one.epsg}": Declaration(epsg=one.epsg) for one in all_belts()}
    codes |= {f"EPSG:{code}": Declaration(epsg=code) for code in _DEGREES}
    bare = {name.removeprefix("EPSG:"): stated for name, stated in codes.items()}
    datums = {datum.value: Declaration(datum=datum) for datum in Datum}
    listed = {**system_options("zh"), **system_options("en"), **datums, **codes, **bare}
    return {plain(name): stated for name, stated in listed.items()}


def _system(cell: Cell) -> Declaration:
    if cell.is_blank:
        return Declaration()
    require_sound(cell)
    known = _known_systems().get(plain(cell.text))
    if known is not None:
        return known
    provider = named_provider(cell.text, map_providers())
    if provider is not None and provider[1] == cell.text:
        return Declaration(datum=provider[0].datum)
    try:
        hints = read_hints(plain_marks(cell.text))
    except UnreadableSiteError as problem:
        raise UnreadableCellError.of(cell.text, problem.why, problem.cure) from problem
    stated = Declaration(
        datum=hints.datum,
        epsg=hints.epsg,
        zone=hints.zone,
        belt_width=hints.belt_width,
        meridian=hints.meridian,
    )
    if stated == Declaration() or re.search(r"\w", hints.rest):
        why = Text("不认识这个坐标系。", "This coordinate system is not known.")
        cure = Text("请从下拉选项中选，或留空。", "Choose from the drop-down, or leave it blank.")
        raise UnreadableCellError.of(cell.text, why, cure, list(system_options("zh"))[:4])
    return stated


def _axes(cell: Cell) -> AxisOrder | None:
    if cell.is_blank:
        return None
    require_sound(cell)
    words = {**axes_options("zh"), **axes_options("en"), **{one.value: one for one in AxisOrder}}
    found = {plain(name): order for name, order in words.items()}.get(plain(cell.text))
    if found is None:
        why = Text("不认识这个坐标顺序。", "This order is not known.")
        cure = Text("请从下拉选项中选，或留空。", "Choose from the drop-down, or leave it blank.")
        raise UnreadableCellError.of(cell.text, why, cure, list(words))
    return found


def _number(cell: Cell) -> float:
    require_sound(cell)
    _refuse_date(cell)
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, int | float):
        return float(cell.value)
    written = cell.text.translate(_NARROW)
    if cell.kind is CellKind.TEXT and _PLAIN.fullmatch(written):
        return float(written)
    if cell.kind is CellKind.TEXT and _THOUSANDS.fullmatch(written):
        return float(written.replace(",", ""))
    why = Text("应为一个数，不带单位和其他文字。", "It must be one number, without unit or words.")
    if re.fullmatch(r"\d+,\d+", written):
        why = Text("逗号可能是小数点，也可能是分隔符。", "The comma may be a decimal point or a separator.")
    raise UnreadableCellError.of(cell.text, why, _LEAVE)


def _yes_or_no(cell: Cell) -> bool:
    _refuse_date(cell)
    if isinstance(cell.value, bool):
        return cell.value
    written, words = cell.text.translate(_NARROW).lower(), batch_words()
    if written in words["yes"]["words"]:
        return True
    if written in words["no"]["words"]:
        return False
    why = Text("应为是或否。", "It must be yes or no.")
    raise UnreadableCellError.of(cell.text, why, Text("请选，不知道的留空。", "Choose; leave blank if not known."))


def _choice(fact: Fact, cell: Cell) -> str:
    _refuse_date(cell)
    words = {plain(name): value for value, text in fact.choices for name in (value, text.zh, text.en)}
    found = words.get(plain(cell.text))
    if found is None:
        why = Text("不在选项之内。", "It is none of the choices.")
        cure = Text("请从下拉选项中选，不知道的留空。", "Choose from the drop-down; leave blank if not known.")
        raise UnreadableCellError.of(cell.text, why, cure, [f"{text.zh} · {text.en}" for _, text in fact.choices])
    return found


def _refuse_date(cell: Cell) -> None:
    if cell.kind is CellKind.DATE:
        why = Text("表格软件把它变成了日期。", "The spreadsheet program turned it into a date.")
        cure = Text("请把该列设为文本格式后重新填写。", "Format the column as text and write it again.")
        raise UnreadableCellError.of(cell.text, why, cure)


def _refuse_lost_zero(cell: Cell) -> None:
    """A number shorter than a class may be a code whose first zero the spreadsheet program dropped."""
    digits = cell.text
    if digits.isdigit() and len(digits) < _CODE_DIGITS and f"0{digits}" in classification().codes_by_digits:
        why = Text(
            f"数字格会丢掉开头的 0：可能是 0{digits}，也可能是 {digits}。",
            f"A number loses its first zero: 0{digits} or {digits} may be meant.",
        )
        cure = Text("请写上门类字母，如 A0111。", "Write the section letter as well, as in A0111.")
        raise UnreadableCellError.of(digits, why, cure)
