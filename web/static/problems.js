// Problems, shown where they can be cured: beside the field, with what, why and what to do.

import { takeInstead } from "./industries.js";
import { byId, make, say } from "./words.js";

// What comes of an answer to nobody's press of a button is told beside its field; the hand stays where it is.
export function tellProblem(problem) {
  const slot = slotOf(problem.field);
  slot.replaceChildren(box(problem));
  for (const fold of foldsAround(slot)) fold.open = true;
  inputOf(slot)?.setAttribute("aria-invalid", "true");
  return slot;
}

export function showProblem(problem) {
  const slot = tellProblem(problem);
  const input = inputOf(slot);
  slot.scrollIntoView({ block: "center", behavior: "instant" });
  (input ?? slot.firstElementChild).focus({ preventScroll: true });
}

export function clearProblem(field) {
  const slot = slotOf(field);
  slot.replaceChildren();
  inputOf(slot)?.removeAttribute("aria-invalid");
}

export function clearProblems() {
  for (const slot of slots()) clearProblem(slot.dataset.field);
}

function slots() {
  return [...document.querySelectorAll(".problem-slot")];
}

// The slot whose field is the longest beginning of the problem's: `site` takes `site.geometry`.
function slotOf(field) {
  const fitting = slots().filter(({ dataset }) => dataset.field && (field ?? "").startsWith(dataset.field));
  return fitting.sort((a, b) => b.dataset.field.length - a.dataset.field.length)[0] ?? byId("problem-other");
}

function inputOf(slot) {
  return document.querySelector(`[aria-describedby~="${slot.id}"]`);
}

function* foldsAround(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) yield fold;
}

function box(problem) {
  const lines = [["problem_what", problem.what], ["problem_why", problem.why], ["problem_cure", problem.cure]];
  const list = make("dl");
  for (const [label, text] of lines) {
    if (text) list.append(make("dt", { textContent: say(label) }), make("dd", { textContent: text }));
  }
  const made = make("div", { className: "problem-box", tabIndex: -1 }, make("strong", { textContent: problem.title }), list);
  made.setAttribute("role", "alert");
  if (problem.candidates?.length) made.append(candidates(problem));
  return made;
}

function candidates(problem) {
  const takes = (problem.field ?? "").startsWith("project.industries");
  const shown = problem.candidates.slice(0, 10).map((text) => (takes ? candidate(text, problem) : make("code", { textContent: text })));
  return make("p", { className: "candidates" }, `${say("problem_candidates")}: `, ...shown);
}

function candidate(text, problem) {
  const button = make("button", { type: "button", textContent: text });
  button.addEventListener("click", () => takeInstead(problem.value, text.split(" ")[0]));
  return button;
}
