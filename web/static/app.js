// The check page: where, what, verdict.

import { post, Problem } from "./api.js";
import { askFirst, factsAsked, factsState, restoreFacts, startFacts } from "./facts.js";
import { choose, industriesAsked, industriesState, startIndustries, takeWrittenIndustries } from "./industries.js";
import { startLink } from "./link.js";
import { particularsAsked, particularsState, restoreParticulars, startParticulars } from "./particulars.js";
import { printUnfolded } from "./print.js";
import { clearProblems, showProblem } from "./problems.js";
import { restoreSite, siteAsked, siteState, startSite, takeWritten } from "./site.js";
import { hideAnswer, screen, showStored } from "./verdict.js";
import { byId, say } from "./words.js";

const KEPT = "three-lines-question";
const PAUSE_MS = 600;
let lastAsked = "";
let pause = 0;
let answered = "";

function construction() {
  return document.querySelector("[name=construction]:checked").value;
}

function question() {
  return {
    site: siteAsked(),
    project: {
      name: byId("project-name").value.trim(),
      industries: industriesAsked(),
      construction: construction() || null,
      facts: factsAsked(),
      particulars: particularsAsked(),
    },
    as_of: byId("as-of").value || null,
  };
}

// After every change: which declarations still matter. A question that cannot be put yet leaves all of them in sight.
function soonAskWhatMatters() {
  clearTimeout(pause);
  pause = setTimeout(askWhatMatters, PAUSE_MS);
}

async function askWhatMatters() {
  const asked = question();
  const spelled = JSON.stringify(asked);
  if (spelled === lastAsked) return;
  lastAsked = spelled;
  if (firstLack(asked)) {
    askFirst(null);
    return;
  }
  try {
    const { items } = await post("/api/v1/questions", { ...asked, project: { ...asked.project, particulars: {} } });
    if (spelled === lastAsked) askFirst(items.map((item) => item.name));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    askFirst(null); // what is wrong is said when the question is put
  }
}

function firstLack(asked) {
  if (!asked.site) return new Problem({ title: say("needs_site"), what: "", field: "site" });
  if (!asked.project.industries.length) {
    return new Problem({ title: say("needs_industry"), what: "", field: "project.industries" });
  }
  return null;
}

async function submit(event) {
  event.preventDefault();
  if (byId("submit").disabled) return undefined;
  clearProblems();
  hideAnswer();
  answered = "";
  const asked = question();
  const lack = firstLack(asked);
  return lack ? showProblem(lack) : send(asked);
}

async function send(asked) {
  busy(true);
  try {
    answered = await screen(asked);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    showProblem(problem);
  } finally {
    busy(false);
  }
}

function busy(on) {
  byId("submit").disabled = on;
  byId("question").setAttribute("aria-busy", String(on));
  byId("progress").classList.toggle("on", on);
  byId("progress").textContent = on ? say("submitting") : "";
}

// Switching the language keeps what was filled in, and the answer.
function keep() {
  const fields = { project: byId("project-name").value, day: byId("as-of").value, construction: construction(), answered };
  const kept = { site: siteState(), industries: industriesState(), facts: factsState(), particulars: particularsState(), ...fields };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
}

function restore(kept) {
  byId("project-name").value = kept.project;
  byId("as-of").value = kept.day;
  document.querySelector(`[name=construction][value="${kept.construction}"]`).checked = true;
  restoreSite(kept.site);
  kept.industries.forEach(choose);
  restoreFacts(kept.facts);
  restoreParticulars(kept.particulars);
  answered = kept.answered;
  if (answered) showStored(answered).catch(showProblem);
}

async function start() {
  startSite();
  startIndustries();
  printUnfolded();
  startLink(question);
  byId("question").addEventListener("submit", submit);
  ["input", "change", "click", "keyup"].forEach((kind) => document.addEventListener(kind, soonAskWhatMatters));
  document.querySelectorAll(".languages a").forEach((link) => link.addEventListener("click", keep));
  await Promise.all([startFacts(), startParticulars()]);
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (kept) return restore(JSON.parse(kept));
  takeWritten();
  return takeWrittenIndustries();
}

start();
