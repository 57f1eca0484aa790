// The components' own behaviour, from the same folder under its own hash.
const frontend = document.querySelector('meta[name="frontend"]').content;
const { initAll } = await import(frontend);
initAll();

// On a narrow screen a long filter folds away behind a button; without scripts it stays open.
const narrow = matchMedia("(max-width: 61.24em)");
for (const filter of document.querySelectorAll("[data-desk-collapses]")) {
  const [show, hide] = filter.dataset.deskCollapses.split("|");
  const options = filter.querySelector(".desk-filter__options");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "desk-filter__toggle";
  options.id ||= "filter-options";
  button.setAttribute("aria-controls", options.id);
  const fold = (folded) => {
    options.hidden = folded;
    button.textContent = folded ? show : hide;
    button.setAttribute("aria-expanded", String(!folded));
  };
  const fit = () => {
    button.hidden = !narrow.matches;
    fold(narrow.matches);
  };
  button.addEventListener("click", () => fold(!options.hidden));
  filter.querySelector(".desk-filter__head").append(button);
  narrow.addEventListener("change", fit);
  fit();
}
