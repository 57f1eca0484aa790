// The components' own behaviour, from the same folder under its own hash.
const frontend = document.querySelector('meta[name="frontend"]').content;
const { initAll } = await import(frontend);
initAll();
