// The page around the zone map: what lies under a place, the tree, the releases, and the state in the address.

import { getPage } from "./api.js";
import { byId, language } from "./words.js";
import { startSearch } from "./zone_map_search.js";
import { say, showTree } from "./zone_map_tree.js";

const PAUSE_MS = 250;
const SWAPPED = ["map-notice", "map-words", "release-list"]; // parts that tell of the release shown
const state = { release: byId("answer").dataset.release, with: "", zone: "", point: "" };
let asking = 0;

for (const one of ZoneMap.maps) startMap(one);
startTree();
startAnswer();
startDates();
startSearch(() => state.release, choose, (words) => ask({ q: words }, { only: true }));
document.addEventListener("click", keepState);
document.addEventListener("submit", keepStateOfForm);

// -- maps -------------------------------------------------------------------------------------------------------------

function startMap({ map, name }) {
  const box = map.getContainer();
  const frame = document.querySelector(`[data-map="${name}"]`);
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", frame.dataset.label);
  box.setAttribute("aria-describedby", "map-keys");
  map.on("click", ({ latlng }) => askPlace(map, latlng));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === box) askPlace(map, map.getCenter());
  });
  map.on("moveend", () => setTimeout(writeAddress, 0));
}

// A click is as exact as the zoom: about the size of a pixel or two.
function askPlace(map, { lat, lng }) {
  const digits = map.getZoom() < 12 ? 3 : map.getZoom() < 15 ? 4 : 5;
  ask({ point: `${lng.toFixed(digits)},${lat.toFixed(digits)}` });
}

function startTree() {
  byId("layer-section").hidden = false;
  showTree(byId("layer-tree"), writeAddress);
  byId("layers-reset").addEventListener("click", () => {
    for (const one of ZoneMap.maps) {
      for (const layer of one.config.layers) Object.assign(ZoneMap.look(layer), { on: layer.visible, off: ZoneMap.look(layer).off, opacity: 1 }).off.clear();
    }
    const base = ZoneMap.maps[0].config.base;
    if (base) Object.assign(ZoneMap.looks.get(base.id), { on: true, opacity: 1 });
    [...ZoneMap.looks.keys()].forEach((id) => ZoneMap.redraw(id));
    showTree(byId("layer-tree"), writeAddress);
    writeAddress();
  });
}

// -- what was asked ----------------------------------------------------------------------------------------------------

function startAnswer() {
  byId("answer").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-zone], a[data-point], a[data-clear]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if ("clear" in link.dataset) ask({});
    else if (link.dataset.point) ask({ point: link.dataset.point }, { fly: true });
    else ask({ zone: link.dataset.zone }, { fly: true });
  });
  document.querySelectorAll("[data-change]").forEach((item) => ZoneMap.mark(placeOf(item.dataset.change), "change-mark"));
  document.querySelectorAll("[data-change-link]").forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      ZoneMap.maps[0].map.setView(placeOf(link.dataset.changeLink), 14);
      ask({ point: link.dataset.changeLink });
    }),
  );
  showAnswered({ fly: !ZoneMap.asked.at });
}

function choose(found) {
  if (found.code === undefined) ask({ point: `${found.lon},${found.lat}` }, { fly: true });
  else ask({ zone: `${found.layer}:${found.code}` }, { fly: true });
}

// The server answers with a part of the page; the newest question wins. `only`: a sole result is taken at once.
async function ask(asked, { fly = false, only = false } = {}) {
  const number = ++asking;
  byId("announce").textContent = say("zm_busy");
  const parts = new URLSearchParams({ fragment: "true", lang: language, release: state.release, ...asked });
  let answered;
  try {
    answered = await getAnswer(`/map?${parts}`);
  } catch (problem) {
    answered = problemBox(problem);
  }
  if (number !== asking) return;
  byId("answer").innerHTML = answered;
  const results = byId("answer").querySelectorAll("[data-zone][data-extent], [data-point]");
  if (only && results.length === 1) {
    results[0].click();
    return;
  }
  Object.assign(state, { zone: asked.zone ?? "", point: asked.point ?? "" });
  byId("announce").textContent = byId("answer").querySelector("[data-told]")?.dataset.told ?? byId("answer").textContent.trim();
  showAnswered({ fly });
  byId("answer").scrollIntoView({ block: "nearest" });
  writeAddress();
}

// An answer that a place cannot be read is an answer too.
async function getAnswer(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const isPart = answer.headers.get("Content-Type")?.includes("html") && answer.status < 500;
  return isPart ? answer.text() : getPage(address);
}

function problemBox(problem) {
  const box = document.createElement("p");
  Object.assign(box, { className: "notice", textContent: [problem.title, problem.what, problem.cure].filter(Boolean).join(" ") });
  return box.outerHTML;
}

// Draws on the map what the answer is about.
function showAnswered({ fly }) {
  const map = ZoneMap.maps[0].map;
  const zone = byId("answer").querySelector("[data-zone-shown]");
  const place = byId("answer").querySelector("[data-place]");
  ZoneMap.clearMarks("place-mark");
  ZoneMap.choose(null);
  if (zone) {
    const [layer, ...code] = zone.dataset.zoneShown.split(":");
    state.zone = zone.dataset.zoneShown;
    switchOn(layer);
    ZoneMap.choose(layer, code.join(":"));
    const [west, south, east, north] = zone.dataset.extent.split(",").map(Number);
    if (fly) map.fitBounds([[south, west], [north, east]], { padding: [24, 24], maxZoom: 15 });
  } else if (place) {
    state.point = state.point || place.dataset.place;
    ZoneMap.mark(placeOf(place.dataset.place));
    if (fly) map.setView(placeOf(place.dataset.place), Math.max(13, map.getZoom()));
  }
}

// A zone is shown together with its layer.
function switchOn(id) {
  const layer = ZoneMap.maps.flatMap((one) => one.config.layers).find((one) => one.id === id);
  if (!layer || ZoneMap.look(layer).on) return;
  ZoneMap.look(layer).on = true;
  ZoneMap.redraw(id);
  showTree(byId("layer-tree"), writeAddress);
}

function placeOf(written) {
  const [lon, lat] = written.split(",").map(Number);
  return [lat, lon];
}

// -- releases ---------------------------------------------------------------------------------------------------------

function startDates() {
  const asked = new URLSearchParams(window.location.search);
  if (ZoneMap.maps.length === 2) state.with = asked.get("with") === state.release ? asked.get("release") : asked.get("with");
  const slider = byId("release-slider");
  if (!slider) return;
  const stops = JSON.parse(byId("map-stops").textContent);
  let pause = 0;
  slider.addEventListener("input", () => {
    const stop = stops[Number(slider.value)];
    slider.setAttribute("aria-valuetext", `${stop.days} · ${stop.standing_label}`);
    byId("release-told").textContent = stop.days;
    Object.assign(byId("release-standing"), { textContent: stop.standing_label, className: `state standing-${stop.standing}` });
    clearTimeout(pause);
    pause = setTimeout(() => switchRelease(stop.release), PAUSE_MS);
  });
}

async function switchRelease(release) {
  if (release === state.release) return;
  const page = new DOMParser().parseFromString(await getPage(`/map?${new URLSearchParams({ release, lang: language })}`), "text/html");
  state.release = release;
  for (const id of [...SWAPPED]) byId(id).replaceWith(page.getElementById(id));
  byId("compare-release").value = release;
  byId("compare-with").replaceChildren(...page.getElementById("compare-with").children);
  byId("map-search").elements.release.value = release;
  ZoneMap.show(ZoneMap.maps[0], JSON.parse(page.getElementById("config-main").textContent));
  showTree(byId("layer-tree"), writeAddress);
  writeAddress();
  if (state.zone) await ask({ zone: state.zone });
  else if (state.point) await ask({ point: state.point });
}

// -- the address reproduces the map -----------------------------------------------------------------------------------

function layersWritten() {
  const written = [];
  const known = new Set();
  const bases = ZoneMap.maps[0].config.base ? [{ ...ZoneMap.maps[0].config.base, rules: [] }] : [];
  for (const layer of [...bases, ...ZoneMap.maps.flatMap((one) => one.config.layers)]) {
    const look = ZoneMap.looks.get(layer.id);
    if (!look.on || known.has(layer.id)) continue;
    known.add(layer.id);
    const classes = look.off.size ? `.${classesOf(layer).filter((cls) => !look.off.has(cls)).join("")}` : "";
    const share = look.opacity < 1 ? `@${Math.round(look.opacity * 100)}` : "";
    written.push(`${layer.id}${classes}${share}`);
  }
  return written.join(",");
}

function addressOf(more = {}) {
  const { map } = ZoneMap.maps[0];
  const { lat, lng } = map.getCenter();
  const all = { lang: language, ...state, layers: layersWritten(), at: `${lng.toFixed(4)},${lat.toFixed(4)},${map.getZoom()}`, ...more };
  const written = Object.entries(all).filter(([name, value]) => value || name === "layers");
  const plain = (value) => encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%40/g, "@");
  return `/map?${written.map(([name, value]) => `${name}=${plain(value)}`).join("&")}`;
}

function writeAddress() {
  history.replaceState(null, "", addressOf());
  for (const link of document.querySelectorAll(".languages a")) {
    link.setAttribute("href", addressOf({ lang: link.hreflang.startsWith("en") ? "en" : "zh" }));
  }
}

// Another release, or two: the same view, layers and question. A plain link back starts afresh.
function keepState(event) {
  const link = event.target.closest("a[data-keeps-state]");
  if (link) link.setAttribute("href", addressOf({ with: "", release: new URL(link.href).searchParams.get("release") }));
}

function keepStateOfForm(event) {
  if (!event.target.matches("form[data-keeps-state]")) return;
  const kept = new URL(addressOf(), window.location.href).searchParams;
  for (const name of ["layers", "at", "zone", "point"]) {
    if (!kept.get(name)) continue;
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value: kept.get(name) });
    event.target.append(input);
  }
}
