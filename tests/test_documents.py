"""Word, PDF and Excel of a kept screening: equal to what the API says, the same bytes each time, safe with any name."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import docx
import openpyxl  # type: ignore[import-untyped]
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from fastapi.testclient import TestClient

from api.app import create_api
from api.documents.checks import filled
from api.documents.content import Report
from api.documents.service import MEDIA, DocumentService, Kind
from api.documents.templates import OWN, template_name
from api.documents.variables import VARIABLES
from api.service import ScreeningService
from api.settings import Settings
from deploy.draw_document_templates import drawn
from screening.errors import DocumentTemplateError
from screening.words import LANGUAGES, Language
from tests.sealing import serving
from tests.test_api import body
from tests.test_cli import run
from tests.test_sealed_api import door
from tests.test_small_city import ACROSS_UNITS, IN_RED_LINE

PROJECT = "示例电镀项目"
HOSTILE = [
    "a<b>&c </w:t></w:p>",
    '=HYPERLINK("http://example.test";"go")',
    "{{ digest }} {% for x in y %}",
    "#set text(red) $x$ [y] \\ *z* ```",
    "很长的名称" * 38,
    "\u202eתירבע\u202c العربية",
    "🏭 工厂 👩‍🔬 \U000e0041",
    "bell\x07 tab\t null\x0b line\nbreak",
    "../../etc/passwd\\..\\x:y*?|",
    "-2+3@SUM(A1)",
]


@pytest.fixture
def data(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    (tmp_path / "releases").symlink_to(small_store[0])
    return tmp_path


@pytest.fixture
def service(data: Path) -> Iterator[ScreeningService]:
    with serving(data) as made:
        yield made


@pytest.fixture
def client(service: ScreeningService) -> Iterator[TestClient]:
    with door(service) as made:
        yield made


def screened(client: TestClient, site: str = IN_RED_LINE, **project: object) -> dict[str, Any]:
    asked = body({"text": site, "name": "北山地块"}, **{"name": PROJECT, **project})
    found: dict[str, Any] = client.post("/api/v1/screenings", json=asked).json()
    return found


def fetched(client: TestClient, case_id: str, kind: Kind, language: Language = "zh") -> bytes:
    answer = client.get(f"/api/v1/screenings/{case_id}/report.{kind}?lang={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA[kind]
    return answer.content


def word_text(document: Document) -> str:
    """All words of a document: paragraphs, cells, header and footer, one a line."""
    parts = [document.element.body]
    parts += [part._element for one in document.sections for part in (one.header, one.footer)]
    paragraphs = [paragraph for part in parts for paragraph in part.iter(qn("w:p"))]
    return "\n".join("".join(_spoken(one)) for one in paragraphs)


def _spoken(paragraph: Any) -> Iterator[str]:
    for one in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        yield one.text or "" if one.tag == qn("w:t") else "\n"


def cells(content: bytes) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def pdf_text(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


# -- the same answer ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("site", [IN_RED_LINE, ACROSS_UNITS, "120.15,36.08"])
def test_word_says_what_the_api_says(client: TestClient, site: str, language: Language) -> None:
    found = screened(client, site, industries=["C2614"])
    told = client.get(f"/api/v1/screenings/{found['id']}?lang={language}").json()["explanation"]
    table = client.get(f"/api/v1/screenings/{found['id']}/conformity?lang={language}").json()["table"]
    document = docx.Document(io.BytesIO(fetched(client, found["id"], Kind.DOCX, language)))
    said = word_text(document)
    for words in (told["headline"], *told["deciding"], *told["next_steps"], *told["limits"], *table["notes"]):
        assert words in said
    for row in told["summary"]:
        assert row["label"] in said
        assert row["value"] in said
    for entry in told["without_data"]:
        assert entry["text"] in said
    (big,) = [one for one in document.tables if len(one.rows) > len(table["rows"])]
    answers = [[cell.text for cell in row.cells] for row in big.rows if len({id(cell._tc) for cell in row.cells}) == 4]
    assert answers[0] == table["columns"]
    assert len(answers) == len(table["rows"]) + 1
    for cells_of_row, row in zip(answers[1:], table["rows"], strict=True):
        assert cells_of_row[0] == row["item"]
        assert cells_of_row[1].split("\n")[0] == row["requirement"]
        assert cells_of_row[2].split("\n") == row["situation"]
        assert cells_of_row[3].split("\n")[0] == row["conformity"]
        assert row["reason"] in cells_of_row[3]
        assert row["measure"] in cells_of_row[3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_excel_says_what_the_api_says(client: TestClient, language: Language) -> None:
    found = screened(client, ACROSS_UNITS, industries=["C2614"], facts={"coal_t_per_year": "1.2万吨/年"})
    told = client.get(f"/api/v1/screenings/{found['id']}?lang={language}").json()["explanation"]
    table = client.get(f"/api/v1/screenings/{found['id']}/conformity?lang={language}").json()["table"]
    answer, findings, conformity, inputs = cells(fetched(client, found["id"], Kind.XLSX, language)).values()
    listed = [[row[5], row[1], row[2], row[3]] for row in findings[1:]]
    entries = [one for kind in ("concerned", "without_data", "not_concerned") for one in told[kind]]
    assert listed == [[one["key"], one["outcome_label"], one["title"], one["text"]] for one in entries]
    rows = [row for row in conformity[1:] if row[3]]
    assert [row[:2] for row in rows] == [[one["item"], one["requirement"]] for one in table["rows"]]
    assert [row[2].split("\n") for row in rows] == [one["situation"] for one in table["rows"]]
    assert [row[3] for row in rows] == [one["conformity"] for one in table["rows"]]
    assert [row[6] for row in rows] == [one["basis"] for one in table["rows"]]
    assert {(row["label"], row["value"]) for row in told["summary"]} <= {(row[0], row[1]) for row in inputs}
    assert ["12,000 t/a", "1.2万吨/年"] in [row[1:3] for row in inputs]
    assert any(told["headline"] in row[1] for row in answer)
    assert found["digest"] in [row[1] for row in answer]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_says_what_the_api_says(client: TestClient, language: Language) -> None:
    found = screened(client)
    told = client.get(f"/api/v1/screenings/{found['id']}?lang={language}").json()["explanation"]
    said = pdf_text(fetched(client, found["id"], Kind.PDF, language))
    for words in (told["headline"], told["conclusion_label"], found["id"], told["notice"]):
        assert re.sub(r"\s+", "", words) in said
    for row in told["summary"][:3]:
        assert re.sub(r"\s+", "", row["value"]) in said
    assert ("不具有法律效力" if language == "zh" else "withoutlegalforce") in said


def test_what_is_unknown_is_told_with_its_reason_and_never_reads_as_consent(client: TestClient) -> None:
    found = screened(client, "120.15,36.08", facts={})
    assert found["verdict"]["conclusion"] == "undetermined"
    said = word_text(docx.Document(io.BytesIO(fetched(client, found["id"], Kind.DOCX))))
    assert "研判结论：无法判定。" in said
    assert "补充申报" in said


# -- the same bytes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_screening_gives_the_same_bytes_on_any_day(
    data: Path, client: TestClient, service: ScreeningService, kind: Kind
) -> None:
    found = screened(client)
    first = fetched(client, found["id"], kind)
    later = service._now().replace(year=2027)
    with serving(data, later) as again:
        made = DocumentService(again, Settings(data=data)).made(found["id"], kind, "zh", "https://screen.example/")
    assert made.content == first


def test_a_sealed_file_gives_the_document_of_its_screening(client: TestClient, service: ScreeningService) -> None:
    found = screened(client)
    documents = DocumentService(service, Settings(public_url="https://screen.example"))
    sealed = service.sealed(found["id"])
    for kind in Kind:
        assert documents.made_of_file(sealed, kind, "zh") == documents.made(found["id"], kind, "zh")
    changed = json.loads(sealed)
    changed["record"]["conclusion"] = "complies"
    made = documents.made_of_file(json.dumps(changed).encode(), Kind.DOCX, "zh")
    assert "以签章文件为准" in word_text(docx.Document(io.BytesIO(made.content)))


# -- form --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_is_laid_out_as_an_official_document(client: TestClient, language: Language) -> None:
    found = screened(client)
    document = docx.Document(io.BytesIO(fetched(client, found["id"], Kind.DOCX, language)))
    page = document.sections[0]
    assert [round(one.mm) for one in (page.page_width, page.page_height, page.left_margin, page.top_margin) if one] == [210, 297, 28, 37]  # fmt: skip
    heads = [row for table in document.tables for row in table._tbl.iter(qn("w:tblHeader"))]
    assert len(heads) == 1
    faces = {one.get(qn("w:eastAsia")) for one in document.element.iter(qn("w:rFonts"))}
    assert faces <= {"宋体", "黑体", "仿宋", "楷体"}
    assert document.styles["Heading 1"].element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert document.styles["Body Text"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    figures = list(document.element.iter("{*}docPr"))
    assert len(figures) == 3
    assert all(one.get("descr") for one in figures)
    assert "PAGE" in "".join(one.text or "" for one in page.footer._element.iter(qn("w:instrText")))
    assert found["digest"][:16] in word_text(document)
    assert document.core_properties.identifier == found["id"]
    assert not re.search(r"{{|{%|%}|}}", word_text(document))


def test_excel_is_set_up_to_be_read_and_printed(client: TestClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, screened(client)["id"], Kind.XLSX)))
    assert book.sheetnames == ["结论", "要点", "符合性分析", "申报与读法"]
    assert [sheet.freeze_panes for sheet in book.worksheets] == ["B2"] * 4
    assert [sheet.print_title_rows for sheet in book.worksheets[1:]] == ["$1:$1"] * 3
    assert all(sheet.page_setup.paperSize == 9 and sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in book.worksheets)  # fmt: skip
    outcomes = [row[1] for row in book["要点"].iter_rows(min_row=2)]
    assert all(one.value and one.fill.fgColor.rgb not in ("00000000", "FFFFFFFF") for one in outcomes)


def test_pdf_is_for_the_archive_with_its_own_typefaces_and_the_day_of_the_screening(client: TestClient) -> None:
    content = fetched(client, screened(client)["id"], Kind.PDF)
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in content
    told = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
    lines = told.splitlines()[2:]
    assert lines
    assert all(re.search(r"\+Noto(Serif|Sans)SC-Regular.* yes yes yes ", line) for line in lines)
    stated = subprocess.run(["pdfinfo", "-isodates", "-"], input=content, capture_output=True, check=True).stdout.decode()  # fmt: skip
    assert re.search(r"CreationDate:\s+2026-11-21T", stated)
    assert PROJECT in stated


def test_the_map_review_number_and_the_attribution_stand_below_the_maps(client: TestClient) -> None:
    said = word_text(docx.Document(io.BytesIO(fetched(client, screened(client)["id"], Kind.DOCX))))
    assert said.count("审图号：无（示例数据）") == 2


# -- hostile names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_only_a_name(client: TestClient, name: str) -> None:
    found = client.post("/api/v1/screenings", json=body({"text": IN_RED_LINE, "name": name}, name=name)).json()
    shown = re.sub(r"[\x00-\x08\x0b-\x1f\t\u202a-\u202e\U000e0041]", "", name)
    said = word_text(docx.Document(io.BytesIO(fetched(client, found["id"], Kind.DOCX))))
    assert shown in said
    book = fetched(client, found["id"], Kind.XLSX)
    assert ["项目", shown] in [row[:2] for row in cells(book)["结论"]]
    with ZipFile(io.BytesIO(book)) as parts:
        assert not any(b"<f>" in parts.read(one) or b"hyperlink" in parts.read(one) for one in parts.namelist())
    printed = pdf_text(fetched(client, found["id"], Kind.PDF))
    kept = re.sub(r"[^\x21-\x7e\u4e00-\u9fff]", "", shown)
    assert kept[:20] in printed or kept[:5] in printed
    assert found["id"] in printed


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_is_called_by_its_project_and_every_system_takes_the_name(client: TestClient, name: str) -> None:
    found = screened(client, name=name)
    header = client.get(f"/api/v1/screenings/{found['id']}/report.docx").headers["content-disposition"]
    plain, encoded = re.fullmatch(r"attachment; filename=\"([\w.]+)\"; filename\*=UTF-8''(.+)", header).groups()  # type: ignore[union-attr]
    called = unquote(encoded)
    assert plain == "report.docx"
    assert called.endswith(f"符合性分析-{found['id']}.docx")
    assert not re.search(r'[\\/:*?"<>|\s\x00-\x1f\u202e]', called)
    assert not called.startswith((".", "-"))
    assert len(called.encode()) <= 255


# -- templates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_are_what_their_script_draws(language: Language) -> None:
    assert (OWN / template_name(language)).read_bytes() == drawn(language)


def made_template(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(str(path))
    return path


def test_a_city_puts_its_own_template_in_place_of_ours(client: TestClient, service: ScreeningService, tmp_path: Path) -> None:  # fmt: skip
    found = screened(client)
    folder = tmp_path / "templates"
    folder.mkdir()
    made_template(folder / "report.zh.docx", "某市 {{ project }}：{{ conclusion }}", "{%p for one in deciding %}", "{{ one }}", "{%p endfor %}", "{{ qr }}")  # fmt: skip
    documents = DocumentService(service, Settings(document_templates=folder))
    assert documents.template_problems() == []
    own = word_text(docx.Document(io.BytesIO(documents.made(found["id"], Kind.DOCX, "zh").content)))
    assert own.startswith(f"某市 {PROJECT}：{found['explanation']['conclusion_label']}")
    english = documents.made(found["id"], Kind.DOCX, "en").content
    assert "Draft opinion" in word_text(docx.Document(io.BytesIO(english)))


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [
        (["{{ projekt }}"], "projekt"),
        (["{% if project %}"], "标记写错了"),
        (["{{ project.owner }}"], "owner"),
        (["{%p for one in deciding %}", "{{ one.clause }}", "{%p endfor %}"], "clause"),
        (["{{ ''.__class__.__mro__ }}"], "不能填写"),
        (["{%tr for row in table %}", "{{ row.item }}"], "标记写错了"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_in_words(
    client: TestClient, service: ScreeningService, tmp_path: Path, paragraphs: list[str], said: str
) -> None:
    made_template(tmp_path / "report.zh.docx", *paragraphs)
    with pytest.raises(DocumentTemplateError) as caught:
        filled(tmp_path / "report.zh.docx", "zh")
    assert said in caught.value.what.zh
    assert "report.zh.docx" in caught.value.what.en
    documents = DocumentService(service, Settings(document_templates=tmp_path))
    assert [type(one) for one in documents.template_problems()] == [DocumentTemplateError]
    found = screened(client)
    with pytest.raises(DocumentTemplateError):
        documents.made(found["id"], Kind.DOCX, "zh")
    assert documents.made(found["id"], Kind.PDF, "zh").content


def test_a_mistyped_name_is_told_with_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(DocumentTemplateError) as caught:
        filled(made_template(tmp_path / "t.docx", "{{ conclusions }}"), "zh")
    assert "conclusion" in caught.value.candidates


@pytest.mark.parametrize("content", [b"", b"no word file", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_not_word_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.docx").write_bytes(content)
    with pytest.raises(DocumentTemplateError) as caught:
        filled(tmp_path / "t.docx", "zh")
    assert "不是可读的 Word 文件" in caught.value.what.zh


def test_what_templates_may_ask_for_is_what_reports_hold() -> None:
    assert set(VARIABLES) == {one.name for one in fields(Report)} | {"location_map", "overlap_map", "qr"}


def test_every_variable_is_explained_in_the_documentation() -> None:
    page = (Path(__file__).parents[1] / "docs" / "documents.md").read_text(encoding="utf-8")
    for name in VARIABLES:
        assert f"`{name}`" in page


# -- doors -------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_screening_leads_to_its_documents(client: TestClient) -> None:
    found = screened(client)
    page = client.get(f"/screenings/{found['id']}?lang=zh", headers={"accept": "text/html"}).text
    links = re.findall(r'href="([^"]*report\.\w+[^"]*)"', page)
    assert len(links) == 3
    for link in links:
        assert client.get(link).status_code == 200


def test_what_there_is_not_is_told(client: TestClient) -> None:
    assert client.get("/api/v1/screenings/nothing/report.docx").status_code == 404
    found = screened(client)
    assert client.get(f"/api/v1/screenings/{found['id']}/report.odt").status_code == 422


def test_a_batch_comes_as_one_document_a_site_in_a_zip(client: TestClient) -> None:
    rows = f'项目名称,坐标,行业代码\n甲/乙,"{IN_RED_LINE}",I6511\n丙,"{ACROSS_UNITS}",C2614\n丁,哪里,I6511\n'
    done = client.post("/api/v1/batches?name=rows.csv", content=rows.encode()).json()
    ids = [row["screening"] for row in done["rows"] if row["screening"]]
    assert len(ids) == 2
    answer = client.get(done["reports_url"])
    assert answer.headers["content-type"] == "application/zip"
    assert "reports.zip" in answer.headers["content-disposition"]
    with ZipFile(io.BytesIO(answer.content)) as found:
        assert found.testzip() is None
        names = found.namelist()
        assert [re.sub(r".*-", "", name) for name in names] == [f"{one}.docx" for one in ids]
        assert names[0].startswith("0001-甲_乙-")
        assert found.read(names[1]) == fetched(client, ids[1], Kind.DOCX)
    assert client.get(done["reports_url"]).content == answer.content
    assert client.get(f"/api/v1/batch-files/screenings/{'0' * 64}/reports.zip").status_code == 404
    workbook = done["results_url"].split("/")[-1].split("?")[0]
    assert client.get(f"/api/v1/batch-files/screenings/{workbook}/reports.zip").status_code == 404


def test_a_zip_holds_one_document_in_memory_at_a_time(client: TestClient, service: ScreeningService) -> None:
    ids = [screened(client, name=f"项目{at}")["id"] for at in range(3)]
    told: list[tuple[int, int]] = []
    pieces = DocumentService(service, Settings()).zipped(ids, Kind.XLSX, "zh", progress=lambda *done: told.append(done))
    first = next(pieces)
    assert first.startswith(b"PK")
    assert told == [(0, 3)]
    content = first + b"".join(pieces)
    assert told[-1] == (3, 3)
    with ZipFile(io.BytesIO(content)) as found:
        assert len(found.namelist()) == 3


def test_a_site_without_a_document_says_why_in_its_place(client: TestClient, service: ScreeningService) -> None:
    ids = [screened(client)["id"], "nothing"]
    content = b"".join(DocumentService(service, Settings()).zipped(ids, Kind.XLSX, "zh"))
    with ZipFile(io.BytesIO(content)) as found:
        made, missing = found.namelist()
        assert made.endswith(".xlsx")
        assert missing == "0002-未生成-nothing.txt"
        assert "nothing" in found.read(missing).decode()


def test_a_broken_template_is_told_when_the_service_starts(
    data: Path, service: ScreeningService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made_template(tmp_path / "report.en.docx", "{{ projekt }}")
    create_api(Settings(data=data, document_templates=tmp_path), service)
    (told,) = [one.getMessage() for one in caplog.records if "report.en.docx" in one.getMessage()]
    assert "projekt" in told
    assert "threelines template check" in told


def test_the_command_writes_documents_and_checks_templates(data: Path, client: TestClient, tmp_path: Path) -> None:
    found = screened(client)
    done = run(data, "report", found["id"], "--format", "pdf", "--out", str(tmp_path / "r.pdf"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    (tmp_path / "s.json").write_bytes(client.get(f"/api/v1/screenings/{found['id']}/sealed").content)
    done = run(data, "report", str(tmp_path / "s.json"), "--out", str(tmp_path / "r.docx"), "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "Draft opinion" in word_text(docx.Document(str(tmp_path / "r.docx")))
    rows = f'项目名称,坐标,行业代码\n甲,"{IN_RED_LINE}",I6511\n'
    batch = client.post("/api/v1/batches?name=rows.csv", content=rows.encode()).json()
    (tmp_path / "results.xlsx").write_bytes(client.get(batch["results_url"]).content)
    done = run(data, "report", str(tmp_path / "results.xlsx"), "--format", "xlsx")
    assert done.returncode == 0, done.stderr
    with ZipFile(tmp_path / "results-reports.zip") as zipped:
        assert len(zipped.namelist()) == 1
    assert run(data, "template", "copy", str(tmp_path / "own")).returncode == 0
    assert run(data, "template", "check", str(tmp_path / "own" / "report.zh.docx")).returncode == 0
    bad = made_template(tmp_path / "bad.docx", "{{ projekt }}")
    refused = run(data, "template", "check", str(bad))
    assert refused.returncode == 2
    assert "projekt" in refused.stderr
    assert "· project" in refused.stderr


# -- opened by LibreOffice ---------------------------------------------------------------------------------------------


def test_libreoffice_opens_word_and_excel_and_repeats_the_heads_of_the_table(
    client: TestClient, tmp_path: Path
) -> None:
    found = screened(client, ACROSS_UNITS, industries=["C2614"])
    for kind in (Kind.DOCX, Kind.XLSX):
        (tmp_path / f"{kind}.{kind}").write_bytes(fetched(client, found["id"], kind))
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "docx.docx"), str(tmp_path / "xlsx.xlsx")],
        capture_output=True, text=True, timeout=180, check=True,
    )  # fmt: skip
    word, book = (tmp_path / "docx.pdf").read_bytes(), (tmp_path / "xlsx.pdf").read_bytes()
    assert word, done.stdout
    told = client.get(f"/api/v1/screenings/{found['id']}?lang=zh").json()["explanation"]
    for content in (word, book):
        said = pdf_text(content)
        assert told["headline"] in said
        assert found["id"] in said
    assert pdf_text(word).count("管控维度/条款") >= 2
    stated = subprocess.run(["pdfinfo", "-"], input=word, capture_output=True, check=True).stdout.decode()
    pages = int(re.search(r"Pages:\s+(\d+)", stated).group(1))  # type: ignore[union-attr]
    subprocess.run(["pdftoppm", "-r", "40", "-gray", str(tmp_path / "docx.pdf"), str(tmp_path / "page")], check=True)
    pictures = sorted(tmp_path.glob("page-*.pgm"))
    assert len(pictures) == pages
    for one in pictures:
        pixels = one.read_bytes()
        assert sum(level < 200 for level in pixels[20:]) > 500, f"{one.name} is blank"
