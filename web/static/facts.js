// Step 2, declared facts: fields made from the schema. Blank is not declared, which is not zero.

import { get } from "./api.js";
import { byId, make, say } from "./words.js";

const fields = new Map();
let asked = null; // names that matter for the place and industry chosen; null until both are

export async function startFacts() {
  const box = byId("facts");
  box.addEventListener("input", count);
  box.addEventListener("change", count);
  try {
    const { items } = await get("/api/v1/facts");
    box.replaceChildren(...grouped(items));
  } catch (problem) {
    box.replaceChildren(make("p", { className: "notice", textContent: `${say("facts_failed")} ${problem.message}` }));
  }
  count();
}

export function factsAsked() {
  return Object.fromEntries([...fields].map(([name, field]) => [name, declared(field)]).filter(([, value]) => value !== null));
}

export function factsState() {
  return Object.fromEntries([...fields].filter(([, { input }]) => input.value).map(([name, { input }]) => [name, input.value]));
}

export function restoreFacts(kept) {
  for (const [name, value] of Object.entries(kept)) {
    if (fields.has(name)) fields.get(name).input.value = value;
  }
  byId("facts-fold").open = Object.keys(kept).length > 0;
  count();
}

function declared({ fact, input }) {
  if (!input.value && !input.validity.badInput) return null;
  if (fact.type === "boolean") return input.value === "true";
  if (fact.type === "choice") return input.value;
  return input.validity.badInput ? "?" : Number(input.value); // the server refuses what is no number, in words
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

function grouped(items) {
  const groups = new Map();
  for (const fact of items) {
    if (!groups.has(fact.group)) groups.set(fact.group, make("fieldset", { className: "facts" }, make("legend", { textContent: fact.group })));
    const group = groups.get(fact.group);
    const element = field(fact);
    Object.assign(fields.get(fact.name), { element, group });
    group.append(element);
  }
  return groups.values();
}

function field(fact) {
  const id = `fact-${fact.name}`;
  const input = fact.type === "number" ? numberInput(fact) : selectInput(fact);
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-help ${id}-problem`);
  fields.set(fact.name, { fact, input });
  const slot = make("div", { id: `${id}-problem`, className: "problem-slot" });
  slot.dataset.field = `project.facts.${fact.name}`;
  const row = make("div", { className: "with-unit" }, input);
  if (fact.unit) row.append(make("span", { className: "unit", textContent: fact.unit }));
  const label = make("label", { htmlFor: id, textContent: fact.label });
  return make("div", { className: "fact" }, label, row, make("p", { id: `${id}-help`, className: "help", textContent: fact.help }), slot);
}

function numberInput(fact) {
  const input = make("input", { type: "number", step: "any", inputMode: "decimal", placeholder: say("fact_undeclared") });
  if (fact.minimum !== null) input.min = fact.minimum;
  if (fact.maximum !== null) input.max = fact.maximum;
  return input;
}

function selectInput(fact) {
  const choices = fact.type === "boolean" ? [{ value: "true", label: say("fact_yes") }, { value: "false", label: say("fact_no") }] : fact.choices;
  const options = [{ value: "", label: say("fact_undeclared") }, ...choices];
  return make("select", {}, ...options.map(({ value, label }) => make("option", { value, textContent: label })));
}
