"""Labels of the pages of batch runs."""

from __future__ import annotations

from screening.words import Text

RUN_LABELS: dict[str, Text] = {
    "runs_title": Text("后台批量研判", "Batch runs"),
    "runs_lead": Text(
        "成千上万行也可以：上传后先核对列，再在后台逐行研判。可以暂停、继续、取消，关掉网页或重启服务都不影响。",
        "Thousands of rows: hand a file in, agree on its columns, and its rows are screened in the background. Pause, "
        "resume or cancel; closing the page or restarting the service loses nothing.",
    ),
    "runs_new": Text("新建", "New"),
    "runs_file_help": Text(
        "Excel、CSV、Shapefile 压缩包、GeoJSON、GeoPackage 等；最多 {rows} 行，{size}。",
        "Excel, CSV, zipped Shapefile, GeoJSON, GeoPackage and others; at most {rows} rows, {size}.",
    ),
    "runs_hand_in": Text("上传并核对列", "Hand in and check the columns"),
    "runs_as_of": Text("基准日", "As of"),
    "runs_kept": Text(
        "上传的文件和结果保存 {days} 天，可随时删除；每行的研判记录长期保存。",
        "The file and the results are kept for {days} days and can be deleted at any time; each row's screening stays.",
    ),
    "runs_mine": Text("我的批量研判", "My batch runs"),
    "runs_none": Text("还没有。", "None yet."),
    "runs_file": Text("文件", "File"),
    "runs_created": Text("上传时间", "Handed in"),
    "runs_state": Text("状态", "State"),
    "runs_progress": Text("进度", "Progress"),
    "runs_from_batch": Text("超过 {rows} 行？用后台批量研判", "More than {rows} rows? Use a batch run"),
    "run_title": Text("批量研判：{file}", "Batch run: {file}"),
    "run_release": Text("成果版本", "Release"),
    "run_columns": Text("核对列", "Check the columns"),
    "run_columns_help": Text(
        "左边是文件里的列，右边是它的含义；识别错的请改。前三行内容列出供核对。",
        "On the left the file's columns, on the right what each means; change what was not recognised. The first three "
        "rows are shown.",
    ),
    "run_column": Text("文件里的列", "Column in the file"),
    "run_meaning": Text("含义", "Meaning"),
    "run_samples": Text("前三行", "First three rows"),
    "run_unused": Text("不使用", "not used"),
    "run_look_again": Text("按此重新核对", "Check again like this"),
    "run_begin": Text("开始研判 {count} 行", "Screen {count} rows"),
    "run_nothing": Text("没有可以研判的行。", "There is no row to screen."),
    "run_faulty_first": Text(
        "有 {count} 行读不懂，不会研判，完成后随待修改文件退回。",
        "{count} rows cannot be read; they will not be screened and come back in the file to mend.",
    ),
    "run_done_of": Text("已完成 {done} / {rows} 行", "{done} of {rows} rows done"),
    "run_wanted": Text("做完手头几行后{state}", "after the rows at hand: {state}"),
    "run_pause": Text("暂停", "Pause"),
    "run_resume": Text("继续", "Resume"),
    "run_cancel": Text("取消", "Cancel"),
    "run_delete": Text("删除文件和结果", "Delete file and results"),
    "run_reload": Text("本页在有脚本时自动更新；没有时请刷新。", "Updates by itself with scripts; reload without."),
    "run_files": Text("下载", "Download"),
    "run_file_results": Text("结果（.xlsx）", "Results (.xlsx)"),
    "run_file_mend": Text("待修改的行（.xlsx）", "Rows to mend (.xlsx)"),
    "run_file_sites": Text("选址图层（.gpkg）", "Sites (.gpkg)"),
    "run_file_reports": Text(
        "Word 报告（当前筛选的前 {most} 处，.zip）", "Word reports (first {most} of this filter, .zip)"
    ),
    "run_counts": Text("按结论", "By conclusion"),
    "run_all": Text("全部", "All"),
    "run_waiting": Text("尚未研判", "not yet screened"),
    "run_faulty": Text("待修改", "to mend"),
    "run_map": Text("在地图上", "On the map"),
    "run_map_help": Text(
        "各选址按结论标出（× 不符合，? 无法判定，! 有条件符合，✓ 符合），最多 {most} 处；下表逐行列出同样的内容。",
        "Each site with the sign of its conclusion (× not compliant, ? undetermined, ! conditional, ✓ compliant), at most "
        "{most}; the table below lists the same.",
    ),
    "run_lines": Text("逐行结果", "Results by row"),
    "run_words": Text("名称或位置", "Name or place"),
    "run_filter": Text("筛选", "Filter"),
    "run_found": Text("共 {total} 行", "{total} rows"),
    "runs_pages": Text("分页", "Pages"),
    "runs_page": Text("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "runs_before": Text("上一页", "Previous"),
    "runs_after": Text("下一页", "Next"),
    "run_none_found": Text("没有符合的行。", "No row fits."),
}
