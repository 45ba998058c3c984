// Paper has no folds: everything is open while printing.

export function printUnfolded(root = document) {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll("details:not([open])")];
    opened.forEach((fold) => (fold.open = true));
  });
  window.addEventListener("afterprint", () => opened.forEach((fold) => (fold.open = false)));
}

if (document.getElementById("print")) {
  printUnfolded();
  document.getElementById("print").addEventListener("click", () => window.print());
}
