// The zone map: vector-tile layers, legend, opacity, attribution, drawing texts.
// A classic script, because the map's own inline script calls it while the page is read.
"use strict";

const ThreeLines = {
  map: null,
  drawn: null,

  zones(map, drawn, config) {
    Object.assign(ThreeLines, { map, drawn });
    speak(config.words);
    fence(map, config);
    const legend = makeLegend(config);
    for (const layer of config.layers) addLayer(map, layer, legend, config.words);
    furnish(map, config);
    legend.addTo(map);
  },
};

// -- the map's limits and furniture ---------------------------------------------------------------------------------

function fence(map, config) {
  const bounds = L.latLngBounds(config.bounds);
  const fit = () => map.setMinZoom(map.getBoundsZoom(bounds));
  map.options.zoomSnap = 0.5; // lets the jurisdiction fill the frame
  map.setMaxZoom(config.max_zoom);
  map.on("resize", fit);
  fit();
  map.fitBounds(bounds);
  const names = map.createPane("names");
  names.style.zIndex = 350; // above all tiles, below the drawn site
  names.style.pointerEvents = "none";
}

function furnish(map, config) {
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(`<span class="review">${escapeText(config.review)}</span>`);
  map.attributionControl.addAttribution(escapeText(config.attribution));
  L.control.zoom({ zoomInTitle: config.words.zoom_in, zoomOutTitle: config.words.zoom_out }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
}

function speak(words) {
  L.Polyline._flat = L.LineUtil.isFlat; // Leaflet.draw still asks by the old name
  const draw = L.drawLocal.draw;
  draw.toolbar.actions = { title: words.draw_cancel_title, text: words.draw_cancel };
  draw.toolbar.finish = { title: words.draw_finish_title, text: words.draw_finish };
  draw.toolbar.undo = { title: words.draw_undo_title, text: words.draw_undo };
  for (const kind of ["polygon", "rectangle", "polyline", "marker"]) {
    draw.toolbar.buttons[kind] = words[`draw_${kind}`];
  }
  const going = { start: words.draw_start, cont: words.draw_go_on };
  Object.assign(draw.handlers.polygon.tooltip, { ...going, end: words.draw_close });
  Object.assign(draw.handlers.polyline.tooltip, { ...going, end: words.draw_line_end });
  draw.handlers.polyline.error = words.draw_crossing;
  draw.handlers.rectangle.tooltip.start = words.draw_drag;
  draw.handlers.simpleshape.tooltip.end = words.draw_release;
  draw.handlers.marker.tooltip.start = words.draw_place;
  const edit = L.drawLocal.edit;
  edit.toolbar.actions.save = { title: words.draw_save_title, text: words.draw_save };
  edit.toolbar.actions.cancel = { title: words.draw_discard_title, text: words.draw_cancel };
  Object.assign(edit.toolbar.buttons, { edit: words.draw_edit, editDisabled: words.draw_edit_none });
  Object.assign(edit.handlers.edit.tooltip, { text: words.draw_edit_help, subtext: "" });
}

// -- layers ---------------------------------------------------------------------------------------------------------

function addLayer(map, layer, legend, words) {
  const failed = () => legend.showFailure(layer.id);
  const painted = tiles(layer, { paintRules: paintRules(layer), zIndex: layer.order + 1 }, failed);
  const named = layer.names && tiles(layer, { labelRules: nameRules(layer), pane: "names" }, failed);
  if (named) shareTiles(painted, named);
  const parts = [painted, named].filter(Boolean);
  const show = (on) => {
    legend.forgetFailure(layer.id);
    parts.forEach((part) => (on ? part.addTo(map) : part.remove()));
  };
  legend.addRow(layer, show, layer.base ? null : (share) => painted.setOpacity(share), words);
  map.on("zoomstart", () => legend.forgetFailure(layer.id));
  if (layer.visible) show(true);
}

function tiles(layer, options, failed) {
  const made = protomapsL.leafletLayer({
    url: layer.url,
    attribution: "",
    minZoom: layer.min_zoom,
    maxZoom: layer.max_zoom,
    maxDataZoom: 15,
    paintRules: [],
    labelRules: [],
    ...options,
  });
  for (const view of made.views.values()) reportFailures(view.tileCache.source, failed);
  return made;
}

// A tile that cannot be had must not look like a place without zones: say so. It fails as if it had been called off,
// so that it is neither kept nor logged, and is asked for again with the next zoom.
function reportFailures(source, failed) {
  const get = source.get.bind(source);
  source.get = async (...asked) => {
    try {
      return await get(...asked);
    } catch (problem) {
      if (problem.name !== "AbortError") failed();
      throw new DOMException("no tile", "AbortError");
    }
  };
}

// Names are written from the same tiles: each is fetched and read once.
function shareTiles(painted, named) {
  for (const [source, view] of named.views) view.tileCache = painted.views.get(source).tileCache;
}

function paintRules(layer) {
  return layer.rules.flatMap((rule) =>
    symbolizers(rule).map((symbolizer) => ({
      dataLayer: layer.id,
      symbolizer,
      filter: rule.cls ? (zoom, feature) => feature.props.cls === rule.cls : undefined,
    })),
  );
}

function symbolizers(rule) {
  const made = [];
  if (rule.fill) made.push(new protomapsL.PolygonSymbolizer({ fill: rule.fill, opacity: rule.fill_opacity }));
  if (rule.hatch) made.push(new protomapsL.PolygonSymbolizer({ pattern: hatch(rule.hatch, rule.hatch_color), opacity: 0.7 }));
  if (rule.stroke) made.push(outline(rule));
  return made;
}

function outline(rule) {
  const dash = rule.dash.length ? rule.dash : undefined;
  return new protomapsL.LineSymbolizer({ color: rule.stroke, width: rule.width, opacity: 1, dash, lineJoin: "round" });
}

const HATCHES = {
  rising: [[-2, 10, 10, -2], [-2, 2, 2, -2], [6, 10, 10, 6]],
  falling: [[-2, -2, 10, 10], [6, -2, 10, 2], [-2, 6, 2, 10]],
  level: [[0, 4, 8, 4]],
  upright: [[4, 0, 4, 8]],
  crossed: [[-2, 10, 10, -2], [-2, -2, 10, 10]],
  dots: [],
};

// Eight pixels divide a tile, so patterns meet at its edges.
function hatch(kind, color) {
  return protomapsL.createPattern(8, 8, (canvas, context) => {
    Object.assign(context, { strokeStyle: color, fillStyle: color, lineWidth: 1 });
    for (const [x1, y1, x2, y2] of HATCHES[kind]) {
      context.beginPath();
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      context.stroke();
    }
    if (kind === "dots") [[2, 2], [6, 6]].forEach(([x, y]) => context.fillRect(x - 0.75, y - 0.75, 1.5, 1.5));
  });
}

function nameRules(layer) {
  const { min_zoom: minzoom, max_zoom: maxzoom, color, size, weight } = layer.names;
  const font = `${weight} ${size}px "Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif`;
  const look = { fill: color, stroke: "#ffffff", width: 1.5, lineHeight: 1.4 };
  const text = new protomapsL.CenteredTextSymbolizer({ labelProps: ["name"], font, ...look });
  return [{ dataLayer: layer.id, minzoom, maxzoom, symbolizer: once(text) }];
}

// A zone that lies in several tiles is named in each; its code keeps the copies apart.
function once(symbolizer) {
  return {
    place(layout, shape, feature) {
      const spot = labelSpot(shape);
      const labels = spot && symbolizer.place(layout, [[spot]], feature);
      const apart = { deduplicationKey: feature.props.code, deduplicationDistance: 400 };
      labels?.forEach((label) => Object.assign(label, apart));
      return labels;
    },
  };
}

const SMALLEST_NAMED = 24; // pixels; a smaller piece has no room for its name

// The middle of the widest stretch across the largest ring, a third, half or two thirds of the way down.
function labelSpot(shape) {
  const boxes = shape.map((ring) => [ring, extent(ring.map(({ x }) => x)), extent(ring.map(({ y }) => y))]);
  const size = ([, [west, east], [top, bottom]]) => (east - west) * (bottom - top);
  const [ring, [west, east], [top, bottom]] = boxes.reduce((a, b) => (size(b) > size(a) ? b : a));
  if (east - west < SMALLEST_NAMED || bottom - top < SMALLEST_NAMED / 2) return null;
  const stretches = [0.5, 0.36, 0.64].map((share) => widest(ring, top + share * (bottom - top) + 0.01)).filter(Boolean);
  const best = stretches.reduce((a, b) => (b.width > a.width * 1.25 ? b : a), { width: 0 });
  if (!best.width) return null;
  return Object.assign(ring[0].clone(), { x: best.x, y: best.y });
}

function widest(ring, y) {
  const crossings = [];
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (a.y < y !== b.y < y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
  }
  crossings.sort((a, b) => a - b);
  let best = null;
  for (let i = 1; i < crossings.length; i += 2) {
    const width = crossings[i] - crossings[i - 1];
    if (!best || width > best.width) best = { width, x: (crossings[i] + crossings[i - 1]) / 2, y };
  }
  return best;
}

function extent(numbers) {
  return [Math.min(...numbers), Math.max(...numbers)];
}

// -- legend ---------------------------------------------------------------------------------------------------------

function makeLegend(config) {
  const control = L.control({ position: "topright" });
  const list = make("div", { className: "legend-list" });
  const rows = new Map();
  const fading = [];
  const groups = new Map();
  control.addRow = (layer, show, fade, words) => {
    const row = legendRow(layer, show);
    rows.set(layer.id, { row, words });
    if (fade) fading.push(fade);
    groupOf(groups, list, layer.group).append(row);
  };
  control.showFailure = (id) => showFailure(rows.get(id));
  control.forgetFailure = (id) => rows.get(id).row.querySelector(".legend-failure")?.remove();
  control.onAdd = () => {
    list.append(opacitySlider(config.words.opacity, fading));
    return legendShell(config.words.layers, list);
  };
  return control;
}

function legendShell(title, list) {
  const box = make("details", { className: "legend" });
  box.append(make("summary", { textContent: title }), list);
  box.open = window.matchMedia("(min-width: 60rem)").matches;
  const shell = make("div", { className: "legend-shell leaflet-bar" });
  shell.append(box);
  L.DomEvent.disableClickPropagation(shell);
  L.DomEvent.disableScrollPropagation(shell);
  return shell;
}

function groupOf(groups, list, title) {
  if (!groups.has(title)) {
    const group = make("fieldset", { className: "legend-group" });
    group.append(make("legend", { textContent: title }));
    list.append(group);
    groups.set(title, group);
  }
  return groups.get(title);
}

function legendRow(layer, show) {
  const row = make("div", { className: "legend-row" });
  const box = make("input", { type: "checkbox", checked: layer.visible });
  const label = make("label");
  const classed = layer.rules.some((rule) => rule.cls);
  box.addEventListener("change", () => {
    show(box.checked);
    row.classList.toggle("on", box.checked);
  });
  label.append(box, ...(classed ? [] : [swatch(layer.rules)]), make("span", { textContent: layer.title }));
  row.append(label);
  row.classList.toggle("on", layer.visible);
  if (classed) row.append(classList(layer));
  return row;
}

function classList(layer) {
  const list = make("ul", { className: "legend-classes" });
  for (const rule of layer.rules) {
    const item = make("li");
    item.append(swatch([rule]), make("span", { textContent: rule.label }));
    list.append(item);
  }
  return list;
}

// Painted by the map's own symbolizers, so the legend cannot differ from the map.
function swatch(rules) {
  const [width, height] = [28, 16];
  const canvas = make("canvas", { width: width * 2, height: height * 2, className: "swatch" });
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  context.fillStyle = "#fbfaf5";
  context.fillRect(0, 0, width, height);
  const corners = [[2, 2], [width - 2, 2], [width - 2, height - 2], [2, height - 2], [2, 2]];
  const shape = [corners.map(([x, y]) => ({ x, y }))];
  for (const symbolizer of rules.flatMap(symbolizers)) {
    context.save();
    symbolizer.before(context, 12);
    symbolizer.draw(context, shape, 12, { props: {} });
    context.restore();
  }
  return canvas;
}

function opacitySlider(title, fading) {
  const label = make("label", { className: "legend-opacity" });
  const slider = make("input", { type: "range", min: "10", max: "100", step: "5", value: "100" });
  slider.addEventListener("input", () => fading.forEach((fade) => fade(Number(slider.value) / 100)));
  label.append(make("span", { textContent: title }), slider);
  return label;
}

function showFailure({ row, words }) {
  if (row.querySelector(".legend-failure")) return;
  const warning = make("p", { className: "legend-failure", textContent: words.layer_failed });
  warning.setAttribute("role", "status");
  row.append(warning);
  const fold = row.closest("details");
  if (fold) fold.open = true;
}

function make(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

function escapeText(text) {
  return make("span", { textContent: text }).innerHTML;
}
