// Step 1, where: a click, a drawn shape, typed text or a file; one of them at a time.

import { get, post, Problem, sendFile, tooLarge } from "./api.js";
import { clearProblem, showProblem, tellProblem } from "./problems.js";
import { areaM2, areaWords, asText, lengthM, lengthWords, readShape, samples } from "./shapes.js";
import { byId, make, say } from "./words.js";

const STYLE = { color: "#1d3f8f", weight: 3, fillOpacity: 0.15 };
const FIELDS = ["width", "start-station", "radius", "district", "declared-area", "site-name"];
const site = { geometry: null, isDrawn: false, declared: null };
const accuracyField = byId("accuracy"); // metres, of a position that the device gave; empty for everything else
let circle = null;
let turn = 0; // of the latest text or file; answers about earlier ones are dropped
let asking = new AbortController();

export function startSite() {
  const { map, drawn } = ThreeLines;
  let drawing = false;
  map.on("draw:drawstart draw:editstart", () => (drawing = true));
  map.on("draw:drawstop draw:editstop", () => setTimeout(() => (drawing = false), 300));
  map.on("click", ({ latlng }) => drawing || takeDrawn({ type: "Point", coordinates: [latlng.lng, latlng.lat] }));
  map.on("draw:created", ({ layer }) => takeDrawn(layer.toGeoJSON().geometry));
  map.on("draw:edited", () => drawn.eachLayer((layer) => takeDrawn(layer.toGeoJSON().geometry)));
  byId("where").addEventListener("change", () => takeText({ zoom: true }));
  byId("where-show").addEventListener("click", () => takeText({ zoom: true }));
  byId("where-clear").addEventListener("click", clearSite);
  byId("where-file").addEventListener("change", takeFile);
  byId("where-mine").addEventListener("click", takeMine);
  byId("are-points").addEventListener("change", pointsChanged);
  for (const field of document.querySelectorAll("[data-hidden]")) {
    field.hidden = true; // asked for when it matters
    field.removeAttribute("data-hidden");
  }
  ["width", "radius", "district", "declared-area"].forEach((id) => byId(id).addEventListener("change", readAgain));
}

// What a link, or the server, wrote into the form.
export function takeWritten() {
  if (byId("where").value.trim()) takeText({ zoom: true, accuracy: accuracyField.value });
}

function takeMine() {
  clearProblem("site");
  if (!navigator.geolocation || !window.isSecureContext) return untold("where_mine_missing");
  byId("where-readings").replaceChildren(make("p", { className: "waiting", textContent: say("where_mine_asking") }));
  const mine = ++turn;
  const found = ({ coords }) => mine === turn && takePosition(coords);
  const failed = ({ code, PERMISSION_DENIED }) => mine === turn && untold(code === PERMISSION_DENIED ? "where_mine_denied" : "where_mine_failed");
  return navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 });
}

function takePosition({ longitude, latitude, accuracy }) {
  takeDrawn({ type: "Point", coordinates: [longitude, latitude] }, { zoom: true, accuracy: String(Math.ceil(accuracy)) });
}

function untold(reason) {
  byId("where-readings").replaceChildren();
  showProblem({ title: say("where_mine_title"), what: say(reason), cure: say("where_mine_cure"), field: "site" });
}

// What is sent: the drawn geometry, or the text exactly as written.
export function siteAsked() {
  const text = byId("where").value.trim();
  if (!text) return null;
  const where = site.isDrawn ? { geometry: site.geometry } : { text, declared: site.declared };
  const line = { start_station: (isLine() && byId("start-station").value.trim()) || null };
  const accuracy_m = accuracyField.value ? Number(accuracyField.value) : null;
  return { ...where, name: byId("site-name").value.trim(), accuracy_m, ...line, ...stated() };
}

// What is said of the site besides its coordinates.
function stated() {
  const area = byId("declared-area").value;
  const width = byId("width").value;
  return { width_m: isLine() && width ? Number(width) : null, radius_m: radius(), district: byId("district").value, declared_area_m2: area ? Number(area) : null };
}

function radius() {
  return byId("are-points").checked && byId("radius").value ? Number(byId("radius").value) : null;
}

function pointsChanged() {
  byId("radius-field").hidden = !byId("are-points").checked;
  if (radius()) readAgain();
}

function readAgain() {
  const text = byId("where").value.trim();
  if (!site.isDrawn && text) understand(text, site.declared, {}); // the shape stays: that it is a line is known by now
}

export function siteState() {
  const fields = Object.fromEntries(FIELDS.map((id) => [id, byId(id).value]));
  return { text: byId("where").value, geometry: site.geometry, isDrawn: site.isDrawn, declared: site.declared, accuracy: accuracyField.value, arePoints: byId("are-points").checked, fields };
}

export function restoreSite(kept) {
  FIELDS.forEach((id) => (byId(id).value = kept.fields[id]));
  byId("are-points").checked = kept.arePoints;
  byId("radius-field").hidden = !kept.arePoints;
  byId("stated-fold").open = kept.arePoints || ["site-name", "district", "declared-area"].some((id) => kept.fields[id]);
  if (kept.isDrawn) takeDrawn(kept.geometry, { zoom: true, accuracy: kept.accuracy });
  else if (kept.text) {
    byId("where").value = kept.text;
    takeText({ zoom: true, declared: kept.declared, accuracy: kept.accuracy });
  }
}

export function zoomToSite() {
  const bounds = ThreeLines.drawn.getBounds();
  const within = L.latLngBounds(ThreeLines.map.options.maxBounds);
  if (bounds.isValid() && within.intersects(bounds)) ThreeLines.map.fitBounds(bounds, { maxZoom: 14, padding: [50, 50] });
}

function takeDrawn(geometry, options = {}) {
  byId("where").value = asText(geometry);
  take(geometry, true, options);
}

function takeText(options) {
  const text = byId("where").value.trim();
  if (!text) return clearSite();
  if (site.isDrawn && text === asText(site.geometry)) return options.zoom && zoomToSite();
  if (tooMuch(new Blob([text]).size)) return undefined;
  take(readShape(text), false, options);
  return understand(text, options.declared ?? null, options);
}

// The server reads every usual form, says how it read it, and asks where several readings are plausible.
async function understand(text, declared, options) {
  const mine = ++turn;
  try {
    const { items } = await post("/api/v1/sites", { text, declared, ...stated() });
    if (mine !== turn) return;
    if (items.length === 1) showUnderstood(items[0], text, declared, options);
    else offer(say("sites_several", { count: items.length }), items.map((item) => siteChoice(item)));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (mine === turn && !site.geometry) tellProblem({ ...problem, what: problem.message, field: "site" });
  }
}

function showUnderstood(item, text, declared, options) {
  if (item.taken) {
    clearProblem("site");
    if (JSON.stringify(site.geometry) !== JSON.stringify(item.taken.geometry)) take(item.taken.geometry, false, options);
    site.declared = declared;
    const accuracy = item.taken.accuracy_m.toLocaleString();
    const told = [make("p", { className: "help", textContent: say("read_as", { read_as: item.taken.read_as, accuracy }) })];
    byId("where-readings").replaceChildren(...told, ...item.remarks.map(remarkLine));
    return;
  }
  const line = item.others.find(({ geometry }) => geometry.type.endsWith("LineString"));
  take(line?.geometry ?? null, false, options);
  if (line && item.others.length === 1) return; // all it lacks is the width, and the field asks for that
  tellProblem({ ...item.question, candidates: [], field: "site" });
  offer(say("readings_choose"), item.others.map((reading) => readingChoice(reading, text, options)));
}

function readingChoice(reading, text, options) {
  return choice(reading.place, () => {
    clearProblem("site");
    if (reading.declared) understand(text, reading.declared, { ...options, zoom: true });
    else takeDrawn(reading.geometry, { zoom: true });
  });
}

function siteChoice(item) {
  const label = [item.name, item.as_written.slice(0, 60)].filter(Boolean).join(" · ");
  return choice(label, () => {
    byId("where").value = item.as_written;
    if (item.name) byId("site-name").value = item.name;
    takeText({ zoom: true });
  });
}

function choice(textContent, chosen) {
  const button = make("button", { type: "button", className: "choice", textContent });
  button.addEventListener("click", chosen);
  return make("li", {}, button);
}

function offer(title, choices) {
  byId("where-readings").replaceChildren(make("p", { textContent: title }), make("ul", {}, ...choices));
}

function remarkLine(remark) {
  return make("p", { className: remark.severity === "note" ? "help" : "notice", textContent: remark.message });
}

async function takeFile({ target }) {
  const file = target.files[0];
  target.value = "";
  if (!file || tooMuch(file.size)) return;
  clearSite();
  byId("where-readings").replaceChildren(make("p", { className: "waiting", textContent: say("file_reading", { name: file.name }) }));
  const mine = ++turn;
  try {
    const found = await sendFile("/api/v1/sites/files", file);
    if (mine === turn) showFile(found);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    byId("where-readings").replaceChildren();
    showProblem({ ...problem, what: problem.message, field: "site" });
  }
}

function showFile(found) {
  const told = make("p", { className: "help", textContent: `${found.file} · ${found.kind} · ${found.read_as}` });
  const issues = found.issues.map((issue) => make("p", { className: "notice", textContent: `${issue.place}: ${issue.message}` }));
  if (found.sites.length === 1) takeFileSite({ ...found.sites[0], remarks: [] }); // its issues say them
  else if (found.sites.length) offer(say("sites_several", { count: found.sites.length }), found.sites.map(fileChoice));
  else byId("where-readings").replaceChildren();
  byId("where-readings").prepend(told, ...issues);
}

function fileChoice(one) {
  return choice([one.name, one.place, areaWords(one.area_m2)].filter(Boolean).join(" · "), () => takeFileSite(one));
}

function takeFileSite(one) {
  takeDrawn(one.geometry, { zoom: true });
  if (one.name) byId("site-name").value = one.name;
  byId("where-readings").replaceChildren(...one.remarks.map(remarkLine));
}

function tooMuch(bytes) {
  const limit = Number(byId("question").dataset.limit);
  if (bytes <= limit) return false;
  showProblem(tooLarge(limit));
  return true;
}

function take(geometry, isDrawn, { zoom = false, accuracy = "" } = {}) {
  Object.assign(site, { geometry, isDrawn, declared: null });
  accuracyField.value = accuracy;
  if (isDrawn) turn += 1;
  byId("where-readings").replaceChildren();
  clearProblem("site");
  showShape();
  describe();
  if (geometry && zoom) zoomToSite();
  lookUpUnits();
}

function clearSite() {
  byId("where").value = "";
  take(null, false);
  byId("where").focus();
}

function showShape() {
  ThreeLines.drawn.clearLayers();
  circle?.remove();
  circle = null;
  if (!site.geometry) return;
  const pointToLayer = (point, place) => L.marker(place, { alt: say("where_marker") });
  L.geoJSON(site.geometry, { style: STYLE, pointToLayer }).eachLayer((layer) => ThreeLines.drawn.addLayer(layer));
  if (site.geometry.type !== "Point" || !accuracyField.value) return;
  const [lon, lat] = site.geometry.coordinates;
  circle = L.circle([lat, lon], { ...STYLE, weight: 1, radius: Number(accuracyField.value), interactive: false }).addTo(ThreeLines.map);
}

function isLine() {
  return Boolean(site.geometry?.type.endsWith("LineString"));
}

function describe() {
  byId("width-field").hidden = !isLine();
  byId("where-found").replaceChildren(make("p", { textContent: description() }));
}

function description() {
  const { geometry } = site;
  if (!geometry) return say(byId("where").value.trim() ? "where_unseen" : "where_none");
  if (geometry.type === "Point") {
    const [lon, lat] = geometry.coordinates.map((degrees) => degrees.toFixed(6));
    const accuracy = Number(accuracyField.value).toLocaleString();
    return accuracyField.value ? say("where_mine_found", { lon, lat, accuracy }) : say("where_point", { lon, lat });
  }
  if (geometry.type === "MultiPoint") return say("where_points", { count: geometry.coordinates.length });
  if (isLine()) return say("where_line", { length: lengthWords(lengthM(geometry)) });
  return say("where_area", { area: areaWords(areaM2(geometry)) });
}

async function lookUpUnits() {
  asking.abort();
  asking = new AbortController();
  const box = byId("units");
  if (!site.geometry) return box.replaceChildren();
  box.replaceChildren(make("p", { className: "waiting", textContent: say("units_asking") }));
  const points = samples(site.geometry);
  try {
    const answers = await Promise.all(points.map(([lon, lat]) => get("/api/v1/units", { lon, lat }, asking.signal)));
    box.replaceChildren(...unitsFound(answers));
  } catch (problem) {
    if (problem.name === "AbortError") return undefined;
    box.replaceChildren(make("p", { className: "notice", textContent: say("units_failed") }));
  }
  return undefined;
}

function unitsFound(answers) {
  const units = new Map(answers.flatMap(({ items }) => items).map((unit) => [unit.code, unit]));
  const shown = [];
  if (units.size) shown.push(make("h3", { textContent: say("units") }), make("ul", { className: "units" }, ...[...units.values()].map(unitLine)));
  const uncovered = answers.find(({ covered }) => !covered);
  if (uncovered) shown.push(make("p", { className: "notice", textContent: uncovered.note }));
  if (answers.length > 1) shown.push(make("p", { className: "help", textContent: say("units_sampled", { count: answers.length }) }));
  return shown;
}

function unitLine(unit) {
  const kind = [unit.class_label, unit.realm, unit.district].filter(Boolean).join(" · ");
  return make("li", {}, make("strong", { textContent: unit.name }), " ", make("code", { textContent: unit.code }), make("span", { textContent: kind }));
}
