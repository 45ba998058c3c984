// Step 2, declared facts: fields made from the schema. Blank is not declared, which is not zero.

import { get } from "./api.js";
import { byId, make, say } from "./words.js";

const fields = new Map();

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

function count() {
  const answered = Object.keys(factsAsked()).length;
  byId("facts-count").textContent = say("facts_count", { declared: answered, total: fields.size });
}

function grouped(items) {
  const groups = new Map();
  for (const fact of items) {
    if (!groups.has(fact.group)) groups.set(fact.group, make("fieldset", { className: "facts" }, make("legend", { textContent: fact.group })));
    groups.get(fact.group).append(field(fact));
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
