// Addresses to pass on: of an answer, and of the form filled in but not asked.

import { byId, language, say } from "./words.js";

const LONGEST = 6000; // characters; longer addresses are cut on the way by some programs

export function startLink(question) {
  const button = byId("link-fill");
  button.addEventListener("click", () => {
    const address = linkTo(question());
    if (address.length > LONGEST) button.textContent = say("link_too_long");
    else copyAddress(address, button);
  });
}

export async function copyAddress(address, button) {
  try {
    await navigator.clipboard.writeText(address);
    button.textContent = say("copied");
  } catch (problem) {
    if (!(problem instanceof DOMException || problem instanceof TypeError)) throw problem;
    window.prompt(say("copy_failed"), address); // no clipboard without permission or HTTPS
  }
}

function linkTo({ site, project, as_of }) {
  const filled = {
    site: byId("where").value.trim(),
    accuracy_m: site?.accuracy_m,
    width_m: site?.width_m,
    radius_m: site?.radius_m,
    industry: project.industries.join(","),
    construction: project.construction,
    as_of: as_of === byId("question").dataset.today ? "" : as_of,
  };
  const given = Object.entries(filled).filter(([, value]) => value);
  return new URL(`/?${new URLSearchParams([...given, ["lang", language]])}`, window.location.href).href;
}
