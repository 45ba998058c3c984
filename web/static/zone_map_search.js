// The search box of the zone map: an accessible combobox over zones of every layer.

import { get } from "./api.js";
import { byId, make } from "./words.js";
import { say } from "./zone_map_tree.js";

const PAUSE_MS = 180;
let found = [];
let active = -1;
let asking = new AbortController();
let pause = 0;

// `chosen` is called with a zone found or a point; `submitted` with words when nothing was picked.
export function startSearch(release, chosen, submitted) {
  const box = byId("map-words-asked");
  box.setAttribute("role", "combobox");
  for (const [name, value] of [["autocomplete", "list"], ["expanded", "false"], ["controls", "map-found"]]) {
    box.setAttribute(`aria-${name}`, value);
  }
  const take = (index) => {
    const one = found[index];
    box.value = one.name || one.code || `${one.lon}, ${one.lat}`;
    close();
    chosen(one);
  };
  box.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => search(release(), take), PAUSE_MS);
  });
  box.addEventListener("keydown", (event) => onKey(event, take));
  box.addEventListener("blur", () => setTimeout(close, 150));
  byId("map-found").addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the box
  byId("map-search").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    asking.abort();
    close();
    if (box.value.trim()) submitted(box.value.trim());
  });
}

async function search(release, take) {
  const q = byId("map-words-asked").value.trim();
  asking.abort();
  asking = new AbortController();
  if (!q) return close();
  try {
    const { items, point, total } = await get("/api/v1/zones", { q, release }, asking.signal);
    if (document.activeElement !== byId("map-words-asked")) return undefined; // left meanwhile
    found = point ? [point] : items;
    open(take);
    const said = { total, shown: items.length, read_as: point?.read_as };
    tell(point ? "zm_found_point" : total === 0 ? "zm_found_none" : total > items.length ? "zm_found_more" : "zm_found", said);
  } catch (problem) {
    if (problem.name !== "AbortError") close(); // sending the words asks again, and then says what is wrong
  }
  return undefined;
}

function open(take) {
  const list = byId("map-found");
  list.replaceChildren(...found.map((one, index) => option(one, index, take)));
  list.hidden = found.length === 0;
  byId("map-words-asked").setAttribute("aria-expanded", String(!list.hidden));
  activate(-1);
}

function option(one, index, take) {
  const name = one.code === undefined ? say("zm_point_option") : one.name || one.code;
  const about = one.code === undefined ? one.read_as : [one.layer_name, one.class_label, one.district].filter(Boolean).join(" · ");
  const item = make("li", { id: `map-found-${index}`, role: "option" }, make("span", { textContent: name }), make("small", { textContent: about }));
  item.setAttribute("aria-selected", "false");
  item.addEventListener("click", () => take(index));
  return item;
}

function onKey(event, take) {
  const isOpen = !byId("map-found").hidden;
  if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    close();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && isOpen) {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    activate((active + step + found.length + (active < 0 && step < 0 ? 1 : 0)) % found.length);
  } else if (event.key === "Enter" && isOpen && active >= 0) {
    event.preventDefault();
    take(active);
  }
}

function activate(index) {
  active = index;
  const box = byId("map-words-asked");
  byId("map-found").querySelectorAll("[role=option]").forEach((item, position) => {
    item.setAttribute("aria-selected", String(position === index));
    if (position === index) item.scrollIntoView({ block: "nearest" });
  });
  if (index >= 0) box.setAttribute("aria-activedescendant", `map-found-${index}`);
  else box.removeAttribute("aria-activedescendant");
}

function close() {
  byId("map-found").hidden = true;
  byId("map-words-asked").setAttribute("aria-expanded", "false");
  activate(-1);
}

function tell(name, filling) {
  byId("announce").textContent = say(name, filling);
}
