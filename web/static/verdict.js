// Step 3: send the question, show the explanation, and put the overlaps on the map.

import { getPage, post } from "./api.js";
import { copyAddress } from "./link.js";
import { byId, language, make, say } from "./words.js";

const MARKED = { color: "#7a0019", weight: 2, fillColor: "#d0021b", fillOpacity: 0.2 };
let marked = null;

export async function screen(question) {
  const answer = await post("/api/v1/screenings", question);
  await showStored(answer.id);
  tellOtherRelease(answer.verdict.release.id);
  offerPlaces(answer.verdict);
  return answer.id;
}

export async function showStored(id) {
  const page = await getPage(`/screenings/${encodeURIComponent(id)}?fragment=1&lang=${language}`);
  const box = byId("answer");
  box.innerHTML = page; // our own server's rendering, every value escaped there
  startActions(box);
  box.hidden = false;
  const label = box.querySelector(".explanation").dataset.label;
  byId("announce").textContent = say("verdict_ready", { conclusion: label });
  box.scrollIntoView({ block: "start" });
  box.focus({ preventScroll: true });
}

export function hideAnswer() {
  byId("answer").hidden = true;
  byId("answer").replaceChildren();
  byId("announce").textContent = "";
  unmark();
}

function startActions(box) {
  const copy = box.querySelector("#copy");
  copy.addEventListener("click", () => copyAddress(box.querySelector(".answer-actions p a").href, copy));
  box.querySelector("#back").addEventListener("click", backToForm);
  box.querySelector("#print").addEventListener("click", () => window.print());
}

function action(name, act) {
  const button = make("button", { type: "button", textContent: say(name) });
  button.addEventListener("click", act);
  return button;
}

function backToForm() {
  byId("question").scrollIntoView({ block: "start" });
  byId("where").focus({ preventScroll: true });
}

// The map shows the release in force when the page was opened; an answer may rest on another one.
function tellOtherRelease(answered) {
  const shown = byId("question").dataset.release;
  if (answered === shown) return;
  const told = make("p", { className: "notice", textContent: say("map_other_release", { answered, shown }) });
  told.setAttribute("role", "note");
  byId("answer").prepend(told);
}

function offerPlaces(verdict) {
  const contacts = new Map((verdict.contacts ?? []).map((contact) => [contact.key, contact.overlap]));
  for (const finding of verdict.findings) {
    const shapes = [finding.overlap, ...(finding.contacts ?? []).map((key) => contacts.get(key))].filter(Boolean);
    const entry = byId("answer").querySelector(`[data-key="${CSS.escape(finding.key)}"]`);
    if (entry && shapes.length) entry.append(showButton(shapes));
  }
}

function showButton(shapes) {
  const button = action("show_on_map", () => mark(shapes));
  button.className = "small no-print";
  return button;
}

function mark(shapes) {
  unmark();
  const point = (feature, place) => L.circleMarker(place, { ...MARKED, radius: 9 });
  marked = L.geoJSON(shapes, { style: MARKED, pointToLayer: point }).addTo(ThreeLines.map);
  const legend = document.querySelector(".legend-shell").offsetWidth;
  const free = { paddingTopLeft: [60, 40], paddingBottomRight: [legend + 20, 40] }; // beside the tools and the legend
  ThreeLines.map.fitBounds(marked.getBounds(), { maxZoom: 15, ...free });
  document.querySelector(".map-frame").scrollIntoView({ block: "nearest" });
}

function unmark() {
  marked?.remove();
  marked = null;
}
