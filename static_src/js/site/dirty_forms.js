// Warns before leaving a page with words that have not been saved; sends a form once.
const dirty = new Set();

for (const form of document.querySelectorAll("form[data-dirty-warning]")) {
  form.addEventListener("input", () => dirty.add(form));
  form.addEventListener("submit", () => dirty.delete(form));
}
window.addEventListener("beforeunload", (event) => {
  if (dirty.size) event.preventDefault();
});

for (const form of document.querySelectorAll("form[data-submit-once]")) {
  let sentAt = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sentAt < 5000) event.preventDefault();
    else sentAt = Date.now();
  });
}

for (const element of document.querySelectorAll("[data-autosubmit]")) {
  element.addEventListener("change", () => (element.form || element).requestSubmit());
}
