// Step 2, declared facts: fields made from the schema. Blank is not declared, which is not zero.

import { get } from "./api.js";
import { declaredIn, fieldsOf, restoreInto, stateOf } from "./fields.js";
import { byId, make, say } from "./words.js";

let fields = new Map();
let asked = null; // names that matter for the place and industry chosen; null until both are

export async function startFacts() {
  const box = byId("facts");
  box.addEventListener("input", count);
  box.addEventListener("change", count);
  try {
    const { items } = await get("/api/v1/facts");
    const made = fieldsOf(items, "project.facts");
    fields = made.fields;
    box.replaceChildren(...made.groups);
  } catch (problem) {
    box.replaceChildren(make("p", { className: "notice", textContent: `${say("facts_failed")} ${problem.message}` }));
  }
  count();
}

export function factsAsked() {
  return declaredIn(fields);
}

export function factsState() {
  return stateOf(fields);
}

export function restoreFacts(kept) {
  restoreInto(fields, kept);
  byId("facts-fold").open = Object.keys(kept).length > 0;
  count();
}

// The fields that matter first, in the order in which they decide; the others stay below, folded.
export function askFirst(names) {
  asked = names;
  const first = names === null ? [] : [...answeredFirst(), ...names.filter((name) => fields.has(name))];
  for (const [name, { element, group }] of fields) {
    if (!first.includes(name) && element.parentElement !== group) group.append(element);
  }
  for (const name of first) {
    const { element } = fields.get(name);
    if (!byId("facts-asked").contains(element)) byId("facts-asked").append(element);
  }
  byId("facts-asked-help").hidden = first.length === 0;
  byId("facts-rest-title").hidden = names === null;
  byId("facts-rest").open = names === null;
  count();
}

// What was asked and answered stays where it was answered.
function answeredFirst() {
  const shown = [...byId("facts-asked").children];
  const isAnswered = ([, { element, input }]) => input.value && shown.includes(element);
  return [...fields].filter(isAnswered).map(([name]) => name);
}

function count() {
  const declaredCount = Object.keys(factsAsked()).length;
  byId("facts-count").textContent = countWords(declaredCount);
}

function countWords(declaredCount) {
  if (asked === null) return say("facts_count", { declared: declaredCount, total: fields.size });
  if (asked.length === 0) return say("facts_settled");
  return say("facts_asked", { asked: asked.length, declared: declaredCount });
}
