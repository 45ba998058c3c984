// Step 2, declared facts: fields made from the schema. Blank is not declared, which is not zero.

import { get } from "./api.js";
import { declaredIn, fieldsOf, restoreInto, stateOf } from "./fields.js";
import { byId, make, say } from "./words.js";

let fields = new Map();
const MOST_OPEN = 4; // questions in sight at once; the others are folded under their number
let asked = null; // names that matter for the place and industry chosen; null until both are

export async function startFacts() {
  const box = byId("facts");
  for (const part of [box, byId("facts-first")]) ["input", "change"].forEach((kind) => part.addEventListener(kind, count));
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
  byId("facts-fold").open = byId("facts-rest").open = Object.keys(kept).length > 0;
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
    const hasRoom = byId("facts-asked").childElementCount < MOST_OPEN;
    if (!byId("facts-first").contains(element)) byId(hasRoom ? "facts-asked" : "facts-asked-rest").append(element);
  }
  const folded = byId("facts-asked-rest").childElementCount;
  byId("facts-first").hidden = first.length === 0;
  byId("facts-asked-more").hidden = folded === 0;
  byId("facts-asked-more-title").textContent = say("facts_first_more", { count: folded });
  count();
}

// What was asked and answered stays where it was answered.
function answeredFirst() {
  const isAnswered = ([, { element, input }]) => input.value && byId("facts-first").contains(element);
  return [...fields].filter(isAnswered).map(([name]) => name);
}

function count() {
  const declared = Object.keys(factsAsked()).length;
  const settled = asked?.length === 0 ? ` · ${say("facts_settled")}` : "";
  byId("facts-count").textContent = say("facts_count", { declared, total: fields.size }) + settled;
  byId("facts-first-count").textContent = asked?.length ? say("facts_asked", { asked: asked.length, declared }) : "";
}
