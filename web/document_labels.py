"""Labels of the links to documents."""

from __future__ import annotations

from screening.words import Text

DOCUMENT_LABELS: dict[str, Text] = {
    "documents": Text("下载符合性分析及审核意见草稿：", "Download the conformity analysis with a draft opinion:"),
    "documents_docx": Text("Word（可编辑）", "Word (to edit)"),
    "documents_pdf": Text("PDF/A（存档）", "PDF/A (for the archive)"),
    "documents_xlsx": Text("Excel（数据）", "Excel (data)"),
    "documents_batch": Text("下载全部 Word 报告（zip）", "All Word reports (zip)"),
}
