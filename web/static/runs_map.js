// The sites of a batch run on the map, each with the sign of its conclusion; the table beneath says the same.

import { get } from "./api.js";
import { byId, language, make } from "./words.js";

const SIGNS = { violates: "×", undetermined: "?", conditional: "!", complies: "✓" };
const { map } = ThreeLines;
const frame = byId("run-map");
document.querySelector(".legend")?.removeAttribute("open"); // the map is small here

const found = await get(frame.dataset.sites, { conclusion: frame.dataset.conclusion });
const shown = L.featureGroup(found.features.map(marker)).addTo(map);
if (found.features.length) map.fitBounds(shown.getBounds().pad(0.1), { maxZoom: 14 });

function marker({ geometry, properties }) {
  const [longitude, latitude] = geometry.coordinates;
  const icon = L.divIcon({
    className: `run-mark ${properties.conclusion}`,
    html: make("span", { textContent: SIGNS[properties.conclusion] ?? "" }),
    iconSize: [22, 22],
  });
  const link = make("a", { href: `${properties.url}?lang=${language}`, textContent: properties.name || properties.place });
  return L.marker([latitude, longitude], { icon, title: `${properties.name} ${properties.label}`, keyboard: false }).bindPopup(
    make("p", {}, link, ` · ${properties.label}`),
  );
}
