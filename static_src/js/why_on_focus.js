// Says why a cell of the team grid is what it is, below the grid, when the cell gets the focus.
const table = document.querySelector("[data-why-table]");
const panel = document.querySelector("[data-why-panel]");
const told = new Map();
let waiting = 0;

async function tell(link) {
  const url = `${link.pathname}?part=1`;
  if (!told.has(url)) {
    const response = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    if (!response.ok || response.redirected) return;
    told.set(url, await response.text());
  }
  if (document.activeElement === link) panel.innerHTML = told.get(url);
}

if (table && panel) {
  table.addEventListener("focusin", (event) => {
    const link = event.target.closest('a[href^="/why/"]');
    clearTimeout(waiting);
    if (link) waiting = setTimeout(() => tell(link).catch(() => {}), 250);
  });
}
