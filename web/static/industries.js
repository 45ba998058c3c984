// Step 2, what: the industry search box, an accessible combobox, and the industries chosen.

import { get } from "./api.js";
import { clearProblem, showProblem } from "./problems.js";
import { byId, make, say } from "./words.js";

const PAUSE_MS = 180;
const chosen = new Map();
let found = [];
let active = -1;
let asking = new AbortController();
let pause = 0;

export function startIndustries() {
  const box = byId("industry");
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "industry-list" };
  for (const [name, value] of Object.entries(roles)) box.setAttribute(name, value); // without scripts it is a plain field
  box.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, PAUSE_MS);
  });
  box.addEventListener("keydown", onKey);
  box.addEventListener("blur", () => setTimeout(close, 150));
  byId("industry-list").addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the box
}

export function industriesAsked() {
  const typed = byId("industry").value.trim();
  return typed ? [...chosen.keys(), typed] : [...chosen.keys()];
}

export function industriesState() {
  return [...chosen.values()];
}

export function choose(industry) {
  byId("industry").value = "";
  byId("industry-status").textContent = "";
  tellNotices([]);
  clearProblem("project.industries");
  close();
  add(industry);
}

function add(industry) {
  chosen.set(industry.code, industry);
  showChosen();
}

export function takeInstead(value, code) {
  chosen.delete(value);
  byId("industry").value = code;
  byId("industry").focus();
  search();
}

// What a link, or the server, wrote into the form; what somebody has typed meanwhile stays theirs.
export function takeWrittenIndustries() {
  const box = byId("industry");
  const written = box.defaultValue.split(/[,，;；、]/).map((one) => one.trim()).filter(Boolean);
  if (box.value === box.defaultValue) box.value = "";
  return Promise.all(written.map(chooseCode));
}

// A code from a deep link: shown with its name where the look-up finds it, as it is where not.
async function chooseCode(code) {
  try {
    const { items, notices } = await get("/api/v1/industries", { q: code });
    add(items.find((item) => item.code === code) ?? items[0] ?? { code, name: "" });
    if (notices.length) tellNotices(notices);
  } catch (problem) {
    add({ code, name: "" });
    showProblem({ ...problem, what: problem.message, field: "project.industries" });
  }
}

async function search() {
  const q = byId("industry").value.trim();
  asking.abort();
  asking = new AbortController();
  if (!q) {
    tellNotices([]);
    return close();
  }
  try {
    const { items, notices } = await get("/api/v1/industries", { q }, asking.signal);
    tellNotices(notices);
    if (document.activeElement !== byId("industry")) return undefined; // left meanwhile
    found = items;
    open();
  } catch (problem) {
    if (problem.name === "AbortError") return undefined;
    close();
    showProblem({ ...problem, what: problem.message, field: "project.industries" });
  }
  return undefined;
}

// What a code of the 2011 edition means today; a status, so that it is read out too.
function tellNotices(notices) {
  const lines = notices.map((notice) => make("p", { className: "notice", textContent: `${say("industry_notices")} ${notice}` }));
  byId("industry-notices").replaceChildren(...lines);
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    event.preventDefault();
    move((active + step + found.length) % found.length);
  } else if (event.key === "Enter") {
    event.preventDefault(); // Enter chooses; the form is sent by its button
    if (found.length) choose(found[Math.max(active, 0)]);
  } else if (event.key === "Escape") {
    close();
  } else if (event.key === "Backspace" && !event.target.value && chosen.size) {
    remove([...chosen.keys()].at(-1));
  }
}

function open() {
  active = -1;
  const list = byId("industry-list");
  list.replaceChildren(...found.map(option));
  list.hidden = !found.length;
  byId("industry").setAttribute("aria-expanded", String(found.length > 0));
  byId("industry").removeAttribute("aria-activedescendant");
  byId("industry-status").textContent = found.length ? say("industry_results", { count: found.length }) : say("industry_nothing");
  list.scrollIntoView({ block: "nearest" });
}

function close() {
  found = [];
  byId("industry-list").hidden = true;
  byId("industry").setAttribute("aria-expanded", "false");
  byId("industry").removeAttribute("aria-activedescendant");
}

function option(industry, position) {
  const item = make("li", { id: `industry-${position}` });
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.append(make("code", { textContent: industry.code }), make("strong", { textContent: industry.name }), make("small", { textContent: industry.path }));
  item.addEventListener("click", () => choose(industry));
  return item;
}

function move(position) {
  const options = [...byId("industry-list").children];
  options[active]?.setAttribute("aria-selected", "false");
  active = position;
  options[active].setAttribute("aria-selected", "true");
  options[active].scrollIntoView({ block: "nearest" });
  byId("industry").setAttribute("aria-activedescendant", options[active].id);
}

function remove(code) {
  chosen.delete(code);
  showChosen();
  byId("industry").focus();
}

function showChosen() {
  byId("industries").replaceChildren(...[...chosen.values()].map(chip));
}

function chip(industry) {
  const button = make("button", { type: "button", textContent: "×" });
  button.setAttribute("aria-label", say("industry_remove", { name: `${industry.code} ${industry.name}` }));
  button.addEventListener("click", () => remove(industry.code));
  return make("li", {}, make("code", { textContent: industry.code }), make("span", { textContent: industry.name }), button);
}
