// Comparing sites: the map fills the form's fields, or shows the sites that were compared; industries are offered by name.

import { get } from "./api.js";
import { byId } from "./words.js";

const DEGREES = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/;
const STYLE = { color: "#1d3f8f", weight: 3, fillOpacity: 0.15 };
const { map } = ThreeLines;
document.querySelector(".legend")?.removeAttribute("open"); // the map is small here
const shown = L.featureGroup().addTo(map);

const fields = [...document.querySelectorAll("input[name=site]")];
if (fields.length) startForm();
else showCompared();

function startForm() {
  let last = null; // the field somebody was in fills first
  let drawing = false;
  map.on("draw:drawstart", () => (drawing = true));
  map.on("draw:drawstop", () => setTimeout(() => (drawing = false), 300));
  map.on("click", ({ latlng }) => drawing || fill(`${latlng.lng.toFixed(6)}, ${latlng.lat.toFixed(6)}`));
  map.on("draw:created", ({ layer }) => fill(JSON.stringify(layer.toGeoJSON().geometry)));
  fields.forEach((field) => {
    field.addEventListener("focus", () => (last = field));
    field.addEventListener("change", showFields);
  });
  byId("compare-industry").addEventListener("input", offerIndustries);
  showFields();

  function fill(text) {
    const field = (last && !last.value.trim() && last) || fields.find((one) => !one.value.trim());
    if (!field) return;
    field.value = text;
    last = null;
    showFields();
  }
}

function showFields() {
  shown.clearLayers();
  fields.forEach((field, at) => show(shapeOf(field.value), at + 1));
  if (fields.some((field) => field.value.trim())) frame();
}

function shapeOf(text) {
  const degrees = DEGREES.exec(text);
  if (degrees) return { type: "Point", coordinates: [Number(degrees[1]), Number(degrees[2])] };
  if (!text.trim().startsWith("{")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // the server says what is wrong with it
  }
}

function showCompared() {
  JSON.parse(byId("shapes").textContent).forEach((shape, at) => show(shape, at + 1));
  frame();
  byId("compare-print").addEventListener("click", () => window.print());
}

function show(shape, number) {
  if (!shape) return;
  const drawn = L.geoJSON(shape, { style: STYLE, pointToLayer: (_, place) => L.circleMarker(place, { ...STYLE, radius: 4 }) });
  const bounds = drawn.getBounds();
  if (!bounds.isValid()) return;
  const icon = L.divIcon({ className: "site-mark on-map", html: String(number), iconSize: [28, 28], iconAnchor: [14, 34] });
  shown.addLayer(drawn).addLayer(L.marker(bounds.getCenter(), { icon, interactive: false, keyboard: false }));
}

function frame() {
  const within = L.latLngBounds(map.options.maxBounds);
  if (shown.getLayers().length && within.intersects(shown.getBounds())) map.fitBounds(shown.getBounds(), { maxZoom: 13, paddingTopLeft: [40, 80], paddingBottomRight: [40, 60] });
}

let asked = 0;
async function offerIndustries({ target }) {
  const words = target.value.trim();
  const mine = ++asked;
  await new Promise((done) => setTimeout(done, 200));
  if (mine !== asked || !words || /^[A-T]\d{4} /.test(words)) return;
  try {
    const { items } = await get("/api/v1/industries", { q: words.slice(0, 60) });
    const offers = items.map(({ code, name }) => Object.assign(document.createElement("option"), { value: `${code} ${name}` }));
    if (mine === asked) byId("industry-options").replaceChildren(...offers);
  } catch {
    byId("industry-options").replaceChildren(); // the form works without offers
  }
}
