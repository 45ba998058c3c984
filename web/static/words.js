// Labels of this page in its language, from the one catalogue on the server.

export const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
export const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";

export function say(name, filling = {}) {
  return words[name].replace(/\{(\w+)\}/g, (whole, key) => String(filling[key] ?? whole));
}

export function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}
