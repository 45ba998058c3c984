// A run's progress as it happens; the page is loaded anew once the run stands still.
import { say } from "./words.js";

const run = document.getElementById("run");
const source = new EventSource(`/api/v1/approval/batch-runs/${run.dataset.run}/events?lang=${run.dataset.lang}`);

source.addEventListener("progress", (event) => {
  const told = JSON.parse(event.data);
  document.getElementById("run-state").textContent = told.state_label;
  document.getElementById("run-done").textContent = say("run_done_of", { done: told.done, rows: told.rows });
  document.getElementById("run-progress").value = told.done;
  for (const place of document.querySelectorAll("[data-count]")) {
    place.textContent = told.counts[place.dataset.count] ?? 0;
  }
  if (["paused", "cancelled", "failed", "finished"].includes(told.state)) {
    source.close();
    location.reload();
  }
});
