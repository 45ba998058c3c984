// Step 2, particulars of the EIA report form: all optional, kept with the answer.

import { get } from "./api.js";
import { declaredIn, fieldsOf, restoreInto, stateOf } from "./fields.js";
import { byId, make, say } from "./words.js";

let fields = new Map();

export async function startParticulars() {
  const box = byId("particulars");
  box.addEventListener("input", count);
  box.addEventListener("change", count);
  try {
    const { items } = await get("/api/v1/particulars");
    const made = fieldsOf(items, "project.particulars");
    fields = made.fields;
    box.replaceChildren(...made.groups);
  } catch (problem) {
    box.replaceChildren(make("p", { className: "notice", textContent: `${say("particulars_failed")} ${problem.message}` }));
  }
  count();
}

export function particularsAsked() {
  return declaredIn(fields);
}

export function particularsState() {
  return stateOf(fields);
}

export function restoreParticulars(kept) {
  restoreInto(fields, kept);
  byId("particulars-fold").open = Object.keys(kept).length > 0;
  count();
}

function count() {
  const filled = Object.keys(particularsAsked()).length;
  byId("particulars-count").textContent = filled ? say("particulars_count", { declared: filled }) : "";
}
