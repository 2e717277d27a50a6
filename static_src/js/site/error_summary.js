// Takes the reader to the error summary when the page has loaded, and from its links into the field.
const summary = document.querySelector("[data-error-summary]");

if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    const group = field.closest("fieldset") || field.closest(".govuk-form-group");
    const target = field.matches("input, select, textarea")
      ? field
      : field.querySelector("input, select, textarea");
    if (!target) return;
    event.preventDefault();
    (group || target).scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  });
}
