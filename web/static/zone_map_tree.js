// The layer tree: groups, layers, classes; each with its legend, on or off, and how opaque.

import { make } from "./words.js";

export function say(name, filling = {}) {
  return ZoneMap.maps[0].config.words[name].replace(/\{(\w+)\}/g, (whole, key) => String(filling[key] ?? whole));
}

// Builds the tree into a holder; `changed` is called after every change by a person.
export function showTree(holder, changed) {
  holder.replaceChildren();
  const rows = new Map();
  for (const [group, layers] of grouped()) holder.append(groupOf(group, layers, rows, changed));
  ZoneMap.failed = (id) => showFailure(rows.get(id), id);
  ZoneMap.failures.forEach((id) => ZoneMap.failed(id));
}

// Layers of all maps by group, each once, with the side that alone has it.
function grouped() {
  const groups = new Map();
  const [first, second] = ZoneMap.maps.map((one) => one.config);
  const has = (config, id) => config.layers.some((layer) => layer.id === id);
  for (const config of [second ?? first, first]) {
    for (const layer of config.layers) {
      const group = groups.get(layer.group) ?? groups.set(layer.group, []).get(layer.group);
      if (group.some((one) => one.layer.id === layer.id)) continue;
      const side = !second || (has(first, layer.id) && has(second, layer.id)) ? "" : has(first, layer.id) ? "left" : "right";
      group.push({ layer, side });
    }
  }
  const base = first.base;
  if (base) {
    const title = first.layers.find((layer) => layer.base)?.group ?? base.title;
    const group = groups.get(title) ?? groups.set(title, []).get(title);
    group.push({ layer: { id: base.id, title: base.title, rules: [], visible: true }, side: "" });
  }
  return groups;
}

function groupOf(title, entries, rows, changed) {
  const group = make("section", { className: "tree-group" });
  const all = make("input", { type: "checkbox", ariaLabel: say("zm_group_all", { group: title }) });
  const count = make("span", { className: "count" });
  const fold = make("button", { type: "button", className: "tree-fold", ariaExpanded: "true" }, title, " ", count);
  const list = make("ul", { className: "tree-list" });
  const looks = entries.map(({ layer }) => ZoneMap.look(layer));
  const tell = () => {
    const on = looks.filter((look) => look.on).length;
    Object.assign(all, { checked: on === looks.length, indeterminate: on > 0 && on < looks.length });
    count.textContent = say("zm_group_count", { on, all: looks.length });
  };
  const parts = entries.map(({ layer, side }) => {
    const row = rowOf(layer, side, () => {
      tell();
      changed();
    });
    rows.set(layer.id, row.item);
    list.append(row.item);
    return row;
  });
  all.addEventListener("change", () => {
    parts.forEach((row) => row.switchTo(all.checked));
    tell();
    changed();
  });
  fold.addEventListener("click", () => {
    list.hidden = !list.hidden;
    fold.setAttribute("aria-expanded", String(!list.hidden));
  });
  tell();
  group.append(make("div", { className: "tree-head" }, all, fold), list);
  return group;
}

function rowOf(layer, side, changed) {
  const look = ZoneMap.look(layer);
  const item = make("li", { className: "tree-row" });
  item.dataset.layer = layer.id;
  const box = make("input", { type: "checkbox", checked: look.on });
  const classed = layer.rules.some((rule) => rule.cls);
  const label = make("label", {}, box);
  if (!classed && layer.rules.length) label.append(swatch(layer.rules));
  label.append(make("span", { textContent: layer.title }));
  if (side) label.append(make("small", { textContent: say(`zm_only_${side}`) }));
  const opacity = opacityOf(layer, look, changed);
  const classes = classed ? classesUnder(layer, look, changed) : null;
  const tell = () => {
    box.checked = look.on;
    opacity.hidden = !look.on;
    if (classes) classes.hidden = !look.on;
  };
  const switchTo = (on) => {
    if (look.on === on) return;
    look.on = on;
    item.querySelector(".legend-failure")?.remove();
    ZoneMap.redraw(layer.id);
    tell();
  };
  box.addEventListener("change", () => {
    switchTo(box.checked);
    changed();
  });
  tell();
  item.append(make("div", { className: "tree-line" }, label, opacity), ...(classes ? [classes] : []));
  return { item, switchTo };
}

function opacityOf(layer, look, changed) {
  const slider = make("input", { type: "range", className: "tree-opacity", min: "10", max: "100", step: "5" });
  slider.value = String(Math.round(look.opacity * 100));
  slider.setAttribute("aria-label", say("zm_opacity", { layer: layer.title }));
  const tell = () => slider.setAttribute("aria-valuetext", say("zm_percent", { share: slider.value }));
  slider.addEventListener("input", () => {
    look.opacity = Number(slider.value) / 100;
    for (const one of ZoneMap.maps) one.drawn.get(layer.id)?.fade();
    if (layer.id === ZoneMap.maps[0].config.base?.id) ZoneMap.redraw(layer.id);
    tell();
  });
  slider.addEventListener("change", changed);
  tell();
  return slider;
}

function classesUnder(layer, look, changed) {
  const list = make("ul", { className: "tree-classes" });
  for (const rule of layer.rules) {
    const box = make("input", { type: "checkbox", checked: !look.off.has(rule.cls) });
    box.addEventListener("change", () => {
      if (box.checked) look.off.delete(rule.cls);
      else look.off.add(rule.cls);
      ZoneMap.redraw(layer.id);
      changed();
    });
    const name = make("span", {}, rule.label, make("span", { className: "visually-hidden", textContent: ` ${layer.title}` }));
    list.append(make("li", {}, make("label", {}, box, swatch([rule]), name)));
  }
  return list;
}

function showFailure(row, id) {
  if (!row || row.querySelector(".legend-failure")) return;
  const words = id === ZoneMap.maps[0].config.base?.id ? "zm_base_failed" : "zm_layer_failed";
  const warning = make("p", { className: "legend-failure", textContent: say(words) });
  warning.setAttribute("role", "status");
  row.append(warning);
}
