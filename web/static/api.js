// Requests to our own API. Whatever goes wrong becomes a Problem that says what, why and what to do.

import { byId, language, say } from "./words.js";

const PATIENCE_MS = 60_000;

export class Problem extends Error {
  constructor(told) {
    super(told.what);
    Object.assign(this, { field: "", value: "", candidates: [], title: "", why: "", cure: "" }, told);
  }
}

export function get(path, asked = {}, signal = undefined) {
  return ask(`${path}?${new URLSearchParams({ ...asked, lang: language })}`, { signal });
}

export function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return ask(`${path}?lang=${language}`, { method: "POST", headers, body: JSON.stringify(body) });
}

export function sendFile(path, file) {
  const headers = { "Content-Type": "application/octet-stream" };
  const asked = new URLSearchParams({ name: file.name, lang: language });
  return ask(`${path}?${asked}`, { method: "POST", headers, body: file });
}

export async function getPage(path) {
  const answer = await reach(path, {});
  if (!answer.ok) throw await problemOf(answer);
  return answer.text();
}

export function tooLarge(limitBytes) {
  const limit = limitBytes >= 1e6 ? `${(limitBytes / 1e6).toFixed(1)} MB` : `${Math.round(limitBytes / 1000)} kB`;
  return new Problem({
    title: say("too_large_title"),
    what: say("too_large_what", { limit }),
    why: say("too_large_why"),
    cure: say("too_large_cure"),
    field: "site",
  });
}

async function ask(address, options) {
  const answer = await reach(address, options);
  if (!answer.ok) throw await problemOf(answer);
  try {
    return await answer.json();
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw strange(answer.status);
  }
}

async function reach(address, options) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
  try {
    return await fetch(address, { ...options, signal });
  } catch (problem) {
    if (problem.name === "AbortError") throw problem; // asked again meanwhile: not a failure
    throw unreachable(problem.name === "TimeoutError" ? "timeout_title" : "network_title");
  }
}

function unreachable(title) {
  return new Problem({
    title: say(title),
    what: say("network_what"),
    why: say("network_why"),
    cure: say("network_cure"),
  });
}

async function problemOf(answer) {
  if ((answer.headers.get("Content-Type") ?? "").includes("problem+json")) {
    return new Problem(await answer.json());
  }
  if (answer.status === 413) return tooLarge(Number(byId("question").dataset.limit));
  return strange(answer.status);
}

function strange(status) {
  return new Problem({
    title: say("strange_title"),
    what: say("strange_what", { status }),
    why: say("strange_why"),
    cure: say("strange_cure"),
  });
}
