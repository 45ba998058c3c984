// Fields made from a schema of facts: one per fact, numbers with a choice of units. Blank is not declared, which is not zero.

import { make, say } from "./words.js";

// A field: { fact, input, unit, days, element, group }; `place` is where its problems are told, e.g. `project.facts`.
export function fieldsOf(items, place) {
  const groups = new Map();
  const fields = new Map();
  for (const fact of items) {
    if (!groups.has(fact.group)) groups.set(fact.group, make("fieldset", { className: "facts" }, make("legend", { textContent: fact.group })));
    const group = groups.get(fact.group);
    const field = { ...fieldFor(fact, place), group };
    group.append(field.element);
    fields.set(fact.name, field);
  }
  return { fields, groups: [...groups.values()] };
}

export function declaredIn(fields) {
  return Object.fromEntries([...fields].map(([name, field]) => [name, declared(field)]).filter(([, value]) => value !== null));
}

export function stateOf(fields) {
  const filled = [...fields].filter(([, { input }]) => input.value);
  return Object.fromEntries(filled.map(([name, { input, unit, days }]) => [name, [input.value, unit?.value ?? "", days?.value ?? ""]]));
}

export function restoreInto(fields, kept) {
  for (const [name, [value, chosen, dayCount]] of Object.entries(kept)) {
    if (!fields.has(name)) continue;
    const { input, unit, days } = fields.get(name);
    input.value = value;
    if (unit && chosen) unit.value = chosen;
    if (days) days.value = dayCount;
    unit?.dispatchEvent(new Event("change"));
  }
}

function declared({ fact, input, unit, days }) {
  if (!input.value && !input.validity.badInput) return null;
  if (fact.type === "boolean") return input.value === "true";
  if (fact.type !== "number") return input.value;
  const value = input.validity.badInput ? "?" : Number(input.value); // the server refuses what is no number, in words
  if (!unit || unit.value === fact.unit) return value;
  const amount = { value, unit: unit.value };
  return days.value && !days.hidden ? { ...amount, days_per_year: Number(days.value) } : amount;
}

function fieldFor(fact, place) {
  const id = `${place.split(".").at(-1).replace(/s$/, "")}-${fact.name}`;
  const input = inputFor(fact);
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-help ${id}-problem`);
  const slot = make("div", { id: `${id}-problem`, className: "problem-slot" });
  slot.dataset.field = `${place}.${fact.name}`;
  const { unit, days, parts } = unitFor(fact, id);
  const row = make("div", { className: "with-unit" }, input, ...parts);
  const label = make("label", { htmlFor: id, textContent: fact.label });
  const help = make("p", { id: `${id}-help`, className: "help", textContent: fact.help });
  return { fact, input, unit, days, element: make("div", { className: "fact" }, label, row, help, slot) };
}

function inputFor(fact) {
  if (fact.type === "number") return make("input", { type: "number", step: "any", inputMode: "decimal", placeholder: say("fact_undeclared") });
  if (fact.type === "date") return make("input", { type: "date" });
  if (fact.type !== "text") return selectInput(fact);
  const long = fact.max_length > 200;
  const input = make(long ? "textarea" : "input", { maxLength: fact.max_length, placeholder: say("fact_undeclared"), autocomplete: "off" });
  return Object.assign(input, long ? { rows: 2 } : { type: "text" });
}

function selectInput(fact) {
  const choices = fact.type === "boolean" ? [{ value: "true", label: say("fact_yes") }, { value: "false", label: say("fact_no") }] : fact.choices;
  return select([{ value: "", label: say("fact_undeclared") }, ...choices]);
}

// The unit beside a number: chosen where there are several; per day it asks for the days, which nobody may assume.
function unitFor(fact, id) {
  if (!fact.unit) return { unit: null, days: null, parts: [] };
  if (fact.units.length < 2) return { unit: null, days: null, parts: [make("span", { className: "unit", textContent: fact.unit })] };
  const unit = select(fact.units.map((one) => ({ value: one.unit, label: one.label })));
  unit.id = `${id}-unit`;
  unit.className = "unit";
  unit.setAttribute("aria-label", say("fact_unit", { label: fact.label }));
  const days = make("input", { type: "number", min: 1, max: 366, step: 1, className: "days", hidden: true, placeholder: say("fact_days") });
  days.setAttribute("aria-label", `${fact.label}: ${say("fact_days")}`);
  unit.addEventListener("change", () => {
    days.hidden = !fact.units.find((one) => one.unit === unit.value).needs_days_per_year;
  });
  return { unit, days, parts: [unit, days] };
}

function select(options) {
  return make("select", {}, ...options.map(({ value, label }) => make("option", { value, textContent: label })));
}
