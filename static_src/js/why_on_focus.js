// Says why a cell of the team grid is what it is, in a row below it, when the cell gets the focus.
const table = document.querySelector("[data-why-table]");
const status = document.querySelector("[data-why-status]");
const told = new Map();
let waiting = 0;

async function words(link) {
  const url = `${link.pathname}?part=1`;
  if (!told.has(url)) {
    const response = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    if (!response.ok || response.redirected) return "";
    told.set(url, await response.text());
  }
  return told.get(url);
}

function put(link, html) {
  const row = link.closest("tr");
  const below = document.createElement("tr");
  below.dataset.whyRow = "";
  below.setAttribute("aria-hidden", "true"); // read out by the status instead
  const cell = document.createElement("td");
  cell.colSpan = row.cells.length;
  cell.innerHTML = html;
  below.append(cell);
  row.after(below);
  status.textContent = cell.textContent.trim();
}

function clear() {
  for (const row of table.querySelectorAll("[data-why-row]")) row.remove();
  status.textContent = "";
}

async function tell(link) {
  const html = await words(link);
  if (html && document.activeElement === link) put(link, html);
}

if (table && status) {
  table.addEventListener("focusin", (event) => {
    const link = event.target.closest('a[href^="/why/"]');
    clearTimeout(waiting);
    clear();
    if (link?.matches(":focus-visible")) {
      waiting = setTimeout(() => tell(link).catch(() => {}), 250);
    }
  });
  table.addEventListener("focusout", clear);
}
