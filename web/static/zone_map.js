// The large zone map: what Folium's inline script starts while the page is read. Drawing of layers is in zones.js.
// State is in the address alone: layers on, view, release, zone or place. Nothing is kept anywhere else.
"use strict";

const ZoneMap = {
  maps: [], // one, or the earlier and the later release
  looks: new Map(), // layer id → { on, off: classes not shown, opacity }, shared by both maps
  asked: readAddress(new URLSearchParams(window.location.search)),
  failed: () => {},
  failures: new Set(),

  start(map, element) {
    const one = { map, name: element.replace("config-", ""), drawn: new Map(), marks: L.layerGroup(), chosen: null, loading: new Set() };
    this.maps.push(one);
    one.config = JSON.parse(document.getElementById(element).textContent);
    one.notice = make("p", { className: "map-loading", textContent: one.config.words.zm_loading, hidden: true });
    map.getContainer().append(one.notice);
    frame(map, one.config);
    furnish(map, one.config);
    one.marks.addTo(map);
    drawOutside(one);
    one.config.layers.forEach((layer) => drawLayer(one, layer));
    if (this.asked.at) map.setView(this.asked.at.slice(0, 2), this.asked.at[2], { animate: false });
    map.on("move", () => follow(one));
  },

  // Another release in the same frame: view and looks stay.
  show(one, config) {
    one.drawn.forEach(({ parts }) => parts.forEach((part) => part.remove()));
    one.drawn.clear();
    this.failures.clear();
    const line = (old) => escapeText(old.attribution);
    one.map.attributionControl.removeAttribution(line(one.config)).addAttribution(line(config));
    one.config = config;
    config.layers.forEach((layer) => drawLayer(one, layer));
  },

  look(layer) {
    if (!this.looks.has(layer.id)) this.looks.set(layer.id, this.asked.looks ? lookAsked(layer, this.asked.looks) : plainLook(layer));
    return this.looks.get(layer.id);
  },

  // A look was changed: on both maps.
  redraw(id) {
    this.failures.delete(id);
    const bases = id === this.maps[0].config.base?.id; // what lies under our own base layers came or went
    for (const one of this.maps) {
      if (bases) switchOutside(one);
      one.drawn.forEach((drawn, other) => {
        if (other === id || (bases && drawn.layer.base)) drawn.apply();
      });
    }
  },

  // Outline of one zone, drawn from the same tiles as its layer; null for none.
  choose(layerId, code) {
    for (const one of this.maps) {
      one.chosen?.remove();
      const layer = one.config.layers.find(({ id }) => id === layerId);
      one.chosen = layer ? outlineOf(layer, code, one) : null;
    }
  },

  mark(place, className = "place-mark") {
    for (const one of this.maps) {
      L.circleMarker(place, { radius: 9, className, interactive: false }).addTo(one.marks);
    }
  },

  clearMarks(className) {
    for (const one of this.maps) {
      one.marks.eachLayer((mark) => mark.options.className === className && one.marks.removeLayer(mark));
    }
  },
};

// -- state ----------------------------------------------------------------------------------------------------------

// layers=unit_land.12@70,red_line: classes 1 and 2 of land units at 70 %, and the red line.
function readAddress(asked) {
  const at = (asked.get("at") ?? "").split(",").map(Number);
  const looks = asked.has("layers") ? new Map() : null;
  for (const written of (asked.get("layers") ?? "").split(",").filter(Boolean)) {
    const [, id, classes, share] = written.match(/^([\w-]+)(?:\.(\d*))?(?:@(\d+))?$/) ?? [];
    if (id) looks.set(id, { classes, opacity: share ? Math.min(100, Math.max(10, Number(share))) / 100 : 1 });
  }
  return { looks, at: at.length === 3 && at.every(Number.isFinite) ? [at[1], at[0], at[2]] : null };
}

function plainLook(layer) {
  return { on: layer.visible, off: new Set(), opacity: 1 };
}

function lookAsked(layer, looks) {
  const asked = looks.get(layer.id);
  if (!asked) return { ...plainLook(layer), on: false };
  const all = classesOf(layer);
  const off = asked.classes === undefined ? [] : all.filter((cls) => !asked.classes.includes(cls));
  return { on: true, off: new Set(off), opacity: asked.opacity };
}

function classesOf(layer) {
  return (layer.rules ?? []).map((rule) => rule.cls).filter(Boolean);
}

// -- the map's limits -------------------------------------------------------------------------------------------------

// The territory fills the frame and is as far as one can zoom out; set at once, so that no tile is asked for in vain.
function frame(map, config) {
  const bounds = L.latLngBounds(config.bounds);
  const fit = () => map.setMinZoom(map.getBoundsZoom(bounds));
  Object.assign(map.options, { zoomSnap: 0.5, maxZoom: config.max_zoom });
  map.fitBounds(bounds, { animate: false });
  fit();
  map.on("resize", fit);
  for (const [name, height] of [["outside", 150], ["chosen", 340], ["names", 350]]) {
    Object.assign(map.createPane(name).style, { zIndex: height, pointerEvents: "none" }); // our own tiles are at 200
  }
}

// -- layers ---------------------------------------------------------------------------------------------------------

function drawLayer(one, layer) {
  const look = ZoneMap.look(layer);
  const failed = () => {
    ZoneMap.failures.add(layer.id);
    ZoneMap.failed(layer.id);
  };
  const shown = (zoom, feature) => !look.off.has(feature.props.cls);
  const rules = paintRules(layer).map((rule) => ({
    ...rule,
    filter: (zoom, feature) => shown(zoom, feature) && !hidesOutside(layer, rule) && (rule.filter?.(zoom, feature) ?? true),
  }));
  const painted = tiles(layer, { paintRules: rules, zIndex: layer.order + 1, opacity: look.opacity }, failed);
  const names = layer.names && nameRules(layer).map((rule) => ({ ...rule, filter: shown }));
  const named = names && tiles(layer, { labelRules: names, pane: "names" }, failed);
  if (named) shareTiles(painted, named);
  const parts = [painted, named].filter(Boolean);
  painted.on("loading", () => tellLoading(one, layer.id, true));
  painted.on("load remove", () => tellLoading(one, layer.id, false));
  const apply = () => {
    painted.setOpacity(look.opacity);
    for (const part of parts) {
      const stood = one.map.hasLayer(part);
      if (!look.on) part.remove();
      else if (!stood) part.addTo(one.map);
      else {
        part.clearLayout();
        part.rerenderTiles();
      }
    }
  };
  one.drawn.set(layer.id, { layer, parts, apply, fade: () => painted.setOpacity(look.opacity) });
  if (look.on) parts.forEach((part) => part.addTo(one.map));
}

// A map still blank must not be read as a place without zones.
function tellLoading(one, id, isLoading) {
  if (isLoading) one.loading.add(id);
  else one.loading.delete(id);
  one.notice.hidden = one.loading.size === 0;
}

// Our own land and water give way to an outside base map: their outlines stay.
function hidesOutside(layer, rule) {
  return layer.base && ZoneMap.outsideOn && rule.symbolizer instanceof protomapsL.PolygonSymbolizer;
}

function outlineOf(layer, code, one) {
  const line = (color, width) => ({
    dataLayer: layer.id,
    symbolizer: new protomapsL.LineSymbolizer({ color, width, opacity: 1, lineJoin: "round" }),
    filter: (zoom, feature) => feature.props.code === code,
  });
  const paint = [line("#ffffff", 6), line("#111c26", 3)];
  return tiles(layer, { paintRules: paint, pane: "chosen" }, () => {}).addTo(one.map);
}

// -- an outside base map, where its operator has a key ---------------------------------------------------------------

function drawOutside(one) {
  const base = one.config.base;
  one.outside = [];
  if (!base) return;
  const bounds = L.latLngBounds(one.config.bounds); // nothing beyond the jurisdiction is even asked for
  const options = { bounds, minZoom: base.min_zoom, maxNativeZoom: base.max_zoom, maxZoom: one.config.max_zoom, pane: "outside" };
  one.outside = base.tiles.map((address) => L.tileLayer(address, { ...options, attribution: escapeText(base.attribution) }));
  one.outside.forEach((part) => part.on("tileerror", () => ZoneMap.failed(base.id)));
  if (!ZoneMap.looks.has(base.id)) ZoneMap.looks.set(base.id, lookOfBase(base));
  switchOutside(one);
}

function lookOfBase(base) {
  const asked = ZoneMap.asked.looks?.get(base.id);
  return { on: ZoneMap.asked.looks ? Boolean(asked) : true, off: new Set(), opacity: asked?.opacity ?? 1 };
}

function switchOutside(one) {
  const look = ZoneMap.looks.get(one.config.base.id);
  ZoneMap.outsideOn = look.on;
  for (const part of one.outside) {
    part.setOpacity(look.opacity);
    if (look.on) part.addTo(one.map);
    else part.remove();
  }
}

// -- two maps move as one --------------------------------------------------------------------------------------------

function follow(leader) {
  if (ZoneMap.following) return;
  ZoneMap.following = true;
  for (const one of ZoneMap.maps) {
    if (one !== leader) one.map.setView(leader.map.getCenter(), leader.map.getZoom(), { animate: false });
  }
  ZoneMap.following = false;
}
